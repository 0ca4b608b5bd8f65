"""Whether an mp3 is plain: its Xing header or its constant bit rate says how long it is."""

from __future__ import annotations

from typing import BinaryIO

from soundmap.audio.frames import chain_at, find_chain, frame_at
from soundmap.audio.mpeg import Frame
from soundmap.audio.reading import read_at
from soundmap.audio.skipping import Found
from soundmap.audio.xing import xing_of

_LOOKS = 8
_LOOK_BYTES = 8 * 1024
_CHAIN = 6
SLACK_BYTES = 4 * 1024
SLACK_SHARE = 0.3  # between the mean of some 50 frames and that of all


def seconds(file: BinaryIO, found: Found) -> float | None:
    """Length of a plain mp3, 0 where its Xing header tells it, else None.

    The bytes and frames of a Xing header agree with the file; without one, the bit rate is
    constant and gives the length.  Rate and channels are the same all over.
    """
    if found.start and read_at(file, 0, 3) != b"ID3":
        return None
    head = read_at(file, found.start, _LOOK_BYTES)
    first, frames = frame_at(head), _frames_all_over(file, found)
    if first is None or not frames or not all(same(first, frame) for frame in frames):
        return None
    n_bytes = found.end - found.start
    if xing := xing_of(head[: first.n_bytes]):
        mean = sum(frame.n_bytes for frame in frames) / len(frames)
        claims = xing.n_bytes / max(1, xing.n_frames)
        agrees = abs(xing.n_bytes - n_bytes) < SLACK_BYTES and abs(claims / mean - 1) < SLACK_SHARE
        return 0.0 if agrees else None
    constant = all(frame.kbits == frames[0].kbits for frame in frames)
    return n_bytes * 8 / (frames[0].kbits * 1000) if constant and frames[0].kbits else None


def same(one: Frame, other: Frame) -> bool:
    """Whether two frames have the same rate and the same channels."""
    return one.like(other) and one.mono == other.mono


def _frames_all_over(file: BinaryIO, found: Found) -> list[Frame]:
    """Some frames at each of ``_LOOKS`` places and the last ones; none, if one place has none or
    the last frame does not end with the file.
    """
    frames: list[Frame] = []
    last = max(found.start, found.end - _LOOK_BYTES)
    places = [found.start + (last - found.start) * number // _LOOKS for number in range(_LOOKS)]
    for place in places:
        here, _ = _frames_in(read_at(file, place, _LOOK_BYTES), _CHAIN)
        frames += here
        if not here:
            return []
    final, left = _frames_in(read_at(file, last, found.end - last), _LOOK_BYTES)
    return frames + final if final and abs(left) < final[-1].n_bytes else []


def _frames_in(data: bytes, most: int) -> tuple[list[Frame], int]:
    """The first frames in ``data``, and how many bytes are left behind them."""
    at = find_chain(data)
    if at is None:
        return [], 0
    frames = chain_at(data, at, most)
    return frames, len(data) - at - sum(frame.n_bytes for frame in frames)
