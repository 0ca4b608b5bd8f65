"""What a person sees: a card of embeds and a picture, and its plain form.  Only rendering."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import discord

from bot.types import Answer, Heard
from bot.wording import say
from cogs.markdown import link, neutral
from soundmap.types import Analysis, Note, Pick, Recommendation, Traits
from soundmap.wording import note_sentence, reason_phrase

COLOR = 0x2F9E8F
PICTURE_NAME = "soundmap.png"
MAX_PLAIN = 2_000
_MAX_PICKS_TEXT = 3_600
_MAX_TITLE, _MAX_NAME = 70, 50
_SHOWN_LEAST = 0.03
_SHOWN_GENRES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A message to be shown; ``list_id`` is 0 where there is nothing to vote on.  ``data`` is
    the content of the one file it carries, ``view`` makes its buttons.
    """

    language: str
    embeds: tuple[discord.Embed, ...] = ()
    text: str = ""
    data: bytes = b""
    file_name: str = PICTURE_NAME
    file_about: str = ""
    list_id: int = 0
    n_picks: int = 0
    view: Callable[[], discord.ui.View] | None = None

    def files(self) -> list[discord.File]:
        """Its file, anew for every attempt at sending it."""
        if not self.data:
            return []
        about = self.file_about[:1_024]
        return [discord.File(io.BytesIO(self.data), self.file_name, description=about)]

    def without_file(self) -> Card:
        """The same where files are not allowed, said so."""
        if not self.embeds:
            return replace(self, data=b"")
        first, *rest = self.embeds
        first = first.copy().set_image(url=None)
        note = say("no_files", self.language)
        first.description = f"{first.description or ''}\n*{note}*".strip()
        return replace(self, embeds=(first, *rest), data=b"")

    def without_embeds(self) -> Card:
        """The same as text: whole lines, as many as fit."""
        lines = [say("no_embeds", self.language)]
        for embed in self.embeds:
            lines.append(f"**{embed.title}**" if embed.title else "")
            lines += (embed.description or "").split("\n")
        text = ""
        for line in lines:
            if len(text) + len(line) >= MAX_PLAIN:
                break
            text += f"{line}\n"
        return replace(self, embeds=(), text=text.strip())


def heard_card(heard: Heard, bundle: str, seconds: float, language: str, note: str = "") -> Card:
    """What ``/genre`` answers."""
    embed = _heard_embed(heard.analysis, language, note, bool(heard.picture))
    embed.set_footer(text=_footer(bundle, seconds, language))
    alt = _picture_alt(heard.analysis, language)
    return Card(language, (embed,), data=heard.picture, file_about=alt)


def answer_card(answer: Answer, bundle: str, language: str, note: str = "") -> Card:
    """What ``/recommend`` answers: what was heard, then the picks."""
    found, title = answer.recommendation, ""
    if answer.seed:
        track, artist = (
            neutral(name, _MAX_NAME) for name in (answer.seed.title, answer.seed.artist)
        )
        title = say("like_track", language, title=track, artist=artist)
    heard = _heard_embed(found.analysis, language, note, bool(answer.picture), title)
    picks = discord.Embed(color=COLOR, description=picks_text(found, language))
    picks.title = say("picks" if found.picks else "no_picks", language)
    hint = f" · {say('vote_hint', language)}" if found.picks else ""
    picks.set_footer(text=_footer(bundle, answer.seconds, language) + hint)
    alt = _picture_alt(found.analysis, language)
    return Card(
        language,
        (heard, picks),
        data=answer.picture,
        file_about=alt,
        list_id=answer.list_id,
        n_picks=len(found.picks),
    )


def why_embed(found: Recommendation, language: str) -> discord.Embed:
    """Every distance and reason of a list, beside what was measured in the sound."""
    parts = [say("why_you", language, traits=_traits(found.analysis.traits, language))]
    for pick in found.picks:
        traits = _traits(pick.track.traits, language)
        measured = say("why_pick", language, distance=pick.distance, traits=traits)
        parts.append(f"{_headline(pick)}\n{_reasons(pick, language, 3)}\n{measured}")
    embed = discord.Embed(color=COLOR, title=say("why_title", language))
    embed.description = "\n\n".join(parts)[:4_096]
    return embed


def picks_text(found: Recommendation, language: str) -> str:
    """The picks, with as many reasons each as fit, and what a filter left out."""
    notes = _notes(found.notes, language)
    for n_reasons in (3, 1, 0):
        picks = [_pick_text(pick, language, n_reasons) for pick in found.picks]
        text = "\n\n".join([*picks, *notes])
        if len(text) <= _MAX_PICKS_TEXT:
            break
    return text[:_MAX_PICKS_TEXT]


def _pick_text(pick: Pick, language: str, n_reasons: int) -> str:
    track = pick.track
    facts = f"{neutral(track.genre, _MAX_NAME)} · {neutral(track.license, _MAX_NAME)}"
    reasons = _reasons(pick, language, n_reasons)
    return "\n".join(filter(None, (_headline(pick), facts, reasons)))


def _headline(pick: Pick) -> str:
    title = neutral(pick.track.title, _MAX_TITLE) or "?"
    artist = neutral(pick.track.artist, _MAX_NAME)
    return f"**{pick.rank}. {link(title, pick.track.url)}** · {artist}"


def _reasons(pick: Pick, language: str, most: int) -> str:
    phrases = [reason_phrase(reason, language) for reason in pick.reasons[:most]]
    return f"*{'; '.join(phrases)}*" if phrases else ""


def _heard_embed(
    analysis: Analysis, language: str, note: str, picture: bool, title: str = ""
) -> discord.Embed:
    genre, share = analysis.genres[0]
    code = "heard_sure" if analysis.sure else "heard_unsure"
    lines = ["" if picture else _genres_line(analysis), *_notes(analysis.notes, language), note]
    embed = discord.Embed(color=COLOR, title=title or say(code, language, genre=genre, share=share))
    embed.description = "\n".join(filter(None, lines)) or None
    if picture:
        embed.set_image(url=f"attachment://{PICTURE_NAME}")
    return embed


def _genres_line(analysis: Analysis) -> str:
    shown = [pair for pair in analysis.genres[:_SHOWN_GENRES] if pair[1] >= _SHOWN_LEAST]
    return " · ".join(f"{genre} {share:.0%}" for genre, share in shown)


def _picture_alt(analysis: Analysis, language: str) -> str:
    return say("picture_alt", language, genres=_genres_line(analysis))


def _notes(notes: Iterable[Note], language: str) -> list[str]:
    return [f"*{note_sentence(note, language)}*" for note in notes]


def _traits(traits: Traits, language: str) -> str:
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


def _footer(bundle: str, seconds: float, language: str) -> str:
    return say("footer", language, bundle=bundle, seconds=seconds)
