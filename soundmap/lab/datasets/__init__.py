"""Data sets: fetching, cutting into tiles, splitting, reading."""
