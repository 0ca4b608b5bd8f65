"""Where the entries of a playlist are: from what a player wrote to a location, and back.

Players write paths in many ways: relative to the playlist, with the separators of Windows, with
``%20`` for a blank, as ``file://``.  A text is taken as it stands if there is such a file, and else
in the way in which there is one.  Nothing is looked for on other machines: on Windows, a look at a
share would log in there.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes, unquote_to_bytes

from soundmap.files import is_there
from soundmap.playlists.entries import is_address

_DRIVE = re.compile(r"[a-z]:(?=[/\\]|$)", re.IGNORECASE)
_WEB = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_HOST = re.compile(r"//([^/\\]*)")
_ELSEWHERE = ("//", "\\\\")
_FORMS: Final = ("NFC", "NFD")  # a Mac writes ö, and every Korean syllable, as several letters
_HERE = ("", "localhost")


def location_of(text: str, folder: Path, quoted: bool = False) -> str:
    """The location that ``text`` names in a playlist in ``folder``, whose path is real.

    ``quoted`` is for formats of addresses, where ``%20`` is a blank and ``urn:x`` is no path.
    """
    if text.casefold().startswith("file:"):
        return _of_file_address(text, folder)
    if (is_address if quoted else _WEB.match)(text):
        return text
    if text.startswith(_ELSEWHERE):
        return "file:" + text.replace("\\", "/")
    return _located(_ways(text, quoted), folder)


def text_of(location: str, folder: Path | None) -> str:
    """A location as a line of text, relative to ``folder`` if there is one.

    A path that no line can hold, such as one with a line break, is an address that begins with
    ``file://``.
    """
    if is_address(location):
        return location
    relative = _relative(location, folder)
    return relative if _fits_a_line(relative) else address_of(location, None)


def address_of(location: str, folder: Path | None) -> str:
    """A location as an address, relative to ``folder`` if there is one."""
    if is_address(location):
        return location
    path = _relative(location, folder).replace(os.sep, "/")
    quoted = quote_from_bytes(os.fsencode(path), safe="/")
    if path.startswith(("./", "../")):
        return quoted
    return f"file:///{quoted.lstrip('/')}" if not quoted.startswith("//") else f"file://{quoted}"


def _of_file_address(text: str, folder: Path) -> str:
    """The path of an address that begins with ``file:``; the address itself if it is elsewhere."""
    rest = text[len("file:") :]
    host = _HOST.match(rest)
    has_drive = bool(host and _DRIVE.match(host[1]))
    if host and not has_drive and host[1].casefold() not in _HERE:
        return text
    start = 0 if not host else len("//") if has_drive else host.end()
    path = os.fsdecode(unquote_to_bytes(rest[start:]))
    if path.startswith(_ELSEWHERE):
        return text
    return _located([path[1:] if _DRIVE.match(path, 1) and path[0] == "/" else path], folder)


def _ways(text: str, quoted: bool) -> Iterator[str]:
    """In which ways a text may be meant; the first is the one that its format tells."""
    plain = os.fsdecode(unquote_to_bytes(text.encode(errors="surrogateescape")))
    for way in (plain, text) if quoted else (text, plain):
        if not way.startswith(_ELSEWHERE):
            yield way
            yield way.replace("\\", "/")


def _located(ways: Iterable[str], folder: Path) -> str:
    """The first of some paths at which there is a file, in letters whole or composed; or else the
    first path.
    """
    plain = list(ways)
    forms = (unicodedata.normalize(form, it) for it in plain for form in _FORMS)
    tried = list(dict.fromkeys(_joined(it, folder) for it in (*plain, *forms)))
    return tried[0] if len(tried) == 1 else next(filter(is_there, tried), tried[0])


def _joined(path: str, folder: Path) -> str:
    """An absolute path; as folder is real, the steps upwards in front can be taken at once."""
    if path.startswith(("/", "\\")) or _DRIVE.match(path):
        return path
    parts = path.removeprefix("./")
    while parts.startswith("../"):
        parts, folder = parts[3:].lstrip("/"), folder.parent
    return os.path.join(folder, parts)  # noqa: PTH118  (Path would lose what is odd in a name)


def _relative(location: str, folder: Path | None) -> str:
    """A path from ``folder``, beginning with ``./`` or ``../``; absolute if there is no such."""
    if folder is None or location != os.path.normpath(location):
        return location
    try:
        path = os.path.relpath(location, folder)
    except ValueError:  # on another drive
        return location
    return path if path.startswith("..") else f".{os.sep}{path}"


def _fits_a_line(text: str) -> bool:
    """Whether a line of UTF-8 can hold a text, with no space at an end and no letter unseen."""
    return text == text.strip() and not any(map(_breaks, text)) and not text.startswith(_ELSEWHERE)


def _breaks(letter: str) -> bool:
    return (
        letter < " "
        or "\x7f" <= letter <= "\x9f"
        or letter in "\u2028\u2029\ufeff"
        or ("\ud800" <= letter <= "\udfff")
    )
