"""The map: where each track of a catalog lies in the plane, and where a new sound lands."""
