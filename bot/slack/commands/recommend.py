"""``/recommend``, ``/genre``, and the same as shortcuts of a message."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.chat.messages import links_in, part_of
from bot.chat.phrases import MOST_PICKS
from bot.chat.wishes import FLAGS, flags_in, requested
from bot.slack.buttons import answered
from bot.slack.card import heard_card
from bot.slack.commands.about import show_help
from bot.slack.conversation import converse, working
from bot.slack.files import sources_in
from bot.slack.mrkdwn import unwrapped
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Answer, Heard, Refusal, Source, Watcher
from bot.wording import readable
from soundmap.recommendation.request import Request
from soundmap.wording.guessing import meant

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

OF_PATHS = ("count", "genre", "license", "catalog", "tempo", *FLAGS)
OF_MIXES = (*OF_PATHS, "roam")
_NAMES = (*OF_MIXES, "start")
_OPTION = re.compile(rf"({'|'.join(_NAMES)})[=:](\S+)", re.IGNORECASE)

_LIKE_OPTION = re.compile(r"(?:--)?(?P<name>[a-z-]+)=\S+|--(?P<flag>[a-z-]+)", re.IGNORECASE)


class Recommend:
    """Recommends tracks and names genres."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/recommend")(working(bot, self.recommend))
        bot.app.command("/genre")(working(bot, self.genre))
        bot.app.message_shortcut("similar")(working(bot, self.similar))
        bot.app.message_shortcut("which")(working(bot, self.which))

    async def recommend(self, body: Json) -> None:
        """Shows the tracks nearest to a sound, or to the person's taste if none is given."""
        text = unwrapped(body.get("text") or "")
        if text.strip().casefold() == "help":
            await show_help(self.bot, body)
            return
        reply = await self.bot.reply_to_command(body)
        source = source_in(text) if text.strip() and not _only_options(text) else None
        await self._recommend(reply, unknown_in(text) or source, request_in(text))

    async def genre(self, body: Json) -> None:
        """Shows the genres of a sound."""
        reply = await self.bot.reply_to_command(body)
        text = unwrapped(body.get("text") or "")
        await self._genre(
            reply, unknown_in(text) or misplaced_in(text, ["start"]) or source_in(text)
        )

    async def similar(self, body: Json) -> None:
        """*Find similar music*, a shortcut of a message."""
        reply = await self.bot.reply_to_action(body)
        await self._recommend(reply, await self._in_message(reply, body), Request())

    async def which(self, body: Json) -> None:
        """*What genre is this?*, a shortcut of a message."""
        reply = await self.bot.reply_to_action(body)
        await self._genre(reply, await self._in_message(reply, body))

    async def _recommend(
        self, reply: CommandReply, source: Source | Refusal | None, request: Request | Refusal
    ) -> None:
        service, place = self.bot.service, self.bot.place
        person = self.bot.person(reply.place.user)

        async def ask(watch: Watcher) -> Answer | Refusal:
            if isinstance(source, Refusal):
                return source
            if isinstance(request, Refusal):
                return request
            if source is None:
                return await service.from_taste(person, request, place)
            return await service.recommend(person, source, request, watch, place)

        await converse(
            self.bot, reply, ask, lambda answer: answered(answer, self.bot.bundle, reply.language)
        )

    async def _genre(self, reply: CommandReply, source: Source | Refusal) -> None:
        person, started = self.bot.person(reply.place.user), time.monotonic()

        async def ask(watch: Watcher) -> Heard | Refusal:
            if isinstance(source, Refusal):
                return source
            return await self.bot.service.genre(person, source, watch)

        await converse(
            self.bot,
            reply,
            ask,
            lambda heard: heard_card(
                heard, self.bot.bundle, time.monotonic() - started, reply.language
            ),
        )

    async def _in_message(self, reply: CommandReply, body: Json) -> Source | Refusal:
        """The first audio file of a message, or else its first link."""
        if found := await sources_in(self.bot, body["message"]):
            return found[0]
        return Refusal("no_audio_here", {"readable": readable(reply.language)})


def source_in(text: str) -> Source | Refusal:
    """The first link of a text, or the part of it that the text asks for."""
    source = next(iter(links_in(text)), Refusal("no_source"))
    return part_of(source, _options_in(text).get("start")) or Refusal("no_source")


def unknown_in(text: str) -> Refusal | None:
    """Why the first word of a text that is like an option is none."""
    for word in text.split():
        if (like := _LIKE_OPTION.fullmatch(word)) and not _OPTION.fullmatch(word):
            known, near = ", ".join(_NAMES), meant(like["name"] or like["flag"], _NAMES)
            return Refusal("bad_choice", {"choice": like[0], "known": known, "meant": near})
    return None


def misplaced_in(text: str, names: Sequence[str]) -> Refusal | None:
    """Why the first option of a text that is not among the ``names`` of a command's is none."""
    for match in filter(None, map(_OPTION.fullmatch, text.split())):
        if match[1].casefold() not in names:
            return Refusal(
                "bad_choice", {"choice": match[0], "known": ", ".join(names), "meant": ""}
            )
    return None


def _options_in(text: str) -> dict[str, str]:
    matches = filter(None, map(_OPTION.fullmatch, text.split()))
    return {match[1].casefold(): match[2] for match in matches}


def _only_options(text: str) -> bool:
    return all(_OPTION.fullmatch(word) for word in text.split())


def without_options(text: str) -> str:
    """The text without its options."""
    return " ".join(word for word in text.split() if not _OPTION.fullmatch(word))


def request_in(text: str, count: int = 5) -> Request | Refusal:
    """The request in options such as ``count=3``; ``count`` is the default number of picks."""
    wishes = _options_in(text)
    said = wishes.pop("count", str(count))
    if not (said.isdecimal() and len(said) < 4 and 1 <= int(said) <= MOST_PICKS):
        return Refusal("bad_count", {"count": said[:20], "most": MOST_PICKS})
    if isinstance(flags := flags_in(wishes), Refusal):
        return flags
    return requested(
        wishes.get("tempo"),
        count=int(said),
        genre=wishes.get("genre"),
        license=wishes.get("license", "any"),
        roam=wishes.get("roam", "closer").casefold(),
        catalog=wishes.get("catalog", ""),
        **flags,
    )
