"""Nearest neighbors: exact in memory, or by an index on disk."""
