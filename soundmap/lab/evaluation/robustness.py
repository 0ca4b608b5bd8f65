"""Whether an altered clip still finds itself and keeps its genre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from soundmap.audio.decode import decode
from soundmap.audio.samples import resample
from soundmap.bundle.listener import Listener
from soundmap.errors import BadDataset, BadSound
from soundmap.lab.evaluation.looks import another_part
from soundmap.lab.evaluation.metrics import wilson_interval
from soundmap.scratch import scratch
from soundmap.search.exact import distances_to
from soundmap.types import Analysis, Clip, Floats, Progress, silent

HALF_SECONDS = 15.0
ALTERATIONS = ("unchanged", "mp3_64", "louder_6db", "quieter_6db", "other_half", "rate_8khz")
_DOUBLE = 10 ** (6 / 20)
_LAYER3_HZ = (32_000, 44_100, 48_000)  # rates of MPEG-1, whose bit rates go from 32 to 320 kbps
_LEVEL_64 = (320 - 64) / (320 - 32)


@dataclass(frozen=True, slots=True)
class Trial:
    """How an altered clip fared.

    ``place`` is the rank of its own track, from 1; ``kept`` whether the top genre stayed; ``moved``
    the distance to its own track; ``nearest`` that from its track to the nearest other recording.
    """

    place: int
    kept: bool
    moved: float
    nearest: float


def clips_in(folder: Path, listener: Listener) -> dict[int, Path]:
    """Audio files by the catalog row of their track, of those named by a track id, as
    ``000002.mp3``.

    Raises BadDataset ``no_clips`` where there is none.
    """
    rows = {int(track_id): row for row, track_id in enumerate(listener.catalog.track_ids)}
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    named = {int(file.stem): file for file in files if file.stem.isdecimal() and file.is_file()}
    clips = {rows[track_id]: file for track_id, file in named.items() if track_id in rows}
    if not clips:
        raise BadDataset("no_clips", path=folder)
    return clips


def robustness(
    listener: Listener, clips: dict[int, Path], progress: Progress = silent
) -> dict[str, Any]:
    """How the clips fare under each of ``ALTERATIONS``, ready for JSON; ``unheard`` are left out.

    ``finds_itself`` and ``in_first_5`` are the shares of clips whose own track comes first, or
    among the first five, with 95 % intervals; ``keeps_genre`` that of clips with the same top genre
    as before.  ``moved`` is the median move over the median distance from a track to its nearest
    other.  ``another_part`` is what ``looks.another_part`` says of all
    files in their folder.  Raises BadDataset ``no_clips`` where none can be heard.
    """
    trials: dict[str, list[Trial]] = {name: [] for name in ALTERATIONS}
    unheard = 0
    with progress("Altered clips", len(clips)) as advance:
        for done, (row, path) in enumerate(clips.items(), start=1):
            try:
                for name, trial in list(_trials(listener, row, path)):
                    trials[name].append(trial)
            except BadSound:
                unheard += 1
            advance(done)
    if unheard == len(clips):
        raise BadDataset("no_clips", path=next(iter(clips.values())).parent)
    summaries = {name: summary_of(some) for name, some in trials.items()}
    files = sorted(path for path in next(iter(clips.values())).parent.iterdir() if path.is_file())
    songs = another_part(listener, files, progress)
    facts = {"clips": len(clips), "unheard": unheard, "alterations": summaries}
    return {**facts, "another_part": songs}


def altered(path: Path) -> Iterator[tuple[str, Clip]]:
    """A file's clip in every form but the halves, with the names of ``ALTERATIONS``.

    The MP3, of 64 kbps, is made from the file with its channels.  6 dB louder is clipped at full
    scale, as by someone who turns a file up too far.  8 kHz is a sample rate, which takes away all
    above 4 kHz.
    """
    clip = decode(path)
    yield "unchanged", clip
    yield "mp3_64", as_mp3(path, clip)
    yield "louder_6db", replace(clip, samples=np.clip(_DOUBLE * clip.samples, -1, 1))
    yield "quieter_6db", replace(clip, samples=(clip.samples / _DOUBLE).astype(np.float32))
    yield "rate_8khz", resample(clip, 8_000)


def halves(clip: Clip) -> tuple[Clip, Clip]:
    """First and last 15 s of a clip; those of a shorter one than 30 s overlap."""
    n = round(HALF_SECONDS * clip.sample_rate_hz)
    return replace(clip, samples=clip.samples[:n]), replace(clip, samples=clip.samples[-n:])


def as_mp3(path: Path, clip: Clip) -> Clip:
    """The file as an MP3 of constant 64 kbps, decoded.

    A file that libsndfile cannot read, or with more than two channels, is encoded from ``clip``:
    mono.
    """
    samples, rate = _channels(path, clip)
    if rate not in _LAYER3_HZ:
        samples, rate = soxr.resample(samples, rate, _LAYER3_HZ[1], quality="HQ"), _LAYER3_HZ[1]
    with scratch() as folder:
        small = folder / "small.mp3"
        soundfile.write(
            small,
            samples,
            rate,
            format="MP3",
            bitrate_mode="CONSTANT",
            compression_level=_LEVEL_64,
        )
        return decode(small)


def _channels(path: Path, clip: Clip) -> tuple[Floats, int]:
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return clip.samples, clip.sample_rate_hz
    return (samples, rate) if samples.shape[1] <= 2 else (clip.samples, clip.sample_rate_hz)


def _trials(listener: Listener, row: int, path: Path) -> Iterator[tuple[str, Trial]]:
    own = np.asarray(listener.catalog.points.values[row])
    before: Analysis | None = None
    for name, clip in altered(path):
        after = listener.listen(clip)
        before = before or after
        yield name, _trial(listener, row, own, before, after)
        if name == "unchanged":
            first, last = (listener.listen(half) for half in halves(clip))
            yield "other_half", _trial(listener, row, last.embedding, last, first)


def _trial(listener: Listener, row: int, own: Floats, before: Analysis, after: Analysis) -> Trial:
    """``own`` is where the track of the row is taken to be, (d,)."""
    catalog = listener.catalog
    others = catalog.points.values[catalog.uploads != catalog.uploads[row]]
    moved = float(distances_to(own[None], after.embedding)[0])
    nearer = int((distances_to(others, after.embedding) < moved).sum())
    kept = before.genres[0][0] == after.genres[0][0]
    return Trial(nearer + 1, kept, moved, float(distances_to(others, own).min()))


def summary_of(trials: list[Trial]) -> dict[str, Any]:
    """The shares and the move of one alteration, as ``robustness`` describes them."""
    tallies = {
        "finds_itself": [trial.place == 1 for trial in trials],
        "in_first_5": [trial.place <= 5 for trial in trials],
        "keeps_genre": [trial.kept for trial in trials],
    }
    summary: dict[str, Any] = {"n": len(trials)}
    for name, ones in tallies.items():
        summary[name] = sum(ones) / len(ones)
        summary[f"{name}_ci95"] = list(wilson_interval(sum(ones), len(ones)))
    moved, nearest = (np.array([getattr(t, name) for t in trials]) for name in ("moved", "nearest"))
    return {**summary, "moved": float(np.median(moved) / np.median(nearest))}
