"""A command's options as a person fills them in, checked as a Discord client would."""

from __future__ import annotations

from typing import Any

from tests.loopback.discord.model import Json
from tests.loopback.discord.people import put_file
from tests.loopback.discord.refusals import Impossible
from tests.loopback.discord.registered import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    STRING,
    USER,
)
from tests.loopback.discord.state import Discord


def option_values(
    discord: Discord, known: list[Json], given: Json, resolved: Json, whole: bool = True
) -> list[Json]:
    """The options as the bot gets them; what they refer to goes into ``resolved``."""
    names = [option["name"] for option in known]
    if stray := set(given) - set(names):
        raise Impossible(f"the command has no option {sorted(stray)}")
    missing = [it["name"] for it in known if it.get("required") and it["name"] not in given]
    if missing and whole:
        raise Impossible(f"{missing} must be given")
    return [
        {"name": it["name"], "type": it["type"], "value": _value(discord, it, given, resolved)}
        for it in known
        if it["name"] in given
    ]


def focus(known: list[Json], name: str, typed: str) -> Json:
    """The option that is being typed."""
    for option in known:
        if option["name"] == name and option.get("autocomplete"):
            return {"name": name, "type": option["type"], "value": typed, "focused": True}
    raise Impossible(f"{name} is not completed")


def wrapped(path: list[Json], options: list[Json]) -> list[Json]:
    """Options inside of the subcommand, and that inside of its group."""
    for part in reversed(path):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    return options


def _value(discord: Discord, option: Json, given: Json, resolved: Json) -> Any:
    value, kind = given[option["name"]], option["type"]
    if kind == ATTACHMENT:
        number = put_file(discord, value, discord.app, ephemeral=True)
        return _resolve(resolved, "attachments", discord.files.shown(number))
    if kind in (USER, MENTIONABLE):
        user = discord.place.user(value)
        _resolve(
            resolved, "members", {**discord.place.member(user["id"], False), **user}, user["id"]
        )
        return _resolve(resolved, "users", user)
    if kind == CHANNEL:
        return _resolve(resolved, "channels", discord.place.channel(value))
    _check_plain(option, value)
    return _chosen(option, value)


def _resolve(resolved: Json, kind: str, thing: Json, number: str = "") -> str:
    number = number or str(thing["id"])
    resolved.setdefault(kind, {})[number] = thing
    return number


def _check_plain(option: Json, value: Any) -> None:
    kinds = {STRING: str, INTEGER: int, NUMBER: int | float, BOOLEAN: bool}
    right = isinstance(value, kinds[option["type"]])
    if not right or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise Impossible(f"{option['name']}: {value!r} is of another kind")
    measure = "length" if isinstance(value, str) else "value"
    size = len(value) if isinstance(value, str) else value
    least, most = option.get(f"min_{measure}"), option.get(f"max_{measure}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise Impossible(f"{option['name']}: {value!r} is out of range")


def _chosen(option: Json, value: Any) -> Any:
    """A choice by its name or its value; anything where there are none."""
    choices = option.get("choices") or []
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    if choices:
        raise Impossible(f"{option['name']}: {value!r} is none of its choices")
    return value
