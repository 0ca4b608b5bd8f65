"""The one entry of every mouth: a person and a sound in, an answer or a refusal out.

Nothing here knows a chat platform, and nothing raises at a mouth: what goes wrong is a value.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

from bot.admission import Admission
from bot.hearing import Hearing
from bot.intake import Intake
from bot.metrics import Metrics
from bot.refusing import refusing
from bot.store import Store
from bot.types import Answer, Heard, KeptList, Progress, Refused, Source, Watcher
from bot.workers import Workers
from soundmap.bundle import Manifest
from soundmap.catalog import Catalog
from soundmap.links.pages import ytdlp_version
from soundmap.recommend import Request, explain, own_tracks, recommend
from soundmap.types import Analysis, Recommendation

_LAST_WORDS_SECONDS = 10.0


def unwatched(_: Progress) -> None:
    """For callers who do not care how far it is."""


class Service:
    """Admission, intake, cache, workers, catalog and store in a row."""

    def __init__(
        self,
        manifest: Manifest,
        catalog: Catalog,
        store: Store,
        workers: Workers,
        intake: Intake,
        admission: Admission,
    ) -> None:
        self.manifest, self.catalog, self.store = manifest, catalog, store
        self.workers, self.admission = workers, admission
        self.metrics = Metrics(admission, workers)
        self.hearing = Hearing(intake, workers, store, self.metrics)
        self._scopes: set[asyncio.Timeout] = set()
        self._handling = 0
        self._idle = asyncio.Event()
        self._idle.set()

    # ------------------------------------------------------------------ sounds

    @refusing
    async def genre(self, person: str, source: Source, watch: Watcher = unwatched) -> Heard:
        """What a sound is heard as."""
        async with self._job("genre", person, watch):
            return await self.hearing.hear(source, watch)

    @refusing
    async def recommend(
        self, person: str, source: Source, request: Request, watch: Watcher = unwatched
    ) -> Answer:
        """What is near a sound.  The list is in the store before it is returned."""
        request, started = request.checked(self.manifest.labels), time.monotonic()
        async with self._job("recommend", person, watch):
            heard = await self.hearing.hear(source, watch)
            watch(Progress("comparing"))
            found = await self._answer(person, heard.analysis, request, started, heard.picture)
            return replace(found, origin=heard.origin)

    @refusing
    async def another(self, person: str, list_id: int) -> Answer:
        """The next picks for the sound of a list, none of those that were shown for it."""
        started = time.monotonic()
        with self.admission.alone(person):
            kept = await self._kept(list_id)
            analysis = await self._sound_of(kept)
            request = await self._without_shown(kept, kept, person)
            return await self._answer(person, analysis, request, started, kept=kept)

    @refusing
    async def more_like(self, person: str, list_id: int, rank: int) -> Answer:
        """What is near a pick of a list."""
        started = time.monotonic()
        with self.admission.alone(person):
            kept = await self._kept(list_id)
            if not 1 <= rank <= len(kept.track_ids):
                raise Refused("unknown_list")
            await self.store.more_like(list_id, rank, person)
            seed = replace(kept, clip_sha256="", seed_track_id=kept.track_ids[rank - 1])
            analysis = await self._sound_of(seed)
            request = await self._without_shown(kept, seed, person)
            request = await self._without_asked(kept, request)
            return await self._answer(person, analysis, request, started, kept=seed)

    @refusing
    async def why(self, list_id: int) -> Recommendation:
        """A kept list again, with every distance and reason."""
        kept = await self._kept(list_id)
        analysis = await self._sound_of(kept)
        try:
            picks = explain(analysis, self.catalog, kept.track_ids, kept.request.metric)
        except KeyError as error:
            raise Refused("other_bundle") from error
        return Recommendation(analysis, picks)

    # ------------------------------------------------------------------ people

    @refusing
    async def vote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Keeps a vote: rank 0 is the list, value +1 or -1.  False where there is no such pick."""
        kept = await self.store.vote(list_id, rank, person, value)
        self.metrics.voted(value)
        return kept

    @refusing
    async def unvote(self, person: str, list_id: int, rank: int, value: int) -> bool:
        """Takes a vote away, if it still is the one that was cast."""
        return await self.store.unvote(list_id, rank, person, value)

    @refusing
    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The artists of a list in its order, and whether each is hidden for this person."""
        return await self._artists(person, list_id)

    @refusing
    async def hide(self, person: str, list_id: int, chosen: Collection[int]) -> tuple[str, ...]:
        """Hides exactly the ``chosen`` artists of a list, by their number in it; returns them."""
        names = list(await self._artists(person, list_id))
        hidden = tuple(name for index, name in enumerate(names) if index in chosen)
        await self.store.hide(person, names, hidden)
        return hidden

    @refusing
    async def summary(self, person: str) -> dict[str, int]:
        """How much is kept about a person."""
        return await self.store.summary(person)

    @refusing
    async def export(self, person: str) -> dict[str, Any]:
        """All that is kept about a person."""
        return await self.store.export(person)

    @refusing
    async def forget(self, person: str) -> dict[str, int]:
        """Deletes all that is kept about a person, while no job of theirs can write more."""
        with self.admission.alone(person):
            return await self.store.forget(person)

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

    @contextmanager
    def handling(self) -> Iterator[None]:
        """A mouth holds it from the first acknowledgement until the last word is out."""
        self._handling += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._handling -= 1
            if not self._handling:
                self._idle.set()

    async def drain(self, seconds: float) -> None:
        """Takes no more work, lets what runs go on for so long, then ends it: everybody gets an
        answer or is told why not.
        """
        self.admission.closing = True
        if not await self._all_said(seconds):
            for scope in self._scopes:
                scope.reschedule(asyncio.get_running_loop().time())
            await self._all_said(_LAST_WORDS_SECONDS)

    async def _all_said(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    # ------------------------------------------------------------------ inside

    @asynccontextmanager
    async def _job(self, kind: str, person: str, watch: Watcher) -> AsyncIterator[None]:
        """A job's turn, until it is over or the service closes."""
        scope = asyncio.timeout(None)
        self._scopes.add(scope)
        try:
            async with scope, self.admission.turn(person, watch):
                with self.metrics.job(kind):
                    yield
        except TimeoutError as error:
            if not scope.expired():
                raise
            raise Refused("closing") from error
        finally:
            self._scopes.discard(scope)

    async def _answer(
        self,
        person: str,
        analysis: Analysis,
        request: Request,
        started: float,
        picture: bytes = b"",
        kept: KeptList | None = None,
    ) -> Answer:
        """Picks for an analysis, kept before they are shown.  Whom a person hides is that
        person's own and does not go into the list.
        """
        wanted = replace(request, excluded_artists=await self.store.hidden(person))
        same = self.manifest.same_sound_distance
        found = recommend(analysis, self.catalog, wanted, same)
        if analysis.clip_sha256:
            await self.store.add_sound(analysis)
        seed = kept.seed_track_id if kept else None
        tracks = [pick.track.track_id for pick in found.picks]
        list_id = await self.store.add_list(
            person, analysis.bundle_id, analysis.clip_sha256, seed, request, tracks
        )
        track = None if seed is None else self.catalog.track(self.catalog.row_of(seed))
        return Answer(list_id, found, picture, time.monotonic() - started, track)

    async def _without_shown(self, kept: KeptList, sound: KeptList, person: str) -> Request:
        """The request of a list, leaving out what it and those before it held, and what this
        person was shown for the same sound since: a second tap gives the next ones.
        """
        since = await self.store.shown_since(sound, person)
        shown = {*kept.request.excluded_tracks, *kept.track_ids, *since}
        return replace(kept.request, excluded_tracks=tuple(sorted(shown)))

    async def _without_asked(self, kept: KeptList, request: Request) -> Request:
        """Leaves out what the list itself was asked for: it would come back as a neighbor."""
        try:
            asked = await self._sound_of(kept)
        except Refused:  # of another bundle: its place in this one is not known
            return request
        own = own_tracks(asked, self.catalog, self.manifest.same_sound_distance)
        return replace(request, excluded_tracks=(*request.excluded_tracks, *own))

    async def _artists(self, person: str, list_id: int) -> dict[str, bool]:
        hidden = set(await self.store.hidden(person))
        try:
            rows = [self.catalog.row_of(track) for track in (await self._kept(list_id)).track_ids]
        except KeyError as error:
            raise Refused("other_bundle") from error
        names = [self.catalog.track(row).artist for row in rows]
        return {name: name in hidden for name in names}

    async def _kept(self, list_id: int) -> KeptList:
        if (kept := await self.store.kept_list(list_id)) is None:
            raise Refused("unknown_list")
        return kept

    async def _sound_of(self, kept: KeptList) -> Analysis:
        """What was heard in the sound of a list: of a clip only by the bundle in use."""
        if kept.seed_track_id is not None:
            try:
                row = self.catalog.row_of(kept.seed_track_id)
            except KeyError as error:
                raise Refused("other_bundle") from error
            return self.catalog.analysis(row, self.manifest)
        sound = await self.store.sound(kept.clip_sha256, self.manifest.id)
        if sound is None:
            raise Refused("other_bundle")
        return sound
