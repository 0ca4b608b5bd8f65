"""The options that commands share with ``soundmap``: each is obeyed here, or refused."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from bot.console.session import Session
from bot.types import Refusal
from soundmap.cli.main import parse_quietly
from soundmap.cli.parser import Misused

OBEYED = frozenset(
    {
        *("count", "genre", "license", "page", "clean", "instrumental", "tempo"),
        *("metric", "roam", "include_self", "without", "catalog", "windows", "start"),
        *("json", "credits"),
    }
)
"""What options set that every command here that has them goes by."""
_SETTINGS = {
    "allow_private": "SOUNDMAP_ALLOW_PRIVATE_HOSTS",
    "bundle": "SOUNDMAP_BUNDLE",
    "catalogs": "SOUNDMAP_CATALOGS",
    "workers": "SOUNDMAP_WORKERS",
}


def understood(session: Session, command: str, arguments: Sequence[str]) -> Namespace | None:
    """The options of a command, as for ``soundmap``; None, after a message, if they do not fit or
    are not ``OBEYED``.
    """
    if {"-h", "--help"} & set(arguments):
        session.help()
        return None
    try:
        options, others = parse_quietly([command, *arguments], OBEYED)
    except Misused as error:
        facts: dict[str, object] = {"command": f"/{command}", "reason": str(error).rstrip(".")}
        session.refuse(Refusal("wrong_usage", facts), "--json" in arguments)
        return None
    if others:
        session.refuse(_instead(command, others), options.json)
        return None
    return options


def _instead(command: str, others: Mapping[str, str]) -> Refusal:
    """What to do instead of an option, the first of some that are not obeyed."""
    (value, option), *_ = others.items()
    if value == "out":
        return Refusal("option_saves", {"option": option})
    if setting := _SETTINGS.get(value):
        return Refusal("option_is_set", {"option": option, "setting": setting})
    return Refusal("option_elsewhere", {"option": option, "command": command})
