"""Waits for other processes, and finds ports for them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PATIENCE = 3  # a machine that does other things beside needs longer


def until(check: Callable[[], T], seconds: float, pause_s: float = 0.05) -> T:
    """The first true value of ``check()``; fails when even ``_PATIENCE`` times ``seconds`` pass."""
    end = time.monotonic() + _PATIENCE * seconds
    while True:
        if value := check():
            return value
        assert time.monotonic() < end, f"not within {_PATIENCE * seconds:g} s"
        time.sleep(pause_s)


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
