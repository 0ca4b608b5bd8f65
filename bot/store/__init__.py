"""SQLite: lists, votes, tastes, settings, and their migrations."""
