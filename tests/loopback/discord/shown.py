"""Messages and interactions as the test sees them: also private and deleted, with file hashes."""

from __future__ import annotations

import hashlib
import time

from tests.loopback.discord.components import widgets
from tests.loopback.discord.flags import LOADING
from tests.loopback.discord.model import Interaction, Json, Message
from tests.loopback.discord.state import Discord

_OF_WIDGET = ("type", "custom_id", "label", "style", "url", "disabled", "emoji", "options")
_PLAIN = (
    *("id", "content", "type", "flags", "reply_to", "ephemeral_to", "deleted", "edits"),
    *("mentions", "mention_roles", "mention_everyone"),
)


def show_message(discord: Discord, message: Message) -> Json:
    """Everything about a message."""
    users = discord.place.users
    inside = discord.wire.inside(message)
    shown = {key: getattr(message, key) for key in _PLAIN}
    shown |= {"channel_id": message.channel, "timestamp": message.sent}
    shown |= {"channel": discord.place.channels[message.channel].get("name", "dm")}
    shown |= {"author": users[message.author]["username"], "embeds": inside["embeds"]}
    shown |= {"by_bot": message.author == discord.place.bot}
    shown |= {"files": [_summed(discord, it) for it in inside["attachments"]]}
    shown |= {"components": [_bare(widget) for widget in widgets(message.components)]}
    shown |= {"thinking": bool(message.flags & LOADING)}
    shown["interaction"] = message.interaction.id if message.interaction else None
    shown["reactions"] = {
        emoji: [users[it]["username"] for it in by] for emoji, by in message.reactions.items()
    }
    return shown


def show_interaction(discord: Discord, made: Interaction) -> Json:
    """An interaction and everything that followed from it."""
    age = time.time() - made.opened
    unanswered = made.acked is None and age > discord.settings.ack_deadline_s
    shown: Json = {"id": made.id, "type": made.type, "done": made.done, "modal": made.modal}
    shown |= {"name": made.data.get("name") or made.data.get("custom_id")}
    shown |= {"user": discord.place.users[made.user]["username"], "choices": made.choices}
    shown |= {"acked": made.acked is not None, "ack_type": made.answer_type}
    shown["ack_ms"] = round((made.acked - made.opened) * 1_000, 1) if made.acked else None
    shown |= {"failed": unanswered}
    original = discord.messages.get(made.original or "")
    shown["response"] = show_message(discord, original) if original else None
    followups = [discord.messages[number] for number in made.followups]
    return shown | {"followups": [show_message(discord, it) for it in followups]}


def _summed(discord: Discord, attachment: Json) -> Json:
    data = discord.files[attachment["id"]].data
    return {**attachment, "sha256": hashlib.sha256(data).hexdigest()}


def _bare(widget: Json) -> Json:
    keys = (*_OF_WIDGET, "placeholder")
    return {key: widget[key] for key in keys if widget.get(key) is not None}
