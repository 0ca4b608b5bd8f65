"""Checks commands at registration as Discord does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import Refused, bad_form, check_choice, check_length

SLASH, MENU_OF_USER, MENU_OF_MESSAGE = 1, 2, 3
MOST = {SLASH: 100, MENU_OF_USER: 15, MENU_OF_MESSAGE: 15}
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL = 1, 2, 3, 4, 5, 6, 7
MENTIONABLE, NUMBER, ATTACHMENT = 9, 10, 11
CHOOSABLE: dict[int, type | tuple[type, ...]] = {STRING: str, INTEGER: int, NUMBER: (int, float)}
OPTIONS, CHOICES, CHARACTERS = 25, 25, 8_000
_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")


def check_commands(commands: Any) -> list[Json]:
    """All commands of the bot, if Discord would take them."""
    if not isinstance(commands, list):
        raise bad_form("_", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    kinds = Counter(kind_of(command) for command in commands)
    if any(n > MOST.get(kind, 0) for kind, n in kinds.items()):
        raise Refused(400, 30032, "Maximum number of application commands reached")
    for n, command in enumerate(commands):
        _check_command(command, str(n))
    _check_distinct([(kind_of(it), it["name"]) for it in commands])
    return commands


def kind_of(command: Json) -> int:
    """Slash command or menu."""
    return int(command.get("type") or SLASH)


def check_choices(choices: Any, path: str, kind: int = STRING) -> list[Json]:
    """Choices that somebody is offered."""
    if not isinstance(choices, list):
        raise bad_form(path, "BASE_TYPE_REQUIRED", "This field is required")
    check_length(path, choices, CHOICES)
    for n, choice in enumerate(choices):
        check_length(f"{path}.{n}.name", choice.get("name"), 100, 1)
        value = choice.get("value")
        if not isinstance(value, CHOOSABLE[kind]):
            raise bad_form(f"{path}.{n}.value", "BASE_TYPE_CONVERT", "Could not interpret value")
        if isinstance(value, str):
            check_length(f"{path}.{n}.value", value, 100)
    return choices


def _check_command(command: Json, path: str) -> None:
    slash = kind_of(command) == SLASH
    for name in _in_all_languages(command, "name"):
        if slash:
            _check_name(name, f"{path}.name")
        check_length(f"{path}.name", name, 32, 1)
    for text in _in_all_languages(command, "description"):
        check_length(f"{path}.description", text, 100 if slash else 0, int(slash))
    if not slash and command.get("options"):
        raise bad_form(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "In a menu")
    _check_options(command.get("options") or [], path, 0)
    if _size(command) > CHARACTERS:
        said = f"Command exceeds maximum size ({CHARACTERS})"
        raise bad_form(path, "APPLICATION_COMMAND_TOO_LARGE", said)


def _check_options(options: list[Json], path: str, depth: int) -> None:
    check_length(f"{path}.options", options, OPTIONS)
    optional = False
    for n, option in enumerate(options):
        _check_option(option, f"{path}.options.{n}", depth)
        if option.get("required") and optional:
            said = "Required options must be placed before non-required options"
            raise bad_form(
                f"{path}.options.{n}", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", said
            )
        optional = optional or not option.get("required")
    if len({option["name"] for option in options}) < len(options):
        said = "Option name already used"
        raise bad_form(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", said)
    if len({option["type"] in (SUBCOMMAND, GROUP) for option in options}) > 1:
        said = "Sub-command and sub-command group option types are mutually exclusive to all others"
        raise bad_form(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", said)


def _check_option(option: Json, path: str, depth: int) -> None:
    for name in _in_all_languages(option, "name"):
        _check_name(name, f"{path}.name")
    for text in _in_all_languages(option, "description"):
        check_length(f"{path}.description", text, 100, 1)
    kind = option.get("type")
    check_choice(f"{path}.type", kind, range(1, 12))
    if kind in (SUBCOMMAND, GROUP):
        check_choice(f"{path}.type", kind, (SUBCOMMAND, GROUP)[: 2 - depth])
        _check_options(option.get("options") or [], path, depth + 1)
    _check_offers(option, path)


def _check_offers(option: Json, path: str) -> None:
    """Its choices, fixed or completed."""
    fixed, completed = option.get("choices"), option.get("autocomplete")
    if not fixed and not completed:
        return
    if fixed and completed:
        said = "autocomplete and choices cannot both be set"
        raise bad_form(f"{path}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", said)
    check_choice(f"{path}.type", option["type"], CHOOSABLE)
    check_choices(fixed or [], f"{path}.choices", option["type"])


def _check_name(name: str, path: str) -> None:
    if not _NAME.fullmatch(name) or name != name.lower():
        raise bad_form(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_distinct(names: list[tuple[int, str]]) -> None:
    for n, name in enumerate(names):
        if name in names[:n]:
            said = "Application command names must be unique"
            raise bad_form(str(n), "APPLICATION_COMMANDS_DUPLICATE_NAME", said)


def _in_all_languages(part: Json, key: str) -> Iterator[str]:
    yield str(part.get(key) or "")
    yield from (part.get(f"{key}_localizations") or {}).values()


def _size(part: Json) -> int:
    """Characters that count, in the language that has the most of them."""
    own = sum(max(map(len, _in_all_languages(part, key))) for key in ("name", "description"))
    values = sum(len(str(choice.get("value"))) for choice in part.get("choices") or [])
    inner = [*(part.get("options") or []), *(part.get("choices") or [])]
    return own + values + sum(map(_size, inner))
