"""What people gather for mixes: a few sounds per person and channel, for an hour."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import aiosqlite

from bot.store import sql
from bot.store.connection import Database, rows, run
from bot.store.rows import mix_sound_of, mix_sound_row
from bot.types import MixSound

LASTING_SECONDS = 3_600

Sounds = tuple[MixSound, ...]
Change = Callable[[Sounds], Sounds]


class MixStore:
    """The part of an open store that is about the mixes being gathered."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database, self._now = database, now

    async def of(self, person: str, channel: str, bundle_id: str) -> Sounds:
        """What a person gathered in a channel within the hour, as ``bundle_id`` heard it."""
        who = {"person": person, "channel": channel, "bundle_id": bundle_id, "at": self._at()}
        return await self._database.read(partial(_sounds, who=who))

    async def change(
        self, person: str, channel: str, bundle_id: str, change: Change
    ) -> tuple[Sounds, Sounds]:
        """Replaces a mix by what ``change`` makes of it, while nobody else can; what it was and is.

        It lasts for an hour from now on.
        """
        who = {"person": person, "channel": channel, "bundle_id": bundle_id, "at": self._at()}

        async def work(connection: aiosqlite.Connection) -> tuple[Sounds, Sounds]:
            before = await _sounds(connection, who)
            after = change(before)
            await run(connection, sql.CLEAR_MIX, who)
            for position, sound in enumerate(after):
                row = {**mix_sound_row(sound), **who, "position": position}
                await run(connection, sql.ADD_MIX_SOUND, row)
            return before, after

        return await self._database.write(work)

    def _at(self) -> int:
        return int(self._now())


async def _sounds(connection: aiosqlite.Connection, who: dict[str, object]) -> Sounds:
    found = await rows(connection, sql.MIX_SOUNDS, {**who, "lasting": LASTING_SECONDS})
    return tuple([mix_sound_of(row) for row in found])


async def forget_old(database: Database, now: int) -> int:
    """Deletes the mixes that an hour went by for; returns the number of their sounds."""
    values = {"at": now, "lasting": LASTING_SECONDS}
    return await database.write(partial(run, sql=sql.OLD_MIXES, values=values))
