"""The real time line of a stream: its packets as they follow each other."""

from __future__ import annotations

from array import array
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from soundmap.audio.frames import HEADER_BYTES, frame_at
from soundmap.audio.mpeg import MP3_DELAY, Frame
from soundmap.audio.packets import Opened, Packet

MOST_GAP_S = 2.5
MOST_LENGTH_S = 30.0
"""What says that it is longer than this is no packet of sound: those of APE last 13 s."""
_SAMPLES = {"ac3": 1536, "eac3": 1536, "dca": 512}  # in a frame, ETSI TS 102 366 and 102 114
_NO_DELAY_TOLD = ("mp3", "aac", "loas", "ts", "avi", "flv", "wav")
_DELAYS = {"aac": 1024, "aac_latm": 1024, "mp3": MP3_DELAY, "mp3float": MP3_DELAY}
_BARE = ("flac", "ac3", "eac3", "dts", "loas")  # time stamps are made up by the demuxer


class Timeline:
    """Where each packet of a stream lies in what a player plays, in seconds from its beginning.

    A packet lasts until the next one's time stamp, where that is about as far away as the packet
    says it is long, or up to ``MOST_GAP_S`` farther, as where one is missing.  Where the clock
    stands still or jumps, it lasts as long as it says; if the clock then goes on as before, it is
    the clock again that is right.  ``skipped_s`` is what a decoder drops at the beginning;
    ``struck`` are the numbers of packets that are not to be decoded.
    """

    def __init__(self) -> None:
        self._lengths = array("d")
        self._last_s: float | None = None
        self._ahead_s = 0.0  # of the clock, since it stood still
        self.skipped_s = 0.0
        self.struck: set[int] = set()

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, time_s: float | None, length_s: float) -> None:
        """Adds the next packet: its time stamp, if it has one, and how long it says it is."""
        if self._lengths and time_s is not None and self._last_s is not None:
            self._lengths[-1] = self._until_next(time_s - self._last_s, self._lengths[-1])
        self._lengths.append(length_s if 0 < length_s <= MOST_LENGTH_S else 0.0)
        self._last_s = time_s

    def _until_next(self, step_s: float, said_s: float) -> float:
        """How long a packet lasts that says ``said_s``, and by the clock ``step_s``."""
        if not 0 <= step_s <= said_s + MOST_GAP_S:
            self._ahead_s = 0.0
            return said_s
        goes_on = step_s >= max(said_s / 8, 1e-6)
        length_s = max(0.0, step_s - self._ahead_s) if goes_on else said_s
        self._ahead_s += length_s - step_s
        return length_s

    def strike(self, number: int) -> None:
        """Takes a packet out that cannot be decoded: nobody hears it, so it does not last."""
        if number < len(self._lengths):
            self._lengths[number] = 0.0
            self.struck.add(number)

    @property
    def duration_s(self) -> float:
        """How long all packets last."""
        whole_s = float(np.sum(np.array(self._lengths, np.float64)))
        return round(max(0.0, whole_s - self.skipped_s), 6)

    def starts_s(self) -> npt.NDArray[np.float64]:
        """Where each packet begins, float64 (n,); the first one ``skipped_s`` before 0."""
        lengths = np.array(self._lengths, np.float64)
        return np.cumsum(lengths) - lengths - self.skipped_s


def timeline_of(opened: Opened, kind: str) -> Timeline:
    """The time line of the packets from here on.  Of a bare stream each frame's own header tells
    how long it is, and what is not one of a row of frames is junk between them.
    """
    line = Timeline()
    frames = _Row(line, kind)
    for packet in opened.packets():
        if not packet.size:
            continue
        if not len(line):
            line.skipped_s = _skipped_s(opened, packet, kind)
        if kind in ("mp3", "aac"):
            frames.add(packet)
        else:
            time_s = None if kind in _BARE else opened.seconds(packet.pts)
            line.add(time_s, _length_s(opened, packet))
    return line


class _Row:
    """Frames of MPEG audio or ADTS: one that is like neither neighbor is none."""

    def __init__(self, line: Timeline, kind: str) -> None:
        self._line, self._kind = line, kind
        self._last: Frame | None = None
        self._fits = True

    def add(self, packet: Packet) -> None:
        """Adds the frame that the packet is."""
        frame = _frame(bytes(memoryview(packet)[:HEADER_BYTES]))
        frame = frame if frame and frame.kind == self._kind else None
        like = frame is not None and frame.like(self._last)
        if not self._fits and not like:
            self._line.strike(len(self._line) - 1)
        self._line.add(None, frame.n_samples / frame.rate_hz if frame else 0.0)
        self._last, self._fits = frame, like


@lru_cache(maxsize=512)
def _frame(header: bytes) -> Frame | None:
    return frame_at(header)


def _length_s(opened: Opened, packet: Packet) -> float:
    if packet.is_discard:
        return 0.0
    length_s, codec = opened.seconds(packet.duration or 0) or 0.0, opened.stream.codec_context
    said_hz = codec.sample_rate or 1
    exact_s = (codec.frame_size or _SAMPLES.get(opened.codec, 0)) / said_hz
    if abs(exact_s - length_s) <= (opened.seconds(1) or 0.0):  # but for rounding
        return exact_s
    return length_s


def _skipped_s(opened: Opened, packet: Packet, kind: str) -> float:
    """What the decoder drops of the first packets: samples in 4 bytes, little-endian.  Containers
    that cannot tell it leave what their codec is known to delay.
    """
    if packet.has_sidedata("skip_samples"):
        n_samples = int.from_bytes(bytes(packet.get_sidedata("skip_samples"))[:4], "little")
    else:
        n_samples = _DELAYS.get(opened.codec, 0) if kind in _NO_DELAY_TOLD else 0
    return n_samples / (opened.stream.codec_context.sample_rate or 48_000)
