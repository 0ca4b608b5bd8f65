"""Decodes with PyAV all that is not plain (the ``formats`` extra; its wheels bundle GPL codecs).

Packets are counted first, which gives the real time line; then those of the window are decoded,
one by one: what is wrong with one costs that one.
"""

from __future__ import annotations

from pathlib import Path

import av

from soundmap.audio.joined import Joined
from soundmap.audio.packets import FAILURES, Opened
from soundmap.audio.samples import Wiring
from soundmap.audio.skipping import Found
from soundmap.audio.ways import Counted, Indexed, Step
from soundmap.types import Floats

_HEADER_TELLS = {"mp4", "webm", "flac", "wav", "aiff", "ogg", "caf", "au", "w64", "wv", "tta"}
MOST_DECODED = 100_000  # packets in all windows: those of Opus in 120 s are 48,000 at most
_SHORT_S = 0.1
_CLOSE_S = 1.0


class Stream:
    """The sound of a file: its default audio stream.  Use it in a ``with`` block.

    ``whole`` says that the index of the container may be believed, if it holds what it says at
    the end.  Raises BadSound ``damaged``, ``headless`` or ``no_audio_stream``.
    """

    def __init__(self, path: Path, found: Found, whole: bool = False) -> None:
        self._path, self._found, self._wiring = path, found, Wiring()
        self._allowed = iter(range(MOST_DECODED))
        self._way: Indexed | Counted = (whole and self._indexed()) or Counted(path, found)

    def _indexed(self) -> Indexed | None:
        indexed = Indexed(Opened(self._path, self._found))
        if indexed.duration_s:
            return indexed
        indexed.close()
        return None

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._way.close()

    @property
    def duration_s(self) -> float:
        """Length in seconds of what can be decoded, as far as is known."""
        return self._way.duration_s

    @property
    def claimed_s(self) -> float:
        """Length in seconds by the header, or the real one where no header tells it."""
        claimed_s = self._way.claimed_s if self._found.kind in _HEADER_TELLS else 0.0
        return max(claimed_s, self.duration_s)

    @property
    def is_opus(self) -> bool:
        """Whether the codec is Opus."""
        return self._way.codec in ("opus", "libopus")

    def read(self, start_s: float, seconds: float) -> tuple[Floats, int]:
        """One channel float32 (n,) from ``start_s`` on, at most ``seconds`` long, and its rate in
        Hz.  Empty if nothing could be decoded.  Which channel, ``Wiring`` tells.
        Raises BadSound ``coded`` or ``unsupported_rate``.
        """
        joined = self._joined(start_s, seconds)
        wanted_s = min(seconds, self.duration_s - start_s) - _SHORT_S
        if isinstance(self._way, Indexed) and joined.seconds < wanted_s:  # it was wrong
            self._way.close()
            self._way = Counted(self._path, self._found)
            joined = self._joined(start_s, seconds)
        if self._wiring.again(joined.downmix):
            joined = self._joined(start_s, seconds)
        return joined.samples(seconds)

    def _joined(self, start_s: float, seconds: float) -> Joined:
        joined = Joined(start_s, self._wiring.channel)
        for step, _ in zip(self._way.steps(start_s), self._allowed, strict=False):
            try:
                frames = step.opened.decode(step.packet)
                begins_s = 0.0 if joined.begun or not frames else _begins_s(step, frames[0])
                for frame in frames:
                    joined.add(frame, begins_s)
                    begins_s += frame.samples / frame.sample_rate
            except FAILURES:
                self._way.strike()
            if joined.seconds >= seconds:
                break
        joined.finish()
        return joined


def _begins_s(step: Step, frame: av.AudioFrame) -> float:
    """Where a frame begins in the time line: decoders may hold back what a packet brings."""
    stamp_s = step.opened.seconds(step.packet.pts)
    if stamp_s is None or frame.time is None or abs(frame.time - stamp_s) > _CLOSE_S:
        return step.position_s
    return step.position_s + frame.time - stamp_s
