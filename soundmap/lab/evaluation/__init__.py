"""Scores of a bundle: genres, neighbors, altered clips; the whole report."""
