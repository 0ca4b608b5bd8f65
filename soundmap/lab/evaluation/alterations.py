"""What happens to sounds on their way: codecs, cuts, telephones, rooms, gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

from soundmap.audio.decode import decode
from soundmap.audio.samples import resample
from soundmap.scratch import scratch
from soundmap.types import Clip, Floats

HALF_SECONDS = 15.0
_DOUBLE = 10 ** (6 / 20)
_LAYER3_HZ = (32_000, 44_100, 48_000)  # rates of MPEG-1, whose bit rates go from 32 to 320 kbps
_LEVEL_64 = (320 - 64) / (320 - 32)
_OPUS_HZ = 48_000
_MU = 255
_REVERB_SECONDS, _REVERB_SHARE = 0.3, 0.25  # of a small room: time to -60 dB, share of the power
_NOISE_DB = -20


def halves(clip: Clip) -> tuple[Clip, Clip]:
    """First and last 15 s of a clip; those of a shorter one than 30 s overlap."""
    n = round(HALF_SECONDS * clip.sample_rate_hz)
    return replace(clip, samples=clip.samples[:n]), replace(clip, samples=clip.samples[-n:])


def first(seconds: float) -> Callable[[Clip], Clip]:
    """An alteration that leaves the first ``seconds``."""
    return lambda clip: replace(clip, samples=clip.samples[: round(seconds * clip.sample_rate_hz)])


def as_mp3(path: Path, clip: Clip) -> Clip:
    """The file as an MP3 of constant 64 kbps, decoded.

    A file that libsndfile cannot read, or with more than two channels, is encoded from ``clip``:
    mono.
    """
    samples, rate = _channels(path, clip)
    if rate not in _LAYER3_HZ:
        samples, rate = soxr.resample(samples, rate, _LAYER3_HZ[1], quality="HQ"), _LAYER3_HZ[1]
    with scratch() as folder:
        small = folder / "small.mp3"
        soundfile.write(
            small,
            samples,
            rate,
            format="MP3",
            bitrate_mode="CONSTANT",
            compression_level=_LEVEL_64,
        )
        return decode(small)


def coded(codec: str, bit_rate: int) -> Callable[[Clip], Clip]:
    """An alteration: mono through a lossy codec, ``aac`` or ``libopus``, of so many bits a second.

    Needs PyAV.
    """

    def alteration(clip: Clip) -> Clip:
        import av

        if codec == "libopus":
            clip = resample(clip, _OPUS_HZ)
        with scratch() as folder:
            path = folder / "coded.mka"
            with av.open(path, "w", format="matroska") as file:
                stream = file.add_stream(codec, rate=clip.sample_rate_hz, layout="mono")
                assert isinstance(stream, av.AudioStream)
                stream.bit_rate = bit_rate
                samples = np.ascontiguousarray(clip.samples[None], dtype=np.float32)
                frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
                frame.sample_rate = clip.sample_rate_hz
                for packet in (*stream.encode(frame), *stream.encode(None)):
                    file.mux(packet)
            return decode(path)

    return alteration


def louder(clip: Clip) -> Clip:
    """6 dB louder and clipped at full scale, as by someone who turns a file up too far."""
    return replace(clip, samples=np.clip(_DOUBLE * clip.samples, -1, 1))


def quieter(clip: Clip) -> Clip:
    """6 dB quieter."""
    return replace(clip, samples=(clip.samples / _DOUBLE).astype(np.float32))


def at_8khz(clip: Clip) -> Clip:
    """At a sample rate of 8 kHz, which takes away all above 4 kHz."""
    return resample(clip, 8_000)


def by_telephone(clip: Clip) -> Clip:
    """300 to 3,400 Hz at 8 kHz, in 8 bits by the mu-law of ITU-T G.711."""
    clip = _band(resample(clip, 8_000), 300, 3_400)
    peak = float(np.abs(clip.samples).max()) or 1.0
    scaled = clip.samples / peak
    steps = np.round(np.sign(scaled) * np.log1p(_MU * np.abs(scaled)) / np.log1p(_MU) * 127) / 127
    heard = np.sign(steps) * np.expm1(np.abs(steps) * np.log1p(_MU)) / _MU
    return replace(clip, samples=(heard * peak).astype(np.float32))


def by_phone_in_a_room(clip: Clip) -> Clip:
    """300 to 8,000 Hz from a loudspeaker, in a small room with noise 20 dB below, by Opus of 24
    kbps.
    """
    return coded("libopus", 24_000)(_noise(_room(_band(resample(clip, _OPUS_HZ), 300, 8_000))))


ALTERATIONS: dict[str, Callable[[Clip], Clip]] = {
    "aac_64": coded("aac", 64_000),
    "opus_128": coded("libopus", 128_000),
    "voice_message": coded("libopus", 32_000),
    "louder_6db": louder,
    "quieter_6db": quieter,
    "first_10s": first(10),
    "first_5s": first(5),
    "rate_8khz": at_8khz,
    "telephone": by_telephone,
    "phone_in_a_room": by_phone_in_a_room,
}
"""What is done to a clip, by name; beside these an MP3 is made of the file, and halves."""


def _channels(path: Path, clip: Clip) -> tuple[Floats, int]:
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        return clip.samples, clip.sample_rate_hz
    return (samples, rate) if samples.shape[1] <= 2 else (clip.samples, clip.sample_rate_hz)


def _band(clip: Clip, low_hz: float, high_hz: float) -> Clip:
    filters = butter(4, (low_hz, high_hz), "bandpass", fs=clip.sample_rate_hz, output="sos")
    return replace(clip, samples=sosfilt(filters, clip.samples).astype(np.float32))


def _room(clip: Clip) -> Clip:
    """With a tail of noise that fades by 60 dB in ``_REVERB_SECONDS``."""
    n = round(_REVERB_SECONDS * clip.sample_rate_hz)
    tail = np.random.default_rng(0).normal(size=n) * 10 ** (-3 * np.arange(n) / n)
    tail *= np.sqrt(_REVERB_SHARE / (tail**2).sum())
    tail[0] += 1
    heard = fftconvolve(clip.samples, tail)[: len(clip.samples)]
    return replace(clip, samples=heard.astype(np.float32))


def _noise(clip: Clip) -> Clip:
    """With white noise ``_NOISE_DB`` of the power of the clip."""
    noise = np.random.default_rng(0).normal(size=len(clip.samples)).astype(np.float32)
    loudness = np.sqrt((clip.samples**2).mean()) * 10 ** (_NOISE_DB / 20)
    return replace(clip, samples=clip.samples + np.float32(loudness) * noise)
