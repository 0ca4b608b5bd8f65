"""People's actions: commands, buttons, menus and forms."""

from __future__ import annotations

import copy
import secrets

from tests.loopback.discord.components import BUTTON, LINK, SELECT, widgets
from tests.loopback.discord.model import DIRECT, Interaction, Json
from tests.loopback.discord.options import focus, option_values, wrapped
from tests.loopback.discord.people import find, who_and_where
from tests.loopback.discord.refusals import Impossible
from tests.loopback.discord.registered import GROUP, MENU_OF_MESSAGE, SLASH, SUBCOMMAND, kind_of
from tests.loopback.discord.state import Discord
from tests.loopback.discord.wire import COMMAND, COMPLETION, COMPONENT, FORM


def slash(discord: Discord, body: Json) -> Interaction:
    """A ``command``, with the subcommand after a space, and its ``options``."""
    user, channel = who_and_where(discord, body)
    command, path, known = _command(discord, body["command"], channel)
    resolved: Json = {}
    given = option_values(discord, known, body.get("options") or {}, resolved)
    data = _of_command(command) | {"options": wrapped(path, given), "resolved": resolved}
    return _open(discord, COMMAND, user, channel, data, body)


def autocomplete(discord: Discord, body: Json) -> Interaction:
    """A ``value`` typed into an ``option`` of a ``command`` so far."""
    user, channel = who_and_where(discord, body)
    command, path, known = _command(discord, body["command"], channel)
    typed = focus(known, body["option"], str(body.get("value", "")))
    others = [option for option in known if option["name"] != body["option"]]
    given = option_values(discord, others, body.get("options") or {}, {}, whole=False)
    data = _of_command(command) | {"options": wrapped(path, [*given, typed])}
    return _open(discord, COMPLETION, user, channel, data, body)


def menu(discord: Discord, body: Json) -> Interaction:
    """A ``command`` in the menu of a ``message``, which the bot then gets as a whole."""
    user, message = discord.place.user(body.get("user")), find(discord, body["message"])
    channel = discord.place.channels[message.channel]
    command = _named(discord, body["command"], MENU_OF_MESSAGE, channel)
    resolved = {"messages": {message.id: discord.wire.message(message)}}
    data = _of_command(command) | {"target_id": message.id, "resolved": resolved}
    return _open(discord, COMMAND, user, channel, data, body)


def component(discord: Discord, body: Json) -> Interaction:
    """A button or select of a ``message``, by its ``custom_id`` or ``label``, with ``values``."""
    user, message = discord.place.user(body.get("user")), find(discord, body["message"])
    if message.ephemeral_to not in (None, user["id"]):
        raise Impossible("that user cannot see this message")
    key = "custom_id" if "custom_id" in body else "label"
    there = widgets(message.components)
    widget = next((it for it in there if it.get(key) == body[key]), None)
    if widget is None:
        raise Impossible(f"nothing there has the {key} {body[key]}: {there}")
    data = _used(widget, body.get("values") or [])
    channel = discord.place.channels[message.channel]
    return _open(discord, COMPONENT, user, channel, data, body, message=message.id)


def modal(discord: Discord, body: Json) -> Interaction:
    """The form that an ``interaction`` opened, with its ``fields`` filled in."""
    made = next(it for it in discord.interactions.values() if it.id == body["interaction"])
    if made.modal is None:
        raise Impossible("that interaction opened no form")
    fields = body.get("fields", {})
    filled = [_filled(part, fields) for part in made.modal["components"]]
    data = {"custom_id": made.modal["custom_id"], "components": filled}
    user, channel = discord.place.users[made.user], discord.place.channels[made.channel]
    return _open(discord, FORM, user, channel, data, body, message=made.message, parent=made)


# ---------------------------------------------------------------------- commands


def _command(discord: Discord, words: str, channel: Json) -> tuple[Json, list[Json], list[Json]]:
    """A slash command, the way to its subcommand, and the options that are left."""
    name, *rest = words.lstrip("/").split()
    command = _named(discord, name, SLASH, channel)
    path, options = list[Json](), command.get("options") or []
    for word in rest:
        path += [it for it in options if it["name"] == word and it["type"] in (SUBCOMMAND, GROUP)]
        options = path[-1].get("options") or [] if path else []
    if len(path) < len(rest) or any(it["type"] in (SUBCOMMAND, GROUP) for it in options):
        raise Impossible(f"{words} is no command, or not a whole one")
    return command, path, options


def _named(discord: Discord, name: str, kind: int, channel: Json) -> Json:
    context = 1 if channel["type"] == DIRECT else 0
    there = [it for it in discord.commands.values() if kind_of(it) == kind]
    for command in there:
        contexts = command["contexts"]
        if command["name"] == name and (contexts is None or context in contexts):
            return command
    raise Impossible(f"no {name} is registered here: {[it['name'] for it in there]}")


def _of_command(command: Json) -> Json:
    return {key: command[key] for key in ("id", "name", "type")}


# ---------------------------------------------------------------------- widgets and forms


def _used(widget: Json, values: list[str]) -> Json:
    if widget.get("disabled") or widget.get("style") == LINK:
        raise Impossible("it is disabled, or a link, which tells nobody")
    data = {"component_type": widget["type"], "custom_id": widget["custom_id"]}
    data["id"] = widget["id"]
    if widget["type"] == BUTTON:
        return data
    offered = [option["value"] for option in widget.get("options") or []]
    if widget["type"] == SELECT and not set(values) <= set(offered):
        raise Impossible(f"{values} are not among {offered}")
    if not widget.get("min_values", 1) <= len(values) <= widget.get("max_values", 1):
        raise Impossible("not as many can be chosen there")
    return {**data, "values": values}


def _filled(part: Json, fields: Json) -> Json:
    filled = {key: part[key] for key in ("type", "id", "custom_id") if key in part}
    if "component" in part:
        return filled | {"component": _filled(part["component"], fields)}
    if "components" in part:
        return filled | {"components": [_filled(it, fields) for it in part["components"]]}
    return filled | {"value": str(fields.get(part["custom_id"], ""))}


# ---------------------------------------------------------------------- to the bot


def _open(
    discord: Discord,
    kind: int,
    user: Json,
    channel: Json,
    data: Json,
    body: Json,
    message: str | None = None,
    parent: Interaction | None = None,
) -> Interaction:
    """Sends it to the bot."""
    session = next((it for it in discord.sessions.values() if it.id in discord.outlets), None)
    if session is None:
        raise Impossible("the bot is not there: it would be said not to respond")
    number, token = discord.clock.number(), secrets.token_urlsafe(60)
    made = Interaction(number, token, kind, user["id"], channel["id"], data, message, parent)
    discord.interactions[token] = made
    told = _told(discord, made, body.get("locale", "en-US"))
    discord.push(session, "INTERACTION_CREATE", told | _teller(discord, made))
    return made


def _told(discord: Discord, made: Interaction, locale: str) -> Json:
    channel = discord.place.channels[made.channel]
    rights = discord.place.rights(channel, discord.place.bot)
    told: Json = {"id": made.id, "application_id": discord.app, "type": made.type, "version": 1}
    told |= {"token": made.token, "data": copy.deepcopy(made.data), "locale": locale}
    told |= {"channel_id": channel["id"], "app_permissions": str(rights), "entitlements": []}
    told["channel"] = {**channel, "permissions": str(rights)}
    told["attachment_size_limit"] = discord.settings.upload_limit
    if made.message:
        told["message"] = discord.wire.message(discord.messages[made.message])
    return told


def _teller(discord: Discord, made: Interaction) -> Json:
    """Who did it, and through which installation."""
    place, channel = discord.place, discord.place.channels[made.channel]
    if channel["type"] == DIRECT:
        owners = {"authorizing_integration_owners": {"0": "0"}, "context": 1}
        return owners | {"user": place.users[made.user]}
    member = place.member(made.user) | {"permissions": str(place.rights(channel, made.user))}
    shown: Json = {"guild_id": place.id, "guild_locale": "en-US", "member": member}
    shown |= {"authorizing_integration_owners": {"0": place.id}, "context": 0}
    return shown | {"guild": {"id": place.id, "locale": "en-US", "features": []}}
