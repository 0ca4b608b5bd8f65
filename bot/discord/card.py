"""Renders answers as Discord messages: embeds and pictures, or plain text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import discord

from bot.chat.handing import FILE_NAME, about_file, list_file
from bot.chat.mixing import compared_lines, mix_lines, mix_title
from bot.chat.phrases import (
    MAX_NAME,
    all_reasons,
    credit_lines,
    genres_line,
    list_notes,
    origin_line,
    path_about,
    path_line,
    pick_facts,
    pick_title,
    picks_title,
    picture_fields,
    reasons,
    seed_title,
    why_measured,
)
from bot.discord.markdown import MAX_URL, link, neutral
from bot.types import Answer, Heard, PathAnswer
from bot.wording import say
from soundmap.types import Analysis, Note, Pick, Recommendation
from soundmap.wording import heard_sentence, note_sentence, where_sentence
from soundmap.wording.credits import license_notes

COLOR = 0x2F9E8F
PICTURE_NAME, MAP_NAME = "soundmap.png", "soundmap-map.png"
MAX_TITLE = 100
MAX_PLAIN = 1_950  # of 2,000, since a mention may precede it
_SPARE = 200  # letters, for what is said below
_MAX_TEXT = 4_000  # of 4,096 per embed, and 6,000 for all embeds


@dataclass(frozen=True, slots=True)
class Card:
    """A message to send.

    ``data`` is the content of its file, and ``without_data`` the text that replaces a picture which
    cannot be sent.  ``map`` is a second picture.  ``below`` is what the embeds say below a list.
    ``view`` makes the buttons.  ``list_id`` is 0 if there is nothing to vote on.
    """

    language: str
    embeds: tuple[discord.Embed, ...] = ()
    text: str = ""
    data: bytes = b""
    file_name: str = PICTURE_NAME
    file_about: str = ""
    without_data: str = ""
    map: bytes = b""
    map_about: str = ""
    below: str = ""
    list_id: int = 0
    n_picks: int = 0
    view: Callable[[], discord.ui.View] | None = None

    def files(self) -> list[discord.File]:
        """New file objects: each attempt to send the card needs its own."""
        files = (
            (self.data, self.file_name, self.file_about),
            (self.map, MAP_NAME, self.map_about),
        )
        return [
            discord.File(io.BytesIO(data), name, description=about[:1_024])
            for data, name, about in files
            if data
        ]

    def without_file(self) -> Card:
        """The card without its files, for a channel that does not allow them; says so."""
        if not self.embeds:
            return replace(self, data=b"", map=b"")
        first, *rest = (embed.copy().set_image(url=None) for embed in self.embeds)
        note = f"*{say('no_files', self.language)}*"
        lines = (self.without_data, first.description, note)
        first.description = "\n".join(filter(None, lines))
        return replace(self, embeds=(first, *rest), data=b"", map=b"")

    def without_embeds(self) -> Card:
        """The card as plain text, with as many whole picks as fit."""
        text = say("no_embeds", self.language)
        footer = "".join(f"\n-# {embed.footer.text}" for embed in self.embeds if embed.footer)
        below = f"\n{self.below}" if self.below else ""
        for part in (part for embed in self.embeds for part in _parts(embed)):
            if len(text) + len(part) + len(below) + len(footer) >= MAX_PLAIN:
                break
            text += f"\n{part}" * (part not in self.below)
        return replace(self, embeds=(), text=text + below + footer)

    def without_reactions(self) -> Card:
        """The card for a channel without reactions; says so instead of how to vote."""
        *others, last = self.embeds
        hint, note = (say(code, self.language) for code in ("vote_hint", "no_reactions"))
        last = last.copy().set_footer(text=(last.footer.text or "").replace(hint, note))
        return replace(self, embeds=(*others, last))


class _Form(NamedTuple):
    """How much of a pick is shown: number of reasons, and letters of title, names and address."""

    reasons: int
    title: int = 70
    name: int = MAX_NAME
    url: int = MAX_URL


_FORMS = (_Form(9), _Form(3), _Form(1), _Form(0), _Form(0, title=25, name=25, url=120))


def heard_card(heard: Heard, bundle: str, seconds: float, language: str) -> Card:
    """The answer to ``/genre``."""
    note = origin_line(heard.origin, neutral, link)
    embed = _heard_embed(heard.analysis, language, note, bool(heard.picture))
    embed.set_footer(text=_footer(bundle, seconds, language))
    return Card(language, (embed,), **picture_fields(heard.analysis, heard.picture, language))


def answer_card(answer: Answer, bundle: str, language: str, note: str = "") -> Card:
    """The answer to ``/recommend``: what was heard, then the picks."""
    found, title = answer.recommendation, seed_title(answer, language, neutral)
    note = "\n".join(filter(None, (origin_line(answer.origin, neutral, link), note)))
    if answer.sounds:
        heard = _mix_embed(answer, language)
    else:
        heard = _heard_embed(found.analysis, language, note, bool(answer.picture), title)
    picks = discord.Embed(color=COLOR, description=picks_text(found, language))
    picks.title = picks_title(answer, language)
    hint = f" · {say('vote_hint', language)}" if found.picks else ""
    picks.set_footer(text=_footer(bundle, answer.seconds, language) + hint)
    picture = {}
    if not answer.sounds:
        picture = picture_fields(found.analysis, answer.picture, language)
    if answer.map:
        picks.set_image(url=f"attachment://{MAP_NAME}")
        picture |= {"map": answer.map, "map_about": say("map_alt", language)}
    picture |= {"below": "\n".join(_notes(list_notes(found), language))}
    n_picks = len(found.picks)
    return Card(language, (heard, picks), list_id=answer.list_id, n_picks=n_picks, **picture)


def path_card(answer: PathAnswer, bundle: str, language: str) -> Card:
    """The answer to ``/path``: both ends, and each track in between with its step."""
    path, names = answer.path, [neutral(name, MAX_TITLE) or "?" for name in answer.names]
    embed = discord.Embed(color=COLOR, title=say("path_title", language))
    notes = _notes((*path.notes, *license_notes(path.picks)), language)
    embed.description = _fitting(
        lambda form: [
            f"**A** · {names[0]}",
            *(_pick_text(pick, language, form) for pick in path.picks),
            f"**B** · {names[1]}",
            *notes,
        ]
    )
    footer = _footer(bundle, answer.seconds, language), path_line(answer, language)
    embed.set_footer(text=" · ".join(footer))
    embed.set_image(url=f"attachment://{PICTURE_NAME}")
    about = path_about(answer, language)
    return Card(language, (embed,), data=answer.picture, file_about=about)


def why_embed(found: Answer, language: str) -> discord.Embed:
    """All distances and reasons of a list, and the traits of its sound or sounds."""
    yours, picks = "\n".join(compared_lines(found, language)), found.recommendation.picks
    embed = discord.Embed(color=COLOR, title=say("why_title", language))
    embed.description = _fitting(
        lambda form: [yours, *(_why_text(pick, language, form) for pick in picks)]
    )
    return embed


def file_card(picks: Sequence[Pick], language: str) -> Card:
    """A list as a file for a player."""
    text = about_file("list_file_here", picks, language)
    return Card(language, text=text, data=list_file(picks, language), file_name=FILE_NAME)


def credits_card(picks: Iterable[Pick], language: str, others: str = "credits_more") -> Card:
    """A line of credit to copy for each pick; of those that do not fit, ``others`` is said."""
    picks = tuple(picks)
    embed = discord.Embed(color=COLOR, title=say("credits_title", language))
    blocks = [
        f"{pick.rank}.\n```\n{line}\n```"
        for pick, line in zip(picks, credit_lines(picks, language), strict=True)
    ]
    fitting = [
        block
        for at, block in enumerate(blocks)
        if len("".join(blocks[: at + 1])) <= _MAX_TEXT - _SPARE
    ]
    more = [say(others, language)] if len(fitting) < len(blocks) else []
    embed.description = "\n".join([*fitting, *more]) or say("no_picks", language)
    return Card(language, (embed,))


def picks_text(found: Recommendation, language: str) -> str:
    """The picks, and notes on what a filter left out."""
    notes = _notes(list_notes(found), language)
    return _fitting(
        lambda form: [*(_pick_text(pick, language, form) for pick in found.picks), *notes]
    )


def _fitting(parts_in: Callable[[_Form], list[str]]) -> str:
    """The parts in the most detailed form that fits an embed."""
    for form in _FORMS:
        text = "\n\n".join(parts_in(form))
        if len(text) <= _MAX_TEXT:
            break
    return text[:_MAX_TEXT]


def _pick_text(pick: Pick, language: str, form: _Form) -> str:
    facts = pick_facts(pick, language, neutral, partial(link, most=form.url), form.name)
    said = _reasons(pick, language, form.reasons)
    return "\n".join(filter(None, (_headline(pick, form), facts, said)))


def _why_text(pick: Pick, language: str, form: _Form) -> str:
    facts = pick_facts(pick, language, neutral, partial(link, most=form.url), form.name)
    said = all_reasons(pick, language, form.reasons, neutral)
    lines = (_headline(pick, form), facts, said, why_measured(pick, language))
    return "\n".join(filter(None, lines))


def _headline(pick: Pick, form: _Form) -> str:
    title = pick_title(pick, neutral, partial(link, most=form.url), form.title)
    return f"**{pick.rank}. {title}** · {neutral(pick.track.artist, form.name) or '?'}"


def _reasons(pick: Pick, language: str, most: int) -> str:
    said = reasons(pick, language, most, neutral)
    return f"*{said}*" if said else ""


def _heard_embed(
    analysis: Analysis, language: str, note: str, picture: bool, title: str = ""
) -> discord.Embed:
    where, notes = where_sentence(analysis, language), _notes(analysis.notes, language)
    lines = ["" if picture else genres_line(analysis), where, *notes, note]
    embed = discord.Embed(color=COLOR, title=title or heard_sentence(analysis, language))
    embed.description = "\n".join(filter(None, lines)) or None
    if picture:
        embed.set_image(url=f"attachment://{PICTURE_NAME}")
    return embed


def _mix_embed(answer: Answer, language: str) -> discord.Embed:
    embed = discord.Embed(color=COLOR, title=mix_title(answer, language))
    embed.description = "\n".join(mix_lines(answer, language, neutral))[:_MAX_TEXT]
    return embed


def _notes(notes: Iterable[Note], language: str) -> list[str]:
    return [f"*{note_sentence(note, language)}*" for note in notes]


def _parts(embed: discord.Embed) -> list[str]:
    """The text of an embed in parts that should not be split."""
    title = [f"**{embed.title}**"] if embed.title else []
    return title + [part for part in (embed.description or "").split("\n\n") if part]


def _footer(bundle: str, seconds: float, language: str) -> str:
    return say("footer", language, bundle=bundle, seconds=seconds)
