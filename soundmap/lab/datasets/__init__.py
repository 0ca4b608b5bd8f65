"""Data sets: fetched, cut into tiles, split, read."""
