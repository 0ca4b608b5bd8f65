"""Audio files to clips: decode only the window that is needed, mix down, resample.

soundfile (libsndfile) reads mp3, wav, flac, ogg and aiff; PyAV reads m4a, aac, webm and mp4,
and what libsndfile refuses.  PyAV's wheels bundle GPL codecs, so it is an optional extra.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile
import soxr

from soundmap.containers import HEAD_BYTES, container_of
from soundmap.errors import BadSound, NotInstalled
from soundmap.limits import checked_rate
from soundmap.types import Clip, Floats

WINDOW_SECONDS = 30.0
MIN_SECONDS = 0.5
SILENT_RMS = 1e-4  # -80 dBFS: below the dither of a 16-bit recording of nothing
_BLOCK_SAMPLES = 1 << 16
_MUTING = threading.Lock()
_USUAL_RATE_HZ = 44_100  # Opus runs at 48 kHz whatever it was made from: its rate says nothing
_SOUNDFILE_KINDS = {"mp3", "wav", "flac", "ogg", "aiff"}


def decode(path: Path) -> Clip:
    """The middle 30 s of a file as mono at the file's own rate, or all of a shorter one.

    Mono is the plain mean of the channels.  The window starts at a whole second, so that a
    file which is a 30 s clip already is heard from its first sample.  Raises BadSound
    (``missing_file is_folder not_a_file unreadable_file empty_file not_audio playlist
    no_audio_stream damaged unsupported_rate not_finite too_short silent``) or NotInstalled
    ``needs_pyav``.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadSound("is_folder", path=path)
        if not stat.S_ISREG(mode):  # a pipe would wait for a writer for ever
            raise BadSound("not_a_file", path=path)
        with path.open("rb") as file:
            kind = container_of(file.read(HEAD_BYTES))
        with _native_output_muted():
            clip = _decode(path, kind)
        return _checked(clip)
    except FileNotFoundError as error:
        raise BadSound("missing_file", path=path) from error
    except (OSError, ValueError) as error:
        raise BadSound("unreadable_file", path=path, reason=error) from error


def resample(clip: Clip, sample_rate_hz: int) -> Clip:
    """The clip at another rate, by soxr in high quality: the one resampler of the project."""
    if clip.sample_rate_hz == sample_rate_hz:
        return clip
    samples = soxr.resample(clip.samples, clip.sample_rate_hz, sample_rate_hz, quality="HQ")
    return replace(clip, samples=samples, sample_rate_hz=sample_rate_hz)


def mono(samples: Floats) -> Floats:
    """Plain mean of the channels of float32 (n, n_channels), float32 (n,).

    NumPy's own mean along so short an axis takes as long as decoding an mp3.
    """
    total = samples[:, 0].copy()
    for channel in samples.T[1:]:
        total += channel
    total /= samples.shape[1]
    return total


def window_start_s(duration_s: float) -> int:
    """Where the window of a file begins: it is centered, rounded down to a whole second."""
    return int(max(0.0, duration_s - WINDOW_SECONDS) // 2)


@contextmanager
def _native_output_muted() -> Iterator[None]:
    """Decoders written in C print warnings on descriptor 2; what matters is said by us.

    The descriptor is the whole process's, hence one at a time: work in processes, not threads.
    """
    with _MUTING:
        try:
            kept = os.dup(2)
        except OSError:  # closed: nothing to mute
            yield
            return
        try:
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


class _Source(Protocol):
    """An open sound, whichever library reads it."""

    def __enter__(self) -> _Source: ...
    def __exit__(self, *_: object) -> None: ...

    @property
    def duration_s(self) -> float: ...
    @property
    def is_opus(self) -> bool: ...
    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]: ...


class _SoundfileSource:
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

    def __enter__(self) -> _SoundfileSource:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def duration_s(self) -> float:
        return float(self._file.frames / self._file.samplerate)

    @property
    def is_opus(self) -> bool:
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


def _decode(path: Path, kind: str) -> Clip:
    if kind in _SOUNDFILE_KINDS:
        try:
            return _read_window(lambda: _SoundfileSource(path))
        except soundfile.LibsndfileError:
            pass  # PyAV reads some that it refuses
        except BadSound as error:
            if error.code != "damaged":
                raise
    try:
        from soundmap.audio_pyav import Stream
    except ImportError as error:
        if kind in _SOUNDFILE_KINDS:
            raise BadSound("damaged") from error
        raise NotInstalled("needs_pyav", kind=kind) from error
    return _read_window(lambda: Stream(path, kind))


def _read_window(opened: Callable[[], _Source]) -> Clip:
    with opened() as source:
        duration_s, is_opus = source.duration_s, source.is_opus
        start_s = window_start_s(duration_s)
        samples, rate = source.read(start_s, WINDOW_SECONDS)
    cut_short = not len(samples) or len(samples) < WINDOW_SECONDS * rate
    if start_s and cut_short:  # the header promised too much
        with opened() as source:  # afresh: a failed seek leaves a decoder of no use
            again, rate_again = source.read(0, WINDOW_SECONDS)
        if len(again) > len(samples):
            start_s, samples, rate = 0, again, rate_again
    if not len(samples):
        raise BadSound("damaged")
    clip = Clip(samples, rate, start_s, min(duration_s, WINDOW_SECONDS))
    return resample(clip, _USUAL_RATE_HZ) if is_opus else clip


def _checked(clip: Clip) -> Clip:
    if not np.isfinite(clip.samples).all():
        raise BadSound("not_finite")
    if clip.seconds < MIN_SECONDS:
        raise BadSound("too_short", seconds=clip.seconds, least=MIN_SECONDS)
    peak = max(float(clip.samples.max()), -float(clip.samples.min()), 1.0)
    samples = clip.samples / np.float32(peak) if peak > 1 else clip.samples
    rms = float(np.linalg.norm(samples - samples.mean())) * peak / len(samples) ** 0.5
    if rms < SILENT_RMS:
        raise BadSound("silent")
    return replace(clip, samples=samples)
