"""The service that every chat calls: a person and a sound in, an answer or a refusal out.

It knows no chat platform.  Errors are returned as refusals, never raised.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from bot.core.catalogs import plain_name
from bot.core.charts import Charts
from bot.core.early import Early
from bot.core.mixes import Mixes
from bot.core.offers import Offers
from bot.core.parts import Parts
from bot.core.person import Person
from bot.core.refusing import refusing
from bot.types import Answer, Heard, Progress, Refused, Shown, Source, Watcher
from soundmap.catalog.shelf import SHIPPED
from soundmap.links.pages import ytdlp_version
from soundmap.recommendation.request import Request
from soundmap.types import Pick, Recommendation


def unwatched(_: Progress) -> None:
    """A watcher that ignores progress."""


class Service:
    """The entry point: ties together admission, intake, cache, workers, catalogs and store."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.manifest, self.metrics = parts, parts.manifest, parts.metrics
        self.charts, self.person, self.mixes = Charts(parts), Person(parts), Mixes(parts)
        self.offers, self.early = Offers(lambda: self.closing), Early()

    # ------------------------------------------------------------------ sounds

    @refusing
    async def genre(self, person: str, source: Source, watch: Watcher = unwatched) -> Heard:
        """What is heard in a sound."""
        async with self.parts.job("genre", person):
            return await self.parts.hearing.hear(person, source, watch)

    @refusing
    async def recommend(
        self,
        person: str,
        source: Source,
        request: Request,
        watch: Watcher = unwatched,
        place: str | None = None,
    ) -> Answer:
        """The tracks near a sound.  The list is stored before it is returned.

        ``place`` is the key of the server it is for.
        """
        started = time.monotonic()
        kept = await self.parts.checked(person, place, request)
        async with self.parts.job("recommend", person):
            heard = await self.parts.hearing.hear(person, source, watch)
            watch(Progress("comparing"))
            listed = await self.parts.lists.near(kept, heard.analysis)
            around = await self.parts.maps.around(listed.recommendation, kept.catalog)
        return listed.answer(started, heard.picture, around, heard)

    @refusing
    async def from_taste(self, person: str, request: Request, place: str | None = None) -> Answer:
        """New tracks that a person may like, without a sound."""
        started = time.monotonic()
        kept = await self.parts.checked(person, place, request)
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.from_taste(kept)
            picture = await self.parts.maps.around(listed.recommendation, kept.catalog)
        return replace(listed.answer(started, map=picture), by_taste=True)

    @refusing
    async def another(self, person: str, list_id: int, place: str | None = None) -> Answer:
        """The next picks for the sound of a list, without those already shown for it."""
        started = time.monotonic()
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.another(list_id, person, place)
            picture = await self.parts.maps.around(listed.recommendation, listed.kept.catalog)
        return listed.answer(started, map=picture)

    @refusing
    async def more_like(
        self, person: str, list_id: int, rank: int, place: str | None = None
    ) -> Answer:
        """The tracks near a pick of a list."""
        started = time.monotonic()
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.more_like(list_id, rank, person, place)
            picture = await self.parts.maps.around(listed.recommendation, listed.kept.catalog)
        return listed.answer(started, map=picture)

    @refusing
    async def why(self, list_id: int) -> Answer:
        """A stored list with all distances and reasons."""
        started = time.monotonic()
        return (await self.parts.lists.again(list_id)).answer(started)

    @refusing
    async def last(self, person: str, rank: int | None = None) -> Recommendation:
        """A person's last list, or only its pick at a rank."""
        list_id = await self.parts.store.last_list(person)
        if list_id is None:
            raise Refused("no_last_sound")
        found = (await self.parts.lists.again(list_id)).recommendation
        picks = tuple(pick for pick in found if rank in (None, pick.rank))
        if not picks and rank is not None:
            raise Refused("no_such_pick", rank=rank)
        return replace(found, picks=picks)

    @refusing
    async def picked(self, catalog: str, track_ids: Sequence[int]) -> tuple[Pick, ...]:
        """Tracks of a catalog as picks without distances and reasons: those of a path."""
        return await self.parts.lists.picked(catalog, track_ids)

    # ------------------------------------------------------------------ people

    @refusing
    async def vote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Stores a vote of +1 or -1; rank 0 is the whole list.  False if there is no such pick."""
        if kept := await self.parts.store.vote(list_id, rank, person, value):
            self.metrics.voted(value)
        return kept

    @refusing
    async def unvote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Removes a vote, if its value is still ``value``."""
        return await self.parts.store.unvote(list_id, rank, person, value)

    @refusing
    async def clear(self, list_id: int, vote: tuple[int, int] | None) -> int:
        """Removes everybody's votes on a list, or only those of a (rank, value)."""
        return await self.parts.store.clear_votes(list_id, vote)

    @refusing
    async def votes_on(self, list_id: int) -> dict[tuple[str, int], int]:
        """All votes on a list: values by (person, rank)."""
        return await self.parts.store.votes_on(list_id)

    @refusing
    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The artists of a list in order, and whether this person hides each."""
        return await self.parts.lists.artists(person, list_id)

    @refusing
    async def hide(self, person: str, list_id: int, chosen: Collection[int]) -> tuple[str, ...]:
        """Hides the ``chosen`` artists of a list, by index, and no others; returns their names."""
        names = list(await self.parts.lists.artists(person, list_id))
        hidden = tuple(name for index, name in enumerate(names) if index in chosen)
        await self.parts.store.hide(person, names, hidden)
        return hidden

    # ------------------------------------------------------------------ places

    def about(self) -> dict[str, object]:
        """Facts from the model card: bundle, number of tracks, genres, validation accuracy with
        its 95 % interval, the genre with the worst recall, and the version of yt-dlp.
        """
        scores = self.manifest.metrics["validation"]
        worst = min(scores["per_genre"], key=lambda genre: scores["per_genre"][genre]["recall"])
        low, high = scores["accuracy_ci95"]
        return {
            "bundle": self.manifest.id,
            "tracks": len(self.parts.catalogs.own),
            "genres": ", ".join(self.manifest.labels),
            "accuracy": scores["accuracy"],
            "n": scores["n"],
            "low": low,
            "high": high,
            "chance": 1 / len(self.manifest.labels),
            "worst": worst,
            "recall": scores["per_genre"][worst]["recall"],
            "ytdlp": ytdlp_version() or "-",
        }

    @refusing
    async def shown(
        self, list_id: int, platform: str, message_id: str, channel: str | None = None
    ) -> None:
        """Stores which message shows a list, and in which channel."""
        try:
            await self.parts.store.add_message(platform, message_id, list_id, channel)
        finally:
            self.early.shown(message_id, list_id)

    @refusing
    async def showing(self, platform: str, younger_than_s: float, most: int) -> list[Shown]:
        """The messages that show the latest lists, whose reactions may be read again."""
        return await self.parts.store.showing(platform, younger_than_s, most)

    @refusing
    async def list_of(self, platform: str, message_id: str) -> int | None:
        """Id of the list that a message shows, None if it shows none."""
        return await self.parts.store.list_of(platform, message_id)

    @refusing
    async def listen(self, platform: str, place: str, on: bool) -> None:
        """Switches listening to every audio file in a channel on or off."""
        await self.parts.store.listen(platform, place, on)

    @refusing
    async def listens(self, platform: str, place: str) -> bool:
        """Whether listening is on in a channel."""
        return await self.parts.store.listens(platform, place)

    @refusing
    async def listening(self, platform: str) -> list[str]:
        """The channels in which listening is on."""
        return await self.parts.store.listening(platform)

    @refusing
    async def choose_catalog(self, place: str, name: str) -> str:
        """Chooses the catalog for a server's lists; returns its name."""
        await self.parts.catalogs.of(plain_name(name))
        await self.parts.store.places.set_catalog(place, plain_name(name))
        return plain_name(name) or SHIPPED

    @refusing
    async def chosen_catalog(self, place: str | None) -> tuple[str, list[str]]:
        """Name of the catalog that a server's lists come from, and the names to choose from."""
        return await self.parts.catalog_of(place) or SHIPPED, await self.parts.catalogs.names()

    @refusing
    async def set_clean(self, place: str, clean: bool) -> None:
        """Sets whether the lists of a server leave out strong language."""
        await self.parts.store.places.set_clean(place, clean)

    @refusing
    async def is_clean(self, place: str | None) -> bool:
        """Whether the lists of a server leave out strong language."""
        return place is not None and await self.parts.store.places.is_clean(place)

    async def health(self) -> dict[str, object]:
        """Whether sounds can be answered now (``ready``), what that depends on, and versions."""
        admission, mouths = self.parts.admission, self.parts.mouths
        parts = {
            "connected": mouths.ready,
            "taking_work": not admission.closing,
            "workers": self.parts.workers.alive,
            "store": await self.parts.store.healthy(),
        }
        facts = {"running": admission.running, "waiting": admission.waiting}
        versions = {"bundle": self.manifest.id, "ytdlp": ytdlp_version()}
        return {
            "ready": all(parts.values()),
            **parts,
            "mouths": mouths.states,
            **facts,
            **versions,
        }

    # ------------------------------------------------------------------ closing

    @property
    def closing(self) -> bool:
        """Whether new work is refused."""
        return self.parts.admission.closing

    def handling(self) -> AbstractContextManager[None]:
        """Held by a chat from the first acknowledgment until the last message is sent."""
        return self.parts.drain.conversation()

    async def drain(self, seconds: float) -> None:
        """Refuses new work, gives running jobs ``seconds`` to finish, then ends them.

        Everyone still gets an answer or is told why there is none.
        """
        self.parts.admission.closing = True
        await self.parts.drain.finish(seconds)
