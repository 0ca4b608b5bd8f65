"""The sentences about sounds, picks and errors that a person reads, made from codes and facts.

``english`` has the words of all, ``korean`` those of what chats show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.clock import clock_of
from soundmap.wording import failures, korean
from soundmap.wording.causes import cause_of
from soundmap.wording.english import ASKS, ERRORS, HEARD, NOTES, SHOWN, WHERE
from soundmap.wording.filters import filters_phrase
from soundmap.wording.reasons import KOREAN_MEASURED, KOREAN_REASONS, MEASURED, REASONS

if TYPE_CHECKING:  # errors are light, and so are their sentences: no numpy
    from soundmap.types import Analysis, Note, Origin, Reason

LEAST_SHOWN = 0.03
"""Genres with a smaller share are not shown to a person."""
_KOREAN = {**korean.ERRORS, **failures.KOREAN, **korean.HEARD, **korean.WHERE}
_KOREAN |= {**korean.NOTES, **KOREAN_REASONS, **korean.ASKS, **korean.SHOWN}


def error_sentence(code: str, facts: Mapping[str, object], language: str = "en") -> str:
    """The sentence of an error, or of why a process failed, in ``language`` if it has one.

    The fact ``meant``, a name that a person may have meant, becomes a question.
    """
    shown = asking({**shown_facts(facts, language), **_reason(facts, language)}, language)
    return _in(language, code, {**ERRORS, **failures.ENGLISH}[code]).format(**shown)


def _reason(facts: Mapping[str, object], language: str) -> dict[str, str]:
    """Where the fact ``error``, a code with facts, is another error: its sentence as ``reason``."""
    if "error" not in facts:
        return {}
    error: Any = facts["error"]
    code, why = error
    return {"reason": error_sentence(code, why, language).rstrip(".")}


def asking(facts: Mapping[str, object], language: str = "en") -> dict[str, object]:
    """Facts whose ``meant``, if there is one, is a question after a space."""
    asks = _in(language, "meant", ASKS["meant"])
    return {**facts, "meant": f" {asks.format(**facts)}" if facts.get("meant") else ""}


def heard_sentence(
    analysis: Analysis, language: str = "en", marked: Callable[[str], str] = str
) -> str:
    """What a sound is heard as and how surely; ``marked`` may set off the genre's name."""
    genre, share = analysis.genres[0]
    code = _heard_code(analysis.sure)
    name = marked(str(_shown(genre)))
    return _in(language, code, HEARD[code]).format(genre=name, share=share)


def where_sentence(analysis: Analysis, language: str = "en") -> str:
    """Where in a sound SoundMap listened; empty if that was all of it."""
    if not analysis.is_of_part:
        return ""
    windows = analysis.windows
    code = "one_part" if len(windows) == 1 else "all_over"
    return _in(language, code, WHERE[code]).format(
        seconds=analysis.seconds,
        whole=clock_of(analysis.duration_s),
        windows=len(windows),
        start=clock_of(windows[0].start_s),
        end=clock_of(windows[-1].end_s),
    )


def said(code: str, language: str = "en", /, **facts: object) -> str:
    """What the command line says of an answer."""
    return _in(language, code, SHOWN[code]).format(**shown_facts(facts, language))


def heard_lead(sure: bool) -> str:
    """The words before the genre, for a picture that sets the genre itself."""
    return HEARD[_heard_code(sure)].partition("{")[0]


def likely_genres(analysis: Analysis) -> list[tuple[str, float]]:
    """(genre, share 0..1) of those with at least ``LEAST_SHOWN``, most likely first."""
    return [(genre, share) for genre, share in analysis.genres if share >= LEAST_SHOWN]


def note_sentence(note: Note, language: str = "en") -> str:
    """The sentence of a note."""
    facts = dict(note.facts)
    if "filters" in facts:
        called: Any = facts["filters"]
        facts["filters"] = filters_phrase(called, language)
    if reason := _reason(facts, language):
        facts = {**shown_facts(facts, language), **reason}
    return _in(language, note.code, NOTES[note.code]).format(**facts)


def reason_phrase(reason: Reason, language: str = "en") -> str:
    """The phrase of a reason, without a full stop, since reasons are listed."""
    return _in(language, reason.kind, REASONS[reason.kind]).format(**reason.facts)


def measured_phrase(reason: Reason, language: str = "en") -> str:
    """The phrase of a reason with what was measured for it, if anything was."""
    said, facts = reason_phrase(reason, language), reason.facts
    key = reason.kind if reason.kind in MEASURED else reason.kind.partition("_")[2]
    if key not in MEASURED:
        return said
    words = KOREAN_MEASURED if language == "ko" else MEASURED
    return f"{said} ({words[key].format(**facts)})"


def origin_phrase(origin: Origin) -> str:
    """Title, uploader and site of a fetched sound, those that are known."""
    parts = (origin.title, origin.uploader, origin.site)
    return " · ".join(str(_shown(part)) for part in parts if part)


def _heard_code(sure: bool) -> str:
    return "heard_sure" if sure else "heard_unsure"


def _in(language: str, code: str, english: str) -> str:
    return _KOREAN.get(code, english) if language == "ko" else english


def shown_facts(facts: Mapping[str, object], language: str = "en") -> dict[str, object]:
    """Facts ready to show: exceptions as text, control characters replaced."""
    return {name: _shown(value, language) for name, value in facts.items()}


def is_shown(letter: str) -> bool:
    """Whether a letter of untrusted text may be shown.

    Nothing that a terminal would obey may; joiners may, which shape emoji and Persian words.
    """
    return letter.isprintable() or letter in "\u200c\u200d"


def plain(text: str) -> str:
    """Untrusted text, with a question mark for every letter that may not be shown."""
    return "".join(letter if is_shown(letter) else "?" for letter in text)


def _shown(value: object, language: str = "en") -> object:
    """A fact ready to show; an exception becomes what it is a cause of, in words."""
    if isinstance(value, Exception):
        value = cause_of(value, language)
    if isinstance(value, str | Path):
        return plain(str(value))
    return value
