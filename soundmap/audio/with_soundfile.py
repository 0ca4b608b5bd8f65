"""Decodes with libsndfile: plain mp3, wav, flac, ogg and aiff."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import soundfile

from soundmap.audio.mpeg import MP3_DELAY
from soundmap.audio.samples import Downmix, Wiring, checked_rate
from soundmap.errors import BadSound
from soundmap.types import Floats

_BLOCK_SAMPLES = 1 << 16


class SoundfileSource:
    """A file opened with libsndfile.  Use it in a ``with`` block.

    ``seconds`` is the length of an mp3 whose header does not tell it, nor that its sound comes
    ``MP3_DELAY`` samples late; 0 for what has such a header.  Raises BadSound ``unsupported_rate``,
    or LibsndfileError.
    """

    def __init__(self, path: Path, seconds: float = 0.0) -> None:
        self._path, self._wiring = path, Wiring()
        self._file = self._opened()
        self._late = MP3_DELAY if seconds and self._file.format == "MP3" else 0
        self._seconds = max(0.0, seconds - self._late / self._file.samplerate)
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
        """Length in seconds."""
        return self._seconds or float(self._file.frames / self._file.samplerate)

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header, or by what is known better."""
        return self.duration_s

    @property
    def is_opus(self) -> bool:
        """Whether the codec is Opus."""
        return bool(self._file.subtype == "OPUS")

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """One channel float32 (n,) from ``start_s`` on, at most ``seconds`` long, and its rate in
        Hz.  It ends at a damaged part.  Which channel, ``Wiring`` tells.  Raises
        BadSound ``coded``.
        """
        downmix = Downmix(self._wiring.channel)
        samples = self._read(start_s, seconds, downmix)
        if self._wiring.again(downmix):
            samples = self._read(start_s, seconds, Downmix(self._wiring.channel))
        return samples, self._file.samplerate

    def _read(self, start_s: float, seconds: float, downmix: Downmix) -> Floats:
        """Reads in blocks, so that a file of many channels takes little memory."""
        rate, have = self._file.samplerate, 0
        samples = np.empty(round(seconds * rate), np.float32)
        channels = self._file.channels
        block = np.empty((max(1, _BLOCK_SAMPLES // channels), channels), np.float32)
        try:
            if not self._can_seek():
                return samples[:0]
            self._file.seek(int(start_s * rate) + self._late)
            while have < len(samples):
                read = self._file.read(out=block[: len(samples) - have])
                samples[have : have + len(read)] = downmix.add(read)
                have += len(read)
                if len(read) < len(block):
                    break
        except soundfile.LibsndfileError:
            pass  # a damaged part: what came before it counts
        return samples[:have]

    def _can_seek(self) -> bool:
        """False for a Vorbis stream that cannot be decoded: seeking in it crashes the library."""
        if self._file.subtype != "VORBIS":
            return True
        with self._opened() as afresh:  # reading first would shift later seeks
            return len(afresh.read(1)) == 1
