"""The route for the first answer to an interaction, due within three seconds."""

from __future__ import annotations

import time

from tests.loopback.discord import flags
from tests.loopback.discord.components import check_modal
from tests.loopback.discord.model import Interaction, Json, Message
from tests.loopback.discord.refusals import Refused, check_choice, unknown
from tests.loopback.discord.registered import MENU_OF_MESSAGE, check_choices
from tests.loopback.discord.routing import NOTHING, Answer, Call, Routes
from tests.loopback.discord.state import Discord
from tests.loopback.discord.wire import COMMAND, COMPLETION, COMPONENT, FORM
from tests.loopback.discord.writing import change, send

ROUTES = Routes()
SAY, PROMISE, PROMISE_CHANGE, CHANGE, OFFER, ASK = 4, 5, 6, 7, 8, 9  # first answers
ALLOWED = {
    COMMAND: (SAY, PROMISE, ASK),
    COMPONENT: (SAY, PROMISE, PROMISE_CHANGE, CHANGE, ASK),
    COMPLETION: (OFFER,),
    FORM: (SAY, PROMISE, PROMISE_CHANGE, CHANGE),
}
REPLY, BY_COMMAND, BY_MENU = 19, 20, 23  # kinds of messages


@ROUTES.add("POST", "/interactions/{interaction}/{token}/callback", by_token=False)
def answer(call: Call) -> Answer:
    made = _unanswered(call)
    kind, data = call.fields.get("type"), call.fields.get("data") or {}
    check_choice("type", kind, ALLOWED[made.type])
    message = _first_answer(call, made, int(kind or 0), data)
    made.acked, made.answer_type = time.time(), kind
    made.done = kind != PROMISE
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return NOTHING
    return 200, _outcome(call.discord, made, message)


def _unanswered(call: Call) -> Interaction:
    made = call.discord.interactions.get(call.ids["token"])
    if made is None or made.id != call.ids["interaction"]:
        raise unknown("interaction", 10062)
    if made.acked is not None:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if time.time() - made.opened > call.discord.settings.ack_deadline_s:
        raise unknown("interaction", 10062)
    return made


def _first_answer(call: Call, made: Interaction, kind: int, data: Json) -> Message | None:
    if kind in (SAY, PROMISE):
        return _say(call, made, kind, data)
    if kind in (PROMISE_CHANGE, CHANGE):
        return _change(call, made, kind, data)
    if kind == OFFER:
        made.choices = check_choices(data.get("choices"), "data.choices", _kind_asked(made))
    else:
        check_modal(data)
        made.modal = data
    return None


def _say(call: Call, made: Interaction, kind: int, data: Json) -> Message:
    discord = call.discord
    of_menu = made.data.get("type") == MENU_OF_MESSAGE
    by = REPLY if made.message else BY_MENU if of_menu else BY_COMMAND
    private = int(data.get("flags") or 0) & flags.EPHEMERAL
    draft = begun(discord, made, by, bool(private))
    draft.reply_to = made.message
    if kind == SAY:
        send(discord, draft, data, call.files)
    else:
        draft.flags |= flags.LOADING
        discord.announce("MESSAGE_CREATE", discord.keep(draft))
    made.original = draft.id
    return draft


def _change(call: Call, made: Interaction, kind: int, data: Json) -> Message:
    check_choice("type", kind, ALLOWED[made.type] if made.message else (SAY, PROMISE))
    message = call.discord.messages[made.message or ""]
    made.original = message.id
    return change(call.discord, message, data, call.files) if kind == CHANGE else message


def _outcome(discord: Discord, made: Interaction, message: Message | None) -> Json:
    about: Json = {"id": made.id, "type": made.type}
    about |= {"response_message_loading": made.answer_type == PROMISE}
    if message is None:
        return {"interaction": about}
    about |= {"response_message_id": message.id}
    about |= {"response_message_ephemeral": bool(message.ephemeral_to)}
    if made.answer_type not in (SAY, CHANGE):
        return {"interaction": about}
    resource = {"type": made.answer_type, "message": discord.wire.message(message)}
    return {"interaction": about, "resource": resource}


def _kind_asked(made: Interaction) -> int:
    """The kind of the option that is being completed."""
    options: list[Json] = made.data["options"]
    while "options" in options[0]:
        options = options[0]["options"]
    return next(int(option["type"]) for option in options if option.get("focused"))


def begun(discord: Discord, made: Interaction, kind: int, private: bool) -> Message:
    """An answer with nothing in it yet."""
    draft = Message(discord.clock.number(), made.channel, discord.place.bot, kind)
    draft.interaction = made
    if private:
        draft.ephemeral_to, draft.flags = made.user, flags.EPHEMERAL
    return draft
