"""Commands as Discord sends them, which may be those of another version of the bot."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import AppCommandOptionType, app_commands

from bot.core.mouths import brief
from bot.discord.patience import FAILED

Option = dict[str, Any]
_NESTED = (AppCommandOptionType.subcommand, AppCommandOptionType.subcommand_group)
_VALUES: dict[AppCommandOptionType, type | tuple[type, ...]] = {
    AppCommandOptionType.string: str,
    AppCommandOptionType.integer: int,
    AppCommandOptionType.boolean: bool,
    AppCommandOptionType.number: (int, float),
}


class Tree(app_commands.CommandTree[Any]):
    """A tree of commands that runs only what fits, and raises nothing but AppCommandError."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Raises AppCommandError for nobody's command, and options that this version lacks."""
        if interaction.user is discord.utils.MISSING:
            raise app_commands.AppCommandError("it does not say whose it is")
        command = interaction.command
        data: Any = interaction.data or {}
        if isinstance(command, app_commands.Command):
            typing = interaction.type is discord.InteractionType.autocomplete
            resolved = data.get("resolved") or {}
            if not all(_fits(command, it, resolved, typing) for it in _options_of(data)):
                raise app_commands.CommandSignatureMismatch(command)
        return True

    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # of reading the command: those of running it are wrapped
            raise app_commands.AppCommandError(brief(error)) from error


def _fits(
    command: app_commands.Command[Any, ..., Any], option: Option, resolved: Any, typing: bool
) -> bool:
    """Whether a command has an option of that name and type, and its value is of that type."""
    parameters = {str(it.display_name): it for it in command.parameters}
    known, value = parameters.get(str(option.get("name"))), option.get("value")
    if known is None or known.type.value != option.get("type"):
        return False
    if known.type is AppCommandOptionType.attachment:
        return str(value) in (resolved.get("attachments") or {})
    return typing or isinstance(value, _VALUES.get(known.type, str))


def _options_of(data: Any) -> Iterator[Option]:
    for option in data.get("options") or ():
        if option.get("type") in [it.value for it in _NESTED]:
            yield from _options_of(option)
        else:
            yield option


def _is_news(record: logging.LogRecord) -> bool:
    """Whether discord.py logs more than that an autocompletion came too late to be shown."""
    return not (record.exc_info and isinstance(record.exc_info[1], FAILED))


logging.getLogger("discord.app_commands.tree").addFilter(_is_news)
