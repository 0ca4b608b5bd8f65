"""What the store keeps of tastes: people's acts, and what they say of their own taste."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import aiosqlite

from bot.store.connection import Database, rows, run
from bot.store.person import NOT_AGAIN

_MOST_OF_PLACE = 1_000
_VOTES = """
    SELECT CASE votes.rank WHEN 0 THEN 'list' ELSE 'pick' END AS kind, votes.value AS value,
        votes.at AS at, group_concat(picks.track_id) AS tracks
    FROM votes JOIN lists ON lists.id = votes.list_id
    JOIN picks ON picks.list_id = votes.list_id AND votes.rank IN (0, picks.rank)
    WHERE {who} GROUP BY votes.list_id, votes.rank, votes.person ORDER BY votes.at DESC LIMIT {most}
"""
_IN_PLACE = """lists.place = :place
    AND votes.person NOT IN (SELECT person FROM taste_settings WHERE is_on = 0)
    AND votes.person NOT IN (SELECT person FROM denied_beliefs)"""
_MORE = """
    SELECT 'more' AS kind, 1 AS value, more_likes.at AS at, picks.track_id AS tracks
    FROM more_likes JOIN picks USING (list_id, rank) WHERE person = :person
"""
_REJECTED = """
    SELECT DISTINCT track_id FROM votes JOIN picks USING (list_id)
    WHERE person = :person AND votes.rank = 0 AND value < 0
"""
_IS_ON = "SELECT is_on FROM taste_settings WHERE person = :person"
_HIDDEN = "SELECT artist, at FROM hidden_artists WHERE person = :person ORDER BY artist"
_DENIED = "SELECT kind, name FROM denied_beliefs WHERE person = :person ORDER BY kind, name"
_RECENT = """
    SELECT DISTINCT track_id FROM picks WHERE list_id IN (
        SELECT id FROM lists WHERE person = :person ORDER BY id DESC LIMIT :most)
"""
_SET = """
    INSERT INTO taste_settings (person, is_on, at) VALUES (:person, :is_on, :at)
    ON CONFLICT (person) DO UPDATE SET is_on = :is_on, at = :at
"""
_NO_REASONS = """UPDATE picks SET by_taste = NULL, liked_track_id = NULL
    WHERE by_taste IS NOT NULL AND list_id IN (SELECT id FROM lists WHERE person = :person)"""
_ALLOW = "DELETE FROM denied_beliefs WHERE person = :person"
_DENY = """
    INSERT INTO denied_beliefs (person, kind, name, at) VALUES (:person, :kind, :name, :at)
    ON CONFLICT (person, kind, name) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person has told about their taste.

    Their ``acts``, whether lists may follow the taste, artists they hid and when, (kind, name) of
    beliefs they removed, and tracks of lists they rejected.
    """

    acts: tuple[Act, ...]
    is_on: bool
    hidden: dict[str, int]
    denied: tuple[tuple[str, str], ...]
    rejected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person about some tracks, at a time in seconds since 1970.

    ``kind`` is ``pick`` or ``list`` for a vote, ``more`` for a tap on "More like".
    """

    kind: str
    track_ids: tuple[int, ...]
    liked: bool
    at: int


class TasteStore:
    """The part of an open store that is about tastes."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database, self._now = database, now

    async def told(self, person: str) -> Told:
        """Everything a person has told, in a single state of the database."""
        who = {"person": person}

        async def work(connection: aiosqlite.Connection) -> Told:
            votes = _VOTES.format(who="votes.person = :person", most=-1)
            acts = [*await rows(connection, votes, who), *await rows(connection, _MORE, who)]
            is_on = await rows(connection, _IS_ON, who)
            return Told(
                acts=tuple([_act(row) for row in acts]),
                is_on=bool(is_on[0]["is_on"]) if is_on else True,
                hidden={r["artist"]: r["at"] for r in await rows(connection, _HIDDEN, who)},
                denied=tuple(
                    [(r["kind"], r["name"]) for r in await rows(connection, _DENIED, who)]
                ),
                rejected=tuple([r["track_id"] for r in await rows(connection, _REJECTED, who)]),
            )

        return await self._database.read(work)

    async def acts_in(self, place: str) -> list[Act]:
        """The latest votes on lists of a place, by people whose taste is switched on."""
        votes = _VOTES.format(who=_IN_PLACE, most=_MOST_OF_PLACE)
        return [_act(row) for row in await self._rows(votes, place=place)]

    async def recent(self, person: str, n_lists: int) -> tuple[int, ...]:
        """Tracks of a person's last ``n_lists`` lists."""
        return await self._track_ids(_RECENT, person=person, most=n_lists)

    async def switch(self, person: str, on: bool) -> None:
        """Sets whether lists may follow a person's taste."""
        await self._write(_SET, person=person, is_on=int(on))

    async def deny(self, person: str, kind: str, name: str) -> None:
        """Removes a belief."""
        await self._write(_DENY, person=person, kind=kind, name=name)

    async def allow_all(self, person: str) -> int:
        """Lets all removed beliefs count again; returns how many there were."""
        return await self._write(_ALLOW, person=person)

    async def reset(self, person: str) -> int:
        """Deletes a person's votes, taps, hidden artists and removed beliefs; returns the number of
        rows.
        """

        async def work(connection: aiosqlite.Connection) -> int:
            who = {"person": person}
            await run(connection, NOT_AGAIN, who)
            await run(connection, _NO_REASONS, who)
            tables = ("votes", "more_likes", "hidden_artists", "denied_beliefs")
            delete = "DELETE FROM {} WHERE person = :person"
            return sum([await run(connection, delete.format(table), who) for table in tables])

        return await self._database.write(work)

    async def _track_ids(self, query: str, **values: object) -> tuple[int, ...]:
        return tuple([row["track_id"] for row in await self._rows(query, **values)])

    async def _rows(self, query: str, **values: object) -> list[aiosqlite.Row]:
        return await self._database.read(lambda connection: rows(connection, query, values))

    async def _write(self, statement: str, **values: object) -> int:
        values["at"] = int(self._now())
        return await self._database.write(lambda connection: run(connection, statement, values))


def _act(row: aiosqlite.Row) -> Act:
    tracks = tuple(int(track) for track in str(row["tracks"]).split(","))
    return Act(row["kind"], tracks, row["value"] > 0, row["at"])
