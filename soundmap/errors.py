"""The error tree.  An error is a stable code with facts; its sentence is in ``wording``.

SoundMapError
├── BadSound      the sound itself: not audio, too short, silent, damaged
├── BadLink       an address: no sound behind it, too much, a place not to go
├── BadRequest    what was asked of it: an unknown genre, an impossible number
├── NotInstalled  an optional package that this needs
├── BadBundle     the model bundle: missing, altered, from another version
└── BadDataset    training or evaluation files: missing, wrong arrays, wrong labels
"""

from __future__ import annotations

from soundmap.wording import error_sentence


class SoundMapError(Exception):
    """Base of every error a caller may meet; ``code`` is stable, ``facts`` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return error_sentence(self.code, self.facts)


def unwritten(error: OSError) -> SoundMapError:
    """``output``: an answer, or the file of that name, that cannot be written."""
    reason = f"{error.strerror} ({error.filename})" if error.filename else error
    return SoundMapError("output", reason=reason)


class BadSound(SoundMapError):
    """The sound cannot be listened to."""


class BadLink(SoundMapError):
    """The address leads to nothing that can be listened to."""


class BadRequest(SoundMapError):
    """The sound may be fine; what was asked cannot be answered."""


class NotInstalled(SoundMapError):
    """An optional package is needed."""


class BadBundle(SoundMapError):
    """The model bundle is missing, altered, or not of this version."""


class BadDataset(SoundMapError):
    """A training or evaluation file is missing or malformed."""
