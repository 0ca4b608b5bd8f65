"""Keeps decoders written in C from printing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MUTING = threading.Lock()


@contextmanager
def native_output_muted() -> Iterator[None]:
    """Discards what decoders written in C print to standard error.

    The file descriptor belongs to the whole process, so only one thread decodes at a time.
    """
    with _MUTING:
        try:
            kept = os.dup(2)
        except OSError:  # closed: nothing to mute
            yield
            return
        try:
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
