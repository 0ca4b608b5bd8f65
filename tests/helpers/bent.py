"""A song in every container, made once, and ways to bend such files."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from soundmap.audio.decode import decode
from soundmap.audio.frames import frame_at
from soundmap.audio.samples import resample
from soundmap.types import Clip, Floats
from tests.helpers.sounds import encode, lag, music, write

RATE_HZ = 48_000
SECONDS = 70
CLOSE_S = 0.08
"""Within which a codec may delay what it is given."""
START_S = 20
"""Where the window of such a song begins."""

_CODECS = {
    "mp3": ("libmp3lame", "mp3"),
    "aac": ("aac", "adts"),
    "m4a": ("aac", "ipod"),
    "ts": ("aac", "mpegts"),
    "webm": ("libopus", "webm"),
    "mka": ("aac", "matroska"),
    "caf": ("pcm_s16be", "caf"),
    "au": ("pcm_s16be", "au"),
    "w64": ("pcm_s16le", "w64"),
    "mov": ("pcm_s16le", "mov"),
    "avi": ("libmp3lame", "avi"),
    "flv": ("libmp3lame", "flv"),
    "wv": ("wavpack", "wv"),
    "tta": ("tta", "tta"),
    "ac3": ("ac3", "ac3"),
    "eac3": ("eac3", "eac3"),
    "mpg": ("mp2", "mpeg"),
}
_SUBTYPES = {"wav": "PCM_16", "flac": "PCM_16", "aif": "PCM_16", "ogg": "VORBIS", "opus": "OPUS"}
KINDS = (*_CODECS, *_SUBTYPES)


@cache
def song(seconds: float = SECONDS, rate_hz: int = RATE_HZ, seed: int = 0) -> Floats:
    """Music whose noise makes every moment unlike every other."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz))
    smooth = np.convolve(noise, np.hanning(24), "same").astype(np.float32)
    return (music(seconds, rate_hz, seed) * 0.5 + smooth * 0.03).astype(np.float32)


@cache
def file_of(kind: str, seconds: float = SECONDS, rate_hz: int = RATE_HZ, seed: int = 0) -> bytes:
    """The song in a container.  An mp3 is of constant bit rate, with no tag before its Xing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        if kind in _SUBTYPES:
            write(path, song(seconds, rate_hz, seed), rate_hz, _SUBTYPES[kind])
        else:
            encode(path, song(seconds, rate_hz, seed), rate_hz, *_CODECS[kind])
        data = path.read_bytes()
    return data[data.index(b"\xff\xfb") :] if kind == "mp3" else data


@cache
def stereo(kind: str, factor: float, seconds: float = 3) -> bytes:
    """A song whose right channel is its left one times a factor."""
    with tempfile.TemporaryDirectory() as folder:
        path, sound = Path(folder) / f"a.{kind}", song(seconds)
        write(path, np.stack([sound, np.float32(factor) * sound], 1), RATE_HZ, _SUBTYPES.get(kind))
        return path.read_bytes()


def variable(seconds: float, bit_rates: tuple[int, ...] = (64_000, 128_000)) -> bytes:
    """An mp3 without Xing whose bit rate changes."""
    with tempfile.TemporaryDirectory() as folder:
        parts, part_s = [], seconds / len(bit_rates)
        for number, bit_rate in enumerate(bit_rates):
            start = round(number * part_s * RATE_HZ)
            sound = song(seconds)[start : start + round(part_s * RATE_HZ)]
            path = Path(folder) / "a.mp3"
            encode(path, sound, RATE_HZ, *_CODECS["mp3"], bit_rate)
            data = path.read_bytes()
            parts.append(without_xing(data[data.index(b"\xff\xfb") :]))
    return b"".join(parts)


def without_xing(mp3: bytes) -> bytes:
    """An mp3 without its first frame, which says how long it is."""
    first = frame_at(mp3)
    assert first
    return mp3[first.n_bytes :]


def id3(n_bytes: int, footer: bool = False, plain: bool = False) -> bytes:
    """An ID3v2.4 tag with so many bytes in it; ``plain`` is the size that is not synchsafe."""
    shifts = (24, 16, 8, 0) if plain else (21, 14, 7, 0)
    size = bytes(n_bytes >> shift & (0xFF if plain else 0x7F) for shift in shifts)
    head = b"\x04\x00" + (b"\x10" if footer else b"\x00") + size
    return b"ID3" + head + b"abcdefg " * (n_bytes // 8) + (b"3DI" + head if footer else b"")


def overwritten(data: bytes, at: int, n_bytes: int = 300) -> bytes:
    """The file with noise in it."""
    noise = np.random.default_rng(at).bytes(n_bytes)
    return data[:at] + noise + data[at + n_bytes :]


def made(
    codec: str, container: str, options: dict[str, str] | None = None, rate_hz: int = RATE_HZ
) -> bytes:
    """The song as FFmpeg writes it with options of the container."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        encode(path, song(SECONDS, rate_hz), rate_hz, codec, container, None, options)
        return path.read_bytes()


def heard(folder: Path, content: bytes) -> Clip:
    """What is heard of a file that holds ``content``."""
    (folder / "sound").write_bytes(content)
    return decode(folder / "sound")


def is_middle(clip: Clip, start_s: float = START_S, late_s: float = 0.0) -> bool:
    """Whether a clip is 30 s of the song from ``start_s`` on."""
    near = abs(misplaced_s(clip, song(), late_s=late_s)) < CLOSE_S
    return clip.start_s == start_s and abs(clip.seconds - 30) < 0.01 and near


def misplaced_s(clip: Clip, sound: Floats, rate_hz: int = RATE_HZ, late_s: float = 0.0) -> float:
    """By how many seconds a clip lies elsewhere in a sound than it says; ``late_s`` is where the
    sound begins in the file.  Compared are five seconds of the clip's middle.
    """
    heard = resample(clip, rate_hz).samples
    middle = len(heard) // 2 - 2 * rate_hz
    start = round((clip.start_s - late_s) * rate_hz) + middle
    reference, part = sound[start : start + 5 * rate_hz], heard[middle : middle + 5 * rate_hz]
    return lag(reference, part) / rate_hz
