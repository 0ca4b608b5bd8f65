"""Progress that a test follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from soundmap.types import Advance, Progress


def calling(act: Advance) -> Progress:
    """A Progress whose every bar calls ``act`` with how much is done."""

    @contextmanager
    def progress(what: str, total: int) -> Iterator[Advance]:
        assert what and total > 0
        yield act

    return progress
