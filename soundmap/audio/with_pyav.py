"""Decodes with PyAV what libsndfile cannot (the ``formats`` extra; its wheels bundle GPL codecs).

FFmpeg gets an open file and the name of the demuxer.  So it does not take a file for a playlist,
and knows no path from which it could open a second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer

from soundmap.audio.samples import checked_rate, mono
from soundmap.errors import BadSound
from soundmap.types import Floats

_DEMUXERS = {"mp4": "mov", "webm": "matroska"}
_MOST_PLANES = 7
_PREROLL_S = 0.25  # decoders lose their first frames after a seek (RFC 7845: 80 ms for Opus)


class Stream:
    """The first audio stream of a file.  Use it in a ``with`` block."""

    def __init__(self, path: Path, kind: str) -> None:
        self._file = path.open("rb")
        opened = self._opened(kind)
        if opened is None:  # no cause: FFmpeg reports a bad table as out of memory
            self._file.close()
            raise BadSound("damaged")
        self._container = opened
        if not opened.streams.audio:
            self.__exit__()
            raise BadSound("no_audio_stream")
        if opened.streams.audio[0].codec_context is None:  # an unknown codec
            self.__exit__()
            raise BadSound("damaged")
        opened.streams.audio[0].codec_context.thread_count = 1  # workers may not start threads

    def _opened(self, kind: str) -> InputContainer | None:
        try:
            opened = av.open(self._file, format=_DEMUXERS.get(kind, kind), metadata_errors="ignore")
        except (av.FFmpegError, ValueError, MemoryError):
            return None
        assert isinstance(opened, InputContainer)
        return opened

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()
        self._file.close()

    @property
    def duration_s(self) -> float:
        """Length in seconds by the header, 0 if unknown."""
        return (self._container.duration or 0) / av.time_base

    @property
    def is_opus(self) -> bool:
        """Whether the codec is Opus."""
        return str(self._container.streams.audio[0].codec_context.name) in ("opus", "libopus")

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """Mono float32 (n,) from ``start_s`` on, at most ``seconds`` long, and its rate in Hz.

        Reading stops at a damaged part.  Empty if nothing could be decoded.
        """
        blocks = [np.empty(0, np.float32)]
        rate = have = 0
        for frame_s, rate, block in self._blocks(start_s):
            checked_rate(rate)
            late = 0 if have else round(max(0.0, start_s - frame_s) * rate)
            blocks.append(block[late:])
            have += len(blocks[-1])
            if have >= seconds * rate:
                break
        return np.concatenate(blocks)[: round(seconds * rate)], rate

    def _blocks(self, start_s: float) -> Iterator[tuple[float, int, Floats]]:
        """(time in seconds, rate in Hz, mono samples) of each frame from ``start_s`` on."""
        to_float = None
        try:
            if start_s:
                self._container.seek(int(max(0.0, start_s - _PREROLL_S) * av.time_base))
            for frame in self._container.decode(audio=0):
                to_float = to_float or av.AudioResampler(format=_format_for(frame))
                for part in to_float.resample(frame):
                    time_s = 0.0 if frame.time is None else frame.time
                    if time_s + part.samples / part.sample_rate > start_s:
                        yield time_s, part.sample_rate, _mono(part)
        except (av.FFmpegError, ValueError, MemoryError):
            return


def _format_for(frame: av.AudioFrame) -> str:
    """Sample format: planar, as most decoders give it and twice as fast, for up to 7 channels.

    With more planes PyAV reads past the end of its array.
    """
    return "fltp" if frame.layout.nb_channels <= _MOST_PLANES else "flt"


def _mono(frame: av.AudioFrame) -> Floats:
    samples = frame.to_ndarray().astype(np.float32, copy=False)
    return mono(samples.T if frame.format.is_planar else samples.reshape(frame.samples, -1))
