"""The routes for channels and their messages."""

from __future__ import annotations

from tests.loopback.discord import flags
from tests.loopback.discord.model import DIRECT, STAGE, TEXT, THREAD, VOICE, Json, Message
from tests.loopback.discord.refusals import Refused
from tests.loopback.discord.routing import NOTHING, Answer, Call, Routes
from tests.loopback.discord.writing import change, send

ROUTES = Routes()
_CHANNEL = "/channels/{channel}"
_MESSAGES = f"{_CHANNEL}/messages"
_MESSAGE = f"{_MESSAGES}/{{message}}"


@ROUTES.add("POST", f"{_CHANNEL}/typing", limit=(5, 5.0))
def type_in(call: Call) -> Answer:
    call.discord.need(call.ids["channel"], _to_speak(call))
    return NOTHING


@ROUTES.add("POST", _MESSAGES, limit=(5, 5.0))
def post_message(call: Call) -> Answer:
    discord, channel = call.discord, call.ids["channel"]
    if discord.channel(channel)["type"] not in (TEXT, DIRECT, VOICE, STAGE, THREAD):
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    discord.need(channel, _needed(call))
    if discord.channel(channel).get("thread_metadata", {}).get("locked"):
        raise Refused(403, 160005, "Thread is locked", blameless=True)
    draft = _same_nonce(call) or Message(discord.clock.number(), channel, discord.place.bot)
    if draft.id not in discord.messages:
        send(discord, draft, call.fields, call.files)
    return 200, discord.wire.message(draft)


@ROUTES.add("GET", _MESSAGE)
def get_message(call: Call) -> Answer:
    call.discord.need(call.ids["channel"], flags.HISTORY)
    return 200, call.discord.wire.message(_message(call))


@ROUTES.add("PATCH", _MESSAGE, limit=(5, 5.0))
def edit_message(call: Call) -> Answer:
    message = _message(call)
    if message.author != call.discord.place.bot:
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    return 200, call.discord.wire.message(change(call.discord, message, call.fields, call.files))


@ROUTES.add("DELETE", _MESSAGE, limit=(5, 1.0))
def delete_message(call: Call) -> Answer:
    message = _message(call)
    if message.author != call.discord.place.bot:
        call.discord.need(message.channel, flags.MANAGE_MESSAGES)
    call.discord.delete(message)
    return NOTHING


def _message(call: Call) -> Message:
    return call.discord.message(call.ids["channel"], call.ids["message"])


def _needed(call: Call) -> int:
    """The permissions that the bot needs to post such a message."""
    body: Json = call.fields
    embeds = flags.EMBED if body.get("embeds") else 0
    return _to_speak(call) | embeds | (flags.ATTACH if call.files else 0)


def _to_speak(call: Call) -> int:
    """The permission to write, which is another one in threads."""
    in_thread = call.discord.channel(call.ids["channel"])["type"] == THREAD
    return flags.SEND_IN_THREADS if in_thread else flags.SEND


def _same_nonce(call: Call) -> Message | None:
    """The message that the bot sent under the same nonce, if it wants no second one."""
    nonce = call.fields.get("nonce") if call.fields.get("enforce_nonce") else None
    if nonce is None:
        return None
    own = (it for it in call.discord.messages.values() if it.author == call.discord.place.bot)
    return next((it for it in own if it.nonce == nonce and it.channel == call.ids["channel"]), None)
