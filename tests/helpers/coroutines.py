"""Runs tests that are coroutines, and waits inside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any


def law(test: Callable[..., Coroutine[Any, Any, None]], seconds: float = 60) -> Callable[..., None]:
    """Runs a coroutine as a test in its own event loop; pytest still sees its arguments."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(asyncio.wait_for(test(**fixtures), seconds))

    return run


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Returns as soon as ``holds()`` is true; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come about"
        await asyncio.sleep(0.005)
