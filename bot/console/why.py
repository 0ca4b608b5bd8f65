"""Why the picks of a list are near, with all that was measured, for the console."""

from __future__ import annotations

from bot.chat.mixing import compared_lines
from bot.chat.phrases import MAX_NAME, all_reasons, why_measured
from bot.chat.plain import named
from bot.console.session import unmarked
from bot.types import Answer

_MOST = 9  # reasons of a pick


def why_text(found: Answer, language: str = "en", rank: int = 0) -> str:
    """The traits of the sound or the sounds, then every pick, or that of a rank, with its reasons
    and traits.
    """
    parts = ["\n".join(map(unmarked, compared_lines(found, language)))]
    for pick in (it for it in found.recommendation.picks if rank in (0, it.rank)):
        title, artist = (named(it, MAX_NAME) for it in (pick.track.title, pick.track.artist))
        reasons = all_reasons(pick, language, _MOST, named)
        lines = (*reasons.split("\n"), why_measured(pick, language))
        parts.append("\n".join((f"{pick.rank}. {title} · {artist}", *(f"   {it}" for it in lines))))
    return "\n\n".join(parts)
