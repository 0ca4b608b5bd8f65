"""How long a sound file is, as far as a few looks at it tell."""

from __future__ import annotations

from pathlib import Path


def told_seconds(path: Path) -> int:
    """Length of a file that tells its own, in seconds; 0 if it does not or cannot be read."""
    import soundfile

    from soundmap.audio.plain.looks import plain_seconds
    from soundmap.audio.skipping import find_sound
    from soundmap.errors import SoundMapError

    try:
        with path.open("rb") as file:
            seconds = plain_seconds(file, find_sound(file))
        return round(seconds or (0 if seconds is None else soundfile.info(path).duration))
    except (OSError, ValueError, SoundMapError, soundfile.LibsndfileError):
        return 0
