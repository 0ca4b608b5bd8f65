"""The routes for further answers to an interaction while its token is valid."""

from __future__ import annotations

import time

from tests.loopback.discord import flags
from tests.loopback.discord.answering import REPLY, begun
from tests.loopback.discord.model import LIFETIME_S, Interaction, Json, Message
from tests.loopback.discord.refusals import Refused, unknown
from tests.loopback.discord.routing import NOTHING, Answer, Call, Routes
from tests.loopback.discord.writing import change, send

ROUTES = Routes()
_HOOK = "/webhooks/{app}/{token}"
_MESSAGE = f"{_HOOK}/messages/{{message}}"


@ROUTES.add("POST", _HOOK, limit=(5, 2.0), by_token=False)
def follow_up(call: Call) -> Answer:
    discord, made = call.discord, _answered(call)
    original = discord.messages.get(made.original or "")
    if original and original.flags & flags.LOADING and not original.deleted:
        made.done = True  # the first one takes the place of what was promised
        return 200, discord.wire.message(change(discord, original, _bare(call), call.files))
    private = int(call.fields.get("flags") or 0) & flags.EPHEMERAL
    draft = begun(discord, made, REPLY, bool(private))
    draft.reply_to = original.id if original and not original.deleted else None
    send(discord, draft, call.fields, call.files)
    made.followups.append(draft.id)
    return 200, discord.wire.message(draft)


@ROUTES.add("PATCH", _MESSAGE, limit=(5, 2.0), by_token=False)
def edit_answer(call: Call) -> Answer:
    made = _answered(call)
    message = change(call.discord, _message(call, made), _bare(call), call.files)
    made.done = made.done or message.id == made.original
    return 200, call.discord.wire.message(message)


@ROUTES.add("DELETE", _MESSAGE, limit=(5, 2.0), by_token=False)
def delete_answer(call: Call) -> Answer:
    made = _answered(call)
    call.discord.delete(_message(call, made))
    made.done = True
    return NOTHING


def _answered(call: Call) -> Interaction:
    discord = call.discord
    made = discord.interactions.get(call.ids["token"])
    if made is None or call.ids["app"] != discord.app:
        raise unknown("Webhook", 10015)
    if made.acked is None:
        raise unknown("Webhook", 10015, blameless=discord.swallowed(f"{made.token}/callback"))
    lifetime_s = discord.settings.token_lifetime_s
    if time.time() - made.opened > lifetime_s:
        cut_short = lifetime_s < LIFETIME_S
        raise Refused(401, 50027, "Invalid Webhook Token", blameless=cut_short)
    return made


def _message(call: Call, made: Interaction) -> Message:
    number = call.ids["message"]
    found = call.discord.messages.get((made.original or "") if number == "@original" else number)
    if found is None or (found.interaction is not made and found.id != made.original):
        raise unknown("Message", 10008)
    if found.deleted:
        raise unknown("Message", 10008, blameless=True)
    return found


def _bare(call: Call) -> Json:
    """A body without flags, which cannot be changed later."""
    return {key: value for key, value in call.fields.items() if key != "flags"}
