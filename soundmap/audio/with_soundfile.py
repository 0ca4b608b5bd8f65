"""libsndfile reads mp3, wav, flac, ogg and aiff."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import soundfile

from soundmap.audio.samples import checked_rate, mono
from soundmap.errors import BadSound
from soundmap.types import Floats

_BLOCK_SAMPLES = 1 << 16


class SoundfileSource:
    """libsndfile's reading of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._opened()
        try:
            checked_rate(self._file.samplerate)
        except BadSound:
            self._file.close()
            raise

    def _opened(self) -> soundfile.SoundFile:
        """By a descriptor, not by a name: libsndfile would believe some endings."""
        return soundfile.SoundFile(os.open(self._path, os.O_RDONLY), closefd=True)

    def __enter__(self) -> SoundfileSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def duration_s(self) -> float:
        """As the head of the file says."""
        return float(self._file.frames / self._file.samplerate)

    @property
    def is_opus(self) -> bool:
        """Whether it is Opus, which is always 48 kHz."""
        return bool(self._file.subtype == "OPUS")

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """Read in blocks, so that many channels never stand in memory at once."""
        rate, have = self._file.samplerate, 0
        samples = np.empty(round(seconds * rate), np.float32)
        channels = self._file.channels
        block = np.empty((max(1, _BLOCK_SAMPLES // channels), channels), np.float32)
        try:
            if not self._can_seek():
                return samples[:0], rate
            self._file.seek(int(start_s * rate))
            while have < len(samples):
                read = self._file.read(out=block[: len(samples) - have])
                samples[have : have + len(read)] = mono(read)
                have += len(read)
                if len(read) < len(block):
                    break
        except soundfile.LibsndfileError:
            pass  # a damaged stretch: what came before it counts
        return samples[:have], rate

    def _can_seek(self) -> bool:
        """Vorbis's library crashes where it is to seek in a stream that it cannot decode."""
        if self._file.subtype != "VORBIS":
            return True
        with self._opened() as afresh:  # who has read already seeks to other samples
            return len(afresh.read(1)) == 1
