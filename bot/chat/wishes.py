"""Turns what a person typed as options into a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.types import Refusal
from soundmap.errors import BadRequest
from soundmap.recommendation.request import Request, tempo_in

FLAGS = ("page", "clean", "instrumental")
"""Options that are yes or no."""
_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "on", "1", "예", "네"), True),
    **dict.fromkeys(("no", "n", "false", "off", "0", "아니요", "아니오"), False),
}
_SHOWN_LETTERS = 60


def requested(tempo: str | None = None, **wishes: Any) -> Request | Refusal:
    """The request with these fields; ``tempo`` is text such as ``90-110``."""
    try:
        return Request(tempo_bpm=tempo_in(tempo[:_SHOWN_LETTERS]) if tempo else (), **wishes)
    except BadRequest as error:
        return Refusal(error.code, error.facts)


def flags_in(wishes: Mapping[str, str]) -> dict[str, bool] | Refusal:
    """The answers of options that are yes or no, of those that were given."""
    found = {}
    for name in FLAGS:
        if name in wishes:
            if (answer := _ANSWERS.get(wishes[name].casefold())) is None:
                return Refusal("bad_answer", {"name": name, "said": wishes[name][:_SHOWN_LETTERS]})
            found[name] = answer
    return found
