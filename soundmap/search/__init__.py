"""Nearest neighbors: exact in memory, or through an index on disk."""
