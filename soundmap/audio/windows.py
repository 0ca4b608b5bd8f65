"""Where in a sound to listen: windows spread over all of it, or one part of it."""

from __future__ import annotations

from dataclasses import dataclass

from soundmap.types import Window

WINDOW_SECONDS = 30.0
"""The length of the clips that the catalog was made of, and of a tile."""
MOST_SECONDS = 120.0
"""No more of a sound is heard, however long it is."""
DEFAULT_WINDOWS = 32
MOST_WINDOWS = 128
_LEAST_SECONDS = MOST_SECONDS / DEFAULT_WINDOWS
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Look:
    """How to listen: in up to ``windows`` windows all over a sound, or, if ``start_s`` is given, to
    the 30 s that begin there.
    """

    windows: int = DEFAULT_WINDOWS
    start_s: float | None = None


ALL_OVER = Look()
MIDDLE = Look(windows=1)


def windows_of(duration_s: float, look: Look = MIDDLE) -> tuple[Window, ...]:
    """The windows of a sound of ``duration_s`` seconds, in order.

    Together they are as many times 30 s as fit into the sound, up to one for each window and up to
    ``MOST_SECONDS``: each takes an equal share of that, at least 3.75 s, and lies in the middle of
    an equal share of the sound.  Where that is nearly all of it anyway, or one window is wanted, it
    is the middle in one piece, from a whole second on: so a clip of 30 s is heard from its start.
    Why so many short windows: see the measurements in ``docs/listening.md``.
    """
    if look.start_s is not None:
        return (Window(look.start_s, WINDOW_SECONDS),)
    most = min(look.windows, MOST_SECONDS // WINDOW_SECONDS)
    heard_s = WINDOW_SECONDS * max(1, min(most, duration_s // WINDOW_SECONDS))
    if look.windows == 1 or heard_s >= _NEARLY_ALL * duration_s:
        return (Window(float(max(0.0, duration_s - heard_s) // 2), heard_s),)
    n = min(look.windows, round(heard_s / min(_LEAST_SECONDS, MOST_SECONDS / look.windows)))
    share_s, seconds = duration_s / n, heard_s / n
    return tuple(Window((i + 0.5) * share_s - seconds / 2, seconds) for i in range(n))
