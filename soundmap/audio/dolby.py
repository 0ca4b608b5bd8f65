"""Frame headers of AC-3 and E-AC-3 (ETSI TS 102 366)."""

from __future__ import annotations

from soundmap.audio.mpeg import Frame

_RATES_HZ = (48_000, 44_100, 32_000)
_KBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_BLOCK, _BLOCKS = 256, (1, 2, 3, 6)
_LAST_AC3 = 10  # the version of the bit stream from which on it is E-AC-3


def dolby_frame(head: bytes) -> Frame | None:
    """The frame that begins with ``head``, 0x0B77 and four bytes more."""
    if len(head) < 6:
        return None
    return _ac3(head) if head[5] >> 3 <= _LAST_AC3 else _eac3(head)


def _ac3(head: bytes) -> Frame | None:
    """Section 4.3.1 and table 4.13: ``code`` counts bit rates, each with an odd size too."""
    rate, code = head[4] >> 6, head[4] & 0x3F
    if rate == 3 or code >> 1 >= len(_KBITS):
        return None
    rate_hz, kbits = _RATES_HZ[rate], _KBITS[code >> 1]
    odd = code & 1 if rate == 1 else 0
    n_bytes = 2 * (kbits * 96_000 // rate_hz + odd)
    return Frame("ac3", rate_hz, 6 * _BLOCK, n_bytes, False, kbits=kbits)


def _eac3(head: bytes) -> Frame | None:
    """Section E.1.2.2; with half the rates where the first two bits of ``head[4]`` are set."""
    rate, blocks = head[4] >> 6, head[4] >> 4 & 3
    if head[5] >> 3 > 16 or (rate == 3 and blocks == 3):
        return None
    rate_hz = _RATES_HZ[blocks] // 2 if rate == 3 else _RATES_HZ[rate]
    n_samples = _BLOCK * (6 if rate == 3 else _BLOCKS[blocks])
    n_bytes = 2 * (((head[2] & 7) << 8 | head[3]) + 1)
    return Frame("eac3", rate_hz, n_samples, n_bytes, False) if n_bytes > 8 else None
