"""Playlists: reads those that players write, and writes lists for players and spreadsheets."""
