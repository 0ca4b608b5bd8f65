"""How much of a list is about the song: two disjoint sets of looks at one song should agree.

``soundmap evaluate --songs FOLDER`` prints what is measured here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.audio.decode import decode
from soundmap.audio.windows import ALL_OVER, DEFAULT_WINDOWS, WINDOW_SECONDS, Look
from soundmap.bundle.listener import Listener
from soundmap.errors import BadDataset, BadSound, NotInstalled
from soundmap.features.condition import condition_of
from soundmap.features.tiles import decibels, mel_power
from soundmap.types import Analysis, Clip, Floats, Progress, silent

PICKS = 10
LEAST_SECONDS = 2 * WINDOW_SECONDS
_COLUMNS = 128  # of a tile
_PHASES = 4
_TIMED, _TIMES = (1, 2, 3, 5, DEFAULT_WINDOWS), 5


@dataclass(frozen=True, slots=True)
class Way:
    """A way to listen: pieces of ``columns`` columns, all over a song, make up ``tiles`` tiles."""

    name: str
    tiles: int
    columns: int

    @property
    def pieces(self) -> int:
        """How many pieces of the song."""
        return self.tiles * _COLUMNS // self.columns

    @property
    def piece_s(self) -> float:
        """Length of a piece in seconds."""
        return self.columns * WINDOW_SECONDS / _COLUMNS


WAYS = (
    *(Way(f"{n} window{'s' * (n > 1)} of 30 s", n, 128) for n in (1, 2, 3, 5)),
    *(Way(f"pieces of 3.75 s, {n} tile{'s' * (n > 1)}", n, 16) for n in (1, 2, 3, 4)),
    *(Way(f"single moments, {n} tile{'s' * (n > 1)}", n, 1) for n in (1, 2, 4)),
)


def measure_looks(listener: Listener, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """How ways of listening do on the songs of a folder, ready for JSON: a row for each of
    ``ways``, ``another_part``, and the ``processor`` time of hearing a song in ms, by windows.

    Raises BadDataset ``no_songs`` where none is a minute or longer.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    songs = [path for path in files if _seconds(path) >= LEAST_SECONDS]
    if not songs:
        raise BadDataset("no_songs", path=folder)
    with progress("Ways of listening", len(WAYS)) as advance:
        ways = []
        for row in compare_ways(listener, songs):
            ways.append(row)
            advance(len(ways))
    times = [
        {"windows": n, "ms": float(np.mean([_spent_ms(listener, it, Look(n)) for it in songs]))}
        for n in _TIMED
    ]
    parts = another_part(listener, songs, progress)
    return {"songs": len(songs), "ways": ways, "another_part": parts, "processor": times}


def _seconds(path: Path) -> float:
    with suppress(BadSound, NotInstalled):
        return decode(path).duration_s
    return 0.0


def _spent_ms(listener: Listener, path: Path, look: Look) -> float:
    spent = []
    for _ in range(_TIMES):
        started = time.process_time()
        listener.hear(path, look=look)
        spent.append(1000 * (time.process_time() - started))
    return float(np.median(spent))


def another_part(
    listener: Listener, paths: Sequence[Path], progress: Progress = silent
) -> dict[str, Any]:
    """How far the lists agree that two halves of the windows give of each song of a minute or more,
    as if two people had sent other parts of it: number of ``songs``, the mean of ``picks_shared``
    of 10, and the share of songs that ``keeps_genre``.
    """
    trials = []
    with progress("Other parts of songs", len(paths)) as advance:
        for done, path in enumerate(paths, start=1):
            with suppress(BadSound):
                trials += _by_halves(listener, path)
            advance(done)
    shared, kept = np.mean(trials, axis=0) if trials else (0.0, 0.0)
    return {"songs": len(trials), "picks_shared": float(shared), "keeps_genre": float(kept)}


def _by_halves(listener: Listener, path: Path) -> list[tuple[int, bool]]:
    clip = decode(path, ALL_OVER)
    if clip.duration_s < LEAST_SECONDS or len(clip.windows) < 2:
        return []
    ends_s = np.cumsum([window.seconds for window in clip.windows[:-1]])
    pieces = np.split(clip.samples, np.rint(ends_s * clip.sample_rate_hz).astype(int))
    clips = [
        Clip(np.concatenate(half), clip.sample_rate_hz) for half in (pieces[::2], pieces[1::2])
    ]
    one, other = map(listener.listen, clips)
    return [(_shared(listener, one, other), one.genres[0][0] == other.genres[0][0])]


def _shared(listener: Listener, one: Analysis, other: Analysis) -> int:
    first, second = (
        {pick.track.track_id for pick in listener.recommend(it, count=PICKS)} for it in (one, other)
    )
    return len(first & second)


def compare_ways(listener: Listener, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """A row for each of ``WAYS`` over all songs: ``picks_shared`` of 10 and ``keeps_genre`` between
    two sets of looks half a step apart, ``shared_with_all`` with the mean of all windows of 30 s,
    and ``apart``, the share of songs so long that the sets have no second in common.
    """
    songs = [_Song(listener, path) for path in paths]
    names = ("picks_shared", "keeps_genre", "shared_with_all", "apart")
    for way in WAYS:
        means = np.mean([trial for song in songs for trial in song.trials(way)], axis=0)
        yield {"way": way.name, **dict(zip(names, map(float, means), strict=True))}


class _Song:
    """A song's whole mel spectrogram, from which looks are cut."""

    def __init__(self, listener: Listener, path: Path) -> None:
        self._listener, self._spec = listener, listener.manifest.spec
        clips = list(_windows_of(path))
        rate_hz = clips[0].sample_rate_hz
        samples = np.concatenate([clip.samples for clip in clips])
        self._power = mel_power(Clip(samples, rate_hz), self._spec)
        self._rate_hz = rate_hz
        self._frames_a_second = rate_hz / self._spec.hop_length
        found = [listener.listen(clip) for clip in clips]
        self._all = self._like(
            found[0],
            np.mean([it.embedding for it in found], axis=0),
            np.mean([it.probabilities for it in found], axis=0),
        )

    def trials(self, way: Way) -> Iterator[tuple[int, bool, int, bool]]:
        """Picks shared, genre kept, picks shared with all, whether the sets are apart."""
        looks = [self._look(way, phase / _PHASES) for phase in range(_PHASES)]
        step_s = self._power.shape[1] / self._frames_a_second / way.pieces
        for one, other in zip(looks, looks[_PHASES // 2 :], strict=False):
            kept = one.genres[0][0] == other.genres[0][0]
            shared, with_all = (_shared(self._listener, one, it) for it in (other, self._all))
            yield shared, kept, with_all, step_s / 2 >= way.piece_s

    def _look(self, way: Way, phase: float) -> Analysis:
        n_frames = self._power.shape[1]
        gap = WINDOW_SECONDS * self._frames_a_second / _COLUMNS
        starts = (np.arange(way.pieces) + phase) * n_frames / way.pieces
        frames = (starts[:, None] + np.arange(way.columns) * gap).astype(int).ravel()
        levels = decibels(self._power[:, np.minimum(frames, n_frames - 1)])
        tiles = levels.reshape(len(levels), way.tiles, _COLUMNS).transpose(1, 0, 2)
        scaled = (tiles - tiles.min()) / max(float(np.ptp(tiles)), 1e-9)
        scaled = np.ascontiguousarray(scaled)
        condition = condition_of(scaled, self._rate_hz)
        return self._like(self._all, *self._listener.embed(scaled, condition))

    @staticmethod
    def _like(analysis: Analysis, embedding: Floats, probabilities: Floats) -> Analysis:
        return replace(analysis, embedding=embedding, probabilities=probabilities)


def _windows_of(path: Path) -> Iterator[Clip]:
    """All whole windows of 30 s of a song, one after the other."""
    n = int(decode(path).duration_s // WINDOW_SECONDS)
    return (decode(path, Look(start_s=WINDOW_SECONDS * i)) for i in range(n))
