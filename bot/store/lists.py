"""Work of the store that takes more than one statement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import aiosqlite

from bot.store import sql
from bot.store.connection import number, rows, run
from bot.store.rows import kept_list_of, mix_sound_row
from bot.types import KeptList, MixSound
from soundmap.types import ByTaste

_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'lists'"  # also if gone
_RANDOM_BITS, _STEP_BITS = 31, 24
_LAST_SECOND = (1 << 32) - 1


def new_id(last: int, at: int) -> int:
    """An id greater than ``last`` that no other list ever has, in no other database either.

    Its second, then 31 random bits: buttons of lists that a backup or a new database does not know
    must not lead to somebody else's.  63 bits in all, as much as SQLite takes.
    """
    made = min(max(at, 0), _LAST_SECOND) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return made if made > last else last + 1 + secrets.randbits(_STEP_BITS)


async def add_list(
    connection: aiosqlite.Connection,
    row: Mapping[str, object],
    picks: Sequence[tuple[int, float, ByTaste | None]],
    sounds: Sequence[MixSound] = (),
) -> int:
    """Saves a list with its picks (track id, propensity, why by taste) by rank, and the sounds of a
    mix; returns its id.
    """
    last = await number(connection, _LAST)
    list_id = new_id(last, int(str(row["at"])))
    await run(connection, sql.ADD_LIST, {**row, "id": list_id})
    for rank, (track_id, propensity, by) in enumerate(picks, start=1):
        why = (by.kind, by.liked) if by else (None, None)
        await run(connection, sql.ADD_PICK, (list_id, rank, int(track_id), float(propensity), *why))
    for position, sound in enumerate(sounds):
        values = {**mix_sound_row(sound), "list_id": list_id, "position": position}
        await run(connection, sql.ADD_LIST_SOUND, values)
    return list_id


async def kept_list(connection: aiosqlite.Connection, list_id: int) -> KeptList | None:
    """A list with its picks, None if there is none."""
    found = await rows(connection, "SELECT * FROM lists WHERE id = ?", (list_id,))
    if not found:
        return None
    picks, sounds = [await rows(connection, it, (list_id,)) for it in (sql.PICKS, sql.LIST_SOUNDS)]
    return kept_list_of(found[0], picks, sounds)


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
