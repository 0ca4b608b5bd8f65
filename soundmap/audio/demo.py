"""Demo sounds that SoundMap makes itself, so that a first try needs no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import soundfile

from soundmap.audio.synth.house import BPM, house
from soundmap.audio.synth.nocturne import nocturne
from soundmap.audio.synth.waves import RATE_HZ
from soundmap.audio.synth.wind import wind
from soundmap.errors import BadRequest
from soundmap.types import Clip, Floats
from soundmap.wording.guessing import meant

__all__ = ["BPM", "DEMOS", "RATE_HZ", "demo_clip", "write_demo"]

DEMOS: Mapping[str, Callable[[], Floats]] = {"house": house, "piano": nocturne, "wind": wind}
"""The demos by name, each about 32 s; they are always the same."""


def demo_clip(name: str = "house") -> Clip:
    """A demo as it is heard, in mono.  Raises BadRequest ``bad_choice``."""
    return Clip(_demo(name).mean(axis=1), RATE_HZ)


def write_demo(path: Path, name: str = "house") -> None:
    """Writes a demo as a 16-bit wav file in stereo.  Raises BadRequest ``bad_choice``."""
    soundfile.write(path, _demo(name), RATE_HZ, subtype="PCM_16", format="WAV")


def _demo(name: str) -> Floats:
    if name not in DEMOS:
        raise BadRequest(
            "bad_choice", choice=name, known=", ".join(DEMOS), meant=meant(name, DEMOS)
        )
    return DEMOS[name]()
