"""Fills a store for the tests, and reads its file directly."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.store.errors import StoreError
from bot.store.store import Store
from bot.types import Kept
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Note, Traits
from tests.recommendation.test_recommend import catalog

ANN, BOB = (hashlib.sha256(name).hexdigest() for name in (b"ann", b"bob"))
DAY = 24 * 3600
Law = Callable[[Store], Awaitable[None]]


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.at = 1_700_000_000.5

    def __call__(self) -> float:
        return self.at


def analysis(clip: str = "c1", bundle: str = "b1", seed: int = 0) -> Analysis:
    values = np.random.default_rng(seed).standard_normal(48).astype(np.float32)
    return Analysis(
        bundle_id=bundle,
        clip_sha256=clip,
        seconds=29.976 + 1 / 3,
        labels=("Rock", "힙합"),
        probabilities=values[:8],
        embedding=values[8:],
        traits=Traits(0.0, 1234.5678901234567, 1 / 3, 5e-324, 1.0),
        sure=True,
        notes=(Note("short_clip", {"seconds": 0.1 + 0.2, "least": 3}),),
    )


def add_list(store: Store, person: str = ANN, clip: str = "c1") -> Awaitable[int]:
    return keep_list(store, person, "b1", clip, None, Request(), [30, 10, 20])


def keep_list(
    store: Store,
    person: str,
    bundle: str,
    clip: str,
    seed: int | None,
    request: Request,
    tracks: Sequence[int],
    place: str | None = None,
) -> Awaitable[int]:
    return store.add_list(Kept(person, place, request, catalog(), seed), bundle, clip, tracks)


def query(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def votes(path: Path) -> list[Any]:
    return query(path, "SELECT list_id, rank, person, value FROM votes ORDER BY 1, 2, 3")


def raw_bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def cells(path: Path) -> Iterator[tuple[str, object]]:
    """(table, value) of every cell in the database."""
    for (table,) in query(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in query(path, f"SELECT * FROM {table}"):
            yield from ((table, value) for value in row)


def code_of(error: pytest.ExceptionInfo[StoreError]) -> str:
    assert error.value.code in str(error.value)
    return error.value.code


async def opened(path: Path, busy_timeout_s: float = 0.1) -> None:
    async with Store.open(path, busy_timeout_s):
        pass


@contextlib.contextmanager
def child(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another Python process, once it has printed its first line."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout and process.stdout.readline()
            yield process
        finally:
            process.kill()
