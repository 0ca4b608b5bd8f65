"""The routes for the bot's identity, people and the server, and for registering commands."""

from __future__ import annotations

from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import Refused
from tests.loopback.discord.registered import check_commands, kind_of
from tests.loopback.discord.routing import Answer, Call, Routes
from tests.loopback.discord.state import Discord

ROUTES = Routes()
_LOCALIZED = ("name_localizations", "description_localizations")


@ROUTES.add("GET", "/gateway/bot")
def get_gateway(call: Call) -> Answer:
    start = {"total": 1_000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    url = call.discord.gateway_url
    return 200, {"url": url, "shards": 1, "session_start_limit": start}


@ROUTES.add("GET", "/users/@me")
def get_me(call: Call) -> Answer:
    return 200, call.discord.place.users[call.discord.place.bot]


@ROUTES.add("GET", "/oauth2/applications/@me")
def get_application(call: Call) -> Answer:
    discord = call.discord
    shown: Json = {"id": discord.app, "name": "probe-bot", "description": "", "icon": None}
    shown |= {"bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64}
    shown |= {"owner": discord.place.users[discord.place.owner], "team": None, "flags": 0}
    return 200, shown | {"rpc_origins": [], "summary": "", "redirect_uris": [], "hook": True}


@ROUTES.add("PUT", "/applications/{app}/commands", limit=(30, 60.0))
def put_commands(call: Call) -> Answer:
    discord = call.discord
    if call.ids["app"] != discord.app:
        said = "You are not authorized to perform this action on this application"
        raise Refused(403, 20012, said)
    known = {_key(command): command for command in discord.commands.values()}
    made = [_registered(discord, it, known.get(_key(it))) for it in check_commands(call.body)]
    discord.commands.clear()
    discord.commands.update({command["id"]: command for command in made})
    return 200, made


def _registered(discord: Discord, wanted: Json, old: Json | None) -> Json:
    """A command as Discord keeps it; it keeps its number."""
    number = old["id"] if old else discord.clock.number()
    usual: Json = {"description": "", "default_member_permissions": None, "nsfw": False}
    usual |= {"contexts": None, "integration_types": [0], "dm_permission": True}
    usual |= {"options": [], **dict.fromkeys(_LOCALIZED)}
    own = {"id": number, "version": discord.clock.number(), "application_id": discord.app}
    return usual | wanted | own | {"type": kind_of(wanted)}


def _key(command: Json) -> tuple[int, str]:
    return kind_of(command), command["name"]
