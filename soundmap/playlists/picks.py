"""The playlist that a list of picks is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from pathlib import PurePath

from soundmap.catalog.searches import search_of
from soundmap.catalog.table import FILE_COLUMN, Catalog
from soundmap.playlists.entries import Entry, Playlist
from soundmap.types import Pick, Track


def playlist_of(picks: Sequence[Pick], title: str = "") -> Playlist:
    """Picks in their order: their files, or else their pages or searches for them.

    A file whose path is relative to a library is so here: the playlist plays from that folder.  A
    track with neither, whose title has no word to search for, is left out.
    """
    return Playlist(title, tuple(_entry(it.track) for it in picks if it.track.file or it.track.url))


def tracks_at(catalog: Catalog) -> dict[str, int]:
    """Ids of a catalog's tracks by the addresses that stand for them in lists: their pages, or else
    searches for them.
    """
    names = ("track_id", "page_url", "artist", "title")
    cells = (catalog.columns[name] for name in names)
    files = catalog.columns.get(FILE_COLUMN) or repeat("")
    rows = zip(*cells, files, strict=False)
    known = ((it, page or ("" if file else search_of(*name))) for it, page, *name, file in rows)
    return {address: int(track_id) for track_id, address in known if address}


def _entry(track: Track) -> Entry:
    is_whole = not track.file or PurePath(track.file).is_absolute()
    location = (track.file if is_whole else f"./{track.file}") or track.url
    return Entry(location, track.title, track.artist, is_page=not track.file)
