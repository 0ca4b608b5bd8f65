"""What a request asks: its parameters, read by what a method declares, and who sends it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from soundmap.errors import BadRequest

USER = "soundmap"
"""The one user's name."""
MOST_BYTES, MOST_PARAMETERS = 64 << 10, 64
LARGEST = 2**31 - 1
_WAYS_IN = ("apiKey", "u", "p", "t", "s")
_NUMBER = re.compile(r"0*(\d{1,10})", re.ASCII)
_SHOWN_LETTERS = 40
Given = Mapping[str, str]
"""Parameters as they came."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method: a text, or a whole number if it has a ``most``.

    It must be given if it is ``needed``; else ``default`` stands for it.
    """

    name: str
    about: str
    needed: bool = False
    default: int | None = None
    least: int = 0
    most: int | None = None

    def read(self, given: Given) -> str | int | None:
        """Its value.  Raises BadRequest ``missing_parameter`` or ``bad_number``."""
        if (text := given.get(self.name)) is None:
            if self.needed:
                raise BadRequest("missing_parameter", name=self.name)
            return self.default
        return text if self.most is None else self._number(text, self.most)

    def _number(self, text: str, most: int) -> int:
        found = _NUMBER.fullmatch(text)
        if not found or not self.least <= int(found[1]) <= most:
            shown = text[:_SHOWN_LETTERS]
            raise BadRequest("bad_number", name=self.name, least=self.least, most=most, value=shown)
        return int(found[1])


COMMON = (
    Parameter("v", "version of the API that the client speaks, such as 1.16.1", needed=True),
    Parameter("c", "name of the client", needed=True),
)
"""What all methods but the public ones need beside a way in."""


def pairs_in(*encoded: bytes) -> list[tuple[str, str]]:
    """Names and values in a query string and a form.  Raises BadRequest ``too_much_asked``."""
    text = b"&".join(filter(None, encoded)).decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise too_much() from error


def too_much() -> BadRequest:
    """The error for a request that is too large."""
    return BadRequest("too_much_asked", parameters=MOST_PARAMETERS, kib=MOST_BYTES >> 10)


def given_in(pairs: Sequence[tuple[str, str]]) -> Given:
    """Parameters by name.  Raises BadRequest ``repeated_parameter`` or ``two_ways_in``."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given and name in _WAYS_IN:
            raise BadRequest("two_ways_in")
        if name in given:
            raise BadRequest("repeated_parameter", name=name[:_SHOWN_LETTERS])
        given[name] = value
    return given


def values_of(parameters: Sequence[Parameter], given: Given) -> dict[str, Any]:
    """The values of declared parameters.  Raises what ``Parameter.read`` raises."""
    return {parameter.name: parameter.read(given) for parameter in parameters}


def let_in(given: Given, token: str) -> None:
    """Checks who asks: by ``apiKey``, or by ``u``, ``t`` and ``s`` with t = md5(token + s).

    Secrets are compared in constant time.  Raises BadRequest ``missing_parameter``,
    ``two_ways_in``, ``no_passwords``, ``wrong_key`` or ``wrong_token``.
    """
    ways = [name for name in _WAYS_IN if name in given]
    if "apiKey" in ways:
        if len(ways) > 1:
            raise BadRequest("two_ways_in")
        if not _same(given["apiKey"], token):
            raise BadRequest("wrong_key")
        return
    if "p" in ways:
        raise BadRequest("two_ways_in" if {"t", "s"} & {*ways} else "no_passwords")
    user, shown, salt = (Parameter(name, "", needed=True).read(given) for name in ("u", "t", "s"))
    hashed = hashlib.md5(f"{token}{salt}".encode(), usedforsecurity=False).hexdigest()
    if not _same(str(user), USER) & _same(str(shown).lower(), hashed):
        raise BadRequest("wrong_token")


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
