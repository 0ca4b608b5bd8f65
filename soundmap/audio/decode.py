"""Decodes audio files to clips: only the window that is heard, mixed down to mono.

soundfile (libsndfile) reads mp3, wav, flac, ogg and aiff.  PyAV reads m4a, aac, webm and mp4, and
files that libsndfile rejects.  PyAV's wheels bundle GPL codecs, so it is an optional extra.
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

from soundmap.audio.containers import HEAD_BYTES, container_of
from soundmap.audio.samples import resample
from soundmap.audio.with_soundfile import SoundfileSource
from soundmap.errors import BadSound, NotInstalled
from soundmap.types import Clip, Floats, frozen

WINDOW_SECONDS = 30.0
MIN_SECONDS = 0.5
SILENT_RMS = 1e-4  # -80 dBFS
_MUTING = threading.Lock()
_USUAL_RATE_HZ = 44_100  # for Opus, which is 48 kHz whatever it was made from
_SOUNDFILE_KINDS = {"mp3", "wav", "flac", "ogg", "aiff"}


def decode(path: str | Path) -> Clip:
    """Decodes the middle 30 s of a file, or all of a shorter one, as mono at its own rate.

    Mono is the mean of the channels.  The window starts at a whole second, so a file that is a
    30 s clip already is heard from its first sample.  Opus is resampled to 44.1 kHz.

    Raises BadSound (``missing_file is_folder not_a_file unreadable_file empty_file not_audio
    playlist no_audio_stream damaged unsupported_rate not_finite too_short silent``) or
    NotInstalled ``needs_pyav``.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadSound("is_folder", path=path)
        if not stat.S_ISREG(mode):  # a pipe would block until somebody writes
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


def window_start_s(duration_s: float) -> int:
    """Start of the centered window in seconds, rounded down to a whole second."""
    return int(max(0.0, duration_s - WINDOW_SECONDS) // 2)


@contextmanager
def _native_output_muted() -> Iterator[None]:
    """Discards what decoders written in C print to standard error.

    The file descriptor belongs to the whole process, so only one thread decodes at a time.
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
    """An open file, whichever library reads it."""

    def __enter__(self) -> _Source: ...
    def __exit__(self, *_: object) -> None: ...

    @property
    def duration_s(self) -> float: ...
    @property
    def is_opus(self) -> bool: ...
    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]: ...


def _decode(path: Path, kind: str) -> Clip:
    if kind in _SOUNDFILE_KINDS:
        try:
            return _read_window(lambda: SoundfileSource(path))
        except soundfile.LibsndfileError:
            pass  # PyAV may read it
        except BadSound as error:
            if error.code != "damaged":
                raise
    try:
        from soundmap.audio.with_pyav import Stream
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
    if start_s and cut_short:  # the header claims more than there is
        with opened() as source:  # reopened: a decoder is unusable after a failed seek
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
    return replace(clip, samples=frozen(samples))
