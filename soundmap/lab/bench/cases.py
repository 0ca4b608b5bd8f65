"""The files to listen to: music of 30 seconds or five minutes, in stereo at 44.1 kHz."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from soundmap.audio.decode import decode
from soundmap.audio.demo import RATE_HZ, demo_clip
from soundmap.audio.samples import resample
from soundmap.errors import NotInstalled
from soundmap.types import Floats

SHORT_S, LONG_S = 30, 300
_BLOCK = 20_000  # libsndfile's Vorbis encoder overflows on longer ones
_DELAY = RATE_HZ // 50


def make_cases(folder: Path, names: Sequence[str], audio: Path | None = None) -> dict[str, Path]:
    """Writes a file for each case, such as ``mp3-5min``; returns their paths by case.

    The sound is that of ``audio`` or, without one, the demo groove.  Raises BadSound where
    ``audio`` cannot be heard, NotInstalled ``needs_pyav`` for m4a.
    """
    clip = decode(audio) if audio else demo_clip()
    samples = resample(clip, RATE_HZ).samples
    return {name: _write(folder, name, samples) for name in names}


def _write(folder: Path, name: str, samples: Floats) -> Path:
    kind, _, length = name.partition("-")
    sound = _stereo(samples, LONG_S if length == "5min" else SHORT_S)
    path = folder / f"{name}.{kind}"
    if kind == "m4a":
        _encode(path, sound)
        return path
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, format=kind.upper()) as file:
        for start in range(0, len(sound), _BLOCK):
            file.write(sound[start : start + _BLOCK])
    return path


def _stereo(samples: Floats, seconds: int) -> Floats:
    """The sound repeated to fill ``seconds``, its right channel slightly late: float32 (n, 2)."""
    left = np.resize(samples, seconds * RATE_HZ)
    right = np.float32(0.8) * np.roll(left, _DELAY)
    return np.stack([np.float32(0.9) * left, right], axis=1)


def _encode(path: Path, sound: Floats) -> None:
    try:
        import av
    except ImportError as error:
        raise NotInstalled("needs_pyav", kind="m4a") from error
    with av.open(path, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=RATE_HZ)
        stream.codec_context.layout = av.AudioLayout("stereo")
        stream.codec_context.bit_rate = 192_000
        size = stream.frame_size or None
        resampler = av.AudioResampler("fltp", "stereo", RATE_HZ, size)
        planes = np.ascontiguousarray(sound.T)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = RATE_HZ
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
