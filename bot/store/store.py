"""What the bot stores: lists, votes, hidden artists.  No names, no messages, no audio.

Everything about a person is stored under ``person``, an opaque key made elsewhere.  All methods
raise StoreError if the file cannot be read or written, and work again once the cause is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.store import lists as store_lists
from bot.store import person as store_person
from bot.store import sql, upkeep
from bot.store.backup import backup_file
from bot.store.clock import Clock
from bot.store.connection import Database, close_to_others, connected, rows, run
from bot.store.errors import StoreError
from bot.store.migrations import migrate
from bot.store.mixes import MixStore, forget_old
from bot.store.places import PlaceStore
from bot.store.rows import analysis_of, request_text, sound_row
from bot.store.taste import TasteStore
from bot.types import Kept, KeptList, MixSound, Shown
from soundmap.types import Analysis, ByTaste

__all__ = ["Store", "StoreError", "backup_file"]

_log = logging.getLogger(__name__)


class Store:
    """An open store.  Coroutines may call its methods concurrently."""

    def __init__(self, database: Database, now: Callable[[], float], clock: Clock) -> None:
        self._database = database
        self._now, self._clock = now, clock
        self.taste, self.places = TasteStore(database, now), PlaceStore(database)
        self.mixes = MixStore(database, now)
        self._to_erase = False

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        path: Path,
        busy_timeout_s: float = 5.0,
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> AsyncIterator[Store]:
        """Opens the store in a file, which is created or migrated if needed.

        Waits up to ``busy_timeout_s`` > 0 seconds for others who hold the file.  ``now`` returns
        seconds since 1970, ``elapsed`` seconds that really passed.
        """
        async with connected(path, busy_timeout_s) as database:
            await migrate(database)
            close_to_others(path)
            try:
                await upkeep.rebuild_if_due(database)
            except StoreError as error:
                _log.warning("the file could not be rebuilt: %s", error)
            yield cls(database, now, Clock(now, elapsed, await database.read(upkeep.last_clock)))

    async def add_sound(self, analysis: Analysis) -> None:
        """Saves an analysis; it replaces an earlier one of the same clip and bundle."""
        await self._run(sql.ADD_SOUND, **sound_row(analysis))

    async def sound(self, clip_sha256: str, bundle_id: str) -> Analysis | None:
        """What a bundle heard in a clip, None if it is not stored."""
        query = "SELECT * FROM sounds WHERE clip_sha256 = ? AND bundle_id = ?"
        found = await self._rows(query, clip_sha256, bundle_id)
        return analysis_of(found[0]) if found else None

    async def add_list(
        self,
        kept: Kept,
        bundle_id: str,
        clip_sha256: str,
        track_ids: Sequence[int],
        rung: str = "plain",
        propensities: Sequence[float] = (),
        by_taste: Sequence[ByTaste | None] = (),
        sounds: Sequence[MixSound] = (),
    ) -> int:
        """Saves a list of picks; returns its id, which is never used again.

        The list answers the clip ``clip_sha256`` as ``bundle_id`` heard it, or the seed of
        ``kept``.  ``rung`` names the policy that ordered it.  ``propensities`` are the
        probabilities of the picks at their ranks, 1 by default, ``by_taste`` why taste put them
        there.  ``sounds`` are those of a mix.
        """
        row = {
            "person": kept.person,
            "bundle_id": bundle_id,
            "clip_sha256": clip_sha256,
            "seed_track_id": kept.seed,
            "request": request_text(kept.request),
            "place": kept.place,
            "rung": rung,
            "at": self._at(),
        }
        chances = [*propensities, *[1.0] * (len(track_ids) - len(propensities))]
        whys = [*by_taste, *[None] * (len(track_ids) - len(by_taste))]
        picks = list(zip(track_ids, chances, whys, strict=True))
        return await self._database.write(
            partial(store_lists.add_list, row=row, picks=picks, sounds=sounds)
        )

    async def kept_list(self, list_id: int) -> KeptList | None:
        """A list, None if it is not stored (any more)."""
        return await self._database.read(partial(store_lists.kept_list, list_id=list_id))

    async def last_list(self, person: str) -> int | None:
        """Id of the last list that a person asked for."""
        query = "SELECT max(id) AS id FROM lists WHERE person = ?"
        found = await self._rows(query, person)
        return None if found[0]["id"] is None else int(found[0]["id"])

    async def shown_since(self, kept: KeptList, person: str) -> tuple[int, ...]:
        """Ids of tracks that a person was shown for the sound of a list, from that list on."""
        values = {"person": person, "clip_sha256": kept.clip_sha256, "list_id": kept.id}
        values["seed_track_id"] = kept.seed_track_id
        found = await self._database.read(lambda db: rows(db, sql.SHOWN, values))
        return tuple([row["track_id"] for row in found])

    async def add_message(
        self, platform: str, message_id: str, list_id: int, channel: str | None = None
    ) -> None:
        """Saves which message shows a list, and where; does nothing if the list is gone."""
        message = {"platform": platform, "message_id": message_id, "channel": channel}
        await self._run(sql.ADD_MESSAGE, **message, list_id=list_id)

    async def showing(self, platform: str, younger_than_s: float, most: int) -> list[Shown]:
        """The messages that show the latest lists, where their reactions may be read again."""
        since = int(self._now() - younger_than_s)
        found = await self._rows(sql.SHOWING, platform, since, most)
        return [Shown(row["message_id"], row["channel"], row["list_id"]) for row in found]

    async def votes_on(self, list_id: int) -> dict[tuple[str, int], int]:
        """All votes on a list: values by (person, rank)."""
        query = "SELECT person, rank, value FROM votes WHERE list_id = ?"
        found = await self._rows(query, list_id)
        return {(row["person"], row["rank"]): row["value"] for row in found}

    async def list_of(self, platform: str, message_id: str) -> int | None:
        """Id of the list that a message shows."""
        query = "SELECT list_id FROM messages WHERE platform = ? AND message_id = ?"
        found = await self._rows(query, platform, message_id)
        return int(found[0]["list_id"]) if found else None

    async def vote(self, list_id: int, rank: int, person: str, value: int) -> bool:
        """Saves a vote, +1 or -1, on a pick or, with rank 0, on the whole list.

        A later vote replaces an earlier one.  Returns false if there is nothing to vote on.
        """
        vote = {"list_id": list_id, "rank": rank, "person": person, "value": value}
        return await self._run(sql.VOTE, **vote) > 0

    async def unvote(self, list_id: int, rank: int, person: str, value: int) -> bool:
        """Removes a vote if it has that value; returns whether it did."""
        vote = {"list_id": list_id, "rank": rank, "person": person, "value": value}
        return await self._run(sql.UNVOTE, **vote) > 0

    async def clear_votes(self, list_id: int, vote: tuple[int, int] | None) -> int:
        """Removes everybody's votes on a list, or only those of a (rank, value)."""
        if vote is None:
            return await self._run(sql.CLEAR, list_id=list_id)
        return await self._run(sql.CLEAR_ONE, list_id=list_id, rank=vote[0], value=vote[1])

    async def more_like(self, list_id: int, rank: int, person: str) -> bool:
        """Saves that a person asked for more like a pick; false if there is no such pick."""
        return await self._run(sql.MORE_LIKE, list_id=list_id, rank=rank, person=person) > 0

    async def hide(self, person: str, of: Sequence[str], hidden: Collection[str]) -> None:
        """Hides those of the artists ``of`` that are in ``hidden``, and shows the others."""
        wish = {artist: artist in hidden for artist in of}
        hide = partial(store_lists.hide, person=person, at=self._at(), wish=wish)
        await self._database.write(hide)

    async def hidden(self, person: str) -> tuple[str, ...]:
        """Artists that a person does not want to be shown, sorted."""
        query = "SELECT artist FROM hidden_artists WHERE person = ? ORDER BY artist"
        return tuple([row["artist"] for row in await self._rows(query, person)])

    async def listen(self, platform: str, place: str, on: bool) -> None:
        """Sets whether the bot answers in a channel without being asked."""
        await self._run(sql.LISTEN if on else sql.IGNORE, platform=platform, place=place)

    async def listens(self, platform: str, place: str) -> bool:
        """Whether the bot answers in a channel without being asked; by default not."""
        query = "SELECT 1 FROM places WHERE platform = ? AND place = ?"
        return bool(await self._rows(query, platform, place))

    async def listening(self, platform: str) -> list[str]:
        """The channels in which the bot answers without being asked."""
        found = await self._rows("SELECT place FROM places WHERE platform = ?", platform)
        return [row["place"] for row in found]

    async def add_kill(self, clip_sha256: str) -> int:
        """Counts that a clip killed a worker; returns how often it has recently."""
        add_kill = partial(store_lists.add_kill, clip_sha256=clip_sha256, at=self._at())
        return await self._database.write(add_kill)

    async def kills(self, clip_sha256: str) -> int:
        """How often a clip has killed a worker recently; never, by a clock that was just set."""
        if not self._clock.is_steady():
            return 0
        at, day = self._at(), sql.KILL_SECONDS
        found = await self._rows(sql.KILLS, clip_sha256, at - day, at + day)
        return int(found[0]["count"]) if found else 0

    async def pardon(self, clip_sha256: str) -> None:
        """Deletes the kills of a clip that was heard after all."""
        await self._run(sql.PARDON, clip_sha256=clip_sha256)

    async def export(self, person: str) -> dict[str, Any]:
        """Everything stored about a person, as a JSON document."""
        return await self._database.read(partial(store_person.export, person=person))

    async def summary(self, person: str) -> dict[str, int]:
        """How much of each kind is stored about a person."""
        return await self._database.read(partial(store_person.summary, person=person))

    async def forget(self, person: str) -> dict[str, int]:
        """Deletes everything about a person, also from the file's bytes; returns counts."""
        gone = await store_person.forget(self._database, person)
        self._to_erase = self._to_erase or any(gone.values())
        await self._erase()
        return gone

    async def prune(self, older_than_s: float) -> int:
        """Deletes rows older than ``older_than_s`` seconds, unless the clock was just set; returns
        how many.
        """
        gone = 0
        if self._clock.is_steady():
            await upkeep.remember_clock(self._database, self._at())
            await upkeep.redate(self._database, self._at())
            gone = await upkeep.prune(self._database, int(self._now() - older_than_s))
            gone += await forget_old(self._database, self._at())
        self._to_erase = self._to_erase or gone > 0
        await self._erase()
        return gone

    async def backup(self, target: Path) -> None:
        """Copies the store to a new file while it is in use."""
        await asyncio.to_thread(backup_file, self._database.path, target)

    async def healthy(self) -> bool:
        """Whether the store can be read and written at the moment."""
        try:
            return await self._run(sql.PULSE) == 1
        except (StoreError, sqlite3.Error, ValueError):  # ValueError: closed
            return False

    async def _run(self, statement: str, **values: object) -> int:
        values = {"at": self._at(), **values}
        return await self._database.write(lambda db: run(db, statement, values))

    async def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return await self._database.read(lambda db: rows(db, query, values))

    async def _erase(self) -> None:
        """Erases deleted rows from the file; if that fails now, the next pruning does it."""
        if not self._to_erase:
            return
        try:
            await upkeep.erase(self._database)
            self._to_erase = False
        except StoreError as error:
            _log.warning("deleted data stays in the bytes of the file for now: %s", error)

    def _at(self) -> int:
        return int(self._now())
