"""XSPF, the playlist in XML (https://xspf.org/spec).

Expat reads it, told to stop at a document type: without one there are no entities, neither those
that grow nor those that fetch files.  defusedxml does the same and has had no release since 2021.
No tree is built, so nesting costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from soundmap.playlists.entries import Entry, Playlist
from soundmap.playlists.m3u import seconds_in
from soundmap.playlists.places import address_of, location_of
from soundmap.playlists.text import decoded

_SPACE = "http://xspf.org/ns/0/"
_TITLE, _TRACK = ["playlist", "title"], ["playlist", "tracklist", "track"]
_BROKEN = (ElementTree.ParseError, LookupError, ValueError)
_PLACES = ("location", "info")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_OF_TRACK = ("location", "title", "creator", "duration", "info")


def read_xspf(data: bytes, folder: Path) -> Playlist:
    """A playlist of XSPF.  Raises ValueError for what is none.

    What Expat cannot decode, such as EUC-KR or a wrong declaration, is decoded as other lists are.
    """
    try:
        return _parsed(data, folder)
    except _BROKEN:
        try:
            return _parsed(decoded(data), folder)
        except _BROKEN as error:
            raise ValueError(str(error)) from error


def _parsed(data: bytes | str, folder: Path) -> Playlist:
    found = _Reading(folder)
    parser = ElementTree.XMLParser(target=found)
    parser.feed(data)
    parser.close()
    return found.playlist


def _seen_from(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # it is no address
        return address


class _Reading:
    """What the parser calls, and the tracks so far."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._title = folder, ""
        self._at: list[str] = []
        self._bases = [""]
        self._text: list[str] = []
        self._fields: dict[str, str] = {}
        self._entries: list[Entry] = []

    def doctype(self, *_: object) -> None:
        """Stops: what is harmless has no document type."""
        raise ValueError("it has a document type")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._at.append(tag.rpartition("}")[2].casefold())
        said = attributes.get(_BASE, "") if len(self._at) <= len(_TRACK) else ""
        self._bases.append(_seen_from(self._bases[-1], said))
        self._text.clear()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _: str) -> None:
        text, at = "".join(self._text).strip(), self._at[: len(_TRACK) + 2]
        base = self._bases.pop()
        if at == _TITLE:
            self._title = text
        elif at[:-1] == _TRACK and at[-1] in _OF_TRACK:
            text = _seen_from(base, text) if at[-1] in _PLACES and text else text
            self._fields.setdefault(at[-1], text)  # the first location is the one to play
        elif at == _TRACK:
            self._add()
        self._at.pop()
        self._text.clear()

    @property
    def playlist(self) -> Playlist:
        """What was read."""
        return Playlist(self._title, tuple(self._entries))

    def _add(self) -> None:
        known, self._fields = self._fields, {}
        if not (at := known.get("location") or known.get("info")):
            return
        location = location_of(at, self._folder, quoted=True)
        seconds = (seconds_in(known.get("duration", "")) + 500) // 1000
        titled = known.get("title", ""), known.get("creator", "")
        self._entries.append(Entry(location, *titled, seconds, not known.get("location")))


def written_xspf(playlist: Playlist, note: str, folder: Path | None) -> str:
    """A playlist as XSPF; paths are relative to ``folder`` if there is one.

    A page has no ``location``, which players would open, but an ``info``.
    """
    root = ElementTree.Element("playlist", {"version": "1", "xmlns": _SPACE})
    _add(root, "title", playlist.title)
    _add(root, "annotation", note)
    tracks = ElementTree.SubElement(root, "trackList")
    for entry in playlist.entries:
        track = ElementTree.SubElement(tracks, "track")
        place = "info" if entry.is_page else "location"
        _add(track, place, address_of(entry.location, folder))
        _add(track, "title", entry.title)
        _add(track, "creator", entry.artist)
        _add(track, "duration", str(entry.seconds * 1000) if entry.seconds else "")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    if text:
        ElementTree.SubElement(parent, tag).text = text
