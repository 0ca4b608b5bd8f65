from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.store import Store
from tests.helpers.store import Clock, Law


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "store.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def holds(path: Path, clock: Clock) -> Callable[[Law], None]:
    """Runs a law on a new store."""

    def run(law: Law) -> None:
        async def opened() -> None:
            async with Store.open(path, now=clock, elapsed=clock) as store:
                await law(store)

        asyncio.run(opened())

    return run
