"""Decodes with libsndfile: mp3, wav, flac, ogg and aiff."""

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
    """A file opened with libsndfile.  Use it in a ``with`` block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._opened()
        try:
            checked_rate(self._file.samplerate)
        except BadSound:
            self._file.close()
            raise

    def _opened(self) -> soundfile.SoundFile:
        """Opens by descriptor, since libsndfile trusts some file endings."""
        return soundfile.SoundFile(os.open(self._path, os.O_RDONLY), closefd=True)

    def __enter__(self) -> SoundfileSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def duration_s(self) -> float:
        """Length in seconds by the header."""
        return float(self._file.frames / self._file.samplerate)

    @property
    def is_opus(self) -> bool:
        """Whether the codec is Opus."""
        return bool(self._file.subtype == "OPUS")

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """Mono float32 (n,) from ``start_s`` on, at most ``seconds`` long, and its rate in Hz.

        It reads in blocks, so that a file of many channels takes little memory.
        """
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
            pass  # a damaged part: what came before it counts
        return samples[:have], rate

    def _can_seek(self) -> bool:
        """False for a Vorbis stream that cannot be decoded: seeking in it crashes the library."""
        if self._file.subtype != "VORBIS":
            return True
        with self._opened() as afresh:  # reading first would shift later seeks
            return len(afresh.read(1)) == 1
