"""Renders answers as Slack messages: blocks and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.mixing import compared_lines, mix_lines, mix_title
from bot.chat.phrases import (
    all_reasons,
    credit_lines,
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
from bot.chat.plain import shorten
from bot.slack.mrkdwn import escaped, link, neutral, ours
from bot.types import Answer, Heard, PathAnswer
from bot.wording import say
from soundmap.types import Analysis, Note, Origin, Pick
from soundmap.wording import heard_sentence, note_sentence, where_sentence
from soundmap.wording.credits import license_notes

PICTURE_NAME = "soundmap.png"
_MAX_TEXT = 3_000  # letters of a text object
MAX_ABOUT = 1_000  # of a picture, for those who cannot see it
_MAX_TITLE = 70
_REASONS, _ALL_REASONS = 3, 9
_HALVES = re.compile(r"&[a-z]*$|<[^>]*$")  # half an escape or link, after a cut

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A message to send; ``text`` is its notification.

    ``data`` is its picture, and ``without_data`` the text that replaces it if it cannot be sent.
    ``map`` is a second picture, placed before the small print.  ``list_id`` is 0 if there is
    nothing to vote on.
    """

    language: str
    text: str
    blocks: tuple[Block, ...] = ()
    data: bytes = b""
    file_about: str = ""
    without_data: str = ""
    map: bytes = b""
    map_about: str = ""
    list_id: int = 0
    n_picks: int = 0

    def shown(self, file_id: str = "", map_id: str = "") -> list[Block]:
        """The blocks, with the picture after the first, or with text if it was not uploaded."""
        first, *rest = self.blocks or (section(self.text),)
        if map_id:
            below = next((at for at, it in enumerate(rest) if it["type"] == "context"), len(rest))
            rest.insert(below, _image(map_id, self.map_about))
        if file_id:
            return [first, _image(file_id, self.file_about), *rest]
        words = [section(self.without_data)] if self.data and self.without_data else []
        return [first, *words, *rest]

    def without_reactions(self) -> Card:
        """The card for a channel without reactions; says so instead of how to vote."""
        hint, note = (say(code, self.language) for code in ("vote_hint", "no_reactions"))
        blocks = tuple(
            small(block["elements"][0]["text"].replace(hint, note))
            if block["type"] == "context"
            else block
            for block in self.blocks
        )
        return replace(self, blocks=blocks)


def _image(file_id: str, about: str) -> Block:
    about = shorten(about, MAX_ABOUT) or PICTURE_NAME
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": about}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": _mrkdwn(text)}


def small(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def text_card(text: str, language: str) -> Card:
    """A card with one of our own texts."""
    return Card(language, ours(text))


def titled_card(title: str, text: str, language: str) -> Card:
    """A card with one of our own texts below a title."""
    return Card(language, title, (section(f"*{title}*\n{ours(text)}"),))


def heard_card(heard: Heard, bundle: str, seconds: float, language: str) -> Card:
    """The answer to ``/genre``."""
    title, analysis = heard_sentence(heard.analysis, language), heard.analysis
    top = _top(title, analysis, heard.origin, "", language)
    footer = small(say("footer", language, bundle=bundle, seconds=seconds))
    return Card(language, title, (top, footer), **picture_fields(analysis, heard.picture, language))


def answer_card(answer: Answer, bundle: str, language: str, note: str = "") -> Card:
    """The answer to ``/recommend``: what was heard, then the picks."""
    found, analysis = answer.recommendation, answer.recommendation.analysis
    title = seed_title(answer, language, neutral) or heard_sentence(analysis, language)
    top = _top(title, analysis, answer.origin, note, language)
    picture = picture_fields(analysis, answer.picture, language)
    if answer.sounds:
        title, picture = mix_title(answer, language), {}
        top = section("\n".join((f"*{title}*", *map(ours, mix_lines(answer, language, neutral)))))
    footer = say("footer", language, bundle=bundle, seconds=answer.seconds)
    if found.picks:
        footer += f" · {say('vote_hint', language)}"
    blocks = (
        top,
        section(f"*{picks_title(answer, language)}*"),
        *(section(_pick_text(pick, language)) for pick in found.picks),
        *(small(line) for line in _notes(list_notes(found), language)),
        small(footer),
    )
    picture |= {"map": answer.map or b"", "map_about": say("map_alt", language)}
    n_picks = len(found.picks)
    return Card(language, title, blocks, list_id=answer.list_id, n_picks=n_picks, **picture)


def path_card(answer: PathAnswer, bundle: str, language: str) -> Card:
    """The answer to ``/path``: both ends, and each track in between with its step."""
    path, names = answer.path, [neutral(name, _MAX_TITLE) or "?" for name in answer.names]
    title = say("path_title", language)
    footer = say("footer", language, bundle=bundle, seconds=answer.seconds)
    blocks = (
        section(f"*{title}*\n*A* · {names[0]}"),
        *(section(_pick_text(pick, language)) for pick in path.picks),
        section(f"*B* · {names[1]}"),
        *(small(it) for it in _notes((*path.notes, *license_notes(path.picks)), language)),
        small(f"{footer} · {path_line(answer, language)}"),
    )
    about = path_about(answer, language)
    return Card(language, title, blocks, map=answer.picture, map_about=about)


def why_card(found: Answer, language: str) -> Card:
    """All distances and reasons of a list, and the traits of its sound or sounds."""
    title = say("why_title", language)
    yours = "\n".join((f"*{title}*", *map(ours, compared_lines(found, language))))
    picks = (section(_why_text(pick, language)) for pick in found.recommendation.picks)
    return Card(language, title, (section(yours), *picks))


def credits_card(picks: Iterable[Pick], language: str) -> Card:
    """A line of credit to copy for each pick."""
    title, picks = say("credits_title", language), tuple(picks)
    blocks = [
        section(f"{pick.rank}.\n```{escaped(line)}```")
        for pick, line in zip(picks, credit_lines(picks, language), strict=True)
    ]
    return Card(language, title, (section(f"*{title}*"), *blocks))


def _top(title: str, analysis: Analysis, origin: Origin | None, note: str, language: str) -> Block:
    lines = [
        f"*{title}*",
        where_sentence(analysis, language),
        *_notes(analysis.notes, language),
        origin_line(origin, neutral, link),
        note,
    ]
    return section("\n".join(filter(None, lines)))


def _pick_text(pick: Pick, language: str) -> str:
    facts = pick_facts(pick, language, neutral, link)
    lines = (_headline(pick), facts, _reasons(pick, language))
    return "\n".join(filter(None, lines))


def _why_text(pick: Pick, language: str) -> str:
    facts, measured = pick_facts(pick, language, neutral, link), why_measured(pick, language)
    said = all_reasons(pick, language, _ALL_REASONS, neutral)
    lines = (_headline(pick), facts, said, measured)
    return "\n".join(filter(None, lines))


def _headline(pick: Pick) -> str:
    title = pick_title(pick, neutral, link, _MAX_TITLE)
    return f"*{pick.rank}. {title}* · {neutral(pick.track.artist, _MAX_TITLE) or '?'}"


def _reasons(pick: Pick, language: str) -> str:
    said = reasons(pick, language, _REASONS, neutral)
    return f"_{said}_" if said else ""


def _notes(notes: Iterable[Note], language: str) -> list[str]:
    return [f"_{note_sentence(note, language)}_" for note in notes]


def _mrkdwn(text: str) -> Block:
    """A text object in which Slack does not turn names or addresses into links."""
    if len(text) > _MAX_TEXT:
        text = _HALVES.sub("", text[: _MAX_TEXT - 1]) + "…"
    return {"type": "mrkdwn", "text": text or "–", "verbatim": True}
