"""Tests that are coroutines, and waiting inside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any


def law(test: Callable[..., Coroutine[Any, Any, None]], seconds: float = 60) -> Callable[..., None]:
    """A test that is a coroutine, in a loop of its own; pytest sees its arguments."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(asyncio.wait_for(test(**fixtures), seconds))

    return run


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Returns as soon as something holds; fails when the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come about"
        await asyncio.sleep(0.005)
