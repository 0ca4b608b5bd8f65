"""Finds smooth paths from one sound to another."""
