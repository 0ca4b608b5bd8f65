"""Decodes audio files to clips: only the window that is heard, brought to one channel.

What a careful player would play is what is heard: where a header and the stream disagree, the
stream is right.  A plain mp3, wav, flac, ogg or aiff goes to soundfile (libsndfile) at once.  PyAV
reads all others, and of those that are not plain it counts the packets first.  PyAV's wheels bundle
GPL codecs, so it is an optional extra.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from soundmap.audio.pieces import Source, clip_of
from soundmap.audio.plain.boxes import is_whole
from soundmap.audio.plain.chunks import hides_code
from soundmap.audio.plain.looks import plain_seconds
from soundmap.audio.samples import resample
from soundmap.audio.skipping import Found, find_sound
from soundmap.audio.windows import MIDDLE, Look
from soundmap.audio.with_soundfile import SoundfileSource
from soundmap.errors import BadSound, NotInstalled
from soundmap.types import Clip, frozen

MIN_SECONDS = 0.5
SILENT_RMS = 1e-4  # -80 dBFS
_MUTING = threading.Lock()
_USUAL_RATE_HZ = 44_100  # for Opus, which is 48 kHz whatever it was made from
_SOUNDFILE_KINDS = {"mp3", "wav", "flac", "ogg", "aiff"}


def decode(path: str | Path, look: Look = MIDDLE) -> Clip:
    """Decodes the windows of a file that ``look`` asks for, in one channel at its own rate.

    By default that is the middle 30 s, or all of a shorter file: see ``windows_of``.  The channel
    is the mean of all, or the loudest where they cancel each other (``Downmix``).  Opus is
    resampled to 44.1 kHz; where rates change, all is brought to the one that most of it has.

    A plain file costs a dozen looks and the decoding of its windows.  Of every other one each byte
    is read once to find its packets and once more for each try to decode its windows, of which
    there are three at most; a million packets are counted, and no more is decoded than the windows
    and half a second before each.

    Raises BadSound (``missing_file is_folder not_a_file unreadable_file empty_file not_audio
    playlist no_audio_stream damaged coded unsupported_rate not_finite past_the_end too_short
    silent``) or NotInstalled ``needs_pyav``.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadSound("is_folder", path=path)
        if not stat.S_ISREG(mode):  # a pipe would block until somebody writes
            raise BadSound("not_a_file", path=path)
        with _native_output_muted():
            clip = _decode(path, look)
        return _checked(clip)
    except FileNotFoundError as error:
        raise BadSound("missing_file", path=path) from error
    except (OSError, ValueError) as error:
        raise BadSound("unreadable_file", path=path, reason=error) from error


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


def _decode(path: Path, look: Look) -> Clip:
    with path.open("rb") as file:
        found = find_sound(file)
        seconds = plain_seconds(file, found)
        whole = seconds is None and is_whole(file, found)
        coded = seconds is None and hides_code(file, found)
    plain = None if seconds is None else _by_soundfile(path, look, seconds)
    if plain and plain.seconds >= plain.promised_s - 1e-3:
        return plain
    careful = _by_pyav(path, look, found, whole, plain, coded)
    return max(filter(None, (plain, careful)), key=lambda clip: clip.seconds)


def _by_soundfile(path: Path, look: Look, seconds: float = 0.0) -> Clip | None:
    """None for what libsndfile refuses, or where nothing of it can be decoded."""
    try:
        with SoundfileSource(path, seconds) as source:
            return _clip_of(source, look)
    except soundfile.LibsndfileError:
        return None
    except BadSound as error:
        if error.code != "damaged":
            raise
        return None


def _by_pyav(
    path: Path, look: Look, found: Found, whole: bool, plain: Clip | None, coded: bool
) -> Clip | None:
    """Raises BadSound or NotInstalled only where there is no ``plain`` clip, and none from
    libsndfile, which knows some codecs that FFmpeg does not.  ``coded`` says that what are called
    samples are none, so that libsndfile may not hear them.
    """
    try:
        from soundmap.audio.with_pyav import Stream

        with Stream(path, found, whole) as source:
            if coded and source.is_pcm:
                raise BadSound("coded")
            return _clip_of(source, look)
    except ImportError as error:
        failed: BadSound | NotInstalled = NotInstalled("needs_pyav", kind=found.kind)
        failed.__cause__ = error
    except BadSound as error:
        failed = error
    if found.kind not in _SOUNDFILE_KINDS or failed.code in ("unsupported_rate", "coded"):
        raise failed
    if coded:
        raise BadSound("coded") from failed
    clip = plain or _by_soundfile(path, look)
    if clip is None:
        raise BadSound("damaged") from failed
    return clip


def _clip_of(source: Source, look: Look) -> Clip:
    clip = clip_of(source, look)
    return resample(clip, _USUAL_RATE_HZ) if source.is_opus else clip


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
