"""Who is let in, and what requests that mean harm are answered: an error of the API, always."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundmap.serve.methods import METHODS
from tests.serve.player import SPEAKS, XMLNS, Server, code_in, json_in, xml_in

pytestmark = [pytest.mark.process, pytest.mark.timeout(900)]
FORM = "application/x-www-form-urlencoded"


def test_the_key_and_the_salted_token_open(server: Server) -> None:
    assert server.document("ping", apiKey=server.token, **SPEAKS)["status"] == "ok"
    for salt in ("c19b2d", "", "소금 ☃", "a&b=c"):
        assert server.document("ping", **server.shown(salt), **SPEAKS)["status"] == "ok"
    loud = {**server.shown("abcdef"), "t": server.shown("abcdef")["t"].upper()}
    assert server.document("ping", **loud, **SPEAKS)["status"] == "ok"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, 10),
        ({"u": "soundmap"}, 10),
        ({"u": "soundmap", "t": "T"}, 10),
        ({"u": "soundmap", "s": "S"}, 10),
        ({"t": "T", "s": "S"}, 10),
        ({"u": "soundmap", "t": "wrong", "s": "S"}, 40),
        ({"u": "soundmap", "t": "", "s": ""}, 40),
        ({"u": "눈", "t": "☃" * 40, "s": "S"}, 40),
        ({"u": "admin", "t": "T", "s": "S"}, 40),
        ({"u": "Soundmap", "t": "T", "s": "S"}, 40),
        ({"u": "soundmap", "p": "K"}, 42),
        ({"u": "soundmap", "p": "enc:00"}, 42),
        ({"u": "soundmap", "p": "K", "t": "T", "s": "S"}, 43),
        ({"apiKey": "K", "u": "soundmap"}, 43),
        ({"apiKey": "K", "t": "T", "s": "S"}, 43),
        ({"apiKey": "wrong"}, 44),
        ({"apiKey": ""}, 44),
        ({"apiKey": "열쇠"}, 44),
    ],
)
@pytest.mark.parametrize("method", ["ping", "getSong", "stream", "findSonicPath"])
def test_nothing_else_opens(server: Server, method: str, asked: dict[str, str], code: int) -> None:
    known = {"T": server.shown("S")["t"], "K": server.token}
    assert (
        code_in(server.document(method, **{n: known.get(v, v) for n, v in asked.items()}, **SPEAKS))
        == code
    )


def test_who_is_not_let_in_learns_nothing_else(server: Server) -> None:
    assert code_in(server.document("getSong", apiKey="wrong", id="nothing")) == 44
    assert code_in(server.document("getSonicSimilarTracks", apiKey="wrong", count="x")) == 44


def test_version_and_client_are_needed_once_inside(server: Server) -> None:
    for name in SPEAKS:
        some = {key: value for key, value in SPEAKS.items() if key != name}
        assert code_in(server.document("ping", apiKey=server.token, **some)) == 10


def test_the_extensions_are_for_all(server: Server) -> None:
    assert server.document("getOpenSubsonicExtensions")["status"] == "ok"
    assert server.document("getOpenSubsonicExtensions", apiKey="wrong")["status"] == "ok"


@pytest.mark.parametrize(
    ("method", "asked", "code"),
    [
        ("getSonicSimilarTracks", {}, 10),
        ("findSonicPath", {"startSongId": "fma.2"}, 10),
        ("search3", {}, 10),
        ("getSong", {"id": ""}, 70),
        ("getSong", {"id": "2"}, 70),
        ("getSong", {"id": "fma.2.2"}, 70),
        ("getSong", {"id": "fma.-2"}, 70),
        ("getSong", {"id": "fma.٢"}, 70),
        ("getSong", {"id": "fma.²"}, 70),
        ("getSong", {"id": "fma." + "9" * 5000}, 70),
        ("getSong", {"id": "other.2"}, 70),
        ("getSong", {"id": "fma.2\x00"}, 70),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "99999999999"}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "9" * 5000}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "-1"}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "1e3"}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "١"}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": ""}, 0),
        ("getSonicSimilarTracks", {"id": "fma.2", "count": "nan"}, 0),
        ("findSonicPath", {"startSongId": "fma.2", "endSongId": "fma.3000000"}, 70),
        ("search3", {"query": "", "songOffset": "-5"}, 0),
        ("scrobble", {"id": "fma.2"}, 30),
        ("deletePlaylist", {"id": "1"}, 30),
        ("%2e%2e", {}, 30),
        ("%00", {}, 30),
    ],
)
def test_a_bad_request_has_its_number(
    server: Server, method: str, asked: dict[str, Any], code: int
) -> None:
    assert server.code(method, **asked) == code


def test_a_format_that_is_not_written_is_refused_in_the_usual_one(server: Server) -> None:
    for asked in ({"f": "jsonp", "callback": "alert"}, {"f": "☃" * 100}, {"f": ""}):
        pairs = [("apiKey", server.token), *SPEAKS.items(), *asked.items()]
        error = xml_in(server.raw("ping", pairs)).find(f"{XMLNS}error")
        assert error is not None and error.attrib["code"] == "0"


@pytest.mark.parametrize(
    ("name", "code"), [("id", 0), ("v", 0), ("made-up", 0), ("apiKey", 43), ("f", 0)]
)
def test_what_is_given_twice_is_refused(server: Server, name: str, code: int) -> None:
    pairs = [("f", "json"), ("apiKey", server.token), *SPEAKS.items(), ("id", "fma.2")]
    twice = [*pairs, ("made-up", "1"), (name, dict(pairs).get(name, "1"))]
    assert code_in(json_in(server.raw("getSong", twice))) == code


def test_a_form_says_what_a_query_says(server: Server) -> None:
    pairs = {"apiKey": server.token, **SPEAKS, "f": "json", "id": "fma.2", "count": "3"}
    form = urlencode(pairs).encode()
    headers = {"Content-Type": f"{FORM}; charset=UTF-8"}
    response = server.send("POST", "/rest/getSonicSimilarTracks.view", form, **headers)
    assert json_in((response, response.read())) == server.ask(
        "getSonicSimilarTracks", id="fma.2", count=3
    )
    response = server.send("POST", "/rest/getSong?id=fma.2", form, **headers)
    assert code_in(json_in((response, response.read()))) == 0  # the id is in both


def test_a_form_that_is_too_large_is_refused_and_the_next_is_not(server: Server) -> None:
    for form in (b"x=" + b"a" * (1 << 20), b"&".join(b"a%d=1" % n for n in range(70))):
        response = server.send("POST", "/rest/ping", form, **{"Content-Type": FORM})
        assert response.status == 200 and b'error code="0"' in response.read()
    assert server.ask("ping")["status"] == "ok"


@pytest.mark.parametrize(
    "query", ["id=%ff%fe&f=json", "id=\xff&f=json", "f=json&&&=&a", "%", "f=" + "x" * 200_000]
)
def test_bytes_that_are_no_text_do_no_harm(server: Server, query: str) -> None:
    connection = server.connection()
    connection.putrequest("GET", "/", skip_host=False)
    connection._buffer[0] = b"GET /rest/getSong?" + query.encode("latin-1") + b" HTTP/1.1"  # type: ignore[attr-defined]
    connection.endheaders()
    response = connection.getresponse()
    assert response.status in (200, 400)
    with suppress(ConnectionResetError):  # it does not read to the end what is too long
        assert response.read()
    connection.close()
    assert server.ask("ping")["status"] == "ok"


def test_it_only_reads(server: Server) -> None:
    for verb in ("PUT", "DELETE", "PATCH"):
        response = server.send(verb, "/rest/getSong?id=fma.2")
        assert (response.status, response.read()) == (405, b"Method Not Allowed")
    for target in ("/", "/rest/", "/rest/a/b", "/rest/../etc/passwd"):
        assert server.send("GET", target).read() == b"Not Found"


TEXTS = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**12), 10**12).map(str),
    st.sampled_from(["fma.2", "mine.1", "fma.141", "", "json", "xml"]),
)
NAMES = sorted({it.name for method in METHODS.values() for it in method.parameters} | {"f", "v"})


@given(
    method=st.sampled_from([*METHODS]),
    pairs=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=8),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_asked_there_is_an_answer(
    server: Server, method: str, pairs: list[tuple[str, str]]
) -> None:
    response, body = server.raw(method, [("apiKey", server.token), *SPEAKS.items(), *pairs])
    assert response.status == 200 and body


CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,unsupported_method,allow_header_conformance"
)


def test_the_description_holds(server: Server, tmp_path: Path) -> None:
    """Schemathesis makes requests from the description and compares the answers with it."""
    first = server.ask("search3", query="")["searchResult3"]["song"][0]["id"]
    ids = {"id": first, "startSongId": first, "endSongId": "fma.2"}
    told = [f'{name} = "{value}"' for name, value in ids.items()]
    key = ["[auth.openapi.apiKey]", f'api_key = "{server.token}"']
    config = tmp_path / "schemathesis.toml"
    config.write_text("\n".join([*key, "[parameters]", *told]))
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{server.facts['url']}/openapi.json", "--checks", CHECKS, "--max-examples", "3"]
    command += ["--phases", "coverage,fuzzing", "--seed", "1", "--no-color"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert f"Tested: {2 * len(METHODS)}" in done.stdout
