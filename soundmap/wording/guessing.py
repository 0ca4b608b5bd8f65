"""What a person may have meant who wrote a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_SLIPS, _LETTERS_A_SLIP = 2, 3
"""A name was meant with one slip in three letters, two at most: Folc is Folk, Polka is not."""
_LONGEST = 100


def meant(name: str, known: Iterable[str]) -> str:
    """The one of the ``known`` names most like a name, however it is cased; empty if none is."""
    by_name = {it.casefold(): it for it in known}
    wanted = name.casefold().strip()[:_LONGEST]
    most = min(_MOST_SLIPS, len(wanted) // _LETTERS_A_SLIP)
    near = min(by_name, key=lambda it: _slips(wanted, it), default="")
    if near and _slips(wanted, near) <= most:
        return by_name[near]
    begun = (it for it in by_name if len(wanted) > 2 and it.startswith(wanted))
    return by_name.get(next(begun, ""), "")


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or change places with the next."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wish in enumerate(other, start=1):
            steps = [rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wish)]
            if i > 1 and j > 1 and (letter, wish) == (other[j - 2], one[i - 2]):
                steps.append(rows[-2][j - 2] + 1)
            row.append(min(steps))
        rows.append(row)
    return rows[-1][-1]
