"""What a mix is: sounds that each count once, their letters, and the picks between them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.types import KeptList, MixSound, Refused
from soundmap.bundle.manifest import Manifest
from soundmap.catalog.names import name_of
from soundmap.catalog.table import Catalog
from soundmap.mix.find import find_mix
from soundmap.mix.seeds import is_one_of
from soundmap.paths.find import End
from soundmap.recommendation.nearest import picks_of
from soundmap.recommendation.request import Request
from soundmap.search.exact import distances_to
from soundmap.types import Pick, Reason, Recommendation

LETTERS = "ABCDE"
MOST_SOUNDS = len(LETTERS)
NEAREST = "nearest_sound"

Sounds = tuple[MixSound, ...]


def distinct_sounds(sounds: Iterable[MixSound], same_distance: float) -> Sounds:
    """The sounds without repetition: what lies within ``same_distance`` of another is the same."""
    found: list[MixSound] = []
    for sound in sounds:
        if not is_one_of(sound.analysis, [it.analysis for it in found], same_distance):
            found.append(sound)
    return tuple(found)


def agreeing(sounds: Sounds, same_distance: float) -> tuple[Sounds, Sounds]:
    """The sounds without repetition, and those that a mix would both go by and stay away from."""
    near, away = (distinct_sounds(part, same_distance) for part in parted(sounds))
    others = [it.analysis for it in away]
    both = tuple(it for it in near if is_one_of(it.analysis, others, same_distance))
    return (*(it for it in near if it not in both), *away), both


def parted(sounds: Sounds) -> tuple[Sounds, Sounds]:
    """The sounds that a mix goes by, in the order of their letters, and those to stay away from."""
    near, away = (tuple(it for it in sounds if it.is_away is is_away) for is_away in (False, True))
    return near, away


def tracks_of(kept: KeptList, ranks: Iterable[int], catalog: Catalog, manifest: Manifest) -> Sounds:
    """Picks of a list as sounds.  Raises Refused ``no_such_pick`` or ``other_bundle``."""
    found = []
    for rank in ranks:
        if not 1 <= rank <= len(kept.track_ids):
            raise Refused("no_such_pick", rank=rank)
        try:
            row = catalog.row_of(kept.track_ids[rank - 1])
        except KeyError as error:
            raise Refused("other_bundle") from error
        track, heard = catalog.track(row), manifest.analysis_of(catalog, row)
        found.append(MixSound(heard, name_of(track), kept.request.catalog, track.track_id))
    return tuple(found)


def unnamed(sounds: Sounds) -> Sounds:
    """The sounds as lists keep them: with the names of tracks, but not of what was posted."""
    return tuple(it if it.track_id is not None else replace(it, name="") for it in sounds)


def mix_id(sounds: Sounds) -> str:
    """What stands for the hash of a sound where a list is for a mix: the same for the same mix."""
    known = sorted(f"{it.is_away} {_id_of(it)}" for it in sounds)
    return f"mix {hashlib.sha256(' '.join(known).encode()).hexdigest()}"


def mixed(sounds: Sounds, catalog: Catalog, request: Request, shipped: Catalog) -> Recommendation:
    """The tracks of ``catalog`` nearest to the sounds and away from those to stay away from.

    Each pick names the letter of its nearest sound first, and its distance and reasons compare it
    with that one.  Raises BadRequest.
    """
    known = {"": shipped, request.catalog: catalog}
    near, away = ([_end_of(it, known) for it in part] for part in parted(sounds))
    mix = find_mix(near, away, catalog, request)
    picks = tuple(_by_letter(it.pick, it.seed) for it in mix)
    return Recommendation(near[0].analysis, picks, mix.notes)


def explain_mix(
    sounds: Sounds, catalog: Catalog, track_ids: Sequence[int], metric: str
) -> tuple[Pick, ...]:
    """Picks of a mix for given track ids, in the same order, as ``mixed`` makes them.

    Raises KeyError if a track is not in the catalog.
    """
    near, _ = parted(sounds)
    rows = [catalog.row_of(track_id) for track_id in track_ids]
    points = catalog.points.values[rows]
    away = np.array([distances_to(points, it.analysis.embedding, metric) for it in near])
    seeds = away.argmin(axis=0).tolist() if rows else []
    compared = zip(
        (near[seed].analysis for seed in seeds), rows, away.min(axis=0).tolist(), strict=True
    )
    return tuple(map(_by_letter, picks_of(compared, catalog), seeds))


def _by_letter(pick: Pick, seed: int) -> Pick:
    nearest = Reason(NEAREST, {"letter": LETTERS[seed]})
    return replace(pick, reasons=(nearest, *pick.reasons))


def _end_of(sound: MixSound, known: Mapping[str, Catalog]) -> End:
    """A sound as one for a mix, with its track if it is one of the catalogs ``known`` by name."""
    catalog = known.get(sound.catalog)
    if sound.track_id is None or not catalog:
        return End(sound.analysis)
    try:
        return End(sound.analysis, catalog.track(catalog.row_of(sound.track_id)))
    except KeyError:
        return End(sound.analysis)


def _id_of(sound: MixSound) -> str:
    if sound.track_id is None:
        return sound.analysis.sound_id
    return f"{sound.catalog}#{sound.track_id}"
