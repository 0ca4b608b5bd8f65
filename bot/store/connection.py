"""One connection to one SQLite file, shared by coroutines: turns and transactions."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.store.errors import StoreError, store_errors

T = TypeVar("T")
Work = Callable[[aiosqlite.Connection], Awaitable[T]]

_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
)


class Database:
    """The connection.  Whoever works with it has it alone until the work is done.

    What was begun is finished even when the coroutine that asked for it is cancelled: work
    runs in a task of its own, so no transaction stays open and none is half written.
    """

    def __init__(self, path: Path, connection: aiosqlite.Connection, turn_s: float) -> None:
        self.path = path
        self._connection = connection
        self.turn_s = turn_s
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def write(self, work: Work[T]) -> T:
        """The result of work that is kept as a whole or not at all."""
        return await self._finish(self._transaction("BEGIN IMMEDIATE", work))

    async def read(self, work: Work[T]) -> T:
        """The result of work that sees one moment of the database."""
        return await self._finish(self._transaction("BEGIN", work))

    async def plain(self, work: Work[T]) -> T:
        """The result of work that can be in no transaction."""
        return await self._finish(self._alone(work))

    async def close(self) -> None:
        """Waits for what was begun, writes the log into the file, and closes it."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        with contextlib.suppress(StoreError, sqlite3.Error):
            await self.plain(truncate_log)
        await self._connection.close()

    async def _finish(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _transaction(self, begin: str, work: Work[T]) -> T:
        async def whole(connection: aiosqlite.Connection) -> T:
            try:
                await run(connection, begin)
                result = await work(connection)
                await connection.commit()
            except BaseException:
                await connection.rollback()
                raise
            return result

        return await self._alone(whole)

    async def _alone(self, work: Work[T]) -> T:
        try:
            async with asyncio.timeout(self.turn_s):
                await self._lock.acquire()
        except TimeoutError:
            raise StoreError("store_locked", path=self.path, reason="others wait too") from None
        try:
            with store_errors(self.path):
                return await work(self._connection)
        finally:
            self._lock.release()


@contextlib.asynccontextmanager
async def connected(path: Path, busy_timeout_s: float) -> AsyncIterator[Database]:
    """The database in a file, which is created if need be and only its owner may read.

    Waits ``busy_timeout_s`` > 0 for other processes, and as long for other coroutines.
    """
    with store_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        sqlite3.connect(path).close()  # aiosqlite leaves a thread behind where this fails
        connection = await aiosqlite.connect(path, timeout=busy_timeout_s, isolation_level=None)
    connection.row_factory = sqlite3.Row
    database = Database(path, connection, busy_timeout_s)
    try:
        with store_errors(path):
            for setting in _SETTINGS:
                await connection.execute_fetchall(setting)
        yield database
    finally:
        await database.close()


def close_to_others(path: Path) -> None:
    """Leaves a database and its log, if they are ours, to their owner alone."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            path.with_name(name).chmod(0o600)


async def run(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> int:
    """Rows that a statement changed."""
    async with connection.execute(sql, values) as cursor:
        return cursor.rowcount


async def rows(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> list[sqlite3.Row]:
    """All rows of a query."""
    return list(await connection.execute_fetchall(sql, values))


async def number(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> int:
    """The one number that a query gives."""
    return int((await rows(connection, sql, values))[0][0])


async def truncate_log(connection: aiosqlite.Connection) -> None:
    """Writes the log into the file and empties it.  Raises StoreError while others read."""
    if await number(connection, "PRAGMA wal_checkpoint(TRUNCATE)"):
        raise StoreError("store_locked", reason="the log is being read")
