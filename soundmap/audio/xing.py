"""The first frame of an mp3 that tells how long it is (Xing, 1998; LAME's "Info tag", revision 1),
and frames of silence.
"""

from __future__ import annotations

from typing import NamedTuple

from soundmap.audio.mpeg import MP3_DELAY, mpeg_frame

_FRAMES, _BYTES, _TOC = 1, 2, 4
_SIZES = {_FRAMES: 4, _BYTES: 4, _TOC: 100}
_DECODER_DELAY = 529
_ENCODER = b"LAME" + bytes(17) + ((MP3_DELAY - _DECODER_DELAY) << 12).to_bytes(3, "big") + bytes(12)


class Xing(NamedTuple):
    """What the header tells, 0 or empty for what it does not.

    It has 100 entries ``toc``: at i % of the time are i-th / 256 of the bytes.  The bytes count the
    frame with the header, the frames do not.  ``constant`` is the bit rate of one that says "Info".
    """

    n_frames: int
    n_bytes: int
    toc: bytes
    constant: bool


def xing_of(frame: bytes) -> Xing | None:
    """What the header in a stream's first frame tells; None where there is none."""
    at = _place(frame)
    if at < 0 or at + 8 > len(frame):
        return None
    fields = {flag: frame[place] for flag, place in _places(frame).items()}
    n_frames, n_bytes = (int.from_bytes(fields.get(flag, b""), "big") for flag in (_FRAMES, _BYTES))
    return Xing(n_frames, n_bytes, fields.get(_TOC, b""), frame[at : at + 4] == b"Info")


def with_lengths(frame: bytes, n_frames: int, n_bytes: int) -> bytes:
    """A first frame with other lengths in its header, where it has them."""
    told, places = bytearray(frame), _places(frame)
    for flag, number in ((_FRAMES, n_frames), (_BYTES, n_bytes)):
        if flag in places:
            told[places[flag]] = min(number, 0xFFFFFFFF).to_bytes(4, "big")
    return bytes(told)


def first_frame(header: bytes) -> bytes:
    """A first frame whose lengths are still 0, for a stream without one: it begins with ``header``,
    4 bytes.  It says that the sound begins ``MP3_DELAY`` samples late.
    """
    is_first, mono = header[1] >> 3 & 3 == 3, header[3] >> 6 == 3
    side = (17 if mono else 32) if is_first else (9 if mono else 17)  # ISO 11172-3, 13818-3
    told = b"Info" + bytes([0, 0, 0, _FRAMES | _BYTES]) + bytes(8) + _ENCODER
    frame = silent_frame(header, 4 + side + len(told))
    return frame[: 4 + side] + told + frame[4 + side + len(told) :]


def silent_frame(header: bytes, least_bytes: int = 0) -> bytes:
    """The shortest frame of silence of Layer III, of ``least_bytes`` or more, for a stream whose
    frames begin with ``header``: it has no checksum, and side information of zeros.
    """
    for bits in range(1, 15):
        head = bytes([header[0], header[1] | 1, bits << 4 | header[2] & 0x0C, header[3]])
        frame = mpeg_frame(head)
        if frame and frame.n_bytes >= least_bytes:
            return head + bytes(frame.n_bytes - len(head))
    raise ValueError(f"no frame of Layer III is {least_bytes} bytes long")


def _place(frame: bytes) -> int:
    return max(frame.find(b"Xing", 4, 48), frame.find(b"Info", 4, 48))


def _places(frame: bytes) -> dict[int, slice]:
    """Where each field lies that the header says it has."""
    at = _place(frame)
    flags, at, places = frame[at + 7], at + 8, {}
    for flag, size in _SIZES.items():
        if flags & flag and at + size <= len(frame):
            places[flag] = slice(at, at + size)
            at += size
    return places
