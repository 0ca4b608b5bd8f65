"""Catalogs of millions of tracks: an index that is searched where it lies, on disk."""
