"""Catalogs of a person's own music: finds the files, listens in many processes, keeps results."""
