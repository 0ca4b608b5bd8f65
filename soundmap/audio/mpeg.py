"""Frame headers of MPEG audio (ISO 11172-3, section 2.4.1.3; ISO 13818-3), of ADTS (ISO 13818-7,
section 6.2) and of LOAS (ISO 14496-3, section 1.7.2).
"""

from __future__ import annotations

from dataclasses import dataclass

MP3_DELAY = 576 + 529
"""Samples before the sound: of LAME's encoder, and of every decoder of Layer III."""

_KBITS = {  # by (version 1 or not, layer), ISO 11172-3 and 13818-3
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES_HZ = {
    0: (11_025, 12_000, 8_000),
    2: (22_050, 24_000, 16_000),
    3: (44_100, 48_000, 32_000),
}
_ADTS_RATES_HZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000,
                  11_025, 8_000, 7_350)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame's header says.  ``n_bytes`` is the whole frame, 0 in free format, where only
    the next header tells, as is then ``kbits``, the bit rate.
    """

    kind: str
    rate_hz: int
    n_samples: int
    n_bytes: int
    mono: bool
    layer: int = 0
    kbits: int = 0

    def like(self, other: Frame | None) -> bool:
        """Whether the other may be of the same stream: all but the length is the same."""
        return other is not None and (self.kind, self.rate_hz, self.n_samples, self.layer) == (
            other.kind, other.rate_hz, other.n_samples, other.layer,
        )  # fmt: skip


def mpeg_frame(head: bytes) -> Frame | None:
    """The frame of MPEG audio, 11 set bits and what follows them, with which ``head`` begins."""
    version, layer, bits, rate = (
        head[1] >> 3 & 3,
        4 - (head[1] >> 1 & 3),
        head[2] >> 4,
        head[2] >> 2,
    )
    if version == 1 or layer == 4 or bits == 15 or rate & 3 == 3:
        return None
    rate_hz, first = _RATES_HZ[version][rate & 3], version == 3
    n_samples = 384 if layer == 1 else 1152 if layer == 2 or first else 576
    slot = 4 if layer == 1 else 1
    kbits = _KBITS[first, layer][bits]
    n_slots = n_samples // 8 // slot * kbits * 1000 // rate_hz
    n_bytes = (n_slots + (head[2] >> 1 & 1)) * slot if bits else 0
    return Frame("mp3", rate_hz, n_samples, n_bytes, head[3] >> 6 == 3, layer, kbits)


def adts_frame(head: bytes) -> Frame | None:
    """The frame of ADTS, 12 set bits and what follows them, with which ``head`` begins."""
    if len(head) < 6 or head[2] >> 2 & 15 >= len(_ADTS_RATES_HZ):
        return None
    n_bytes = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    channels = (head[2] & 1) << 2 | head[3] >> 6
    rate_hz = _ADTS_RATES_HZ[head[2] >> 2 & 15]
    return Frame("aac", rate_hz, 1024, n_bytes, channels == 1) if n_bytes > 7 else None


def loas_frame(head: bytes) -> Frame | None:
    """The frame of LOAS, 0x2B7 in 11 bits and a size in 13, with which ``head`` begins.  Its rate
    stands deeper within.
    """
    n_bytes = ((head[1] & 0x1F) << 8 | head[2]) + 3
    return Frame("loas", 0, 1024, n_bytes, False) if n_bytes > 8 else None
