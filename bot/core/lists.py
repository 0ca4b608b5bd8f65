"""Makes lists of picks for people, stores them before they are shown, and reopens them later."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.core.catalogs import Catalogs
from bot.core.mixing import Sounds, explain_mix, mix_id, mixed, tracks_of, unnamed
from bot.core.tastes import Tastes
from bot.store.store import Store
from bot.store.taste import Told
from bot.types import Answer, Heard, Kept, KeptList, Refused
from soundmap.bundle.manifest import Manifest
from soundmap.catalog.strong import is_strong
from soundmap.catalog.table import Catalog
from soundmap.recommendation.filters import clean
from soundmap.recommendation.nearest import Neighborhood, explain, own_rows
from soundmap.recommendation.request import Request
from soundmap.taste.lists import Personal, from_taste, personal, still_true, with_taste
from soundmap.types import Analysis, ByTaste, Pick, Recommendation, Track

_NOT_AGAIN_LISTS = 40  # a list by taste repeats nothing from this many of a person's last lists
_MOST_EXCLUDED = 500  # tracks that a list remembers not to repeat
_SEED_BITS = 63
_LAST_ID = (1 << 63) - 1  # more than SQLite takes can only be made up


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A stored list with its picks, and what it was made for; ``sounds`` are those of a mix."""

    list_id: int
    recommendation: Recommendation
    kept: Kept
    sounds: Sounds = ()

    @property
    def seed(self) -> Track | None:
        """The track it is built around, if any and if the list may name it.

        Raises KeyError if its catalog lost the track.
        """
        seed, catalog = self.kept.seed, self.kept.catalog
        if seed is None or (self.kept.request.clean and not _are_clean(catalog, [seed])):
            return None
        return catalog.track(catalog.row_of(seed))

    def answer(
        self,
        started: float,
        picture: bytes | None = None,
        map: bytes | None = None,  # noqa: A002  (as in Answer)
        heard: Heard | None = None,
    ) -> Answer:
        """The answer to show; ``started`` is the monotonic time of the request."""
        return Answer(
            self.list_id,
            self.recommendation,
            picture,
            time.monotonic() - started,
            self.seed,
            origin=heard.origin if heard else None,
            name=heard.name if heard else "",
            catalog=self.kept.request.catalog,
            map=map,
            sounds=_named(self.sounds, self.kept.request),
        )


class Lists:
    """Makes and reopens lists for the service.  Its methods raise instead of returning refusals."""

    def __init__(
        self, manifest: Manifest, catalogs: Catalogs, store: Store, tastes: Tastes
    ) -> None:
        self._manifest, self._catalogs = manifest, catalogs
        self._store, self._tastes = store, tastes

    async def near(self, kept: Kept, analysis: Analysis) -> Listed:
        """A list for the analysis of a clip or track, ordered by the person's taste."""
        kept = replace(kept, request=await self.as_set(kept.place, kept.request))  # as it is by now
        told = await self._store.taste.told(kept.person)
        taste = await self._tastes.of(told, kept.catalog, kept.place)
        around = Neighborhood.around(analysis, kept.catalog, _wish(kept.request, told))
        return await self._keep(kept, personal(around, taste, secrets.randbits(_SEED_BITS)))

    async def from_taste(self, kept: Kept) -> Listed:
        """A list by taste alone, without tracks that the person was shown recently."""
        told = await self._store.taste.told(kept.person)
        shown = await self._store.taste.recent(kept.person, _NOT_AGAIN_LISTS)
        taste = await self._tastes.of(told, kept.catalog, kept.place)
        wanted, seed = _wish(kept.request, told, shown), secrets.randbits(_SEED_BITS)
        found = from_taste(taste, kept.catalog, wanted, self._manifest, seed)
        if found is None or found.anchor is None:
            raise Refused("no_taste" if told.is_on else "taste_is_off")
        return await self._keep(replace(kept, seed=found.anchor.track_id), found)

    async def mix(self, kept: Kept, sounds: Sounds) -> Listed:
        """A list for the sounds of a mix, without what the person hides or rejects."""
        kept = replace(kept, request=await self.as_set(kept.place, kept.request))  # as it is by now
        told = await self._store.taste.told(kept.person)
        request = _wish(kept.request, told)
        own = self._catalogs.own
        found = await asyncio.to_thread(mixed, sounds, kept.catalog, request, own)
        track_ids = [pick.track.track_id for pick in found.picks]
        heard = (self._manifest.id, mix_id(sounds))
        list_id = await self._store.add_list(kept, *heard, track_ids, sounds=unnamed(sounds))
        return Listed(list_id, found, kept, sounds)

    async def another(self, list_id: int, person: str, place: str | None) -> Listed:
        """The next picks for the sound of a list, or for the sounds of its mix."""
        kept = await self.kept(list_id)
        analysis = await self._sound_of(kept)
        more = await self._next(kept, kept, person, place)
        return await (self.mix(more, kept.sounds) if kept.sounds else self.near(more, analysis))

    async def more_like(self, list_id: int, rank: int, person: str, place: str | None) -> Listed:
        """The tracks near a pick of a list.

        Leaves out the sound that the list was made for, which would come back as a neighbor.
        """
        kept = await self.kept(list_id)
        if not 1 <= rank <= len(kept.track_ids):
            raise Refused("no_such_pick", rank=rank)
        await self._store.more_like(list_id, rank, person)
        track = kept.track_ids[rank - 1]
        about = replace(kept, clip_sha256="", seed_track_id=track, sounds=())
        analysis = await self._sound_of(about)
        asked = await self._own_tracks(kept)
        return await self.near(await self._next(kept, about, person, place, asked), analysis)

    async def again(self, list_id: int) -> Listed:
        """A stored list with all distances and reasons.  Raises Refused ``other_bundle``."""
        kept = await self.kept(list_id)
        analysis, catalog = await self._sound_of(kept), await self._catalog_of(kept)
        request, seed, sounds = kept.request, kept.seed_track_id, kept.sounds
        try:
            asked = (catalog, kept.track_ids, request.metric)
            picks = explain_mix(sounds, *asked) if sounds else explain(analysis, *asked)
            if any(kept.by_taste):  # taste has no part in mixes
                picks = with_taste(picks, await self._by_taste(kept, catalog), catalog)
            if seed is not None:
                catalog.row_of(seed)
        except KeyError as error:
            raise Refused("other_bundle") from error
        about = Kept(kept.person or "", None, request, catalog, seed)
        return Listed(list_id, Recommendation(analysis, picks), about, sounds)

    async def as_sounds(self, list_id: int, ranks: Collection[int]) -> Sounds:
        """Picks of a list as sounds for a mix.  Raises Refused."""
        kept = await self.kept(list_id)
        return tracks_of(kept, ranks, await self._catalog_of(kept), self._manifest)

    async def picked(self, catalog: str, track_ids: Sequence[int]) -> tuple[Pick, ...]:
        """Tracks as picks without distances and reasons.  Raises Refused ``other_bundle``."""
        found = await self._catalogs.of(catalog)
        try:
            tracks = [found.track(found.row_of(it)) for it in track_ids]
        except (KeyError, OverflowError) as error:
            raise Refused("other_bundle") from error
        return tuple(Pick(rank, it, 0.0, ()) for rank, it in enumerate(tracks, start=1))

    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The known artists of a list in order, and whether this person hides each."""
        hidden, kept = set(await self._store.hidden(person)), await self.kept(list_id)
        catalog = await self._catalog_of(kept)
        try:
            rows = [catalog.row_of(track) for track in kept.track_ids]
        except KeyError as error:
            raise Refused("other_bundle") from error
        names = [catalog.track(row).artist for row in rows]
        return {name: name in hidden for name in names if name}

    async def as_set(self, place: str | None, request: Request) -> Request:
        """A request as a server has it: it may want no strong language, but not for adults only."""
        if request.clean or request.adults_only or place is None:
            return request
        return replace(request, clean=await self._store.places.is_clean(place))

    async def fit_for(self, listed: Listed, request: Request) -> Listed:
        """A stored list, or another one for its sound if the request does not allow its picks."""
        kept, found = listed.kept, listed.recommendation
        if not request.clean or _are_clean(kept.catalog, [it.track.track_id for it in found]):
            return listed
        kept = replace(kept, request=replace(kept.request, clean=True))
        if listed.sounds:
            return await self.mix(kept, listed.sounds)
        return await self.near(kept, found.analysis)

    async def kept(self, list_id: int) -> KeptList:
        """A list from the store.  Raises Refused ``unknown_list``."""
        known = list_id <= _LAST_ID and await self._store.kept_list(list_id)
        if not known:
            raise Refused("unknown_list")
        return known

    async def _by_taste(self, kept: KeptList, catalog: Catalog) -> tuple[ByTaste | None, ...]:
        """Why taste put the picks of a list in their places, as far as that is still true."""
        told = await self._store.taste.told(kept.person or "")
        taste = await self._tastes.of(told, catalog)
        return still_true(kept.by_taste, taste, catalog, _wish(kept.request, told))

    async def _keep(self, kept: Kept, found: Personal) -> Listed:
        """Stores a list before it is shown.

        Its request is stored without what the person hides or rejects, since others may use its
        buttons too.
        """
        analysis = found.recommendation.analysis
        if analysis.clip_sha256:
            await self._store.add_sound(analysis)
        track_ids = [pick.track.track_id for pick in found.recommendation.picks]
        heard = (analysis.bundle_id, analysis.sound_id)
        list_id = await self._store.add_list(
            kept, *heard, track_ids, found.rung, found.propensities, found.by_taste
        )
        return Listed(list_id, found.recommendation, kept)

    async def _next(
        self,
        kept: KeptList,
        sound: KeptList,
        person: str,
        place: str | None,
        also: Sequence[int] = (),
    ) -> Kept:
        """What a list is made for that goes on with ``sound`` after the list ``kept``, without the
        tracks already shown, so that a second tap gives more.

        Leaves out the picks of the list and of those it continues, what this person was shown for
        the same sound since, and the track ids in ``also``.
        """
        since = await self._store.shown_since(sound, person)
        earlier = (*kept.request.excluded_tracks, *kept.track_ids)[-_MOST_EXCLUDED:]
        shown = tuple(dict.fromkeys((*earlier, *since)))[-_MOST_EXCLUDED:]
        request = replace(kept.request, excluded_tracks=(*shown, *also))
        request = await self.as_set(place, request)
        catalog = await self._catalog_of(kept)
        return Kept(person, place, request, catalog, sound.seed_track_id)

    async def _own_tracks(self, kept: KeptList) -> tuple[int, ...]:
        """Ids of the tracks that are the sounds of a list, empty if they are not known."""
        try:
            asked = await self._sound_of(kept)
        except Refused:  # heard by another bundle: there is no embedding to compare
            return ()
        catalog = await self._catalog_of(kept)
        sounds = [it.analysis for it in kept.sounds] or [asked]
        own = np.logical_or.reduce([own_rows(it, catalog) for it in sounds])
        return tuple(catalog.track_ids[own].tolist())

    async def _catalog_of(self, kept: KeptList) -> Catalog:
        """The catalog of a list.  Raises BadRequest or BadBundle."""
        return await self._catalogs.of(kept.request.catalog)

    async def _sound_of(self, kept: KeptList) -> Analysis:
        """The analysis of a list's sound, of a mix's first.

        Raises Refused if the bundle in use did not hear it.
        """
        if kept.sounds:
            if kept.bundle_id != self._manifest.id:
                raise Refused("other_bundle")
            return kept.sounds[0].analysis
        if kept.seed_track_id is not None:
            catalog = await self._catalog_of(kept)
            try:
                row = catalog.row_of(kept.seed_track_id)
            except KeyError as error:
                raise Refused("other_bundle") from error
            return self._manifest.analysis_of(catalog, row)
        sound = await self._store.sound(kept.clip_sha256, self._manifest.id)
        if sound is None:
            raise Refused("other_bundle")
        return sound


def _are_clean(catalog: Catalog, track_ids: Sequence[int]) -> bool:
    """Whether none of these tracks has strong language in its title or artist."""
    return bool(clean(catalog)[np.isin(catalog.track_ids, track_ids)].all())


def _named(sounds: Sounds, request: Request) -> Sounds:
    """The sounds of a mix with the names that a list may tell."""
    return tuple(
        replace(it, name="") if request.clean and is_strong(it.name) else it for it in sounds
    )


def _wish(request: Request, told: Told, shown: Sequence[int] = ()) -> Request:
    """The request, also leaving out what the person hid or rejected and the ``shown`` tracks."""
    tracks = {*request.excluded_tracks, *told.rejected, *shown}
    hidden = tuple(told.hidden)
    return replace(request, excluded_artists=hidden, excluded_tracks=tuple(sorted(tracks)))
