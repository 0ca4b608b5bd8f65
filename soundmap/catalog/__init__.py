"""Catalogs: tracks with their points, their names, licenses and places on the map."""
