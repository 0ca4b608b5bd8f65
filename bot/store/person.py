"""Counts, exports and deletes what is stored about a person; deletes what is too old."""

from __future__ import annotations

import json
from typing import Any

import aiosqlite

from bot.store.connection import number, rows, run, truncate_log
from bot.store.rows import iso

_OWN = {
    "votes": "votes",
    "more_like": "more_likes",
    "hidden_artists": "hidden_artists",
    "denied_beliefs": "denied_beliefs",
    "taste_settings": "taste_settings",
}
_AGING = ("lists", "votes", "more_likes", "kills")  # hidden artists and removed beliefs do not age
_VOTED_BY_OTHERS = """id IN (
    SELECT list_id FROM votes JOIN lists ON id = list_id
    WHERE lists.person = :person AND votes.person <> :person
    UNION SELECT list_id FROM more_likes JOIN lists ON id = list_id
    WHERE lists.person = :person AND more_likes.person <> :person)"""
_UNUSED = """NOT EXISTS (
    SELECT 1 FROM lists
    WHERE lists.clip_sha256 = sounds.clip_sha256 AND lists.bundle_id = sounds.bundle_id)"""
_SIGNALS = """SELECT list_id, rank, track_id, {column} at FROM {table}
    LEFT JOIN picks USING (list_id, rank) WHERE person = ? ORDER BY list_id, rank"""


async def summary(connection: aiosqlite.Connection, person: str) -> dict[str, int]:
    """How many lists, votes, taps and hidden artists are stored."""
    tables = {"lists": "lists", **_OWN}
    sql = "SELECT count(*) FROM {} WHERE person = ?"
    return {
        name: await number(connection, sql.format(table), (person,))
        for name, table in tables.items()
    }


async def export(connection: aiosqlite.Connection, person: str) -> dict[str, Any]:
    """Everything that is stored, as a JSON document; times are ISO 8601, UTC."""
    votes = _SIGNALS.format(column="value,", table="votes")
    more_like = _SIGNALS.format(column="", table="more_likes")
    hidden = "SELECT artist, at FROM hidden_artists WHERE person = ? ORDER BY artist"
    denied = "SELECT kind, name, at FROM denied_beliefs WHERE person = ? ORDER BY kind, name"
    settings = "SELECT is_on, at FROM taste_settings WHERE person = ?"
    return {
        "lists": await _lists(connection, person),
        "votes": await _dated(connection, votes, person),
        "more_like": await _dated(connection, more_like, person),
        "hidden_artists": await _dated(connection, hidden, person),
        "denied_beliefs": await _dated(connection, denied, person),
        "taste_settings": await _dated(connection, settings, person),
    }


async def forget(connection: aiosqlite.Connection, person: str) -> dict[str, int]:
    """Deletes everything about a person; returns the number of rows of each kind.

    Lists on which others voted stay, without the person: ``lists_kept`` counts them.  A sound is
    deleted with the last list for it.
    """
    who = {"person": person}
    own = "FROM {} WHERE person = :person"
    sounds = await rows(
        connection, "SELECT DISTINCT clip_sha256, bundle_id " + own.format("lists"), who
    )
    kept = f"UPDATE lists SET person = NULL WHERE person = :person AND {_VOTED_BY_OTHERS}"
    counts = {"lists_kept": await run(connection, kept, who)}
    for name, table in {**_OWN, "lists": "lists"}.items():
        counts[name] = await run(connection, "DELETE " + own.format(table), who)
    unused = f"DELETE FROM sounds WHERE clip_sha256 = ? AND bundle_id = ? AND {_UNUSED}"
    counts["sounds"] = sum([await run(connection, unused, tuple(sound)) for sound in sounds])
    return counts


async def prune(connection: aiosqlite.Connection, before: int) -> int:
    """Deletes rows from before a time; returns how many, over all tables.

    A list is deleted with its picks, votes and messages.  A sound stays while a list needs it.
    """
    earlier = await number(connection, "SELECT total_changes()")
    for table in _AGING:
        await run(connection, f"DELETE FROM {table} WHERE at < ?", (before,))
    await run(connection, f"DELETE FROM sounds WHERE at < ? AND {_UNUSED}", (before,))
    return await number(connection, "SELECT total_changes()") - earlier


async def erase(connection: aiosqlite.Connection) -> None:
    """Removes deleted rows from the bytes of the file too.

    SQLite's secure_delete is not enough: it misses copies from when rows moved between pages.
    Rebuilding the file leaves them behind, and emptying the log removes old pages.
    """
    await run(connection, "VACUUM")
    await truncate_log(connection)


async def _lists(connection: aiosqlite.Connection, person: str) -> list[dict[str, Any]]:
    sql = """SELECT id, at, bundle_id, clip_sha256, seed_track_id, request, place, rung
        FROM lists
        WHERE person = ? ORDER BY id"""
    lists = await _dated(connection, sql, person)
    for kept in lists:
        kept["request"] = json.loads(kept["request"])
        kept["track_ids"] = await track_ids(connection, kept["id"])
        chances = "SELECT propensity FROM picks WHERE list_id = ? ORDER BY rank"
        found = await rows(connection, chances, (kept["id"],))
        kept["propensities"] = [row["propensity"] for row in found]
        messages = "SELECT platform, message_id FROM messages WHERE list_id = ?"
        kept["messages"] = [dict(row) for row in await rows(connection, messages, (kept["id"],))]
    return lists


async def track_ids(connection: aiosqlite.Connection, list_id: int) -> list[int]:
    """Track ids of a list's picks by rank."""
    sql = "SELECT track_id FROM picks WHERE list_id = ? ORDER BY rank"
    return [row["track_id"] for row in await rows(connection, sql, (list_id,))]


async def _dated(connection: aiosqlite.Connection, sql: str, person: str) -> list[dict[str, Any]]:
    return [{**dict(row), "at": iso(row["at"])} for row in await rows(connection, sql, (person,))]
