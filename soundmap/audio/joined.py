"""Joins what a decoder gives, of whatever rates and channels, to one sound at one rate."""

from __future__ import annotations

from typing import cast

import av
import numpy as np

from soundmap.audio.samples import Downmix, checked_rate, resample
from soundmap.types import Clip, Floats

_MOST_PLANES = 7
_BLOCK_SAMPLES = 1 << 17


class Joined:
    """The frames of a window that begins at ``start_s``, as they come; ``channel`` is that of a
    ``Downmix``.  They are mixed down some second at a time, which is faster than one by one.
    """

    def __init__(self, start_s: float, channel: int | None = None) -> None:
        self.downmix = Downmix(channel)
        self.seconds = 0.0
        self._start_s = start_s
        self._runs: list[tuple[int, list[Floats]]] = []
        self._waiting: list[Floats] = []
        self._n_waiting = 0
        self._to_float: dict[tuple[str, str, int], av.AudioResampler] = {}

    @property
    def begun(self) -> bool:
        """Whether the window has been reached."""
        return self.seconds > 0

    def add(self, frame: av.AudioFrame, begins_s: float) -> None:
        """Adds a frame that begins at ``begins_s``; what lies before the window is dropped.
        Raises BadSound ``unsupported_rate``.
        """
        rate = frame.sample_rate
        late = 0 if self.begun else round(max(0.0, self._start_s - begins_s) * rate)
        channels = self._channels(frame)[late:] if late < frame.samples else None
        if channels is None or not len(channels):
            return
        self._make_room(checked_rate(rate), channels)
        self._waiting.append(channels)
        self._n_waiting += len(channels)
        self.seconds += len(channels) / rate

    def samples(self, seconds: float) -> tuple[Floats, int]:
        """At most ``seconds`` of samples float32 (n,), and their rate in Hz: the one at which
        most of the window is; the rest is resampled.
        """
        self.finish()
        lengths: dict[int, float] = {}
        for rate, blocks in self._runs:
            lengths[rate] = lengths.get(rate, 0.0) + sum(map(len, blocks)) / rate
        if not lengths:
            return np.empty(0, np.float32), 0
        best = max(lengths, key=lambda rate: lengths[rate])
        clips = (resample(Clip(np.concatenate(run), rate), best) for rate, run in self._runs)
        parts = [clip.samples for clip in clips]
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return whole[: round(seconds * best)], best

    def finish(self) -> None:
        """Mixes down what waits."""
        if self._waiting:
            block = np.concatenate([part.T for part in self._waiting], axis=1).T
            self._runs[-1][1].append(self.downmix.add(block))
            self._waiting, self._n_waiting = [], 0

    def _make_room(self, rate: int, channels: Floats) -> None:
        """Mixes down what waits if it is enough, or unlike what comes."""
        if not self._runs or self._runs[-1][0] != rate:
            self.finish()
            self._runs.append((rate, []))
        unlike = self._waiting and self._waiting[-1].shape[1] != channels.shape[1]
        if unlike or self._n_waiting * channels.shape[1] >= _BLOCK_SAMPLES:
            self.finish()

    def _channels(self, frame: av.AudioFrame) -> Floats:
        """Samples float32 (n, n_channels) of a frame.

        Planar, as most decoders give it and twice as fast, for up to 7 channels: with more
        planes PyAV reads past the end of its array.
        """
        planar = frame.layout.nb_channels <= _MOST_PLANES
        wanted = "fltp" if planar else "flt"
        for part in [frame] if frame.format.name == wanted else self._converted(frame, wanted):
            samples = cast(Floats, part.to_ndarray())
            return samples.T if planar else samples.reshape(part.samples, -1)
        return np.empty((0, 1), np.float32)

    def _converted(self, frame: av.AudioFrame, wanted: str) -> list[av.AudioFrame]:
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if key not in self._to_float:
            self._to_float[key] = av.AudioResampler(format=wanted)
        return self._to_float[key].resample(frame)
