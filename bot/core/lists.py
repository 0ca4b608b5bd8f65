"""Lists of picks: made for a person, kept before they are shown, and taken up again later."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.core.catalogs import Catalogs
from bot.core.maps import Maps
from bot.core.tastes import Tastes
from bot.store.store import Store
from bot.store.taste import Told
from bot.types import Answer, KeptList, Refused
from soundmap.bundle.manifest import Manifest
from soundmap.catalog.table import Catalog
from soundmap.recommendation.nearest import explain, own_tracks
from soundmap.recommendation.request import Request
from soundmap.taste.lists import Personal, from_taste, personal
from soundmap.types import Analysis, Recommendation

_NOT_AGAIN_LISTS = 40  # a list by taste holds nothing of a person's last so many
_MOST_EXCLUDED = 500  # tracks that a list remembers not to show again
_SEED_BITS = 63


class Lists:
    """What the service does between what was heard and what is shown.  Its methods raise."""

    def __init__(
        self, manifest: Manifest, catalogs: Catalogs, store: Store, tastes: Tastes, maps: Maps
    ) -> None:
        self._manifest, self._catalogs, self._maps = manifest, catalogs, maps
        self._store, self._tastes = store, tastes

    async def near(
        self,
        person: str,
        place: str | None,
        analysis: Analysis,
        request: Request,
        started: float,
        seed_track_id: int | None = None,
    ) -> Answer:
        """A list for what was heard in a clip or a track, in the order of a person's taste."""
        told, catalog = await self._store.taste.told(person), await self.catalog_of(request)
        taste, wanted = await self._tastes.of(told, catalog, place), _wish(request, told)
        distance = self._manifest.same_sound_distance
        found = personal(analysis, catalog, wanted, distance, taste, secrets.randbits(_SEED_BITS))
        return await self._keep(person, place, found, request, started, seed_track_id)

    async def from_taste(
        self, person: str, place: str | None, request: Request, started: float
    ) -> Answer:
        """A list with no sound to go by, of tracks that the person was not shown lately."""
        told, catalog = await self._store.taste.told(person), await self.catalog_of(request)
        shown = await self._store.taste.recent(person, _NOT_AGAIN_LISTS)
        taste, wanted = await self._tastes.of(told, catalog, place), _wish(request, told, shown)
        seed = secrets.randbits(_SEED_BITS)
        found = from_taste(taste, catalog, wanted, self._manifest, seed)
        if found is None or found.anchor is None:
            raise Refused("no_taste" if told.is_on else "taste_is_off")
        anchor = found.anchor.track_id
        answer = await self._keep(person, place, found, request, started, anchor)
        return replace(answer, by_taste=True)

    async def _keep(
        self,
        person: str,
        place: str | None,
        found: Personal,
        request: Request,
        started: float,
        seed_track_id: int | None,
    ) -> Answer:
        """Keeps a list before it is shown.  What a person hides or rejects is that person's own
        and does not go into it: ``request`` is the one without.
        """
        analysis, picks = found.recommendation.analysis, found.recommendation.picks
        if analysis.clip_sha256:
            await self._store.add_sound(analysis)
        list_id = await self._store.add_list(
            person,
            analysis.bundle_id,
            analysis.clip_sha256,
            seed_track_id,
            request,
            [pick.track.track_id for pick in picks],
            place,
            found.rung,
            found.propensities,
        )
        catalog = await self.catalog_of(request)
        seed = None
        if seed_track_id is not None:
            seed = catalog.track(catalog.row_of(seed_track_id))
        picture = await self._maps.around(found.recommendation, catalog)
        return Answer(
            list_id,
            found.recommendation,
            b"",
            time.monotonic() - started,
            seed,
            catalog=request.catalog,
            map=picture,
        )

    async def again(self, list_id: int) -> Answer:
        """A kept list again, with every distance and reason, and no pictures."""
        started, kept = time.monotonic(), await self.kept(list_id)
        analysis, catalog = await self.sound_of(kept), await self.catalog_of(kept.request)
        seed = None
        try:
            picks = explain(analysis, catalog, kept.track_ids, kept.request.metric)
            if kept.seed_track_id is not None:
                seed = catalog.track(catalog.row_of(kept.seed_track_id))
        except KeyError as error:
            raise Refused("other_bundle") from error
        found = Recommendation(analysis, picks)
        seconds = time.monotonic() - started
        return Answer(list_id, found, b"", seconds, seed, catalog=kept.request.catalog)

    async def without_shown(self, kept: KeptList, sound: KeptList, person: str) -> Request:
        """The request of a list, leaving out what it and those before it held, and what this
        person was shown for the same sound since: a second tap gives the next ones.
        """
        since = await self._store.shown_since(sound, person)
        earlier = (*kept.request.excluded_tracks, *kept.track_ids)[-_MOST_EXCLUDED:]
        shown = dict.fromkeys((*earlier, *since))
        return replace(kept.request, excluded_tracks=tuple(shown)[-_MOST_EXCLUDED:])

    async def without_asked(self, kept: KeptList, request: Request) -> Request:
        """Leaves out what the list itself was asked for: it would come back as a neighbor."""
        try:
            asked = await self.sound_of(kept)
        except Refused:  # of another bundle: its place in this one is not known
            return request
        catalog = await self.catalog_of(request)
        own = own_tracks(asked, catalog, self._manifest.same_sound_distance)
        return replace(request, excluded_tracks=(*request.excluded_tracks, *own))

    async def artists(self, person: str, list_id: int) -> dict[str, bool]:
        """The known artists of a list in its order, and whether each is hidden for this person."""
        hidden, kept = set(await self._store.hidden(person)), await self.kept(list_id)
        catalog = await self.catalog_of(kept.request)
        try:
            rows = [catalog.row_of(track) for track in kept.track_ids]
        except KeyError as error:
            raise Refused("other_bundle") from error
        names = [catalog.track(row).artist for row in rows]
        return {name: name in hidden for name in names if name}

    async def catalog_of(self, request: Request) -> Catalog:
        """The catalog that a list comes from.  Raises BadRequest or BadBundle."""
        return await self._catalogs.of(request.catalog)

    async def kept(self, list_id: int) -> KeptList:
        """A list that is kept.  Raises Refused ``unknown_list``."""
        if (kept := await self._store.kept_list(list_id)) is None:
            raise Refused("unknown_list")
        return kept

    async def sound_of(self, kept: KeptList) -> Analysis:
        """What was heard in the sound of a list: of a clip only by the bundle in use."""
        if kept.seed_track_id is not None:
            catalog = await self.catalog_of(kept.request)
            try:
                row = catalog.row_of(kept.seed_track_id)
            except KeyError as error:
                raise Refused("other_bundle") from error
            return catalog.analysis(row, self._manifest)
        sound = await self._store.sound(kept.clip_sha256, self._manifest.id)
        if sound is None:
            raise Refused("other_bundle")
        return sound


def _wish(request: Request, told: Told, shown: Sequence[int] = ()) -> Request:
    """A request less what this person hid or rejected, and less what was ``shown``."""
    tracks = {*request.excluded_tracks, *told.rejected, *shown}
    hidden = tuple(told.hidden)
    return replace(request, excluded_artists=hidden, excluded_tracks=tuple(sorted(tracks)))
