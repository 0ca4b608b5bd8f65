"""Describes what is served, by OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from soundmap import __version__
from soundmap.serve.asking import COMMON, Parameter
from soundmap.serve.methods import METHODS, Method
from soundmap.serve.written import API_VERSION, FORMATS, ROOT, USUAL

Schema = dict[str, Any]
_TEXT, _WHOLE, _TRUTH = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}


def _object(needed: dict[str, Schema], more: dict[str, Schema] | None = None) -> Schema:
    known = {**needed, **(more or {})}
    return {
        "type": "object",
        "properties": known,
        "required": [*needed],
        "additionalProperties": False,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _kind(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_CHILD = _object(
    {
        "id": _TEXT,
        "isDir": {"const": False},
        "title": _TEXT,
        "genre": _TEXT,
        "bpm": _WHOLE,
        "isVideo": {"const": False},
        "type": {"const": "music"},
        "mediaType": {"const": "song"},
    },
    {
        "artist": _TEXT,
        "displayArtist": _TEXT,
        "path": _TEXT,
        "suffix": _TEXT,
        "contentType": _TEXT,
        "size": _WHOLE,
        "duration": _WHOLE,
    },
)
_SCHEMAS = {
    "Child": _CHILD,
    "License": _object({"valid": _TRUTH}),
    "Extensions": _list(_object({"name": _TEXT, "versions": _list(_WHOLE)})),
    "TokenInfo": _object({"username": _TEXT}),
    "MusicFolders": _object({"musicFolder": _list(_object({"id": _WHOLE, "name": _TEXT}))}),
    "SearchResult3": _object({"song": _list(_kind("Child"))}),
    "SonicMatches": _list(_object({"entry": _kind("Child"), "similarity": _SHARE})),
    "Error": _object({"code": _WHOLE, "message": _TEXT}),
}


def description() -> dict[str, Any]:
    """The description of all methods, as a JSON document."""
    about = "The part of the OpenSubsonic API that SoundMap serves."
    return {
        "openapi": "3.1.0",
        "info": {"title": "SoundMap", "version": __version__, "description": about},
        "paths": {f"/rest/{name}": _path(name, method) for name, method in METHODS.items()},
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"apiKey": {"type": "apiKey", "in": "query", "name": "apiKey"}},
        },
    }


def _path(name: str, method: Method) -> Schema:
    """A method by GET, with a query, and by POST, with a form."""
    common = {
        "summary": method.about,
        "responses": {"200": _response(method), **({} if method.shape is not None else _PARTS)},
        "security": [] if method.is_public else [{"apiKey": []}],
    }
    parameters = [*_parameters(method)]
    form = _object(
        {it["name"]: it["schema"] for it in parameters if it["required"]},
        {it["name"]: it["schema"] for it in parameters if not it["required"]},
    )
    body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}, "required": True}
    return {
        "get": {**common, "operationId": name, "parameters": parameters},
        "post": {**common, "operationId": f"{name}ByForm", "requestBody": body},
    }


_PARTS = {
    "206": {"description": "A part of the file.", "content": {"*/*": {}}},
    "400": {"description": "The header Range cannot be read.", "content": {"text/plain": {}}},
    "416": {"description": "The file has no such part.", "content": {"*/*": {}}},
}


def _parameters(method: Method) -> Iterator[Schema]:
    declared = (*method.parameters, *(() if method.is_public else COMMON))
    for it in declared:
        yield _parameter(it.name, it.about, _schema(it), it.needed)
    formats = {"type": "string", "enum": [*FORMATS], "default": USUAL}
    yield _parameter("f", "format of the answer", formats, False)


def _parameter(name: str, about: str, schema: Schema, needed: bool) -> Schema:
    shape = {"name": name, "in": "query", "schema": schema}
    return {**shape, "description": about, "required": needed}


def _schema(parameter: Parameter) -> Schema:
    if parameter.most is None:
        return _TEXT
    shape = {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    return shape if parameter.default is None else {**shape, "default": parameter.default}


def _response(method: Method) -> Schema:
    """An answer or an error, both of which have status 200 in this API; or a file."""
    shapes = [{"error": _kind("Error")}]
    if method.shape is not None:
        shapes.append({name: _kind(kind) for name, kind in method.shape.items()})
    either = [_envelope("failed", shapes[0]), *(_envelope("ok", it) for it in shapes[1:])]
    content: Schema = {"application/json": {"schema": _object({ROOT: {"oneOf": either}})}}
    content["text/xml"] = {"schema": _TEXT}
    if method.shape is None:
        content["*/*"] = {}
    return {"description": "The answer, or an error.", "content": content}


def _envelope(status: str, content: dict[str, Schema]) -> Schema:
    return _object(
        {
            "status": {"const": status},
            "version": {"const": API_VERSION},
            "type": {"const": "soundmap"},
            "serverVersion": _TEXT,
            "openSubsonic": {"const": True},
            **content,
        }
    )
