"""The settings of the bot.  Only this package reads the environment for it."""

from bot.config.errors import BadSettings, NoToken
from bot.config.places import left_behind
from bot.config.settings import Settings, one_thread_each, read_settings, share_home
from bot.config.table import TABLE, example

__all__ = [
    "TABLE",
    "BadSettings",
    "NoToken",
    "Settings",
    "example",
    "left_behind",
    "one_thread_each",
    "read_settings",
    "share_home",
]
