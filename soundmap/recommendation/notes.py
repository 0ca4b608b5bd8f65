"""Notes on a list: what its filters left out."""

from __future__ import annotations

from collections.abc import Sequence

from soundmap.recommendation.filters import Filter, emptied_by
from soundmap.types import Note


def notes_on(filters: Sequence[Filter], n_picks: int, n_wanted: int) -> tuple[Note, ...]:
    """A note on the filters if there are fewer picks than wanted, otherwise none."""
    if n_picks >= n_wanted:
        return ()
    blamed = [it for it in filters if it.is_asked] if n_picks else emptied_by(filters)
    facts: dict[str, object] = {"filters": tuple(it.called for it in blamed), "count": n_picks}
    return (Note("fewer_picks" if n_picks else "filter_emptied", facts),)
