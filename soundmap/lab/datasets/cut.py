"""Cuts one audio file into the tiles and MFCCs that training and the ladder read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundmap.audio.decode import decode
from soundmap.errors import SoundMapError
from soundmap.features.mfcc import N_FRAMES, mfcc
from soundmap.features.tiles import SPECS, Steps, tiles_of
from soundmap.features.traits import tempo_bpm
from soundmap.lab.datasets.sources import Entry
from soundmap.types import Clip, Floats

_SLACK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Cut:
    """``tiles`` uint8 (n_tiles, n_mels, n_columns), ``mfcc`` float32 (130, 20), tempo in BPM."""

    tiles: Steps
    mfcc: Floats
    tempo_bpm: float


@dataclass(frozen=True, slots=True)
class Job:
    """A file to cut, with the sample rate and length it should have, None for any."""

    entry: Entry
    spec: str
    rate_hz: int | None
    seconds: float | None


def cut(job: Job) -> Cut | str:
    """Tiles and MFCCs of a file, or a sentence that says why there are none."""
    try:
        clip = decode(job.entry.path)
    except SoundMapError as error:
        return str(error)
    if job.rate_hz not in (None, clip.sample_rate_hz):
        return f"It is at {clip.sample_rate_hz:,} Hz; {job.rate_hz:,} Hz was expected."
    if job.seconds and (clip.seconds < job.seconds - _SLACK_SECONDS or clip.start_s):
        length = "longer" if clip.start_s else f"{clip.seconds:.1f} s long"
        return f"It is {length}; {job.seconds:g} s were expected."
    return _cut(clip, job.spec)


def _cut(clip: Clip, name: str) -> Cut | str:
    spec = SPECS[name]
    tiles, _ = tiles_of(clip, spec)
    frames = mfcc(clip)[:N_FRAMES]
    if tiles.shape[2] < spec.n_columns or len(frames) < N_FRAMES:
        return f"It is {clip.seconds:.1f} s long: too short for a whole tile."
    return Cut(np.rint(tiles * 255).astype(np.uint8), frames, tempo_bpm(clip))
