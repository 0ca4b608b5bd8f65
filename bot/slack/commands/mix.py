"""``/mix``: lists that go by several sounds, and gathering them; the same as a shortcut."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from bot.chat.messages import end_in
from bot.chat.mixing import ADD_ID, CLEAR_ID, MIX_ID
from bot.chat.several import parts_in, sounds_in
from bot.core.mixes import Gathered
from bot.slack.buttons import answered
from bot.slack.card import text_card
from bot.slack.commands.about import show_help
from bot.slack.commands.recommend import OF_MIXES, misplaced_in, request_in, without_options
from bot.slack.conversation import converse, working
from bot.slack.files import sources_in
from bot.slack.gathering import gathered_card
from bot.slack.mrkdwn import unwrapped
from bot.slack.patience import Json
from bot.slack.reply import CommandReply
from bot.types import Answer, PathEnd, Refusal, Watcher
from bot.wording import readable, say
from soundmap.links.text import link_of
from soundmap.recommendation.request import Request

if TYPE_CHECKING:
    from bot.slack.client import SlackBot

_ADD = re.compile(ADD_ID)
_NUMBER = re.compile(r"#\d+")


class Mix:
    """Mixes sounds, and gathers them for a mix."""

    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        bot.app.command("/mix")(working(bot, self.mix))
        bot.app.message_shortcut("mix")(working(bot, self.add_message))
        bot.app.action(_ADD)(working(bot, self.add_pick))
        bot.app.action(MIX_ID)(working(bot, self.make_gathered))
        bot.app.action(CLEAR_ID)(working(bot, self.clear_gathered))

    async def mix(self, body: Json) -> None:
        """``/mix SOUND, SOUND without SOUND``, then options; ``/mix`` for what was gathered.

        ``/mix add SOUND``, ``/mix show`` and ``/mix clear`` gather; ``make`` may be said, as in
        Discord.
        """
        text = unwrapped(body.get("text") or "").strip()
        verb, _, rest = text.partition(" ")
        if text.casefold() == "help":
            await show_help(self.bot, body)
        elif text.casefold() == "show":
            await self._show(await self.bot.reply_to_command(body, private=True))
        elif text.casefold() == "clear":
            await self._clear(await self.bot.reply_to_command(body, private=True))
        elif verb.casefold() == "add":
            near, away = ends_in(without_options(rest))
            reply = await self.bot.reply_to_command(body, private=True)
            await self._add(reply, near, Refusal("mix_adds_sounds") if away else _catalog_in(rest))
        else:
            text = rest if verb.casefold() == "make" else text
            ends = ends_in(without_options(text))
            request = misplaced_in(text, OF_MIXES) or request_in(text)
            await self._make(await self.bot.reply_to_command(body), *ends, request)

    async def add_message(self, body: Json) -> None:
        """*Add to mix*, a shortcut of a message: all of its sounds, as far as they fit."""
        reply = await self.bot.reply_to_action(body, private=True)
        found = await sources_in(self.bot, body["message"])
        nothing = Refusal("no_audio_here", {"readable": readable(reply.language)})
        await self._add(reply, found, Request() if found else nothing)

    async def add_pick(self, body: Json) -> None:
        """*Add to mix* in the menu below a list."""
        (action,) = body["actions"]
        match = _ADD.fullmatch(action["action_id"])
        value = str((action.get("selected_option") or {}).get("value"))
        reply = await self.bot.reply_to_action(body, private=True)
        ranks = [int(value)] if value.isdecimal() else []
        list_id, who = int(match[1]) if match else 0, self._who(reply)
        await self._gather(reply, lambda _: self.bot.service.mixes.add_picks(*who, list_id, ranks))

    async def make_gathered(self, body: Json) -> None:
        """*Mix these*: the list for what the person who presses it gathered in this channel."""
        reply = await self.bot.reply_to_action(body, begins="comparing")
        await self._make(reply, (), (), Request())

    async def clear_gathered(self, body: Json) -> None:
        """*Clear*: empties the mix of the person who presses it."""
        await self._clear(await self.bot.reply_to_action(body, private=True))

    async def _make(
        self,
        reply: CommandReply,
        near: Sequence[PathEnd],
        away: Sequence[PathEnd],
        request: Request | Refusal,
    ) -> None:
        who, place = self._who(reply), self.bot.place

        async def ask(watch: Watcher) -> Answer | Refusal:
            if isinstance(request, Refusal):
                return request
            return await self.bot.service.mixes.of(*who, near, away, request, watch, place)

        await converse(
            self.bot, reply, ask, lambda answer: answered(answer, self.bot.bundle, reply.language)
        )

    async def _add(
        self, reply: CommandReply, ends: Sequence[PathEnd], asked: Request | Refusal
    ) -> None:
        who, place = self._who(reply), self.bot.place

        async def ask(watch: Watcher) -> Gathered | Refusal:
            if isinstance(asked, Refusal):
                return asked
            return await self.bot.service.mixes.add(*who, ends, watch, place, asked.catalog)

        await self._gather(reply, ask)

    async def _show(self, reply: CommandReply) -> None:
        who = self._who(reply)
        await self._gather(reply, lambda _: self.bot.service.mixes.shown(*who))

    async def _clear(self, reply: CommandReply) -> None:
        who, language = self._who(reply), reply.language
        await converse(
            self.bot,
            reply,
            lambda _: self.bot.service.mixes.clear(*who),
            lambda _: text_card(say("mix_cleared", language), language),
        )

    async def _gather(
        self,
        reply: CommandReply,
        ask: Callable[[Watcher], Coroutine[Any, Any, Gathered | Refusal]],
    ) -> None:
        """Does something with a person's mix, and shows it to that person alone."""
        await converse(self.bot, reply, ask, lambda found: gathered_card(found, reply.language))

    def _who(self, reply: CommandReply) -> tuple[str, str]:
        """The keys of a person and of the channel."""
        return self.bot.person(reply.place.user), self.bot.channel_key(reply.place.channel)


def _catalog_in(text: str) -> Request | Refusal:
    """The only option that sounds to be added may have: the catalog that tracks are of."""
    return Refusal("mix_adds_sounds") if misplaced_in(text, ["catalog"]) else request_in(text)


def ends_in(text: str) -> tuple[list[PathEnd], list[PathEnd]]:
    """The sounds that a text names, and those to stay away from: links and tracks."""
    near, away = sounds_in(parts_in(text, lambda it: bool(link_of(it) or _NUMBER.fullmatch(it))))
    return [end_in(it) for it in near], [end_in(it) for it in away]
