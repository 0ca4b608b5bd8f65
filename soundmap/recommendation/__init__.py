"""Neighbors to picks, and the reason for each."""
