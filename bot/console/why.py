"""Why the picks of a list are near, with all that was measured, for the console."""

from __future__ import annotations

from bot.chat.phrases import MAX_NAME, all_reasons, traits_phrase, why_measured
from bot.chat.plain import named
from bot.wording import say
from soundmap.types import Recommendation

_MOST = 9  # reasons of a pick


def why_text(found: Recommendation, language: str = "en") -> str:
    """The traits of the sound, then every pick with its reasons and traits."""
    traits = traits_phrase(found.analysis.traits, language)
    parts = [say("why_you", language, traits=traits)]
    for pick in found.picks:
        title, artist = (named(it, MAX_NAME) for it in (pick.track.title, pick.track.artist))
        reasons = all_reasons(pick, language, _MOST, named)
        lines = (*reasons.split("\n"), why_measured(pick, language))
        parts.append("\n".join((f"{pick.rank}. {title} · {artist}", *(f"   {it}" for it in lines))))
    return "\n\n".join(parts)
