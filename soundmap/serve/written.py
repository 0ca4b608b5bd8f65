"""Answers as JSON and as XML, from one document.

In XML, a text, number or truth value is an attribute, a document an element, and a list its
elements, one by one; a plain value in a list is the text of its element.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree as Xml

from soundmap import __version__
from soundmap.errors import BadRequest, SoundMapError
from soundmap.wording import error_sentence, plain
from soundmap.wording.guessing import meant

API_VERSION = "1.16.1"
ROOT = "subsonic-response"
NAMESPACE = "http://subsonic.org/restapi"
GENERIC = 0
ERROR_CODES = {
    "missing_parameter": 10,
    "unknown_method": 30,
    "wrong_token": 40,
    "no_passwords": 42,
    "two_ways_in": 43,
    "wrong_key": 44,
    "unknown_song": 70,
    "no_file": 70,
    "unknown_folder": 70,
}
"""The API's numbers of errors; all others are ``GENERIC``."""
Document = Mapping[str, Any]


def answered(content: Document) -> Document:
    """The document of a method that has answered with ``content``."""
    return _response("ok", content)


def failed(error: SoundMapError, language: str) -> Document:
    """The document of a method that has failed."""
    message = error_sentence(error.code, error.facts, language)
    code = ERROR_CODES.get(error.code, GENERIC)
    return _response("failed", {"error": {"code": code, "message": message}})


def _response(status: str, content: Document) -> Document:
    about = {"type": "soundmap", "serverVersion": __version__, "openSubsonic": True}
    return {"status": status, "version": API_VERSION, **about, **_shown(content)}


def _shown(value: Any) -> Any:
    """A value whose texts hold nothing but what may be shown, which XML can hold, too."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {name: _shown(it) for name, it in value.items()}
    return [_shown(it) for it in value] if isinstance(value, list) else value


def as_json(document: Document) -> bytes:
    """The document as JSON."""
    return json.dumps({ROOT: document}, ensure_ascii=False).encode()


def as_xml(document: Document) -> bytes:
    """The document as XML."""
    root = _element(ROOT, document)
    root.set("xmlns", NAMESPACE)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _element(name: str, value: Any) -> Xml.Element:
    element = Xml.Element(name)
    if not isinstance(value, Mapping):
        element.text = _text(value)
        return element
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            element.append(_element(key, inner))
        elif isinstance(inner, list):
            element.extend(_element(key, it) for it in inner)
        else:
            element.set(key, _text(inner))
    return element


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "xml": ("text/xml", as_xml),
    "json": ("application/json", as_json),
}
"""The type and the writer of each format that may be asked for."""
USUAL = "xml"


def check_format(name: str) -> None:
    """Raises BadRequest ``bad_choice`` for a format that is not written."""
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise BadRequest("bad_choice", choice=name[:40], known=known, meant=meant(name, FORMATS))
