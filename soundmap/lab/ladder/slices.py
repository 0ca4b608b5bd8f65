"""Slices of tiles, and two ways to hold some of them out: at random, or by track and artist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundmap.errors import BadDataset
from soundmap.lab.bootstrap import resampled
from soundmap.lab.datasets.arrays import TileSet
from soundmap.types import Floats

_CHUNK = 512
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Table = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """At most ``tracks`` tracks, each tile cut into ``slices``, of which about ``test_share`` are
    held out; ``seed`` decides which.
    """

    tracks: int = 2000
    slices: int = 8
    test_share: float = 0.2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Slices:
    """``tiles`` uint8 (n, n_mels, n_columns), with the genre index ``targets`` int64 (n,) and the
    track ``tracks`` int64 (n,) of each.
    """

    tiles: npt.NDArray[np.uint8]
    targets: Ints
    tracks: Ints


def choose(tiles: TileSet, sizes: Sizes) -> TileSet:
    """All tiles of at most ``sizes.tracks`` tracks, spread evenly over the genres."""
    rng = np.random.default_rng(sizes.seed)
    genre_of = dict(zip(map(int, tiles.track_ids), tiles.genres, strict=True))
    kept: set[int] = set()
    labels = sorted(set(tiles.genres))
    for label in labels:
        ids = [track_id for track_id, genre in genre_of.items() if genre == label]
        kept.update(int(i) for i in rng.permutation(ids)[: sizes.tracks // len(labels)])
    rows = np.flatnonzero(np.isin(tiles.track_ids, list(kept)))
    names = tuple(tiles.genres[row] for row in rows)
    return TileSet(tiles.track_ids[rows], tiles.tiles[rows], names)


def cut(tiles: TileSet, n_slices: int) -> Slices:
    """Cuts each tile along time into ``n_slices`` of equal width and drops the remainder.

    Raises BadDataset ``too_narrow`` for tiles with fewer columns than slices.
    """
    width = tiles.tiles.shape[2] // n_slices
    if not width:
        raise BadDataset("too_narrow", columns=tiles.tiles.shape[2], slices=n_slices)
    n, n_mels = tiles.tiles.shape[:2]
    whole = tiles.tiles[:, :, : width * n_slices].reshape(n, n_mels, n_slices, width)
    values = np.ascontiguousarray(whole.transpose(0, 2, 1, 3)).reshape(-1, n_mels, width)
    targets = tiles.targets(tuple(sorted(set(tiles.genres))))
    return Slices(values, targets.repeat(n_slices), tiles.track_ids.repeat(n_slices))


def held_out(tiles: TileSet, table: Table, protocol: str, sizes: Sizes) -> Bools:
    """Which slices are scored, bool (n_tiles * n_slices,): equally many under each protocol.

    By track, whole artists in random order are held out until ``test_share`` of the tiles is.
    """
    rng = np.random.default_rng(sizes.seed + 1)
    artists = artist_of(tiles, table)
    names = rng.permutation(sorted(set(artists)))
    counts = np.array([artists.count(str(name)) for name in names])
    least = sizes.test_share * len(tiles)
    out = {str(name) for name in names[: int(np.searchsorted(counts.cumsum(), least)) + 1]}
    by_track = np.array([artist in out for artist in artists]).repeat(sizes.slices)
    if protocol == "tracks":
        return by_track
    at_random = np.zeros(len(by_track), bool)
    at_random[rng.permutation(len(by_track))[: by_track.sum()]] = True
    return at_random


def artist_of(tiles: TileSet, table: Table) -> list[str]:
    """A name for the artist of each tile; one name stands for all spellings of an ``artist_id``."""
    first: dict[str, str] = {}
    found = []
    for track_id in map(int, tiles.track_ids):
        row = table.get(track_id, {})
        name = " ".join(row.get("artist", "").casefold().split()) or f"track {track_id}"
        number = row.get("artist_id") or ""
        found.append(first.setdefault(number, name) if number else name)
    return found


def tracks_interval(right: Bools, tracks: Ints, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the share of ``right`` (n,) over slices of ``tracks`` int64 (n,).

    Tracks are resampled with all their slices, since slices of one track are right or wrong
    together (cluster bootstrap, percentiles: Davison and Hinkley, 1997, chapter 3.8).
    """
    _, place = np.unique(tracks, return_inverse=True)
    n, hits = np.bincount(place), np.bincount(place, right)
    drawn = resampled(len(n), np.full(len(n), 1 / len(n)), seed)
    low, high = np.quantile(drawn @ hits / (drawn @ n), (0.025, 0.975))
    return float(low), float(high)


def majority(probabilities: Floats, tracks: Ints) -> tuple[Ints, Ints]:
    """The genre that most slices of each track say, int64 (n_tracks,), and the track's first slice.

    Of genres with equally many votes, that with the higher mean probability.
    """
    _, first, place = np.unique(tracks, return_index=True, return_inverse=True)
    votes = np.zeros((len(first), probabilities.shape[1]))
    np.add.at(votes, (place, probabilities.argmax(axis=1)), 1.0)
    sums = np.zeros_like(votes)
    np.add.at(sums, place, probabilities)
    return (votes + sums / (np.bincount(place)[:, None] + 1)).argmax(axis=1), first


def nearest(slices: Slices, out: Bools) -> Bools:
    """Whether each slice held out has the genre of its nearest slice among the others: bool
    (n_held_out,).

    Nearest in the standardized mean and deviation of each mel band: nothing is learned, only
    remembered.
    """
    levels = slices.tiles.astype(np.float32)
    values = np.concatenate([levels.mean(axis=2), levels.std(axis=2)], axis=1)
    values = (values - values.mean(axis=0)) / np.maximum(values.std(axis=0), 1e-6)
    known, asked = values[~out], values[out]
    squares = (known**2).sum(axis=1)
    chunks = (asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK))
    rows = np.concatenate([(squares - 2 * chunk @ known.T).argmin(axis=1) for chunk in chunks])
    return np.asarray(slices.targets[~out][rows] == slices.targets[out])
