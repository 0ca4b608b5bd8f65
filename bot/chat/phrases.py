"""Phrases of an answer, the same in every chat.

``neutral`` is the chat's own function that escapes untrusted text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.chat.plain import named, plain
from bot.core.mixing import NEAREST
from bot.types import Answer, LeftOut, PathAnswer, Refusal
from bot.wording import chat_sentence, say
from soundmap.types import (
    Analysis,
    Note,
    Origin,
    Pick,
    Reason,
    Recommendation,
    Track,
    Traits,
)
from soundmap.wording import likely_genres, measured_phrase, reason_phrase
from soundmap.wording.credits import credit_line, license_notes, link_word

MAX_NAME = 50
MOST_PICKS = 10  # in one list that is shown in a chat
_SHOWN_GENRES = 3
_CREDITED_LETTERS = 120
_LEFT_OUT_LETTERS = 1_200

Neutral = Callable[[str, int], str]
Link = Callable[[str, str], str]
"""Makes a link of a text and an address; only the text if that is no web address, or too long."""


def refused_text(refusal: Refusal, language: str, neutral: Neutral) -> str:
    """Why there is no answer, and if several sounds were refused, why each was."""
    said = chat_sentence(refusal, language, neutral)
    return "\n".join([said, *left_out_lines(refusal.left_out, language, neutral)])


def left_out_lines(left_out: Iterable[LeftOut], language: str, neutral: Neutral) -> list[str]:
    """A line for each sound that could not be heard among others, with its name and why.

    As many as fit a message together with the rest.
    """
    lines: list[str] = []
    for name, why in left_out:
        shown = neutral(name, MAX_NAME) or "?"
        reason = chat_sentence(why, language, neutral)
        line = say("left_out", language, name=shown, reason=reason)
        if sum(map(len, (*lines, line))) > _LEFT_OUT_LETTERS:
            return [*lines, "…"]
        lines.append(line)
    return lines


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


def pick_title(pick: Pick, neutral: Neutral, link: Link, most: int) -> str:
    """The title of a pick, a link if its page is known."""
    return link(neutral(pick.track.title, most) or "?", pick.track.page_url)


def pick_facts(
    pick: Pick, language: str, neutral: Neutral, link: Link, most: int = MAX_NAME
) -> str:
    """Genre of a pick, its license if it is known, what kind of link it has, and the end of its
    path if it is a local file.
    """
    track = pick.track
    parts = [neutral(track.genre, most) or "?"]
    if license_ := neutral(track.license, most):
        parts.append(say("pick_license", language, license=license_))
    parts.append(_link_kind(track, language, link))
    if path := plain(track.file, len(track.file)):
        shown = path if len(path) <= most else f"…{path[1 - most :]}"
        parts.append(say("pick_file", language, file=neutral(shown, most)))
    return " · ".join(filter(None, parts))


def _link_kind(track: Track, language: str, link: Link) -> str:
    """Says that the title leads to the track's page, or is a link to a search for it.

    Empty if there is no address that fits.
    """
    if link("?", track.page_url) != "?":
        return f"🔗 {link_word('page', language)}"
    word = link_word("search", language)
    search = link(word, track.search_url)
    return f"🔍 {search}" if search != word else ""


def credit_lines(picks: Iterable[Pick], language: str) -> list[str]:
    """A line of credit for each pick, ready to be copied: not escaped, but without backticks."""
    lines = []
    for pick in picks:
        names = (pick.track.title, pick.track.artist, pick.track.license)
        title, artist, license_ = (plain(name, _CREDITED_LETTERS) for name in names)
        track = replace(pick.track, title=title, artist=artist, license=license_)
        lines.append(credit_line(track, language).replace("`", "ˋ"))
    return lines


def list_notes(found: Recommendation) -> tuple[Note, ...]:
    """What is said below the picks: what a filter left out, whose license is not known."""
    return (*found.notes, *license_notes(found.picks))


def picks_title(answer: Answer, language: str) -> str:
    """The title above the picks."""
    if not answer.recommendation.picks:
        return say("no_picks", language)
    code = "mix_picks" if answer.sounds else "picks"
    if answer.catalog:
        return say(f"{code}_in", language, catalog=answer.catalog)
    return say(code, language)


def catalogs_text(chosen: str, names: list[str], language: str, neutral: Neutral) -> str:
    """Says which catalog lists come from, and which there are."""
    known = ", ".join(neutral(name, MAX_NAME) for name in names)
    return say("catalog_shown", language, name=neutral(chosen, MAX_NAME), known=known)


def catalog_chosen(name: str, language: str, neutral: Neutral) -> str:
    """Says which catalog lists come from now on."""
    return say("catalog_chosen", language, name=neutral(name, MAX_NAME))


def clean_text(on: bool, language: str) -> str:
    """Says whether the lists of a server leave out strong language."""
    return say("clean_on" if on else "clean_off", language)


def reasons(pick: Pick, language: str, most: int, neutral: Neutral) -> str:
    """Why a pick is near, in at most ``most`` reasons; a mix's says in any case to which sound."""
    chosen = [it for at, it in enumerate(pick.reasons) if at < most or it.kind == NEAREST]
    shown = [_harmless(reason, neutral) for reason in chosen]
    return "; ".join(reason_phrase(reason, language) for reason in shown)


def all_reasons(pick: Pick, language: str, most: int, neutral: Neutral) -> str:
    """Why a pick is near with all that was measured, in at most ``most`` lines."""
    shown = [_harmless(reason, neutral) for reason in (*pick.reasons, *pick.also)[:most]]
    return "\n".join(f"• {measured_phrase(reason, language)}" for reason in shown)


def why_measured(pick: Pick, language: str) -> str:
    """The distance of a pick, and its traits."""
    measured = traits_phrase(pick.track.traits, language)
    return say("why_pick", language, distance=pick.distance, traits=measured)


def origin_line(origin: Origin | None, neutral: Neutral, link: Link) -> str:
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
