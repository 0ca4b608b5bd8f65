"""Writes playlists for players (m3u8, xspf), spreadsheets (csv) and scripts (json)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from soundmap.errors import BadRequest
from soundmap.files import replacing
from soundmap.playlists.entries import Entry, Playlist
from soundmap.playlists.m3u import written_m3u
from soundmap.playlists.places import text_of
from soundmap.playlists.xspf import written_xspf
from soundmap.wording.playlists import list_sentence

_CELLS = ("artist", "title", "seconds", "kind", "location")
_FORMULA = "=+-@"


def write_playlist(path: Path, playlist: Playlist, note: str = "", relative: bool = False) -> None:
    """Writes a playlist in the format of the file's ending; the file is replaced whole.

    ``note`` is told in the file, where the format has a place for it.  With ``relative`` paths
    begin at the file's folder.  Raises BadRequest ``not_a_list`` or OSError.
    """
    write = FORMATS[checked_list(path).suffix.casefold()]
    folder = path.resolve().parent if relative else None
    with replacing(path) as part:
        part.write_bytes(write(playlist, note, folder))


def pages_note(playlist: Playlist, language: str) -> str:
    """Says how many entries are pages, not files to play; empty if none is."""
    pages = sum(entry.is_page for entry in playlist.entries)
    facts = {"pages": pages, "tracks": len(playlist.entries)}
    return list_sentence("pages", language, **facts) if pages else ""


def checked_list(path: Path, also: Sequence[str] = ()) -> Path:
    """A path whose ending names a format, or is one of ``also``.

    Raises BadRequest ``not_a_list``: what ends otherwise may be someone's song.
    """
    known = (*also, *FORMATS)
    if path.suffix.casefold() not in known:
        raise BadRequest("not_a_list", path=path, known=", ".join(known))
    return path


def _csv(playlist: Playlist, _: str, folder: Path | None) -> bytes:
    """A table whose cells no spreadsheet runs; its byte order mark tells Excel that it is UTF-8."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_CELLS)
    for entry in playlist.entries:
        facts = _facts(entry, folder)
        writer.writerow([_inert(str(facts[name])) for name in _CELLS])
    return table.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    """A cell that a spreadsheet shows and does not take for a formula, in wide letters neither."""
    is_formula = bool(cell) and unicodedata.normalize("NFKC", cell)[:1] in tuple(_FORMULA)
    return f"'{cell}" if is_formula else cell


def _json(playlist: Playlist, note: str, folder: Path | None) -> bytes:
    tracks = [_facts(entry, folder) for entry in playlist.entries]
    document = {"title": playlist.title, "note": note, "tracks": tracks}
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()


def _facts(entry: Entry, folder: Path | None) -> dict[str, object]:
    facts = asdict(entry)
    kind = "page" if facts.pop("is_page") else "file"
    return {**facts, "kind": kind, "location": text_of(entry.location, folder)}


def _m3u(playlist: Playlist, note: str, folder: Path | None) -> bytes:
    return written_m3u(playlist, note, folder).encode()


def _xspf(playlist: Playlist, note: str, folder: Path | None) -> bytes:
    return written_xspf(playlist, note, folder).encode()


FORMATS: dict[str, Callable[[Playlist, str, Path | None], bytes]] = {
    ".m3u8": _m3u,
    ".xspf": _xspf,
    ".csv": _csv,
    ".json": _json,
}
