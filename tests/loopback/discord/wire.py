"""Formats messages as Discord sends them to a bot."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from tests.loopback.discord.embeds import pictures
from tests.loopback.discord.files import Shelf, clean
from tests.loopback.discord.model import DIRECT, Interaction, Json, Message
from tests.loopback.discord.place import Place

COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5  # kinds of interactions
REPLY, FORWARD = 0, 1  # kinds of references


class Wire:
    """Draws up what the bot gets."""

    def __init__(
        self, place: Place, files: Shelf, messages: Mapping[str, Message], app: str
    ) -> None:
        self._place, self._files, self._messages, self._app = place, files, messages, app

    def where(self, channel: str) -> Json:
        """The place of a message."""
        direct = self._place.channels[channel]["type"] == DIRECT
        return {"channel_id": channel, **({} if direct else {"guild_id": self._place.id})}

    def message(self, message: Message, told: bool = False, nested: bool = False) -> Json:
        """A message; ``told`` as an event tells of it, ``nested`` inside of another one."""
        shown = self._own(message)
        if emojis := dict.fromkeys((*message.reactions, *message.bursts)):
            shown["reactions"] = [self._reaction(message, it) for it in emojis]
        if message.nonce is not None:
            shown["nonce"] = message.nonce
        if not nested:
            shown |= self._references(message)
        if message.interaction:
            shown |= self._origin(message, message.interaction)
        return shown | self._around(message) if told else shown

    def _own(self, message: Message) -> Json:
        users = self._place.users
        shown: Json = {"id": message.id, "channel_id": message.channel, "type": message.type}
        shown |= {"author": users[message.author], "flags": message.flags, "pinned": False}
        shown |= {"timestamp": message.sent, "edited_timestamp": message.edited, "tts": False}
        shown |= {"mentions": [users[it] for it in message.mentions]}
        shown |= {"mention_roles": message.mention_roles}
        shown |= {"mention_everyone": message.mention_everyone}
        return shown | self.inside(message)

    def inside(self, message: Message) -> Json:
        """What it says, shows and carries."""
        return {
            "content": message.content,
            "embeds": self._embeds(message),
            "attachments": [self._files.shown(it) for it in message.files],
            "components": message.components,
        }

    def _embeds(self, message: Message) -> list[Json]:
        """Its embeds, with their pictures where the files are."""
        embeds = [{"type": "rich", **embed} for embed in copy.deepcopy(message.embeds)]
        files = {self._files[it].filename: self._files[it] for it in message.files}
        for _, picture in pictures(embeds):
            scheme, _, name = str(picture.get("url")).partition("://")
            if scheme == "attachment" and clean(name) in files:
                picture["url"] = picture["proxy_url"] = self._files.address(files[clean(name)])
        return embeds

    def _reaction(self, message: Message, emoji: str) -> Json:
        users = message.reactions.get(emoji, [])
        n, n_bursts = len(users), len(message.bursts.get(emoji, []))
        details = {"burst": n_bursts, "normal": n}
        counts = {"count": n + n_bursts, "count_details": details, "burst_colors": []}
        return {
            "emoji": emoji_of(emoji),
            "me": self._place.bot in users,
            "me_burst": False,
            **counts,
        }

    def _references(self, message: Message) -> Json:
        """What it replies to or forwards."""
        number, kind = message.reply_to or message.snapshot, FORWARD if message.snapshot else REPLY
        if not number:
            return {}
        other = self._messages[number]
        shown: Json = {"message_reference": {"type": kind, "message_id": number}}
        shown["message_reference"] |= self.where(other.channel)
        if message.snapshot:
            copied = self.inside(other) | {"timestamp": other.sent, "edited_timestamp": None}
            copied |= {"mentions": [], "mention_roles": [], "type": 0, "flags": 0}
            return shown | {"message_snapshots": [{"message": copied}]}
        there = not other.deleted
        return shown | {"referenced_message": self.message(other, nested=True) if there else None}

    def _origin(self, message: Message, interaction: Interaction) -> Json:
        told = self._metadata(interaction)
        if interaction.original not in (None, message.id):
            told["original_response_message_id"] = interaction.original
        ids = {"webhook_id": self._app, "application_id": self._app}
        return ids | {"interaction_metadata": told}

    def _metadata(self, interaction: Interaction) -> Json:
        owner = (
            "0" if self._place.channels[interaction.channel]["type"] == DIRECT else self._place.id
        )
        told: Json = {"id": interaction.id, "type": interaction.type}
        told |= {"user": self._place.users[interaction.user]}
        told["authorizing_integration_owners"] = {"0": owner}
        if interaction.type == COMMAND:
            told |= {"name": interaction.data["name"]}
        elif interaction.type == COMPONENT:
            told |= {"interacted_message_id": interaction.message}
        elif interaction.parent:
            told |= {"triggering_interaction_metadata": self._metadata(interaction.parent)}
        return told

    def _around(self, message: Message) -> Json:
        """What events add."""
        if self._place.channels[message.channel]["type"] == DIRECT:
            return {"channel_type": DIRECT}
        member = (
            {} if message.interaction else {"member": self._place.member(message.author, False)}
        )
        return {"guild_id": self._place.id, **member}


def emoji_of(name: str) -> Json:
    """A standard emoji."""
    return {"id": None, "name": name}
