"""Views of the world for the test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import Impossible
from tests.loopback.discord.shown import show_interaction, show_message
from tests.loopback.discord.state import Discord


def view(discord: Discord, name: str, query: Mapping[str, str]) -> Any:
    """What is asked for."""
    match name:
        case "state":
            return _state(discord)
        case "messages":
            return _messages(discord, query)
        case "interactions":
            wanted = query.get("id")
            made = [it for it in discord.interactions.values() if wanted in (None, it.id)]
            return [show_interaction(discord, it) for it in made]
        case "requests":
            return discord.requests[int(query.get("since", 0)) :]
        case "problems":
            return discord.problems
    raise Impossible(f"no view {name}")


def _state(discord: Discord) -> Json:
    place = discord.place
    sessions = [
        {"id": it.id, "seq": it.seq, "resumes": it.resumes, "connected": it.id in discord.outlets}
        for it in discord.sessions.values()
    ]
    seen: Json = {"bot_id": place.bot, "app_id": discord.app, "guild_id": place.id}
    seen |= {"users": {it["username"]: it["id"] for it in place.users.values()}}
    seen |= {"roles": {it["name"]: it["id"] for it in place.roles()}}
    seen |= {"channels": {it.get("name", "dm"): it["id"] for it in place.channels.values()}}
    seen |= {"commands": list(discord.commands.values()), "sessions": sessions}
    return seen | {"gateway_log": discord.gateway_log}


def _messages(discord: Discord, query: Mapping[str, str]) -> list[Json]:
    bot, since = discord.place.bot, int(query.get("since", 0))
    there = [it for it in discord.messages.values() if int(it.id) > since]
    if "channel" in query:
        channel = discord.place.channel(query["channel"])["id"]
        there = [it for it in there if it.channel == channel]
    if author := query.get("author"):
        there = [it for it in there if (it.author == bot) == (author == "bot")]
    return [show_message(discord, it) for it in there]
