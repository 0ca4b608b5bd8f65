"""Deletes what is old and erases what was deleted, in slices that keep nobody waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite

from bot.store.connection import Database, number, rows, run, truncate_log

SLICE = 100  # rows that are deleted before others have their turn
_SLICE_PAGES = 200
_AT_ONCE_BYTES = 8 * 1024 * 1024  # a file that is rebuilt within a fraction of a second
_BEFORE_ALL = 1_600_000_000  # no row is older than this program: such a clock had not been set
_SIGNALS = ("votes", "more_likes")
_INCREMENTAL = 2
UNUSED = """NOT EXISTS (
    SELECT 1 FROM lists
    WHERE lists.clip_sha256 = sounds.clip_sha256 AND lists.bundle_id = sounds.bundle_id)"""
_UPKEEP = """INSERT INTO upkeep (what, at) VALUES (:what, :at)
    ON CONFLICT (what) DO UPDATE SET at = :at"""
_OLDEST = """SELECT {key} id, at FROM {table} WHERE (at, {key}) > (?, ?) AND at < ?
    ORDER BY at, {key} LIMIT ?"""

Slice = Callable[[aiosqlite.Connection], Awaitable[int]]


async def in_slices(database: Database, work: Slice) -> int:
    """Repeats a transaction that handles a few rows, until none are left; returns how many."""
    total = 0
    while handled := await database.write(work):
        total += handled
    return total


async def prune(database: Database, before: int) -> int:
    """Deletes rows from before a time; returns how many lists, votes, taps, kills and sounds.

    A list stays, as nobody's, while somebody's vote or tap on it is younger.  A sound stays while a
    list needs it.
    """
    gone = 0
    for table in _SIGNALS:
        sql = f"""DELETE FROM {table} WHERE (list_id, rank, person) IN (
            SELECT list_id, rank, person FROM {table} WHERE at < ? LIMIT ?)"""
        gone += await in_slices(database, partial(run, sql=sql, values=(before, SLICE)))
    gone += await _walk(database, "lists", "id", before, _prune_lists)
    kills = "DELETE FROM kills WHERE at < ?"
    gone += await database.write(partial(run, sql=kills, values=(before,)))
    return gone + await _walk(database, "sounds", "rowid", before, _prune_sounds)


async def redate(database: Database, now: int) -> None:
    """Gives rows from before the clock was first set the time ``now``."""
    if now < _BEFORE_ALL:
        return
    for table, key in {"lists": "id", **dict.fromkeys(_SIGNALS, "list_id, rank, person")}.items():
        sql = f"""UPDATE {table} SET at = ? WHERE ({key}) IN (
            SELECT {key} FROM {table} WHERE at < ? LIMIT ?)"""
        values = (now, _BEFORE_ALL, SLICE)
        await in_slices(database, partial(run, sql=sql, values=values))


async def erase(database: Database) -> None:
    """Removes deleted rows from the bytes of the file too.

    SQLite overwrites them, but misses copies from when rows moved between pages.  Rebuilding the
    file leaves those behind: at once if it is small, or else when it is opened next.  Until then,
    empty pages are given back in slices.
    """
    if await database.plain(_size) <= _AT_ONCE_BYTES:
        await database.plain(_rebuild)
        return
    await _note(database, "rebuild", 0)
    left = await database.plain(_free_pages)
    while left:
        await database.plain(_shrink)
        earlier, left = left, await database.plain(_free_pages)
        if left >= earlier:
            break
    await database.plain(truncate_log)


async def rebuild_if_due(database: Database) -> None:
    """Rebuilds the file if that was put off, or if it cannot give back empty pages yet."""
    if await database.plain(_is_rebuild_due):
        await database.plain(_rebuild)


async def remember_clock(database: Database, at: int) -> None:
    """Stores when the clock was believed."""
    await _note(database, "clock", at)


async def last_clock(connection: aiosqlite.Connection) -> int | None:
    """When the clock was last believed, None if never."""
    found = await rows(connection, "SELECT at FROM upkeep WHERE what = 'clock'")
    return int(found[0]["at"]) if found else None


async def _note(database: Database, what: str, at: int) -> None:
    await database.write(partial(run, sql=_UPKEEP, values={"what": what, "at": at}))


async def _walk(
    database: Database,
    table: str,
    key: str,
    before: int,
    handle: Callable[[aiosqlite.Connection, Sequence[int]], Awaitable[int]],
) -> int:
    """Handles the old rows of a table, oldest first; each once, also those that stay."""
    gone, place = 0, [-(1 << 62), 0]
    sql = _OLDEST.format(table=table, key=key)

    async def slice_(connection: aiosqlite.Connection) -> int:
        nonlocal gone
        found = await rows(connection, sql, (*place, before, SLICE))
        if found:
            gone += await handle(connection, [row["id"] for row in found])
            place[:] = found[-1]["at"], found[-1]["id"]
        return len(found)

    await in_slices(database, slice_)
    return gone


async def _prune_lists(connection: aiosqlite.Connection, ids: Sequence[int]) -> int:
    """Deletes lists without votes and taps; those that have some become nobody's."""
    marks = ", ".join("?" * len(ids))
    needed = " UNION ".join(
        f"SELECT list_id FROM {table} WHERE list_id IN ({marks})" for table in _SIGNALS
    )
    kept = {row["list_id"] for row in await rows(connection, needed, (*ids, *ids))}
    nobodys = "UPDATE lists SET person = NULL, place = NULL WHERE id = ?"
    await connection.executemany(nobodys, [(it,) for it in kept])
    gone = [(it,) for it in ids if it not in kept]
    await connection.executemany("DELETE FROM lists WHERE id = ?", gone)
    return len(gone)


async def _prune_sounds(connection: aiosqlite.Connection, ids: Sequence[int]) -> int:
    marks = ", ".join("?" * len(ids))
    return await run(connection, f"DELETE FROM sounds WHERE rowid IN ({marks}) AND {UNUSED}", ids)


async def _is_rebuild_due(connection: aiosqlite.Connection) -> bool:
    put_off = await number(connection, "SELECT count(*) FROM upkeep WHERE what = 'rebuild'")
    return bool(put_off) or await number(connection, "PRAGMA auto_vacuum") != _INCREMENTAL


async def _rebuild(connection: aiosqlite.Connection) -> None:
    await run(connection, "VACUUM")
    await run(connection, "DELETE FROM upkeep WHERE what = 'rebuild'")
    await truncate_log(connection)


async def _shrink(connection: aiosqlite.Connection) -> Any:
    return await rows(connection, f"PRAGMA incremental_vacuum({_SLICE_PAGES})")


async def _free_pages(connection: aiosqlite.Connection) -> int:
    return await number(connection, "PRAGMA freelist_count")


async def _size(connection: aiosqlite.Connection) -> int:
    pages = await number(connection, "PRAGMA page_count")
    return pages * await number(connection, "PRAGMA page_size")
