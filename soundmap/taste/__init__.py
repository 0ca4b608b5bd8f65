"""Votes to a taste, and a list in its order."""
