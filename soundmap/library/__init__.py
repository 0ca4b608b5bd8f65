"""Catalogs of one's own music: found, listened to in many processes, kept, chosen by name."""
