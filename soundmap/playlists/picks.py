"""The playlist that a list of picks is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from soundmap.playlists.entries import Entry, Playlist
from soundmap.types import Pick, Track


def playlist_of(picks: Sequence[Pick], title: str = "") -> Playlist:
    """Picks in their order: their files, or else their pages or searches for them.

    A file whose path is relative to a library is so here: the playlist plays from that folder.  A
    track with neither, whose title has no word to search for, is left out.
    """
    return Playlist(title, tuple(_entry(it.track) for it in picks if it.track.file or it.track.url))


def _entry(track: Track) -> Entry:
    is_whole = not track.file or PurePath(track.file).is_absolute()
    location = (track.file if is_whole else f"./{track.file}") or track.url
    return Entry(location, track.title, track.artist, is_page=not track.file)
