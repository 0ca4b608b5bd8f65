"""Catalogs of tracks: embeddings, names, licenses and positions on the map."""
