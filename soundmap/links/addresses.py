"""Addresses as they go out: their path and query keep every percent-code that was given.

Signatures of links are made over those bytes, so nothing is decoded, and only what may not stand in
a request is encoded.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from yarl import URL

from soundmap.errors import BadLink

_KEPT = "!#$%&'()*+,-./:;=?@[]_|~"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOTS = (".", "..")


def address_of(text: str) -> URL:
    """The address in ``text``, with its host in ASCII (IDNA).  Bytes outside UTF-8 are surrogates.

    Raises BadLink ``no_link`` for what is no address of http or https.
    """
    try:
        parts = urlsplit(text)
        origin = URL(f"{parts.scheme}://{parts.netloc}")
        if parts.scheme not in ("http", "https") or not origin.host:
            raise BadLink("no_link")
        query = f"?{parts.query}" if parts.query else ""
        target = quote(parts.path + query, safe=_KEPT, errors="surrogateescape")
        return URL(f"{str(origin).removesuffix('/')}{target or '/'}", encoded=True)
    except ValueError as error:  # a port beyond 65535, a bracket alone, a name IDNA does not have
        raise BadLink("no_link") from error


def redirected(address: URL, location: bytes) -> URL:
    """The address to which ``location`` leads from ``address`` (RFC 3986, section 5.2).

    Raises BadLink ``no_link``.
    """
    text = location.decode("utf-8", "surrogateescape").strip()
    scheme = f"{address.scheme}:"
    if text.startswith("//"):
        return address_of(scheme + text)
    if text.casefold().startswith(scheme) and not text[len(scheme) :].startswith("//"):
        text = text[len(scheme) :]  # "http:/a", as browsers read it
    if _SCHEME.match(text):
        return address_of(text)
    path, mark, query = text.partition("#")[0].partition("?")
    if not path:
        path, query = address.raw_path, query if mark else address.raw_query_string
    elif not path.startswith("/"):
        path = f"{address.raw_path.rpartition('/')[0]}/{path}"
    authority = str(address)[len(scheme) + 2 :].partition("/")[0]
    return address_of(f"{scheme}//{authority}{_without_dots(path)}?{query}")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and len(kept) > 1:
            kept.pop()
        elif part not in _DOTS:
            kept.append(part)
    return "/".join([*kept, ""] if path.rpartition("/")[2] in _DOTS else kept)
