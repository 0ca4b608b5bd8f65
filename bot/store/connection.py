"""One connection to a SQLite file, which coroutines use in turns."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.store.errors import StoreError, store_errors

_log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[aiosqlite.Connection], Awaitable[T]]

_SETTINGS = (
    "PRAGMA auto_vacuum = INCREMENTAL",  # of a new file, and of an old one once it is rebuilt
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
)


class Database:
    """The connection; one piece of work at a time has it to itself.

    Work runs in a task of its own and is finished even if the caller is canceled, so no
    transaction stays open or half written.
    """

    def __init__(self, path: Path, connection: aiosqlite.Connection, turn_s: float) -> None:
        self.path = path
        self._connection = connection
        self.turn_s = turn_s
        self._file, self._rescued = _identity(path), False
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def write(self, work: Work[T]) -> T:
        """Runs work in a transaction that is saved as a whole or not at all."""
        return await self._finish(self._transaction("BEGIN IMMEDIATE", work))

    async def read(self, work: Work[T]) -> T:
        """Runs work that sees a single state of the database."""
        return await self._finish(self._transaction("BEGIN", work))

    async def plain(self, work: Work[T]) -> T:
        """Runs work that cannot be in a transaction."""
        return await self._finish(self._alone(work))

    async def close(self) -> None:
        """Waits for running work, writes the log into the file, and closes it."""
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
                await self._check_place()
                return await work(self._connection)
        finally:
            self._lock.release()

    async def _check_place(self) -> None:
        """Raises StoreError if another file, or none, lies where ours was: ours would be lost.

        The first time, what ours holds is copied to a new file beside it.
        """
        if _identity(self.path) == self._file:
            return
        if not self._rescued:
            self._rescued = True
            _log.error(
                "%s was removed or replaced while the bot ran. %s; nothing more is kept until a"
                " restart.",
                self.path,
                await self._rescue(),
            )
        raise StoreError("store_replaced", path=self.path)

    async def _rescue(self) -> str:
        """Copies what the file held to a new one beside it; says whether that worked."""
        copy = self.path.with_name(f"{self.path.name}.rescued-{secrets.token_hex(4)}")
        try:
            with store_errors(copy):
                await run(self._connection, "VACUUM INTO ?", (str(copy),))
                copy.chmod(0o600)
        except StoreError as error:
            with contextlib.suppress(OSError):
                copy.unlink(missing_ok=True)
            return f"What it held is lost when the bot ends, since it cannot be copied ({error})"
        return f"What it held is copied to {copy}"


@contextlib.asynccontextmanager
async def connected(path: Path, busy_timeout_s: float) -> AsyncIterator[Database]:
    """The database in a file, created if needed and readable only by its owner.

    Waits up to ``busy_timeout_s`` > 0 seconds for other processes, and as long for other
    coroutines.
    """
    with store_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        sqlite3.connect(path).close()  # if this failed in aiosqlite, a thread would stay behind
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


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one that takes its name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def close_to_others(path: Path) -> None:
    """Makes a database and its log readable only by their owner, if that is us."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            path.with_name(name).chmod(0o600)


async def run(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> int:
    """Runs a statement; returns the number of rows it changed."""
    async with connection.execute(sql, values) as cursor:
        return cursor.rowcount


async def rows(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> list[sqlite3.Row]:
    """Runs a query; returns all rows."""
    return list(await connection.execute_fetchall(sql, values))


async def number(connection: aiosqlite.Connection, sql: str, values: Any = ()) -> int:
    """Runs a query with a single number as its result."""
    return int((await rows(connection, sql, values))[0][0])


async def truncate_log(connection: aiosqlite.Connection) -> None:
    """Writes the log into the file and empties it.  Raises StoreError if others are reading."""
    if await number(connection, "PRAGMA wal_checkpoint(TRUNCATE)"):
        raise StoreError("store_locked", reason="the log is being read")
