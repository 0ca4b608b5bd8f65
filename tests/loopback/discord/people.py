"""People's actions on messages: write, forward, edit, delete, react."""

from __future__ import annotations

from pathlib import Path

from tests.loopback.discord.files import type_of
from tests.loopback.discord.flags import FORWARDED, GUILDS
from tests.loopback.discord.model import Json, Message, now
from tests.loopback.discord.reactions import clear, known_emoji, react
from tests.loopback.discord.refusals import Impossible
from tests.loopback.discord.shown import show_message
from tests.loopback.discord.state import Discord

CONTENT, FILES = 4_000, 10  # with what people pay for
REPLY = 19  # kind of message


def write(discord: Discord, body: Json) -> Json:
    """``content``, ``files``, ``user``, ``channel`` or ``dm``, ``mention_bot``, ``reply_to`` a
    message, or ``forward`` one; ``type`` for a note of Discord's own.
    """
    user, channel = who_and_where(discord, body)
    message = Message(discord.clock.number(), channel["id"], user["id"])
    content = str(body.get("content", ""))
    if body.get("mention_bot"):
        content = f"<@{discord.place.bot}> {content}".strip()
    message.files = [put_file(discord, it, channel["id"]) for it in body.get("files", [])]
    if body.get("forward"):
        message.snapshot, message.flags = find(discord, body["forward"]).id, FORWARDED
    if body.get("reply_to"):
        message.reply_to, message.type = find(discord, body["reply_to"]).id, REPLY
    message.type = int(body.get("type", message.type))
    if not (content or message.files or message.snapshot):
        raise Impossible("a message needs content or files")
    if len(content) > CONTENT or len(message.files) > FILES:
        raise Impossible("a client would not send that much")
    _say(discord, message, content)
    discord.announce("MESSAGE_CREATE", discord.keep(message))
    return show_message(discord, message)


def edit(discord: Discord, body: Json) -> Json:
    """Somebody changes the ``content`` of their ``message``, who is mentioned in it too."""
    message = find(discord, body["message"])
    if message.author == discord.place.bot:
        raise Impossible("nobody can edit a message of the bot")
    _say(discord, message, str(body["content"]))
    message.edited, message.edits = now(), message.edits + 1
    discord.announce("MESSAGE_UPDATE", message)
    return show_message(discord, message)


def thread(discord: Discord, body: Json) -> Json:
    """Somebody opens a thread or a post with a ``name`` in a ``parent``, or locks it."""
    parent, user = discord.place.channel(body.get("parent")), discord.place.user(body.get("user"))
    there = {it.get("name"): it for it in discord.place.channels.values()}
    made = there.get(body["name"])
    event = "THREAD_UPDATE" if made else "THREAD_CREATE"
    made = made or discord.place.begin_thread(body["name"], parent, user["id"])
    made["thread_metadata"]["locked"] = bool(body.get("locked"))
    discord.emit(event, made, GUILDS, made["id"])
    return made


def delete(discord: Discord, body: Json) -> Json:
    """Its author, a moderator, or whoever may dismiss it deletes a ``message``; a moderator may
    delete all ``messages`` at once.
    """
    if body.get("messages"):
        return {"deleted": discord.delete_all([find(discord, it) for it in body["messages"]])}
    message = find(discord, body["message"])
    discord.delete(message)
    return show_message(discord, message)


def reaction(discord: Discord, body: Json) -> Json:
    """``op``: "add" or "remove" an ``emoji`` of a ``user`` on a ``message``, or a ``burst``."""
    message = find(discord, body["message"])
    if message.ephemeral_to:
        raise Impossible("nobody can react to an ephemeral message")
    user = discord.place.user(body.get("user"))["id"]
    emoji, added = known_emoji(body["emoji"]), body.get("op", "add") == "add"
    react(discord, message, user, emoji, added, bool(body.get("burst")))
    return show_message(discord, message)


def clear_reactions(discord: Discord, body: Json) -> Json:
    """A moderator clears a ``message`` of all reactions, or of one ``emoji``."""
    message = find(discord, body["message"])
    clear(discord, message, known_emoji(body["emoji"]) if body.get("emoji") else None)
    return show_message(discord, message)


def find(discord: Discord, number: object) -> Message:
    """A message that is still there, for people."""
    message = discord.messages.get(str(number))
    if message is None or message.deleted:
        raise Impossible(f"no message {number}")
    return message


def who_and_where(discord: Discord, body: Json) -> tuple[Json, Json]:
    """The user and the channel that a verb names."""
    user = discord.place.user(body.get("user"))
    if body.get("dm"):
        return user, discord.place.direct(user)
    return user, discord.place.channel(body.get("channel"))


def put_file(discord: Discord, file: Json, channel: str, ephemeral: bool = False) -> str:
    """A file as somebody attaches it: ``filename``, ``path`` or ``text``, ``content_type``."""
    data = Path(file["path"]).read_bytes() if "path" in file else str(file["text"]).encode()
    name = file["filename"]
    kind = file.get("content_type", type_of(name))
    return discord.files.store(name, data, channel, kind, ephemeral=ephemeral)


def _say(discord: Discord, message: Message, content: str) -> None:
    """Puts words into a message, with those whom they mention."""
    message.content = content
    message.mentions, message.mention_roles = discord.place.named(content)
    replied = discord.messages.get(message.reply_to or "")
    if replied and replied.author not in message.mentions:
        message.mentions.append(replied.author)
