"""Phrases of an answer, the same in every chat.

``neutral`` is the chat's own function that escapes untrusted text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.chat.plain import named, plain
from bot.types import Answer, PathAnswer
from bot.wording import say
from soundmap.types import Analysis, Origin, Pick, Reason, Traits
from soundmap.wording import likely_genres, reason_phrase

MAX_NAME = 50
MOST_PICKS = 10  # in one list that is shown in a chat
_SHOWN_GENRES = 3

Neutral = Callable[[str, int], str]


def genres_line(analysis: Analysis) -> str:
    """The most likely genres with their shares."""
    shown = likely_genres(analysis)[:_SHOWN_GENRES]
    return " · ".join(f"{genre} {share:.0%}" for genre, share in shown)


def seed_title(answer: Answer, language: str, neutral: Neutral) -> str:
    """The track that a list is based on; empty if it is based on a sound."""
    if not answer.seed:
        return ""
    track, artist = (neutral(it, MAX_NAME) or "?" for it in (answer.seed.title, answer.seed.artist))
    code = "from_taste" if answer.by_taste else "like_track"
    return say(code, language, title=track, artist=artist)


def picture_about(analysis: Analysis, language: str) -> str:
    """Alternative text for the picture of an answer."""
    return say("picture_alt", language, genres=genres_line(analysis))


def pick_facts(pick: Pick, language: str, neutral: Neutral, most: int = MAX_NAME) -> str:
    """Genre and license of a pick, and the end of its path if it is a local file."""
    genre, license_ = (neutral(name, most) for name in (pick.track.genre, pick.track.license))
    facts = say("pick_facts", language, genre=genre or "?", license=license_ or "?")
    if not (path := plain(pick.track.file, len(pick.track.file))):
        return facts
    shown = path if len(path) <= most else f"…{path[1 - most :]}"
    return f"{facts} · {say('pick_file', language, file=neutral(shown, most))}"


def picks_title(answer: Answer, language: str) -> str:
    """The title above the picks."""
    if not answer.recommendation.picks:
        return say("no_picks", language)
    if answer.catalog:
        return say("picks_in", language, catalog=answer.catalog)
    return say("picks", language)


def catalogs_text(chosen: str, names: list[str], language: str, neutral: Neutral) -> str:
    """Says which catalog lists come from, and which there are."""
    known = ", ".join(neutral(name, MAX_NAME) for name in names)
    return say("catalog_shown", language, name=neutral(chosen, MAX_NAME), known=known)


def catalog_chosen(name: str, language: str, neutral: Neutral) -> str:
    """Says which catalog lists come from now on."""
    return say("catalog_chosen", language, name=neutral(name, MAX_NAME))


def reasons(pick: Pick, language: str, most: int, neutral: Neutral) -> str:
    """Why a pick is near, in at most ``most`` reasons."""
    shown = [_harmless(reason, neutral) for reason in pick.reasons[:most]]
    return "; ".join(reason_phrase(reason, language) for reason in shown)


def why_measured(pick: Pick, language: str) -> str:
    """The distance of a pick, and its traits."""
    measured = traits_phrase(pick.track.traits, language)
    return say("why_pick", language, distance=pick.distance, traits=measured)


def origin_line(origin: Origin | None, neutral: Neutral, link: Callable[[str, str], str]) -> str:
    """Where a linked sound came from: its title as a link, uploader and site."""
    if origin is None:
        return ""
    title = neutral(origin.title, MAX_NAME) or neutral(origin.site, MAX_NAME) or "?"
    others = [neutral(name, MAX_NAME) for name in (origin.uploader, origin.site)]
    return " · ".join([f"🔗 {link(title, origin.page)}", *filter(None, others)])


def path_line(answer: PathAnswer, language: str) -> str:
    """How smooth a path is."""
    steps = answer.path.steps
    return say("path_smooth", language, steps=len(steps), multiple=answer.path.smoothness)


def path_about(answer: PathAnswer, language: str) -> str:
    """Alternative text for the picture of a path: plain text, in which nothing is escaped."""
    start, end = (named(name, MAX_NAME) for name in answer.names)
    return say("path_alt", language, start=start, end=end)


def picture_fields(analysis: Analysis, data: bytes | None, language: str) -> dict[str, Any]:
    """The fields of a card for its picture."""
    about = picture_about(analysis, language)
    return {"data": data or b"", "file_about": about, "without_data": genres_line(analysis)}


def traits_phrase(traits: Traits, language: str) -> str:
    """The traits of a sound in words."""
    code = "tempo" if traits.tempo_bpm else "no_tempo"
    tempo = say(code, language, bpm=traits.tempo_bpm)
    return say(
        "traits",
        language,
        tempo=tempo,
        brightness_hz=traits.brightness_hz,
        bass_share=traits.bass_share,
        dynamics_db=traits.dynamics_db,
    )


def hidden_text(hidden: tuple[str, ...], language: str, neutral: Neutral) -> str:
    """Says which artists a person hides now."""
    if not hidden:
        return say("hidden_none", language)
    names = ", ".join(neutral(name, MAX_NAME) or "?" for name in hidden)
    return say("hidden_now", language, artists=names)


def _harmless(reason: Reason, neutral: Neutral) -> Reason:
    """A reason with its untrusted names escaped."""
    facts = {
        name: neutral(fact, MAX_NAME) or "?" if isinstance(fact, str) else fact
        for name, fact in reason.facts.items()
    }
    return Reason(reason.kind, facts)
