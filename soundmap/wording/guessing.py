"""What a person may have meant who wrote a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.7
"""How alike two names are, 0 to 1, of which one was meant: Folc is Folk (0.75), Polka is not."""


def meant(name: str, known: Iterable[str]) -> str:
    """The one of the ``known`` names most like a name, however it is cased; empty if none is."""
    by_name = {it.casefold(): it for it in known}
    wanted = name.casefold().strip()
    begun = [it for it in by_name if len(wanted) > 2 and it.startswith(wanted)]
    close = get_close_matches(wanted[:100], by_name, n=1, cutoff=_ALIKE) or begun[:1]
    return by_name[close[0]] if close else ""
