"""What a player is answered: songs, what sounds like them, ways between them, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from soundmap.bundle.listener import Listener
from soundmap.serve.described import description
from soundmap.serve.methods import METHODS
from tests.serve.conftest import ODD, SOUNDS
from tests.serve.player import SPEAKS, XMLNS, Server, code_in, json_in, xml_in

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]


def entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [match["entry"] for match in document["sonicMatch"]]


def own(server: Server) -> list[dict[str, Any]]:
    """The songs of the made-up library."""
    found: list[dict[str, Any]] = server.ask("search3", query="", songCount=500, musicFolderId=1)[
        "searchResult3"
    ]["song"]
    return found


def test_what_sounds_like_a_song_is_what_the_library_recommends(
    server: Server, listener: Listener
) -> None:
    row = listener.catalog.row_of(2)
    analysis = listener.manifest.analysis_of(listener.catalog, row)
    wanted = listener.recommend(analysis, count=12)
    found = server.ask("getSonicSimilarTracks", id="fma.2", count=12)
    assert [it["id"] for it in entries(found)] == [f"fma.{it.track.track_id}" for it in wanted]
    near = [it["similarity"] for it in found["sonicMatch"]]
    assert near == sorted(near, reverse=True) and 0 < near[-1] <= near[0] < 1


@pytest.mark.parametrize(("count", "least", "most"), [(None, 10, 10), (0, 0, 0), (1, 1, 1)])
def test_as_many_as_are_asked_for(server: Server, count: int | None, least: int, most: int) -> None:
    asked = {} if count is None else {"count": count}
    assert least <= len(entries(server.ask("getSonicSimilarTracks", id="fma.2", **asked))) <= most


def test_a_hundred_is_the_most(server: Server) -> None:
    found = entries(server.ask("getSonicSimilarTracks", id="fma.2", count=2**31 - 1))
    assert len(found) == 100 and len({it["artist"] for it in found}) == 100


def test_similarity_is_one_for_the_same_and_zero_for_the_most_different(
    server: Server, listener: Listener
) -> None:
    catalog = listener.catalog
    here = np.array(catalog.points.values[catalog.row_of(2)])
    rows, distances = catalog.nearest(here, len(catalog))
    (first, last) = server.ask(
        "findSonicPath",
        startSongId="fma.2",
        endSongId=f"fma.{catalog.track_ids[rows[-1]]}",
        count=2,
    )["sonicMatch"]
    assert (first["similarity"], last["similarity"]) == (1.0, 0.0)
    (near,) = server.ask("getSonicSimilarTracks", id="fma.2", count=1)["sonicMatch"]
    row = catalog.row_of(int(near["entry"]["id"].removeprefix("fma.")))
    known = 1 - distances[rows == row][0] / distances[-1]
    assert near["similarity"] == pytest.approx(known, abs=1e-6)


@pytest.mark.parametrize("count", [2, 3, 7, 26])
def test_a_path_leads_from_the_first_to_the_last(
    server: Server, listener: Listener, count: int
) -> None:
    asked = {"startSongId": "fma.2", "endSongId": "fma.141", "count": count}
    ids = [it["id"] for it in entries(server.ask("findSonicPath", **asked))]
    assert (ids[0], ids[-1], len(ids)) == ("fma.2", "fma.141", count)
    if count > 3:
        path = listener.path("2", "141", between=count - 2)
        assert ids[1:-1] == [f"fma.{it.track.track_id}" for it in path.picks]


def test_a_path_has_at_most_what_a_path_can_have(server: Server) -> None:
    ends = {"startSongId": "fma.2", "endSongId": "fma.141"}
    assert len(entries(server.ask("findSonicPath", **ends))) == 25
    assert len(entries(server.ask("findSonicPath", **ends, count=1000))) == 26
    assert server.code("findSonicPath", **ends, count=1) == 0
    assert server.code("findSonicPath", startSongId="fma.2", endSongId="fma.2") == 0


def test_a_path_may_lead_from_ones_own_music_elsewhere(server: Server) -> None:
    start = own(server)[-1]["id"]
    found = server.ask("findSonicPath", startSongId=start, endSongId="fma.2", count=5)
    ids = [it["id"] for it in entries(found)]
    assert (ids[0], ids[-1]) == (start, "fma.2") and 2 < len(ids) <= 5
    assert all(it.startswith("mine.") for it in ids[:-1])
    assert all(0 <= it["similarity"] <= 1 for it in found["sonicMatch"])


def test_songs_are_near_each_other_within_their_catalog(server: Server) -> None:
    songs = own(server)
    for song in songs:
        near = entries(server.ask("getSonicSimilarTracks", id=song["id"]))
        assert near and {it["id"] for it in near} <= {it["id"] for it in songs} - {song["id"]}


def test_a_song_tells_of_itself(server: Server, listener: Listener) -> None:
    track = listener.catalog.track(listener.catalog.row_of(2))
    song = server.ask("getSong", id="fma.2")["song"]
    assert (song["title"], song["artist"], song["genre"]) == ("Food", "AWOL", track.genre)
    assert not {"path", "size", "duration"} & set(song)
    (last,) = server.ask("search3", query="tune 8")["searchResult3"]["song"]
    assert (last["artist"], last["title"], last["suffix"]) == ("Band 8", "Tune 8", "wav")
    assert last["path"] == "Band 8 - Tune 8.wav"  # not where it lies on this machine
    assert (last["duration"], last["size"]) == (2, 2 * 44_100 * 2 + 44)


def test_search_finds_by_words_and_leafs_through_all(server: Server) -> None:
    def ids(**asked: Any) -> list[str]:
        return [it["id"] for it in server.ask("search3", **asked)["searchResult3"]["song"]]

    assert ids(query="awol - food")[0] == "fma.2"
    assert len(ids(query="tune", musicFolderId=1)) == SOUNDS - len(ODD)
    whole = ids(query='""', songCount=30)
    assert len(whole) == 30 and whole[SOUNDS:][0].startswith("fma.")
    leaves = [ids(query="", songCount=7, songOffset=at) for at in range(0, 28, 7)]
    assert [it for leaf in leaves for it in leaf] == whole[:28]
    assert ids(query="", songOffset=2**31 - 1) == ids(query="zxqv") == ids(query="☠ \0") == []
    assert len(ids(query="", songCount=2**31 - 1)) == 500
    assert server.code("search3", query="", musicFolderId=3) == 70


def test_the_rest_is_what_players_need_to_begin(server: Server) -> None:
    assert server.ask("getLicense")["license"] == {"valid": True}
    assert server.ask("tokenInfo")["tokenInfo"] == {"username": "soundmap"}
    folders = server.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    assert folders == [{"id": 1, "name": "mine"}, {"id": 2, "name": "fma"}]
    ping = server.ask("ping")
    assert (ping["status"], ping["version"], ping["openSubsonic"]) == ("ok", "1.16.1", True)
    names = {
        it["name"] for it in server.document("getOpenSubsonicExtensions")["openSubsonicExtensions"]
    }
    assert names == {"apiKeyAuthentication", "formPost", "sonicSimilarity"}


def test_a_file_is_sent_as_it_is_whole_or_in_part(server: Server, home: Path) -> None:
    for song in own(server):
        response, body = server.raw(
            "stream", [("apiKey", server.token), *SPEAKS.items(), ("id", song["id"])]
        )
        assert (response.status, response.getheader("content-type")) == (200, "audio/x-wav")
        paths = (home.parent / "music").iterdir()
        assert body in [path.read_bytes() for path in paths]
    query = urlencode({"apiKey": server.token, **SPEAKS, "id": song["id"]})
    part = server.send("GET", f"/rest/stream?{query}", Range="bytes=4-9")
    assert (part.status, part.read()) == (206, body[4:10])


def test_what_has_no_file_is_not_sent(server: Server) -> None:
    assert server.code("stream", id="fma.2") == 70
    assert server.code("stream", id="../../etc/passwd") == 70
    assert server.code("stream", id="mine.../music.1") == 70


def asked_of(method: str, server: Server) -> dict[str, Any]:
    """What a method needs, for one's own song with the oddest name."""
    ids = [it["id"] for it in own(server)]
    known = {"id": ids[0], "startSongId": ids[0], "endSongId": ids[1], "query": ""}
    needed = [it.name for it in METHODS[method].parameters if it.needed]
    return {name: known[name] for name in needed}


@pytest.mark.parametrize("method", [name for name, it in METHODS.items() if it.shape is not None])
def test_xml_says_what_json_says(server: Server, method: str) -> None:
    who = {} if METHODS[method].is_public else {"apiKey": server.token, **SPEAKS}
    asked = [*{**who, **asked_of(method, server)}.items()]
    as_json = json_in(server.raw(method, [*asked, ("f", "json")]))
    assert as_json["status"] == "ok"
    assert seen_in_xml(xml_in(server.raw(method, asked))) == seen_in_json(as_json)
    assert seen_in_xml(xml_in(server.raw(method, [*asked, ("f", "xml")]))) == seen_in_json(as_json)


def test_an_error_in_xml_says_what_it_says_in_json(server: Server) -> None:
    as_json = server.document("ping", u='a\x00\x1b<&>"', t="t", s="s", **SPEAKS)
    assert code_in(as_json) == 40
    as_xml = xml_in(server.raw("ping", [("u", 'a\x00\x1b<&>"'), ("t", "t"), ("s", "s")]))
    assert seen_in_xml(as_xml) == seen_in_json(as_json)
    odd = [("apiKey", server.token), *SPEAKS.items(), ("id", '\x00\x1b<&>"\ufffe\U0001f600')]
    as_json = json_in(server.raw("getSong", [*odd, ("f", "json")]))
    assert seen_in_xml(xml_in(server.raw("getSong", odd))) == seen_in_json(as_json)


def test_any_name_of_a_file_is_shown(server: Server) -> None:
    songs = own(server)
    assert len(songs) == SOUNDS
    paths = {it["path"] for it in songs}
    assert {"no?name.wav", "caf? ?.wav", ODD[2], ODD[3]} <= paths


def seen_in_json(value: Any) -> Any:
    """A JSON value as XML can say it: all text, members as lists, nothing for an empty list."""
    if isinstance(value, dict):
        inner = {name: it for name, it in value.items() if it != []}
        return {
            name: seen_in_json([it] if isinstance(it, dict) else it) for name, it in inner.items()
        }
    if isinstance(value, list):
        return [seen_in_json(it) for it in value]
    return (
        {True: "true", False: "false"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def seen_in_xml(element: Element) -> Any:
    """An element in the same form."""
    if not element.attrib and not len(element) and element.text:
        return element.text
    found: dict[str, Any] = dict(element.attrib)
    for inner in element:
        found.setdefault(inner.tag.removeprefix(XMLNS), []).append(seen_in_xml(inner))
    return found


def test_all_methods_are_described(server: Server) -> None:
    response = server.send("GET", "/openapi.json")
    assert json.loads(response.read()) == description()
    assert {*description()["paths"]} == {f"/rest/{name}" for name in METHODS}
