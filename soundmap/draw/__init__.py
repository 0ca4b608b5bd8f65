"""Pictures of an answer, a taste, a simulation and the map.  Needs Pillow."""
