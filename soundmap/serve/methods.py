"""The methods of the API: what each takes, what it answers, and how that is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundmap.errors import BadRequest
from soundmap.paths.find import MOST_BETWEEN, find_path
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import MAX_COUNT, Request
from soundmap.serve.asking import LARGEST, USER, Parameter
from soundmap.serve.songs import Song, Songs, matches
from soundmap.types import Pick

Answer = dict[str, Any] | Path
"""What a method answers: a document, or a file to send."""
EXTENSIONS = {"apiKeyAuthentication": [1], "formPost": [1], "sonicSimilarity": [1]}
"""The extensions of the API that are served, with their versions."""
MOST_SONGS = 500
"""In one answer to a search, of which there may be any number."""
_ENDS = 2
_SHOWN_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Method:
    """A method: ``shape`` names each part of its answer and the kind that ``described`` tells of.

    The answer is a file if it has no ``shape``.
    """

    about: str
    answer: Callable[[Songs, Mapping[str, Any]], Answer]
    shape: Mapping[str, str] | None
    parameters: tuple[Parameter, ...] = ()
    is_public: bool = False


def _nothing(_: Songs, __: Mapping[str, Any]) -> Answer:
    return {}


def _license(_: Songs, __: Mapping[str, Any]) -> Answer:
    return {"license": {"valid": True}}


def _extensions(_: Songs, __: Mapping[str, Any]) -> Answer:
    listed = [{"name": name, "versions": versions} for name, versions in EXTENSIONS.items()]
    return {"openSubsonicExtensions": listed}


def _token_info(_: Songs, __: Mapping[str, Any]) -> Answer:
    return {"tokenInfo": {"username": USER}}


def _folders(songs: Songs, _: Mapping[str, Any]) -> Answer:
    listed = [{"id": it.number, "name": it.name} for it in songs.folders.values()]
    return {"musicFolders": {"musicFolder": listed}}


def _song(songs: Songs, asked: Mapping[str, Any]) -> Answer:
    return {"song": songs.song(asked["id"]).child()}


def _search(songs: Songs, asked: Mapping[str, Any]) -> Answer:
    count = min(asked["songCount"], MOST_SONGS)
    found = songs.found(asked["query"], asked["musicFolderId"], asked["songOffset"], count)
    return {"searchResult3": {"song": [song.child() for song in found]}}


def _similar(songs: Songs, asked: Mapping[str, Any]) -> Answer:
    song, count = songs.song(asked["id"]), min(asked["count"], MAX_COUNT)
    analysis = songs.end(song).analysis
    picks = recommend(analysis, song.folder.catalog, Request(max(count, 1))).picks
    return {"sonicMatch": matches(song, _picked(song, picks[:count]))}


def _path(songs: Songs, asked: Mapping[str, Any]) -> Answer:
    start, end = songs.song(asked["startSongId"]), songs.song(asked["endSongId"])
    between = min(asked["count"] - _ENDS, MOST_BETWEEN)
    ends = songs.end(start), songs.end(end)
    picks = find_path(*ends, start.folder.catalog, Request(max(between, 1))).picks
    return {"sonicMatch": matches(start, [start, *_picked(start, picks[:between]), end])}


def _picked(start: Song, picks: Sequence[Pick]) -> list[Song]:
    """The songs of picks from the catalog of ``start``."""
    catalog = start.folder.catalog
    return [Song(start.folder, catalog.row_of(pick.track.track_id)) for pick in picks]


def _stream(songs: Songs, asked: Mapping[str, Any]) -> Answer:
    return songs.song(asked["id"]).file()


_ID = Parameter("id", "id of a song", needed=True)
METHODS = {
    "ping": Method("Says that the server is there.", _nothing, {}),
    "getLicense": Method("Says that no license is needed.", _license, {"license": "License"}),
    "getOpenSubsonicExtensions": Method(
        "Lists the extensions of the API that are served.",
        _extensions,
        {"openSubsonicExtensions": "Extensions"},
        is_public=True,
    ),
    "tokenInfo": Method("Says whose the API key is.", _token_info, {"tokenInfo": "TokenInfo"}),
    "getMusicFolders": Method("Lists the catalogs.", _folders, {"musicFolders": "MusicFolders"}),
    "getSong": Method("Tells of a song.", _song, {"song": "Child"}, (_ID,)),
    "search3": Method(
        "Finds songs whose artist and title have every word of a query; all, if it is empty.",
        _search,
        {"searchResult3": "SearchResult3"},
        (
            Parameter("query", "words of artist and title", needed=True),
            Parameter("songCount", f"{MOST_SONGS} at most in one answer", default=20, most=LARGEST),
            Parameter("songOffset", "how many to leave out", default=0, most=LARGEST),
            Parameter("musicFolderId", "number of a catalog", most=LARGEST),
        ),
    ),
    "getSonicSimilarTracks": Method(
        "Lists the songs that sound most like a song, no artist twice.",
        _similar,
        {"sonicMatch": "SonicMatches"},
        (_ID, Parameter("count", f"{MAX_COUNT} at most", default=10, most=LARGEST)),
    ),
    "findSonicPath": Method(
        "Leads from a song to another by songs that each sound like the one before.",
        _path,
        {"sonicMatch": "SonicMatches"},
        (
            Parameter("startSongId", "id of the first song", needed=True),
            Parameter("endSongId", "id of the last song", needed=True),
            Parameter(
                "count",
                f"with both ends, {MOST_BETWEEN + _ENDS} at most",
                default=25,
                least=_ENDS,
                most=LARGEST,
            ),
        ),
    ),
    "stream": Method("Sends the file of a song, as it is.", _stream, None, (_ID,)),
}


def method_called(name: str) -> Method:
    """The method of a name, which may end with ``.view``.  Raises BadRequest ``unknown_method``."""
    if method := METHODS.get(name.removesuffix(".view")):
        return method
    raise BadRequest("unknown_method", name=name[:_SHOWN_LETTERS])
