"""The application: reads a request, asks the method, writes the answer."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from soundmap.errors import SoundMapError
from soundmap.serve.asking import (
    COMMON,
    MOST_BYTES,
    given_in,
    let_in,
    pairs_in,
    too_much,
    values_of,
)
from soundmap.serve.described import description
from soundmap.serve.methods import Answer, method_called
from soundmap.serve.songs import Songs
from soundmap.serve.written import FORMATS, USUAL, Document, answered, check_format, failed

_FORM = "application/x-www-form-urlencoded"
Pairs = list[tuple[str, str]]


class Door:
    """Answers requests to methods for who has the token; errors are said in ``language``."""

    def __init__(self, songs: Songs, token: str, language: str = "en") -> None:
        self._songs, self._token, self._language = songs, token, language

    async def rest(self, request: Request) -> Response:
        """The answer of the method that a request names, or an error of the API."""
        pairs: Pairs = []
        try:
            pairs = pairs_in(request.scope["query_string"], await _form(request))
            answer = await run_in_threadpool(self._answer, request.path_params["name"], pairs)
        except SoundMapError as error:
            return _written(pairs, failed(error, self._language))
        except ClientDisconnect:
            return Response(status_code=400)
        if isinstance(answer, Path):
            return FileResponse(answer)
        return _written(pairs, answered(answer))

    def _answer(self, name: str, pairs: Pairs) -> Answer:
        """The method's answer.  Raises SoundMapError."""
        given, method = given_in(pairs), method_called(name)
        check_format(given.get("f", USUAL))
        if not method.is_public:
            let_in(given, self._token)
            values_of(COMMON, given)
        return method.answer(self._songs, values_of(method.parameters, given))


async def _form(request: Request) -> bytes:
    """The form that a request brings, empty if none.  Raises BadRequest ``too_much_asked``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return b""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise too_much()
    return body


def _written(pairs: Pairs, document: Document) -> Response:
    """A document in the format that is asked for, or the usual one if there is no such."""
    asked = next((value for name, value in pairs if name == "f"), USUAL)
    kind, write = FORMATS.get(asked, FORMATS[USUAL])
    return Response(write(document), media_type=kind)


async def _described(_: Request) -> Response:
    return JSONResponse(description())


def app_of(songs: Songs, token: str, language: str = "en") -> Starlette:
    """The application that serves songs to who has the token."""
    door = Door(songs, token, language)
    return Starlette(
        routes=[
            Route("/rest/{name}", door.rest, methods=["GET", "POST"]),
            Route("/openapi.json", _described),
        ]
    )
