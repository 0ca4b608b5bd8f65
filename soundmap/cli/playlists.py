"""Lists as files: the options of commands that give a list, and what they write."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from soundmap.audio.lengths import told_seconds
from soundmap.catalog.table import Catalog
from soundmap.cli.options import add_option
from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled, word
from soundmap.errors import BadRequest
from soundmap.paths.order import smooth_order
from soundmap.playlists.entries import Playlist
from soundmap.playlists.picks import playlist_of
from soundmap.playlists.writing import FORMATS, checked_list, pages_note, write_playlist
from soundmap.types import Floats, Pick
from soundmap.wording import shown_facts
from soundmap.wording.playlists import list_sentence

RANKED, SMOOTH = "rank", "smooth"


def add_list(parser: argparse.ArgumentParser, also: str = "", once: Sequence[str] = ()) -> None:
    """Adds the options for the file of a list.

    ``also`` is the ending of another file that ``-o`` may name, which is left to the command.
    """
    text = word("write the list, too, for a player or a table: .m3u8, .xspf, .csv, .json")
    text += filled("; or draw it on the map: {also}", also=also) if also else ""
    named = partial(_named, (also,) if also else ())
    add_option(parser, "-o", "--out", once=once, type=named, metavar="FILE", help=text)
    text = "paths in the list begin at its own folder (default: they are absolute)"
    parser.add_argument("--relative", action="store_true", help=text)


def _named(also: Sequence[str], text: str) -> Path:
    return checked_list(Path(text), also)


def add_order(parser: argparse.ArgumentParser) -> None:
    """Adds the option for the order of a list."""
    text = "smooth: so that each track sounds like the one before (default: nearest first)"
    parser.add_argument("--order", choices=(RANKED, SMOOTH), default=RANKED, help=text)


def check_list(options: Namespace, sounds: int = 1) -> None:
    """Checks, before anything is heard, that what is asked of a list's file can be done.

    Raises BadRequest ``one_list`` or ``relative_asks``.
    """
    if options.out and sounds > 1:
        raise BadRequest("one_list", count=sounds)
    if options.relative and not _names_list(options):
        raise BadRequest("relative_asks")


def _names_list(options: Namespace) -> bool:
    return options.out is not None and options.out.suffix.casefold() in FORMATS


def keep_list(options: Namespace, picks: Sequence[Pick], title: str) -> Callable[[], None]:
    """Writes a list if ``-o`` names a file for it; returns what says so at the terminal.

    Raises OSError.
    """
    if not _names_list(options):
        return lambda: None
    kept = written_list(options.out, playlist_of(picks, title), options.relative)
    return lambda: None if options.json else tell_kept(options.out, kept)


def written_list(path: Path, playlist: Playlist, relative: bool = False) -> Playlist:
    """Writes a list with the lengths of its files, and says in it what is a page; returns that.

    Raises BadRequest ``not_a_list`` or OSError.
    """
    measured = _measured(playlist)
    write_playlist(path, measured, pages_note(measured, language()), relative)
    return measured


def _measured(playlist: Playlist) -> Playlist:
    """A playlist with the lengths of files that tell theirs at a few looks."""
    entries = [replace(it, seconds=told_seconds(Path(it.location))) for it in playlist.entries]
    return replace(playlist, entries=tuple(entries))


def tell_kept(path: Path, playlist: Playlist) -> None:
    """Says where a list is, and how many of its entries are pages."""
    facts = shown_facts({"path": path.absolute(), "tracks": len(playlist.entries)})
    screen = Screen()
    screen.say()
    screen.tell(list_sentence("written", language(), **facts))
    if note := pages_note(playlist, language()):
        screen.tell(note)


def in_order(
    options: Namespace, picks: tuple[Pick, ...], catalog: Catalog, start: Floats | None = None
) -> tuple[Pick, ...]:
    """Picks in the order that was asked for, numbered anew; the smooth one begins near ``start``
    (d,) if there is one.
    """
    if options.order != SMOOTH or not picks:
        return picks
    rows = [catalog.row_of(pick.track.track_id) for pick in picks]
    order = smooth_order(np.array(catalog.points.values[rows]), start)
    return tuple(replace(picks[at], rank=rank) for rank, at in enumerate(order.tolist(), start=1))
