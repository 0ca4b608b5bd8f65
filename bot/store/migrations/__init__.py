"""Migrates a database to this program's version: numbered SQL files, a transaction each."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from importlib import resources

import aiosqlite

from bot.store.connection import Database, number, rows, run
from bot.store.errors import StoreError

_PAUSE_S = 0.01
_OURS = 0x534D6170  # application id, written by the first migration


def scripts() -> list[str]:
    """The SQL of each version, from version 1 on."""
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".sql")]
    return [file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)]


async def migrate(database: Database) -> None:
    """Creates the tables of a new database, or updates those of an older one.

    Raises StoreError for a newer database or another program's, which is left untouched.
    """
    todo = scripts()

    async def check(connection: aiosqlite.Connection) -> int:
        return await _version(database, connection, len(todo))

    async def step(connection: aiosqlite.Connection) -> bool:
        version = await check(connection)
        for statement in _statements("".join(todo[version : version + 1])):
            await run(connection, statement)
        if version < len(todo):
            await run(connection, f"PRAGMA user_version = {version + 1}")
        return version + 1 < len(todo)

    await database.read(check)
    await _write_ahead(database)
    while await database.write(step):
        pass


async def _write_ahead(database: Database) -> None:
    """Turns the write-ahead log on.  If two do so at once, SQLite fails for one without waiting."""
    until = time.monotonic() + database.turn_s
    while True:
        try:
            await database.plain(lambda connection: rows(connection, "PRAGMA journal_mode = WAL"))
            return
        except StoreError as error:
            if error.code != "store_locked" or time.monotonic() > until:
                raise
            await asyncio.sleep(_PAUSE_S)


async def _version(database: Database, connection: aiosqlite.Connection, newest: int) -> int:
    owner = await number(connection, "PRAGMA application_id")
    if owner != _OURS and await number(connection, "SELECT count(*) FROM sqlite_master"):
        raise StoreError("store_broken", path=database.path, reason="of another program")
    version = await number(connection, "PRAGMA user_version")
    if version > newest:
        raise StoreError("store_newer", path=database.path, version=version, newest=newest)
    return version


def _statements(script: str) -> Iterator[str]:
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part
            part = ""
    if part.strip():
        yield part
