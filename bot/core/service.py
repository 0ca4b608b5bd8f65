"""The one entry of every mouth: a person and a sound in, an answer or a refusal out.

Nothing here knows a chat platform, and nothing raises at a mouth: what goes wrong is a value.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import replace

from bot.core.catalogs import plain_name
from bot.core.charts import Charts
from bot.core.parts import Parts
from bot.core.person import Person
from bot.core.refusing import refusing
from bot.types import Answer, Heard, Progress, Source, Watcher
from soundmap.catalog.shelf import SHIPPED
from soundmap.links.pages import ytdlp_version
from soundmap.recommendation.request import Request
from soundmap.types import Recommendation


def unwatched(_: Progress) -> None:
    """For callers who do not care how far it is."""


class Service:
    """Admission, intake, cache, workers, catalog and store in a row."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.manifest, self.metrics = parts, parts.manifest, parts.metrics
        self.charts, self.person = Charts(parts), Person(parts)

    # ------------------------------------------------------------------ sounds

    @refusing
    async def genre(self, person: str, source: Source, watch: Watcher = unwatched) -> Heard:
        """What a sound is heard as."""
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
        """What is near a sound.  The list is in the store before it is returned.  ``place`` is
        the key of the server it is for.
        """
        started = time.monotonic()
        kept = await self.parts.checked(person, place, request)
        async with self.parts.job("recommend", person):
            heard = await self.parts.hearing.hear(person, source, watch)
            watch(Progress("comparing"))
            listed = await self.parts.lists.near(kept, heard.analysis)
            around = await self.parts.maps.around(listed.recommendation, kept.catalog)
        return listed.answer(started, heard.picture, around, heard.origin)

    @refusing
    async def from_taste(self, person: str, request: Request, place: str | None = None) -> Answer:
        """Something new that a person may like, with no sound to go by."""
        started = time.monotonic()
        kept = await self.parts.checked(person, place, request)
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.from_taste(kept)
            picture = await self.parts.maps.around(listed.recommendation, kept.catalog)
        return replace(listed.answer(started, map=picture), by_taste=True)

    @refusing
    async def another(self, person: str, list_id: int, place: str | None = None) -> Answer:
        """The next picks for the sound of a list, none of those that were shown for it."""
        started = time.monotonic()
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.another(list_id, person, place)
            picture = await self.parts.maps.around(listed.recommendation, listed.kept.catalog)
        return listed.answer(started, map=picture)

    @refusing
    async def more_like(
        self, person: str, list_id: int, rank: int, place: str | None = None
    ) -> Answer:
        """What is near a pick of a list."""
        started = time.monotonic()
        with self.parts.admission.tap(person):
            listed = await self.parts.lists.more_like(list_id, rank, person, place)
            picture = await self.parts.maps.around(listed.recommendation, listed.kept.catalog)
        return listed.answer(started, map=picture)

    @refusing
    async def why(self, list_id: int) -> Recommendation:
        """A kept list again, with every distance and reason."""
        return (await self.parts.lists.again(list_id)).recommendation

    # ------------------------------------------------------------------ people

    @refusing
    async def vote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Keeps a vote: rank 0 is the list, value +1 or -1.  False where there is no such pick."""
        if kept := await self.parts.store.vote(list_id, rank, person, value):
            self.metrics.voted(value)
        return kept

    @refusing
    async def unvote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Takes a vote away, if it still is the one that was cast."""
        return await self.parts.store.unvote(list_id, rank, person, value)

    @refusing
    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The artists of a list in its order, and whether each is hidden for this person."""
        return await self.parts.lists.artists(person, list_id)

    @refusing
    async def hide(self, person: str, list_id: int, chosen: Collection[int]) -> tuple[str, ...]:
        """Hides exactly the ``chosen`` artists of a list, by their number in it; returns them."""
        names = list(await self.parts.lists.artists(person, list_id))
        hidden = tuple(name for index, name in enumerate(names) if index in chosen)
        await self.parts.store.hide(person, names, hidden)
        return hidden

    # ------------------------------------------------------------------ places

    def about(self) -> dict[str, object]:
        """The model card as facts: bundle, tracks, genres, validation accuracy with its 95 %
        interval, and the genre it hears worst.
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
    async def shown(self, list_id: int, platform: str, message_id: str) -> None:
        """Remembers which message shows a list."""
        await self.parts.store.add_message(platform, message_id, list_id)

    @refusing
    async def list_of(self, platform: str, message_id: str) -> int | None:
        """The list that a message shows."""
        return await self.parts.store.list_of(platform, message_id)

    @refusing
    async def listen(self, platform: str, place: str, on: bool) -> None:
        """Switches listening on or off in a channel."""
        await self.parts.store.listen(platform, place, on)

    @refusing
    async def listens(self, platform: str, place: str) -> bool:
        """Whether listening is on in a channel."""
        return await self.parts.store.listens(platform, place)

    @refusing
    async def choose_catalog(self, place: str, name: str) -> str:
        """Has the lists of a server come from a catalog; its name."""
        await self.parts.catalogs.of(plain_name(name))
        await self.parts.store.set_catalog(place, plain_name(name))
        return plain_name(name) or SHIPPED

    @refusing
    async def chosen_catalog(self, place: str | None) -> tuple[str, list[str]]:
        """The catalog that lists come from in a server, and those there are."""
        return await self.parts.catalog_of(place) or SHIPPED, await self.parts.catalogs.names()

    async def health(self) -> dict[str, object]:
        """Whether sounds can be answered now, and the parts that this takes."""
        admission = self.parts.admission
        parts = {
            "taking_work": not admission.closing,
            "workers": self.parts.workers.alive,
            "store": await self.parts.store.healthy(),
        }
        facts = {"running": admission.running, "waiting": admission.waiting}
        versions = {"bundle": self.manifest.id, "ytdlp": ytdlp_version()}
        return {"ready": all(parts.values()), **parts, **facts, **versions}

    # ------------------------------------------------------------------ closing

    @property
    def closing(self) -> bool:
        """Whether no more work is taken."""
        return self.parts.admission.closing

    def handling(self) -> AbstractContextManager[None]:
        """A mouth holds it from the first acknowledgement until the last word is out."""
        return self.parts.drain.conversation()

    async def drain(self, seconds: float) -> None:
        """Takes no more work, gives what runs ``seconds`` to finish, then ends it: everyone gets
        an answer or is told why not.
        """
        self.parts.admission.closing = True
        await self.parts.drain.finish(seconds)
