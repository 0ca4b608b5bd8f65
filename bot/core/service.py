"""The one entry of every mouth: a person and a sound in, an answer or a refusal out.

Nothing here knows a chat platform, and nothing raises at a mouth: what goes wrong is a value.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace

from bot.core.admission import Admission
from bot.core.catalogs import Catalogs, plain_name
from bot.core.charts import Charts
from bot.core.drain import Drain
from bot.core.hearing import Hearing
from bot.core.intake import Intake
from bot.core.lists import Lists
from bot.core.maps import Maps
from bot.core.metrics import Metrics
from bot.core.person import Mine
from bot.core.refusing import refusing
from bot.core.tastes import Tastes
from bot.store.store import Store
from bot.types import Answer, Heard, Listening, Progress, Refused, Source, Watcher
from soundmap.bundle.manifest import Manifest
from soundmap.catalog.shelf import SHIPPED, Shelf
from soundmap.catalog.table import Catalog
from soundmap.links.pages import ytdlp_version
from soundmap.recommendation.request import Request
from soundmap.types import Recommendation


def unwatched(_: Progress) -> None:
    """For callers who do not care how far it is."""


class Service:
    """Admission, intake, cache, workers, catalog and store in a row."""

    def __init__(
        self,
        manifest: Manifest,
        catalog: Catalog,
        store: Store,
        workers: Listening,
        intake: Intake,
        admission: Admission,
        shelf: Shelf,
        maps: Maps,
    ) -> None:
        self.manifest, self.catalog, self.store = manifest, catalog, store
        self.workers, self.admission = workers, admission
        self.metrics = Metrics(admission, workers)
        self.hearing = Hearing(intake, admission, workers, store, self.metrics)
        self.catalogs = Catalogs(manifest, catalog, shelf)
        self.tastes = Tastes(store)
        self.maps = maps
        self.lists = Lists(manifest, self.catalogs, store, self.tastes, maps)
        self.charts, self.mine = Charts(self), Mine(self)
        self._drain = Drain()

    # ------------------------------------------------------------------ sounds

    @refusing
    async def genre(self, person: str, source: Source, watch: Watcher = unwatched) -> Heard:
        """What a sound is heard as."""
        async with self.job("genre", person):
            return await self.hearing.hear(person, source, watch)

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
        request, started = await self.checked(request, place), time.monotonic()
        async with self.job("recommend", person):
            heard = await self.hearing.hear(person, source, watch)
            watch(Progress("comparing"))
            answer = await self.lists.near(person, place, heard.analysis, request, started)
            return replace(answer, picture=heard.picture, origin=heard.origin)

    @refusing
    async def from_taste(self, person: str, request: Request, place: str | None = None) -> Answer:
        """Something new that a person may like, with no sound to go by."""
        request, started = await self.checked(request, place), time.monotonic()
        with self.admission.tap(person):
            return await self.lists.from_taste(person, place, request, started)

    @refusing
    async def another(self, person: str, list_id: int, place: str | None = None) -> Answer:
        """The next picks for the sound of a list, none of those that were shown for it."""
        started = time.monotonic()
        with self.admission.tap(person):
            kept = await self.lists.kept(list_id)
            analysis = await self.lists.sound_of(kept)
            request = await self.lists.without_shown(kept, kept, person)
            seed = kept.seed_track_id
            return await self.lists.near(person, place, analysis, request, started, seed)

    @refusing
    async def more_like(
        self, person: str, list_id: int, rank: int, place: str | None = None
    ) -> Answer:
        """What is near a pick of a list."""
        started = time.monotonic()
        with self.admission.tap(person):
            kept = await self.lists.kept(list_id)
            if not 1 <= rank <= len(kept.track_ids):
                raise Refused("no_such_pick", rank=rank)
            await self.store.more_like(list_id, rank, person)
            seed = kept.track_ids[rank - 1]
            about = replace(kept, clip_sha256="", seed_track_id=seed)
            analysis = await self.lists.sound_of(about)
            request = await self.lists.without_shown(kept, about, person)
            request = await self.lists.without_asked(kept, request)
            return await self.lists.near(person, place, analysis, request, started, seed)

    @refusing
    async def why(self, list_id: int) -> Recommendation:
        """A kept list again, with every distance and reason."""
        return (await self.lists.again(list_id)).recommendation

    # ------------------------------------------------------------------ people

    @refusing
    async def vote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Keeps a vote: rank 0 is the list, value +1 or -1.  False where there is no such pick."""
        if kept := await self.store.vote(list_id, rank, person, value):
            self.metrics.voted(value)
        return kept

    @refusing
    async def unvote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Takes a vote away, if it still is the one that was cast."""
        return await self.store.unvote(list_id, rank, person, value)

    @refusing
    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The artists of a list in its order, and whether each is hidden for this person."""
        return await self.lists.artists(person, list_id)

    @refusing
    async def hide(self, person: str, list_id: int, chosen: Collection[int]) -> tuple[str, ...]:
        """Hides exactly the ``chosen`` artists of a list, by their number in it; returns them."""
        names = list(await self.lists.artists(person, list_id))
        hidden = tuple(name for index, name in enumerate(names) if index in chosen)
        await self.store.hide(person, names, hidden)
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
            "tracks": len(self.catalog),
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
        await self.store.add_message(platform, message_id, list_id)

    @refusing
    async def list_of(self, platform: str, message_id: str) -> int | None:
        """The list that a message shows."""
        return await self.store.list_of(platform, message_id)

    @refusing
    async def listen(self, platform: str, place: str, on: bool) -> None:
        """Switches listening on or off in a channel."""
        await self.store.listen(platform, place, on)

    @refusing
    async def listens(self, platform: str, place: str) -> bool:
        """Whether listening is on in a channel."""
        return await self.store.listens(platform, place)

    @refusing
    async def choose_catalog(self, place: str, name: str) -> str:
        """Has the lists of a server come from a catalog; its name."""
        await self.catalogs.of(plain_name(name))
        await self.store.set_catalog(place, plain_name(name))
        return plain_name(name) or SHIPPED

    @refusing
    async def chosen_catalog(self, place: str | None) -> tuple[str, list[str]]:
        """The catalog that lists come from in a server, and those there are."""
        return await self.catalog_of(place) or SHIPPED, await self.catalogs.names()

    async def catalog_of(self, place: str | None) -> str:
        """Name of the catalog that was chosen for a server, '' for none."""
        return await self.store.catalog_of(place) if place else ""

    async def checked(self, request: Request, place: str | None) -> Request:
        """The request with the catalog that is meant, which can be used.  Raises BadRequest."""
        meant = request.catalog or await self.catalog_of(place)
        request = replace(request.checked(self.manifest.labels), catalog=plain_name(meant))
        await self.catalogs.of(request.catalog)
        return request

    async def health(self) -> dict[str, object]:
        """Whether sounds can be answered now, and the parts that this takes."""
        parts = {
            "taking_work": not self.admission.closing,
            "workers": self.workers.alive,
            "store": await self.store.healthy(),
        }
        facts = {"running": self.admission.running, "waiting": self.admission.waiting}
        versions = {"bundle": self.manifest.id, "ytdlp": ytdlp_version()}
        return {"ready": all(parts.values()), **parts, **facts, **versions}

    # ------------------------------------------------------------------ closing

    def handling(self) -> AbstractContextManager[None]:
        """A mouth holds it from the first acknowledgement until the last word is out."""
        return self._drain.conversation()

    async def drain(self, seconds: float) -> None:
        """Takes no more work, lets what runs go on for so long, then ends it: everybody gets an
        answer or is told why not.
        """
        self.admission.closing = True
        await self._drain.finish(seconds)

    @asynccontextmanager
    async def job(self, kind: str, person: str) -> AsyncIterator[None]:
        """A person's job, until it is over or the service closes."""
        async with self._drain.job():
            with self.admission.job(person), self.metrics.job(kind):
                yield
