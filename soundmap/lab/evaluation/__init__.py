"""Scores of a bundle: genres, neighbors, altered clips, and the whole report."""
