"""A server in a process of its own, and a player that asks it over a real socket."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from tests.house.source import ROOT

XMLNS = "{http://subsonic.org/restapi}"
SPEAKS = {"v": "1.16.1", "c": "tests"}


@dataclass
class Server:
    """A running ``soundmap serve`` and what it said of itself."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    @property
    def address(self) -> str:
        """Host and port."""
        return str(self.facts["url"]).removeprefix("http://")

    @property
    def token(self) -> str:
        """What is in the file of the token."""
        return Path(self.facts["token_file"]).read_text(encoding="utf-8").strip()

    def connection(self) -> HTTPConnection:
        """A new connection."""
        return HTTPConnection(self.address, timeout=60)

    def send(self, verb: str, target: str, body: bytes = b"", **headers: str) -> HTTPResponse:
        """A response whose body is still to be read; then its connection closes."""
        connection = self.connection()
        connection.request(verb, target, body or None, {"Connection": "close", **headers})
        return connection.getresponse()

    def raw(self, method: str, asked: list[tuple[str, Any]]) -> tuple[HTTPResponse, bytes]:
        """The response to parameters in their order, and its body."""
        query = urlencode(asked, quote_via=quote, errors="surrogateescape")
        response = self.send("GET", f"/rest/{method}?{query}")
        return response, response.read()

    def document(self, method: str, **asked: Any) -> dict[str, Any]:
        """The JSON document for parameters and nothing else."""
        return json_in(self.raw(method, [*asked.items(), ("f", "json")]))

    def ask(self, method: str, **asked: Any) -> dict[str, Any]:
        """The JSON document for one who has the key."""
        return self.document(method, apiKey=self.token, **SPEAKS, **asked)

    def code(self, method: str, **asked: Any) -> int:
        """The number of the error for one who has the key."""
        return code_in(self.ask(method, **asked))

    def shown(self, salt: str, user: str = "soundmap") -> dict[str, str]:
        """The parameters of one who shows the token with a salt."""
        hashed = hashlib.md5(f"{self.token}{salt}".encode()).hexdigest()
        return {"u": user, "t": hashed, "s": salt}

    def end(self, number: int) -> int:
        """The status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def json_in(answer: tuple[HTTPResponse, bytes]) -> dict[str, Any]:
    """The document in a JSON answer."""
    response, body = answer
    assert (response.status, response.getheader("content-type")) == (200, "application/json")
    found: dict[str, Any] = json.loads(body)["subsonic-response"]
    return found


def xml_in(answer: tuple[HTTPResponse, bytes]) -> ElementTree.Element:
    """The root element of an XML answer."""
    response, body = answer
    assert response.status == 200
    assert response.getheader("content-type") == "text/xml; charset=utf-8"
    return ElementTree.fromstring(body)


def code_in(document: dict[str, Any]) -> int:
    """The number of the error in a document."""
    assert document["status"] == "failed", document
    assert document["error"]["message"]
    return int(document["error"]["code"])


@contextmanager
def serving(home: Path, *arguments: object, **environment: str) -> Iterator[Server]:
    """A server on a free port, ended if it is still there in the end."""
    command = [sys.executable, "-m", "soundmap", "serve", "--json", "--port", "0"]
    process = subprocess.Popen(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "SOUNDMAP_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        facts = json.loads(said)
        assert "url" in facts, said
        yield Server(process, facts)
    finally:
        process.kill()
        process.communicate()
