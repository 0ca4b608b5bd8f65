"""SoundMap: a sound in, its nearest free tracks out.  Knows no chat platform.

    import soundmap

    listener = soundmap.Listener()
    for pick in listener.recommend("song.mp3", count=10):
        print(pick.track.artist, pick.track.title, pick.track.url)

Names are loaded when they are first used, so importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soundmap.audio.decode import decode
    from soundmap.audio.demo import write_demo
    from soundmap.audio.samples import resample
    from soundmap.bundle.listener import Hearing, Listener
    from soundmap.bundle.manifest import Manifest
    from soundmap.catalog.table import Catalog
    from soundmap.errors import (
        BadBundle,
        BadDataset,
        BadLink,
        BadRequest,
        BadSound,
        NotInstalled,
        SoundMapError,
    )
    from soundmap.features.tiles import OVERVIEW, SLICES, TileSpec, mel_tiles
    from soundmap.mix.find import Mix
    from soundmap.paths.find import SoundPath
    from soundmap.recommendation.request import Request
    from soundmap.types import Analysis, Clip, Note, Pick, Reason, Recommendation, Track, Traits
    from soundmap.wording import note_sentence, reason_phrase

__version__ = "0.1.0"

_HOMES = {
    "soundmap.audio.decode": ("decode",),
    "soundmap.audio.demo": ("write_demo",),
    "soundmap.audio.samples": ("resample",),
    "soundmap.bundle.listener": ("Hearing", "Listener"),
    "soundmap.bundle.manifest": ("Manifest",),
    "soundmap.catalog.table": ("Catalog",),
    "soundmap.errors": (
        *("BadBundle", "BadDataset", "BadLink", "BadRequest", "BadSound"),
        *("NotInstalled", "SoundMapError"),
    ),
    "soundmap.features.tiles": ("OVERVIEW", "SLICES", "TileSpec", "mel_tiles"),
    "soundmap.mix.find": ("Mix",),
    "soundmap.paths.find": ("SoundPath",),
    "soundmap.recommendation.request": ("Request",),
    "soundmap.types": (
        *("Analysis", "Clip", "Note", "Pick", "Reason", "Recommendation", "Track", "Traits"),
    ),
    "soundmap.wording": ("note_sentence", "reason_phrase"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "OVERVIEW",
    "SLICES",
    "Analysis",
    "BadBundle",
    "BadDataset",
    "BadLink",
    "BadRequest",
    "BadSound",
    "Catalog",
    "Clip",
    "Hearing",
    "Listener",
    "Manifest",
    "Mix",
    "NotInstalled",
    "Note",
    "Pick",
    "Reason",
    "Recommendation",
    "Request",
    "SoundMapError",
    "SoundPath",
    "TileSpec",
    "Track",
    "Traits",
    "decode",
    "mel_tiles",
    "note_sentence",
    "reason_phrase",
    "resample",
    "write_demo",
]


def __getattr__(name: str) -> object:
    """A name of the face, from its home, at its first use (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'soundmap' has no attribute {name!r}")
    value: object = vars(import_module(_HOME_OF[name]))[name]
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
