"""Sample rates that are listened to, checked before anything is read at them."""

from __future__ import annotations

from soundmap.errors import BadSound

RATES_HZ = (8_000, 192_000)


def checked_rate(rate_hz: int) -> int:
    """The rate, if it is in ``RATES_HZ``.  Raises BadSound ``unsupported_rate``."""
    low, high = RATES_HZ
    if not low <= rate_hz <= high:
        raise BadSound("unsupported_rate", rate_hz=rate_hz, low_hz=low, high_hz=high)
    return rate_hz
