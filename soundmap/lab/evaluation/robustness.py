"""Whether an altered clip still finds itself, keeps its genre and knows how sure it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.audio.decode import decode
from soundmap.bundle.listener import Listener
from soundmap.errors import BadDataset, BadSound
from soundmap.lab.evaluation.alterations import ALTERATIONS, as_mp3, halves
from soundmap.lab.evaluation.looks import another_part
from soundmap.lab.evaluation.metrics import (
    calibration_error_by_chance,
    expected_calibration_error,
    wilson_interval,
)
from soundmap.search.exact import Rows, distances_to
from soundmap.types import Analysis, Clip, Floats, Progress, silent

UNCHANGED, MP3, OTHER_HALF = "unchanged", "mp3_64", "other_half"
CASES = (UNCHANGED, MP3, *ALTERATIONS, OTHER_HALF)
_N_PICKS, _N_BINS = 5, 5


@dataclass(frozen=True, slots=True)
class Trial:
    """How an altered clip fared.

    ``place`` is the rank of its own track, from 1; ``kept`` whether the top genre stayed; ``moved``
    the distance to its own track; ``nearest`` that from its track to the nearest other recording.
    ``picks`` int64 (5,) are the nearest rows by other artists, ``fitting`` the share of them with
    the track's genre; ``confidence`` is the top probability and ``right`` whether it is that of
    the track's genre.
    """

    place: int
    kept: bool
    moved: float
    nearest: float
    picks: Rows
    fitting: float
    confidence: float
    right: bool


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
    """How the clips fare in each of ``CASES``, ready for JSON; ``unheard`` are left out.

    Each case is what :func:`summary_of` says; ``picks_shared`` is the mean share of picks that the
    clip has unchanged, too.  ``another_part`` is what ``looks.another_part`` says of all files in
    their folder.  Raises BadDataset ``no_clips`` where none can be heard.
    """
    trials: dict[str, list[Trial]] = {name: [] for name in CASES}
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
    plain = trials[UNCHANGED]
    summaries = {name: summary_of(some, plain) for name, some in trials.items()}
    files = sorted(path for path in next(iter(clips.values())).parent.iterdir() if path.is_file())
    songs = another_part(listener, files, progress)
    facts = {"clips": len(clips), "unheard": unheard, "alterations": summaries}
    return {**facts, "another_part": songs}


def altered(path: Path) -> Iterator[tuple[str, Clip]]:
    """A file's clip in every form but the halves, with the names of ``CASES``."""
    clip = decode(path)
    yield UNCHANGED, clip
    yield MP3, as_mp3(path, clip)
    for name, alteration in ALTERATIONS.items():
        yield name, alteration(clip)


def _trials(listener: Listener, row: int, path: Path) -> Iterator[tuple[str, Trial]]:
    own = np.asarray(listener.catalog.points.values[row])
    before: Analysis | None = None
    for name, clip in altered(path):
        after = listener.listen(clip)
        before = before or after
        yield name, _trial(listener, row, own, before, after)
        if name == UNCHANGED:
            first, last = (listener.listen(half) for half in halves(clip))
            yield OTHER_HALF, _trial(listener, row, last.embedding, last, first)


def _trial(listener: Listener, row: int, own: Floats, before: Analysis, after: Analysis) -> Trial:
    """``own`` is where the track of the row is taken to be, (d,)."""
    catalog = listener.catalog
    genres = np.asarray(catalog.columns["genre"])
    others = catalog.points.values[catalog.uploads != catalog.uploads[row]]
    moved = float(distances_to(own[None], after.embedding)[0])
    nearer = int((distances_to(others, after.embedding) < moved).sum())
    apart = (catalog.uploads != catalog.uploads[row]) & (catalog.artists != catalog.artists[row])
    picks, _ = catalog.points.nearest(after.embedding, _N_PICKS, keep=apart)
    said, confidence = after.genres[0]
    return Trial(
        place=nearer + 1,
        kept=before.genres[0][0] == said,
        moved=moved,
        nearest=float(distances_to(others, own).min()),
        picks=picks,
        fitting=float((genres[picks] == genres[row]).mean()),
        confidence=confidence,
        right=bool(said == genres[row]),
    )


def summary_of(trials: list[Trial], plain: list[Trial]) -> dict[str, Any]:
    """Figures of one case, beside the same clips unchanged.

    ``finds_itself`` and ``in_first_5`` are the shares of clips whose own track comes first, or
    among the first five, with 95 % intervals; ``keeps_genre`` that of clips with the same top genre
    as before.  ``moved`` is the median move over the median distance from a track to its nearest
    other.  ``fitting_picks`` is the share of picks with the track's genre, ``ece`` the calibration
    error in five bins, since clips are few, of ``confidence``, its mean, against ``accuracy``, and
    ``ece_by_chance`` what it would be for true confidences: its mean and 95th percentile.
    """
    tallies = {
        "finds_itself": [trial.place == 1 for trial in trials],
        "in_first_5": [trial.place <= 5 for trial in trials],
        "keeps_genre": [trial.kept for trial in trials],
    }
    summary: dict[str, Any] = {"n": len(trials)}
    for name, ones in tallies.items():
        summary[name] = sum(ones) / len(ones)
        summary[f"{name}_ci95"] = list(wilson_interval(sum(ones), len(ones)))
    moved, nearest = ([getattr(t, name) for t in trials] for name in ("moved", "nearest"))
    shared = [
        len(np.intersect1d(one.picks, other.picks)) / len(other.picks)
        for one, other in zip(trials, plain, strict=True)
    ]
    confidence, right = ([getattr(t, name) for t in trials] for name in ("confidence", "right"))
    return {
        **summary,
        "moved": float(np.median(moved) / np.median(nearest)),
        "picks_shared": float(np.mean(shared)),
        "fitting_picks": float(np.mean([trial.fitting for trial in trials])),
        "accuracy": float(np.mean(right)),
        "confidence": float(np.mean(confidence)),
        "ece": _calibration_error(np.array(confidence), np.array(right)),
        "ece_by_chance": list(calibration_error_by_chance(np.array(confidence), _N_BINS)),
    }


def _calibration_error(confidence: Floats, right: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """As if there were two answers, of which the first was given with ``confidence``."""
    answers = np.stack([np.maximum(confidence, 1e-6), np.zeros(len(confidence))], axis=1)
    return expected_calibration_error(answers, np.where(right, 0, 1), _N_BINS)
