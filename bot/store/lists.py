"""Work of the store that takes more than one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aiosqlite

from bot.store import sql
from bot.store.connection import number, rows, run
from bot.store.person import track_ids
from bot.store.rows import kept_list_of
from bot.types import KeptList


async def add_list(
    connection: aiosqlite.Connection,
    row: Mapping[str, object],
    picks: Sequence[tuple[int, float]],
) -> int:
    """Saves a list with its picks (track id, propensity) by rank; returns its id."""
    await run(connection, sql.ADD_LIST, row)
    list_id = await number(connection, "SELECT last_insert_rowid()")
    for rank, (track_id, propensity) in enumerate(picks, start=1):
        await run(connection, sql.ADD_PICK, (list_id, rank, int(track_id), float(propensity)))
    return list_id


async def kept_list(connection: aiosqlite.Connection, list_id: int) -> KeptList | None:
    """A list with its picks, None if there is none."""
    found = await rows(connection, "SELECT * FROM lists WHERE id = ?", (list_id,))
    return kept_list_of(found[0], await track_ids(connection, list_id)) if found else None


async def hide(
    connection: aiosqlite.Connection, person: str, at: int, wish: dict[str, bool]
) -> None:
    """Hides the artists with a true wish as of ``at``, and shows the others."""
    for artist, hidden in wish.items():
        if hidden:
            await run(connection, sql.HIDE, (person, artist, at))
        else:
            await run(connection, sql.SHOW, (person, artist))


async def add_kill(connection: aiosqlite.Connection, clip_sha256: str, at: int) -> int:
    """Counts a kill; returns the number so far."""
    await run(connection, sql.ADD_KILL, {"clip_sha256": clip_sha256, "at": at})
    query = "SELECT count FROM kills WHERE clip_sha256 = ?"
    return await number(connection, query, (clip_sha256,))
