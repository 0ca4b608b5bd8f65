"""Sounds made for the tests, and audio files of every kind that hold them."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
import soundfile

from soundmap.audio.samples import resample
from soundmap.cli.main import main
from soundmap.types import Clip, Floats


def music(seconds: float, rate_hz: int = 44_100, seed: int = 0) -> Floats:
    """A few decaying tones over noise, float32 (n,), peak 0.5; enough to give traits."""
    return _music(seconds, rate_hz, seed).copy()


@lru_cache(maxsize=32)
def _music(seconds: float, rate_hz: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    pitches = rng.uniform(80, 0.4 * rate_hz / 2, 6)
    beat = np.exp(-((t * 2) % 1) * 4)
    mix = sum(np.sin(2 * np.pi * hz * t) / (i + 1) for i, hz in enumerate(pitches)) * beat
    mix = mix + 0.02 * rng.standard_normal(len(t))
    return np.asarray(0.5 * mix / np.abs(mix).max(), dtype=np.float32)


def write(path: Path, samples: npt.NDArray[Any], rate_hz: int, subtype: str | None = None) -> Path:
    """Writes with libsndfile, in pieces because its Vorbis encoder overflows on long arrays."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    kind = {".opus": "OGG", ".aif": "AIFF"}.get(path.suffix, path.suffix[1:].upper())
    with soundfile.SoundFile(path, "w", rate_hz, channels, subtype, format=kind) as file:
        for start in range(0, len(samples), 20_000):
            file.write(samples[start : start + 20_000])
    return path


def encode(
    path: Path,
    samples: Floats,
    rate_hz: int,
    codec: str,
    container: str,
    bit_rate: int | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Writes mono with FFmpeg; the encoder delay is declared if the container supports it, of
    which ``options`` are.
    """
    with av.open(path, "w", format=container, options=options or {}) as output:
        stream = cast(av.AudioStream, output.add_stream(codec, rate=rate_hz))
        stream.codec_context.layout = av.AudioLayout("mono")
        if bit_rate:
            stream.codec_context.bit_rate = bit_rate
        resampler = av.AudioResampler(
            stream.codec_context.format or "fltp", "mono", rate_hz, stream.frame_size or None
        )
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.sample_rate = rate_hz
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return path


def dsf(samples: Floats) -> bytes:
    """Mono of 48 kHz as 1-bit samples at 64 times 44.1 kHz, first order, in a DSF (Sony, 1.01)."""
    wanted = np.repeat(resample(Clip(samples, 48_000), 44_100).samples.astype(np.float64), 64)
    total = np.floor((np.cumsum(wanted) + np.arange(1, len(wanted) + 1)) / 2)
    bits = np.packbits(np.diff(total, prepend=0) > 0, bitorder="little").tobytes()
    data = bits + bytes(-len(bits) % 4096)
    about = struct.pack("<QIIIIIIQII", 52, 1, 0, 1, 1, 64 * 44_100, 1, len(wanted), 4096, 0)
    head = b"DSD " + struct.pack("<QQQ", 28, 92 + len(data), 0) + b"fmt " + about
    return head + b"data" + struct.pack("<Q", 12 + len(data)) + data


def silent_video(path: Path) -> Path:
    """One second of video without an audio stream."""
    with av.open(path, "w", format="mp4") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for shade in range(10):
            picture = np.full((64, 64, 3), shade * 20, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return path


def catalog_of(folder: Path, catalogs: Path, n: int) -> None:
    """Makes a catalog ``mine`` of ``n`` untagged songs with ``soundmap index``."""
    folder.mkdir(exist_ok=True)
    for number in range(n):
        write(folder / f"song {number}.wav", music(1, seed=number), 44_100)
    index = ["index", str(folder), "--name", "mine", "--jobs", "1", "--catalogs", str(catalogs)]
    assert main([*index, "--json"]) == 0


def lag(reference: Floats, other: Floats) -> int:
    """How many samples ``other`` lags behind ``reference``, by cross-correlation."""
    size = 2 * max(len(reference), len(other))
    product = np.fft.rfft(reference, size).conj() * np.fft.rfft(other, size)
    peak = int(np.fft.irfft(product).argmax())
    return peak if peak < size // 2 else peak - size
