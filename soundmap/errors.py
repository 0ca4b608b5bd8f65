"""Errors.  Each is a stable code with facts; its sentence is in ``wording``.

SoundMapError
├── BadSound      the sound itself: not audio, too short, silent, damaged
├── BadLink       an address: no sound behind it, too large, not allowed
├── BadRequest    the request: an unknown genre, an impossible number
├── NotInstalled  an optional package is missing
├── BadBundle     the model bundle: missing, altered, from another version
└── BadDataset    training or evaluation files: missing, wrong arrays, wrong labels
"""

from __future__ import annotations

from soundmap.wording import error_sentence


class SoundMapError(Exception):
    """Base of all errors for callers; ``code`` is stable, ``facts`` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return error_sentence(self.code, self.facts)


def unwritten(error: OSError) -> SoundMapError:
    """The error of an answer, or of a file, that cannot be written."""
    where = f" ({error.filename})" if error.filename else ""
    return SoundMapError("output", reason=error, where=where)


class BadSound(SoundMapError):
    """The sound cannot be heard."""


class BadLink(SoundMapError):
    """The address leads to no sound that can be heard."""


class BadRequest(SoundMapError):
    """The request cannot be answered, though the sound may be fine."""


class NotInstalled(SoundMapError):
    """An optional package is not installed."""


class BadBundle(SoundMapError):
    """The model bundle is missing, altered, or not of this version."""


class BadDataset(SoundMapError):
    """A training or evaluation file is missing or malformed."""
