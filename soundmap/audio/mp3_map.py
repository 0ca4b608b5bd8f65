"""Where in an mp3 a moment lies, as its first frames tell."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt

from soundmap.audio.frames import chain_at
from soundmap.audio.mpeg import Frame
from soundmap.audio.plain.mp3 import SLACK_BYTES
from soundmap.audio.skipping import find_sound
from soundmap.audio.xing import Xing, first_frame, silent_frame, xing_of
from soundmap.errors import BadSound

_LEAST_FRAMES = 4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mp3Map:
    """At ``offsets``, float64 (n,), in the file begin the frames with the numbers ``numbers``; what
    lies between two of them is taken to be linear.

    With a constant bit rate it is exact to a frame (26 ms at 44.1 kHz).  Where it varies, a Xing
    header tells offsets in 1/256 of the file: frames are found about 1/512 of the song beside their
    place, at most 1.5/256 in what LAME and FFmpeg wrote (of 10 minutes: 1.2 and 3.5 s).  If the map
    is not ``sure``, the mean of the first frames speaks for all.  ``kbits`` is the bit rate of all
    frames, 0 if it varies.  ``opening`` is the frame that tells the lengths, or one that may stand
    there.
    """

    opening: bytes
    first: Frame
    numbers: Numbers
    offsets: Numbers
    kbits: int
    sure: bool

    @property
    def n_frames(self) -> int:
        """How many frames there are, but for one that only tells the lengths."""
        return int(self.numbers[-1])

    @property
    def frames_per_s(self) -> float:
        """Frames in a second."""
        return self.first.rate_hz / self.first.n_samples

    @property
    def silence(self) -> bytes:
        """A frame of silence."""
        return silent_frame(self.opening[:4])

    def offsets_of(self, numbers: Numbers) -> Numbers:
        """Where in the file frames lie; the first or the last one for all before or behind them."""
        return np.interp(numbers, self.numbers, self.offsets)

    def numbers_at(self, offsets: Numbers) -> Numbers:
        """The numbers of the frames at offsets in the file."""
        return np.interp(offsets, self.offsets, self.numbers)


def map_of(data: bytes, at: int, end: int) -> Mp3Map | None:
    """The map of an mp3 whose sound ends at the offset ``end``.  ``data`` is what the file has from
    the offset ``at`` on, with its first frames.  None for another sound, or if the frames do not
    tell it.
    """
    try:
        found = find_sound(BytesIO(data))
    except BadSound:
        return None
    chain = chain_at(data, found.start, len(data))
    if found.kind != "mp3" or len(chain) < _LEAST_FRAMES or chain[0].layer != 3:
        return None
    opening = data[found.start :][: chain[0].n_bytes]
    made = _made(opening, chain, range(at + found.start, end), xing_of(opening))
    has_room = made.n_frames * len(made.silence) <= end - at + SLACK_BYTES
    return made if made.n_frames and has_room else None  # silence takes no more than the sound


def _made(opening: bytes, chain: list[Frame], sound: range, xing: Xing | None) -> Mp3Map:
    first, frames = chain[0], chain[1:] if xing else chain
    begin = sound.start + (first.n_bytes if xing else 0)
    kbits = frames[0].kbits if len({frame.kbits for frame in frames}) == 1 else 0
    if xing and xing.n_frames and abs(xing.n_bytes - len(sound)) < SLACK_BYTES:
        constant = xing.constant or not xing.toc
        numbers, offsets = _linear(xing.n_frames, begin, sound.start + xing.n_bytes)
        if not constant:
            numbers, offsets = _by_toc(xing, begin, sound.start)
        kbits = kbits if constant else 0
        return Mp3Map(opening, first, numbers, offsets, kbits, bool(kbits) or not constant)
    mean = sum(frame.n_bytes for frame in frames) / len(frames)
    if kbits:  # exactly, without the padding of those few
        mean = first.n_samples / 8 * kbits * 1000 / first.rate_hz
    n_frames = max(0, round((sound.stop - begin) / mean))
    opening = opening if xing and xing.n_frames else first_frame(opening[:4])
    return Mp3Map(opening, first, *_linear(n_frames, begin, sound.stop), kbits, bool(kbits))


def _linear(n_frames: int, start: int, stop: int) -> tuple[Numbers, Numbers]:
    return np.array([0.0, n_frames]), np.array([start, max(start, stop)], np.float64)


def _by_toc(xing: Xing, begin: int, start: int) -> tuple[Numbers, Numbers]:
    """Entries are rounded down, and told of a moment that is up to 1/200 of the song too late:
    a quarter more than each is right on average, of what LAME and FFmpeg wrote.
    """
    entries = np.frombuffer(xing.toc, np.uint8)
    within = start + (entries[1:] + 0.25) / 256 * xing.n_bytes
    offsets = np.maximum.accumulate([begin, *within, start + xing.n_bytes])
    return np.linspace(0.0, xing.n_frames, len(offsets)), offsets.astype(np.float64)
