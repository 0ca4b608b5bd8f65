"""Pictures: an answer, a taste, curves, the map."""
