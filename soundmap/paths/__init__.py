"""Paths from sound to sound, and how smooth they are."""
