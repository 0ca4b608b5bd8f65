"""An mp3 of which only the windows that are heard are there: in the file that is written all else
is silence, so they lie at their own time, and nothing that reads it needs to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np

from soundmap.audio.frames import chain_at, find_chain
from soundmap.audio.mp3_map import Mp3Map
from soundmap.audio.plain.mp3 import SLACK_SHARE, same
from soundmap.audio.windows import Look, windows_of
from soundmap.audio.xing import with_lengths

_EXACT_S, _ROUGH_S = 0.6, 1.25  # margins: decoders begin half a second before a window
_RESERVOIR = 10  # frames before, whose bits later ones may use
_TRIMMED_S = 0.3  # at most, by which the sound is shorter than its frames
_GAP_BYTES = 16 * 1024  # not worth a request
_LEAST_FRAMES = 3
_TOC_SHARE = 1 / 128


@dataclass(frozen=True)
class _Run:
    """Frames that follow each other, the number of the first, and how many the map says."""

    number: int
    n_frames: int
    data: bytes
    said: float


def ranges_of(song: Mp3Map, look: Look) -> list[range]:
    """The bytes of a file that ``look`` needs, in order, with about a second at both sides."""
    joined: list[range] = []
    for part in sorted(_ranges(song, look), key=lambda part: part.start):
        if joined and part.start <= joined[-1].stop + _GAP_BYTES:
            before = joined.pop()
            part = range(before.start, max(before.stop, part.stop))
        joined.append(part)
    return joined


def most_bytes(song: Mp3Map, parts: Iterable[range]) -> int:
    """A length that a written file does not exceed."""
    return (song.n_frames + 1) * len(song.silence) + len(song.opening) + sum(map(len, parts))


def write_excerpt(path: Path, song: Mp3Map, parts: Iterable[tuple[int, bytes]]) -> bool:
    """Writes what is in ``parts``, each with its offset in the whole file, in order, and silence
    for all else.

    Frames that are cut at the ends of a part are left out.  False, and nothing is written, if a
    part does not hold such frames, and about as many as it should.  Raises OSError.
    """
    found = [_run(song, offset, data) for offset, data in parts]
    runs = [run for run in found if run]
    if len(runs) < len(found) or not _as_said(song, runs):
        return False
    gaps, silence = list(_gaps(runs, song.n_frames)), song.silence
    n_frames = sum(gaps) + sum(run.n_frames for run in runs)
    n_bytes = len(song.opening) + sum(gaps) * len(silence) + sum(len(run.data) for run in runs)
    with path.open("wb") as file:
        file.write(with_lengths(song.opening, n_frames, n_bytes))
        for gap, run in zip(gaps, [*runs, None], strict=True):
            file.writelines(repeat(silence, gap))
            file.write(run.data if run else b"")
    return True


def _ranges(song: Mp3Map, look: Look) -> Iterator[range]:
    """Those of all windows there may be: how long the sound is to a sample, a decoder says."""
    per_s, seconds = song.frames_per_s, song.n_frames / song.frames_per_s
    margin_s = _EXACT_S if song.kbits else _ROUGH_S
    for duration_s in (max(0.0, seconds - _TRIMMED_S), seconds):
        for window in windows_of(duration_s, look):
            begins_s = min(window.start_s, seconds) - margin_s
            ends = np.array([begins_s * per_s - _RESERVOIR, (window.end_s + margin_s) * per_s])
            start, stop = song.offsets_of(ends)
            yield range(int(start), int(np.ceil(stop)))


def _run(song: Mp3Map, offset: int, data: bytes) -> _Run | None:
    """The whole frames in a part; the one in the middle lies where the map says."""
    start = find_chain(data) or 0
    frames = chain_at(data, start, len(data))
    ends = start + np.cumsum([0, *(frame.n_bytes for frame in frames)])
    n = int(np.searchsorted(ends, len(data), "right")) - 1
    kbits = {song.kbits} if song.kbits else {frame.kbits for frame in frames}
    if n < _LEAST_FRAMES or not all(same(song.first, it) and it.kbits in kbits for it in frames):
        return None
    first, middle, last = song.numbers_at(offset + ends[[0, n // 2, n]])
    return _Run(round(middle) - n // 2, n, data[start : int(ends[n])], float(last - first))


def _as_said(song: Mp3Map, runs: Sequence[_Run]) -> bool:
    """Whether there are about as many frames as the map says, if it is sure: lengths may lie."""
    n_frames, said = sum(run.n_frames for run in runs), sum(run.said for run in runs)
    slack = SLACK_SHARE * n_frames + (0 if song.kbits else _TOC_SHARE * song.n_frames)
    return not song.sure or abs(said - n_frames) <= slack


def _gaps(runs: Sequence[_Run], n_frames: int) -> Iterator[int]:
    """How many frames of silence stand before each run, and behind the last one."""
    at = 0
    for run in runs:
        gap = max(0, run.number - at)
        yield gap
        at += gap + run.n_frames
    yield max(0, n_frames - at)
