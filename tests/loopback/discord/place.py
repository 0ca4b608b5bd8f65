"""The server, its channels, people and permissions."""

from __future__ import annotations

import re

from tests.loopback.discord import flags
from tests.loopback.discord.model import (
    DIRECT,
    FORUM,
    STAGE,
    TEXT,
    THREAD,
    VOICE,
    Clock,
    Json,
    now,
)
from tests.loopback.discord.refusals import Impossible

BOT, OWNER, FIRST = "probe-bot", "olivia", "alice"
KINDS = (
    *(("general", TEXT), ("music", TEXT), ("voice", VOICE), ("stage", STAGE)),
    ("forum", FORUM),
)
JOINED = "2024-01-01T00:00:00.000000+00:00"


class Place:
    """One server and the direct channels beside it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.id = clock.number()
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.everyone = flags.USUAL
        self.changed = "0"  # when rights were, as a snowflake
        self.bot = self._join(BOT)["id"]
        self.owner = self._join(OWNER)["id"]
        for name in (FIRST, "bob", "carol"):
            self._join(name)
        self.bot_role, self.fans_role = clock.number(), clock.number()
        for name, kind in KINDS:
            self._open(name, kind)

    # ------------------------------------------------------------------ who and where

    def user(self, name: str | None) -> Json:
        """A person by name or number; a new name joins the server."""
        wanted = str(name or FIRST)
        for user in self.users.values():
            if wanted in (user["id"], user["username"]):
                return user
        if wanted.isdigit():
            raise Impossible(f"nobody has the number {wanted}")
        return self._join(wanted)

    def channel(self, name: str | None) -> Json:
        """A channel of the server by name or number."""
        wanted = str(name or "general")
        for channel in self.channels.values():
            if wanted in (channel["id"], channel.get("name")):
                return channel
        raise Impossible(f"no channel {wanted}")

    def direct(self, user: Json) -> Json:
        """The direct channel of the bot and somebody."""
        for channel in self.channels.values():
            if channel["type"] == DIRECT and channel["recipients"] == [user]:
                return channel
        number = self._clock.number()
        made = {"id": number, "type": DIRECT, "recipients": [user], "last_message_id": None}
        self.channels[number] = made
        return made

    def begin_thread(self, name: str, parent: Json, owner: str) -> Json:
        """A thread in a channel, or a post of a forum."""
        number = self._clock.number()
        made: Json = {"id": number, "type": THREAD, "name": name, "guild_id": self.id}
        made |= {"parent_id": parent["id"], "owner_id": owner, "last_message_id": None}
        made |= {"message_count": 0, "member_count": 1, "rate_limit_per_user": 0, "flags": 0}
        about = {"archived": False, "auto_archive_duration": 1_440, "archive_timestamp": now()}
        made["thread_metadata"] = about | {"locked": False}
        self.channels[number] = made
        return made

    def named(self, text: str) -> tuple[list[str], list[str]]:
        """The users and the roles that a text mentions."""
        users = [it for it in re.findall(r"<@!?(\d+)>", text) if it in self.users]
        roles = [it for it in re.findall(r"<@&(\d+)>", text) if it in self.roles_by_id()]
        return list(dict.fromkeys(users)), list(dict.fromkeys(roles))

    # ------------------------------------------------------------------ rights

    def rights(self, channel: Json, user: str) -> int:
        """What somebody may do in a channel."""
        if channel["type"] == DIRECT or user == self.owner:
            return flags.EVERYTHING
        everyone = self.everyone
        if channel["type"] == THREAD:
            channel = self.channels[channel["parent_id"]]
        for change in channel["permission_overwrites"]:
            everyone = everyone & ~int(change["deny"]) | int(change["allow"])
        return everyone

    def restrict(self, channel: Json, allow: int) -> None:
        """Makes the rights of everybody in one channel exactly these."""
        deny = flags.EVERYTHING & ~allow
        rule = {"id": self.id, "type": 0, "allow": str(allow), "deny": str(deny)}
        channel["permission_overwrites"] = [rule]

    # ------------------------------------------------------------------ as Discord shows it

    def member(self, user: str, whole: bool = True) -> Json:
        """Somebody as a member of the server."""
        roles = [self.bot_role] if user == self.bot else []
        member = {"roles": roles, "joined_at": JOINED, "nick": None, "avatar": None, "flags": 0}
        member |= {"deaf": False, "mute": False, "pending": False, "premium_since": None}
        return {**member, "user": self.users[user]} if whole else member

    def roles(self) -> list[Json]:
        """All roles; the first is everybody's and has the server's number."""
        return [
            _role(self.id, "@everyone", 0, self.everyone),
            _role(self.bot_role, BOT, 1, managed=True, tags={"bot_id": self.bot}),
            _role(self.fans_role, "fans", 2, mentionable=True),
        ]

    def roles_by_id(self) -> dict[str, Json]:
        """All roles by number."""
        return {role["id"]: role for role in self.roles()}

    def guild(self) -> Json:
        """The server by itself."""
        shown: Json = {"id": self.id, "name": "Loopback", "owner_id": self.owner, "icon": None}
        shown |= {"roles": self.roles(), "emojis": [], "stickers": [], "features": []}
        shown |= {"verification_level": 0, "default_message_notifications": 0, "mfa_level": 0}
        shown |= {"explicit_content_filter": 0, "nsfw_level": 0, "premium_tier": 0, "nsfw": False}
        return shown | {"preferred_locale": "en-US", "afk_timeout": 300, "system_channel_flags": 0}

    def whole_guild(self, own_member: bool = True) -> Json:
        """The server with its channels, as the gateway announces it."""
        empty = ("presences", "voice_states", "stage_instances")
        channels = [it for it in self.channels.values() if it["type"] not in (DIRECT, THREAD)]
        threads = [it for it in self.channels.values() if it["type"] == THREAD]
        members = [self.member(self.bot)] if own_member else []
        shown = {**self.guild(), "channels": channels, "threads": threads, "members": members}
        shown |= {"large": False, "unavailable": False, "joined_at": JOINED}
        shown |= {"member_count": len(self.users), "guild_scheduled_events": []}
        return shown | {key: [] for key in empty}

    def _join(self, name: str) -> Json:
        is_bot = name == BOT
        user: Json = {"id": self._clock.number(), "username": name, "avatar": None}
        user |= {"discriminator": "0000" if is_bot else "0", "public_flags": 0, "bot": is_bot}
        user["global_name"] = None if is_bot else name.title()
        self.users[user["id"]] = user
        return user

    def _open(self, name: str, kind: int) -> None:
        made: Json = {"id": self._clock.number(), "type": kind, "name": name, "guild_id": self.id}
        made |= {"position": len(self.channels), "parent_id": None, "permission_overwrites": []}
        made |= {"nsfw": False, "rate_limit_per_user": 0, "last_message_id": None}
        if kind in (VOICE, STAGE):
            made |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
        if kind == FORUM:
            made |= {"available_tags": [], "default_reaction_emoji": None, "flags": 0}
            made |= {"default_sort_order": None, "default_forum_layout": 0}
        self.channels[made["id"]] = made


def _role(number: str, name: str, position: int, permissions: int = 0, **more: object) -> Json:
    role: Json = {"id": number, "name": name, "position": position, "color": 0, "flags": 0}
    role |= {"permissions": str(permissions), "hoist": False, "icon": None, "unicode_emoji": None}
    return role | {"managed": False, "mentionable": False, **more}
