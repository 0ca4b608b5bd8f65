"""Reactions by the bot and by people, and their removal."""

from __future__ import annotations

from urllib.parse import unquote

from tests.loopback.discord import flags
from tests.loopback.discord.model import Json, Message
from tests.loopback.discord.refusals import Refused
from tests.loopback.discord.routing import NOTHING, Answer, Call, Routes
from tests.loopback.discord.state import Discord
from tests.loopback.discord.wire import emoji_of

ROUTES = Routes()
MOST = 20
STRICT = (1, 0.25)
_ONE = "/channels/{channel}/messages/{message}/reactions/{emoji}"


@ROUTES.add("PUT", f"{_ONE}/@me", limit=STRICT)
def add_reaction(call: Call) -> Answer:
    message, emoji = _message(call), known_emoji(call.ids["emoji"])
    new = emoji not in message.reactions
    call.discord.need(message.channel, flags.HISTORY | (flags.ADD_REACTIONS if new else 0), message)
    if new and len(message.reactions) >= MOST:
        raise Refused(403, 30010, f"Maximum number of reactions reached ({MOST})")
    react(call.discord, message, call.discord.place.bot, emoji, True)
    return NOTHING


@ROUTES.add("GET", _ONE)
def get_reactions(call: Call) -> Answer:
    discord, message = call.discord, _message(call)
    discord.need(message.channel, flags.HISTORY)
    kind = message.bursts if int(call.query.get("type") or 0) else message.reactions
    users = sorted(kind.get(known_emoji(call.ids["emoji"]), []), key=int)
    later = [it for it in users if int(it) > int(call.query.get("after") or 0)]
    most = min(100, int(call.query.get("limit") or 25))
    return 200, [discord.place.users[it] for it in later[:most]]


@ROUTES.add("DELETE", f"{_ONE}/{{user}}", limit=STRICT)
def remove_reaction(call: Call) -> Answer:
    message, bot, user = _message(call), call.discord.place.bot, call.ids["user"]
    user = bot if user == "@me" else user
    if user != bot:
        call.discord.need(message.channel, flags.MANAGE_MESSAGES)
    react(call.discord, message, user, known_emoji(call.ids["emoji"]), False)
    return NOTHING


def react(
    discord: Discord, message: Message, user: str, emoji: str, add: bool, burst: bool = False
) -> None:
    """Somebody's reaction comes or goes; told only where that changes something.

    A ``burst`` is a super reaction, which one may have beside the ordinary one.
    """
    kind = message.bursts if burst else message.reactions
    users = kind.get(emoji, [])
    if add == (user in users):
        return
    left = [*users, user] if add else [it for it in users if it != user]
    kind[emoji] = left
    if not left:
        del kind[emoji]
    told: Json = {"user_id": user, "message_id": message.id, "emoji": emoji_of(emoji)}
    told |= discord.wire.where(message.channel) | {"burst": burst, "type": int(burst)}
    if add:
        told |= {"message_author_id": message.author, "burst_colors": []}
        told |= {} if discord.is_direct(message.channel) else {"member": discord.place.member(user)}
    _tell(discord, message, "ADD" if add else "REMOVE", told)


def clear(discord: Discord, message: Message, emoji: str | None) -> None:
    """A moderator takes away all reactions, or all of one emoji."""
    told: Json = {"message_id": message.id, **discord.wire.where(message.channel)}
    if emoji is None:
        message.reactions.clear()
        message.bursts.clear()
        _tell(discord, message, "REMOVE_ALL", told)
    else:
        message.reactions.pop(emoji, None)
        message.bursts.pop(emoji, None)
        _tell(discord, message, "REMOVE_EMOJI", told | {"emoji": emoji_of(emoji)})


def known_emoji(text: str) -> str:
    """An emoji of Unicode; there are no others here."""
    emoji = unquote(text)
    if not 1 <= len(emoji) <= 16 or not any(it > "\u2000" or it in "©®\u20e3" for it in emoji):
        raise Refused(400, 10014, "Unknown Emoji")
    return emoji


def _message(call: Call) -> Message:
    return call.discord.message(call.ids["channel"], call.ids["message"])


def _tell(discord: Discord, message: Message, what: str, told: Json) -> None:
    direct = discord.is_direct(message.channel)
    intent = flags.DIRECT_REACTIONS if direct else flags.GUILD_REACTIONS
    discord.emit(f"MESSAGE_REACTION_{what}", told, intent, message.channel)
