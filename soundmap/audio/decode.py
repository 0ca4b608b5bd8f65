"""Decodes audio files to clips: only the window that is heard, brought to one channel.

What a careful player would play is what is heard: where a header and the stream disagree, the
stream is right.  A plain mp3, wav, flac, ogg or aiff goes to soundfile (libsndfile) at once.  PyAV
reads all others, and of those that are not plain it counts the packets first.  PyAV's wheels bundle
GPL codecs, so it is an optional extra.
"""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from soundmap.audio.muting import native_output_muted
from soundmap.audio.pieces import Source, clip_of
from soundmap.audio.plain.boxes import is_whole
from soundmap.audio.plain.looks import plain_seconds
from soundmap.audio.samples import resample
from soundmap.audio.skipping import Found, find_sound
from soundmap.audio.windows import MIDDLE, Look
from soundmap.audio.with_soundfile import SoundfileSource
from soundmap.errors import BadSound, NotInstalled
from soundmap.types import Clip, frozen

MIN_SECONDS = 0.5
SILENT_RMS = 1e-4  # -80 dBFS
_HEARD_OFFSET = 0.03  # share of the level from which on a constant changes what is heard
_USUAL_RATE_HZ = 44_100  # for Opus, which is 48 kHz whatever it was made from
_SOUNDFILE_KINDS = {"mp3", "wav", "flac", "ogg", "aiff"}
_FINAL = ("unsupported_rate", "coded", "headless", "past_the_end")


def decode(path: str | Path, look: Look = MIDDLE) -> Clip:
    """Decodes the windows of a file that ``look`` asks for, in one channel at its own rate.

    By default that is the middle 30 s, or all of a shorter file: see ``windows_of``.  The channel
    is the mean of all, or the loudest where they cancel each other (``Downmix``).  Opus is
    resampled to 44.1 kHz; where rates change, all is brought to the one that most of it has.  A
    constant beside the sound, as of cheap sound cards, is taken away.

    A plain file costs a dozen looks and the decoding of its windows.  Of every other one each byte
    is read once to find its packets and once more for each try to decode its windows, of which
    there are three at most; a million packets are counted, and no more is decoded than the windows
    and half a second before each, and no more than 100,000 packets.

    Raises BadSound (``missing_file is_folder not_a_file unreadable_file empty_file not_audio
    playlist no_audio_stream damaged headless coded unsupported_rate not_finite past_the_end
    too_short silent``) or NotInstalled ``needs_pyav``.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise BadSound("is_folder", path=path)
        if not stat.S_ISREG(mode):  # a pipe would block until somebody writes
            raise BadSound("not_a_file", path=path)
        with native_output_muted():
            clip = _decode(path, look)
        return _checked(clip)
    except FileNotFoundError as error:
        raise BadSound("missing_file", path=path) from error
    except (OSError, ValueError) as error:
        raise BadSound("unreadable_file", path=path, reason=error) from error


def _decode(path: Path, look: Look) -> Clip:
    """The fast way for plain files, then the careful one, of which the longer clip is kept."""
    with path.open("rb") as file:
        found = find_sound(file)
        seconds = plain_seconds(file, found)
        whole = seconds is None and is_whole(file, found)
    plain = None if seconds is None else _by_soundfile(path, look, seconds)
    if plain and plain.missing_s < 1e-3:
        return plain
    try:
        careful = _by_pyav(path, look, found, whole)
    except (BadSound, NotInstalled) as error:
        if found.kind not in _SOUNDFILE_KINDS or error.code in _FINAL:
            raise
        clip = plain or _by_soundfile(path, look)  # it knows some codecs that FFmpeg does not
        if clip is None:
            raise BadSound("damaged") from error
        return clip
    return max(filter(None, (plain, careful)), key=lambda clip: clip.seconds)


def _by_soundfile(path: Path, look: Look, seconds: float = 0.0) -> Clip | None:
    """None for what libsndfile refuses, or where nothing of it can be decoded as sound."""
    try:
        with SoundfileSource(path, seconds) as source:
            return _clip_of(source, look)
    except soundfile.LibsndfileError:
        return None
    except BadSound as error:
        if error.code not in ("damaged", "coded"):
            raise
        return None


def _by_pyav(path: Path, look: Look, found: Found, whole: bool) -> Clip:
    """Raises BadSound, or NotInstalled ``needs_pyav``."""
    try:
        from soundmap.audio.with_pyav import Stream
    except ImportError as error:
        raise NotInstalled("needs_pyav", kind=found.kind) from error
    with Stream(path, found, whole) as source:
        return _clip_of(source, look)


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
    offset = samples.mean()
    rms = float(np.linalg.norm(samples - offset)) / len(samples) ** 0.5
    if rms * peak < SILENT_RMS:
        raise BadSound("silent")
    if abs(offset) > _HEARD_OFFSET * rms:
        samples = samples - offset
    return replace(clip, samples=frozen(samples))
