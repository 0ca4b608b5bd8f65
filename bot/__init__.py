"""Mouths and process of SoundMap; the music is in :mod:`soundmap`."""
