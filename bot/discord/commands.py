"""Commands as Discord sends them, which may be those of another version of the bot."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands

from bot.discord.patience import FAILED

Option = dict[str, Any]
_NESTED = (1, 2)  # types of options that hold others: a subcommand, a group of them


class Tree(app_commands.CommandTree[Any]):
    """A tree of commands that raises nothing but AppCommandError, whatever Discord sends."""

    async def _call(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # of reading the command: those of running it are wrapped
            raise app_commands.AppCommandError(repr(error)) from error


def is_foreign(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> bool:
    """Whether a command failed because this version has none with that name and those options."""
    if not isinstance(error, app_commands.CommandInvokeError):
        return True
    command = interaction.command
    if not isinstance(command, app_commands.Command):
        return False
    return not all(_fits(command, option) for option in _options_of(interaction.data or {}))


def _fits(command: app_commands.Command[Any, ..., Any], option: Option) -> bool:
    parameters = {str(it.display_name): it for it in command.parameters}
    known = parameters.get(str(option.get("name")))
    return known is not None and known.type.value == option.get("type")


def _options_of(data: Any) -> Iterator[Option]:
    for option in data.get("options") or ():
        if option.get("type") in _NESTED:
            yield from _options_of(option)
        else:
            yield option


def _is_news(record: logging.LogRecord) -> bool:
    """Whether discord.py logs more than that an autocompletion came too late to be shown."""
    return not (record.exc_info and isinstance(record.exc_info[1], FAILED))


logging.getLogger("discord.app_commands.tree").addFilter(_is_news)
