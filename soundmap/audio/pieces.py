"""Reads the windows of an open sound and joins them to one clip."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np

from soundmap.audio.samples import resample
from soundmap.audio.windows import WINDOW_SECONDS, Look, windows_of
from soundmap.clock import clock_of
from soundmap.errors import BadSound
from soundmap.types import Clip, Floats, Window

QUIET = 0.1
"""Windows this much (20 dB) below the level of all together are intro, pause or fade."""
_MOST_TRIES = 3
_CLOSE_S = 1.0
_PART_S = WINDOW_SECONDS / 8


class Source(Protocol):
    """An open sound, whichever library reads it: its real length, and any window of it.

    What could not be decoded may make ``duration_s`` smaller after a reading.
    """

    def __enter__(self) -> Source: ...
    def __exit__(self, *_: object) -> None: ...

    @property
    def duration_s(self) -> float:
        """Length in seconds of what can be decoded, as far as is known."""

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header."""

    @property
    def is_opus(self) -> bool:
        """Whether the codec is Opus."""

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """One channel float32 (n,) of a window, and its rate in Hz."""


def clip_of(source: Source, look: Look) -> Clip:
    """What is heard of a sound, as one clip: its windows one behind the other.

    The windows are sought again where they prove to be elsewhere.  One that is quieter than
    ``QUIET`` is left out, and of the others as many of the loudest are taken as make whole tiles of
    30 s; all count where none is left.  Raises BadSound ``damaged``, or ``past_the_end`` for a part
    that begins behind the sound.
    """
    best: list[Clip] = []
    tried: set[tuple[Window, ...]] = set()
    for _ in range(_MOST_TRIES):
        windows = windows_of(source.duration_s, look)
        if windows in tried:
            break
        tried.add(windows)
        pieces = _pieces(source, windows)
        best = max(best, pieces, key=_seconds)
        if _seconds(best) >= sum(window.seconds for window in windows):
            break
    if not best:
        raise _nothing(source.duration_s, look)
    asked_s = sum(window.seconds for window in windows)
    missing_s = min(source.claimed_s - (look.start_s or 0.0), asked_s) - _seconds(best)
    return replace(
        _joined(_loud(best)),
        promised_s=source.claimed_s,
        duration_s=source.duration_s,
        missing_s=max(0.0, missing_s),
    )


def _nothing(duration_s: float, look: Look) -> BadSound:
    if look.start_s is not None and 0 < duration_s < look.start_s + _CLOSE_S:
        return BadSound("past_the_end", start=clock_of(look.start_s), length=clock_of(duration_s))
    return BadSound("damaged")


def _seconds(pieces: list[Clip]) -> float:
    return sum(piece.seconds for piece in pieces)


def _pieces(source: Source, windows: tuple[Window, ...]) -> list[Clip]:
    """What can be read of each window.  Windows close to each other are read in one go."""
    first, last = windows[0], windows[-1]
    gap_s = windows[1].start_s - first.end_s if len(windows) > 1 else 0.0
    if gap_s >= _CLOSE_S:
        reads = (
            (window.start_s, *source.read(window.start_s, window.seconds)) for window in windows
        )
        return [_piece(*read) for read in reads if len(read[1])]
    samples, rate = source.read(first.start_s, last.end_s - first.start_s)
    if len(windows) == 1:
        return _parts(samples, rate, first) if len(samples) else []
    cuts = [round((window.start_s - first.start_s) * rate) for window in windows]
    n = round(first.seconds * rate)
    parts = [(w.start_s, samples[at : at + n]) for w, at in zip(windows, cuts, strict=True)]
    return [_piece(start_s, part, rate) for start_s, part in parts if len(part)]


def _parts(samples: Floats, rate: int, window: Window) -> list[Clip]:
    """What was read in one go, in parts if it is longer than a tile: some may be quiet."""
    n_parts = round(window.seconds / _PART_S) if window.seconds > WINDOW_SECONDS else 1
    parts = np.array_split(samples, n_parts)
    starts = np.cumsum([0, *map(len, parts)]) / rate + window.start_s
    return [_piece(float(at), part, rate) for at, part in zip(starts, parts, strict=False)]


def _piece(start_s: float, samples: Floats, rate: int) -> Clip:
    return Clip(samples, rate, windows=(Window(start_s, len(samples) / rate),))


def _loud(pieces: list[Clip]) -> list[Clip]:
    """Those that are not much quieter than all together, in order, as many as fill whole tiles."""
    if len(pieces) == 1:
        return pieces
    powers = np.array([float(it.samples @ it.samples) / len(it.samples) for it in pieces])
    per_tile = max(1, round(WINDOW_SECONDS / pieces[0].seconds))
    n_loud = int((powers >= QUIET**2 * powers.mean()).sum())
    if n_loud in (0, len(pieces)):
        return pieces
    n_kept = n_loud // per_tile * per_tile or n_loud
    kept = np.sort(np.argsort(-powers, kind="stable")[:n_kept])
    return [pieces[i] for i in kept]


def _joined(pieces: list[Clip]) -> Clip:
    """The pieces as one clip, all at the rate that most of them have."""
    rates = [piece.sample_rate_hz for piece in pieces]
    rate = max(rates, key=rates.count)
    samples = [resample(piece, rate).samples for piece in pieces]
    joined = samples[0] if len(samples) == 1 else np.concatenate(samples)
    windows: list[Window] = []
    for window in (window for piece in pieces for window in piece.windows):
        if windows and abs(windows[-1].end_s - window.start_s) < 1 / rate:
            window = Window(windows[-1].start_s, windows.pop().seconds + window.seconds)
        windows.append(window)
    return Clip(joined, rate, windows=tuple(windows))
