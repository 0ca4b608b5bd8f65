"""Picks the tracks nearest to a sound, with reasons."""
