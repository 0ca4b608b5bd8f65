"""Counts, exports and deletes what is stored about a person."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import Any

import aiosqlite

from bot.store.connection import Database, number, rows, run
from bot.store.rows import iso
from bot.store.sql import PICKS
from bot.store.upkeep import SLICE, UNUSED, in_slices

_OWN = {
    "votes": "votes",
    "more_like": "more_likes",
    "hidden_artists": "hidden_artists",
    "denied_beliefs": "denied_beliefs",
    "taste_settings": "taste_settings",
    "mix_sounds": "mix_sounds",
}
# The reactions on what a person voted on are not read again: they would bring the votes back.
NOT_AGAIN = """UPDATE messages SET channel = NULL WHERE channel IS NOT NULL AND list_id IN (
    SELECT list_id FROM votes WHERE person = :person)"""
_DELETE = ("DELETE FROM lists WHERE id = ?",)
_KEEP = (
    "UPDATE lists SET person = NULL WHERE id = ?",
    "UPDATE picks SET by_taste = NULL, liked_track_id = NULL WHERE list_id = ?",
)
_SIGNALS = """SELECT list_id, rank, track_id, {column} at FROM {table}
    LEFT JOIN picks USING (list_id, rank) WHERE person = ? ORDER BY list_id, rank"""

_LIST_SOUNDS = """SELECT position, is_away, name, catalog, track_id, clip_sha256, bundle_id
    FROM list_sounds WHERE list_id = ? ORDER BY position"""


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
    mixes = """SELECT channel, position, name, catalog, track_id, clip_sha256, bundle_id, at
        FROM mix_sounds WHERE person = ? ORDER BY channel, position"""
    settings = "SELECT is_on, at FROM taste_settings WHERE person = ?"
    return {
        "lists": await _lists(connection, person),
        "votes": await _dated(connection, votes, person),
        "more_like": await _dated(connection, more_like, person),
        "hidden_artists": await _dated(connection, hidden, person),
        "denied_beliefs": await _dated(connection, denied, person),
        "taste_settings": await _dated(connection, settings, person),
        "mix_sounds": await _dated(connection, mixes, person),
    }


async def forget(database: Database, person: str) -> dict[str, int]:
    """Deletes everything about a person, in slices; returns the number of rows of each kind.

    Lists on which others voted stay, without the person: ``lists_kept`` counts them.  A sound is
    deleted with the last list for it.
    """
    who = {"person": person, "most": SLICE}
    await database.write(lambda db: run(db, NOT_AGAIN, who))
    counts = {
        name: await in_slices(database, partial(_forget_rows, table=table, who=who))
        for name, table in _OWN.items()
    }
    lists = Counter[str]()
    await in_slices(database, partial(_forget_lists, who=who, counts=lists))
    return {**counts, **{name: lists[name] for name in ("lists", "lists_kept", "sounds")}}


async def _forget_rows(connection: aiosqlite.Connection, table: str, who: dict[str, Any]) -> int:
    """Deletes a person's first rows of a table; returns how many."""
    keys = await rows(connection, f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0")
    key = ", ".join(row["name"] for row in keys)
    sql = f"""DELETE FROM {table} WHERE ({key}) IN (
        SELECT {key} FROM {table} WHERE person = :person LIMIT :most)"""
    return await run(connection, sql, who)


async def _forget_lists(
    connection: aiosqlite.Connection, who: dict[str, Any], counts: Counter[str]
) -> int:
    """Deletes a person's first lists, or takes the person from them; counts what it did."""
    first = """SELECT id, clip_sha256, bundle_id, EXISTS (
            SELECT 1 FROM votes WHERE list_id = id AND person <> :person
            UNION ALL SELECT 1 FROM more_likes WHERE list_id = id AND person <> :person) AS kept
        FROM lists WHERE person = :person LIMIT :most"""
    found = await rows(connection, first, who)
    for row in found:
        name = "lists_kept" if row["kept"] else "lists"
        counts[name] += 1
        for work in _KEEP if row["kept"] else _DELETE:
            await run(connection, work, (row["id"],))
    unused = f"DELETE FROM sounds WHERE clip_sha256 = ? AND bundle_id = ? AND {UNUSED}"
    for sound in {(row["clip_sha256"], row["bundle_id"]) for row in found}:
        counts["sounds"] += await run(connection, unused, sound)
    return len(found)


async def _lists(connection: aiosqlite.Connection, person: str) -> list[dict[str, Any]]:
    sql = """SELECT id, at, bundle_id, clip_sha256, seed_track_id, request, place, rung
        FROM lists
        WHERE person = ? ORDER BY id"""
    lists = await _dated(connection, sql, person)
    for kept in lists:
        kept["request"] = json.loads(kept["request"])
        picks = await rows(connection, PICKS, (kept["id"],))
        columns = {"track_ids": "track_id", "propensities": "propensity"}
        columns |= {"by_taste": "by_taste", "liked_track_ids": "liked_track_id"}
        kept |= {name: [row[column] for row in picks] for name, column in columns.items()}
        messages = "SELECT platform, message_id FROM messages WHERE list_id = ?"
        sounds = await rows(connection, _LIST_SOUNDS, (kept["id"],))
        kept["sounds"] = [dict(row) for row in sounds]
        kept["messages"] = [dict(row) for row in await rows(connection, messages, (kept["id"],))]
    return lists


async def _dated(connection: aiosqlite.Connection, sql: str, person: str) -> list[dict[str, Any]]:
    return [{**dict(row), "at": iso(row["at"])} for row in await rows(connection, sql, (person,))]
