"""The bot's command line: starts it, invites it, copies its database, lists its settings."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.config import (
    BadSettings,
    NoToken,
    Settings,
    example,
    left_behind,
    one_thread_each,
    read_settings,
    share_home,
)
from bot.config.help_ko import ANSWERS, HELP
from bot.core.log import OURS, Calm
from bot.core.mouths import brief
from bot.types import Refusal, Unwelcome
from bot.wording import say
from soundmap import __version__
from soundmap.cli.common import (
    BAD_INPUT,
    BAD_USAGE,
    OK,
    give_up_output,
    print_anywhere,
    sentence_of,
)
from soundmap.cli.parser import Parser
from soundmap.cli.screen import Help, Screen, examples_text
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled, translate, word
from soundmap.errors import SoundMapError
from soundmap.files import is_there

_log = logging.getLogger(__name__)
_EXAMPLES = {
    "": """
soundmap-bot                        the chats whose tokens are set, or else the console
soundmap-bot backup today.db
""",
    "run": "soundmap-bot run",
    "backup": """
soundmap-bot backup today.db        a copy of the database, also while the bot runs
""",
    "settings": "soundmap-bot settings",
    "ready": """
soundmap-bot ready                  for the health check of a container: exit status 0 if it can
""",
    "invite": "soundmap-bot invite",
}

_OF_A_HOST = {  # to somebody in a chat they say less
    "store_locked": "Another process holds {path}.",
    "store_full": "There is no room left on the disk of {path}.",
}


def run(arguments: Sequence[str]) -> int:
    """Runs a command; returns the exit status."""
    one_thread_each()
    print_anywhere()
    options = command_parser().parse_args(arguments)
    if options.command == "settings":
        print(example(), end="")
        return OK
    try:
        return _run(options, read_settings())
    except NoToken as error:
        _failed(*error.problems)
        return BAD_USAGE
    except BadSettings as error:
        return _failed(*error.problems)
    except BrokenPipeError:  # nobody reads what it says any more
        give_up_output()
        return OK
    except OSError as error:
        reason = brief(error, language())
        return _failed(filled("The bot cannot start or go on: {reason}.", reason=reason))


def _run(options: argparse.Namespace, settings: Settings) -> int:
    share_home(settings)
    if options.command == "backup":
        return _backup(settings, options.file)
    if options.command == "ready":
        return _ready(settings)
    if options.command == "invite":
        return _invite(settings)
    if settings.at_a_desk and not _has_input():
        raise _no_token(settings)
    _start_log("ERROR" if settings.at_a_desk else settings.log_level.upper())
    _say_where(settings)
    return _start(settings)


def _has_input() -> bool:
    """Whether there is somebody for the console: a terminal, or a pipe or file with their words."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):  # it is closed
        return False
    return sys.stdin.isatty() or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def _no_token(settings: Settings) -> NoToken:
    gone = "" if is_there(settings.file) else word(" (there is no such file)")
    return NoToken(
        [
            filled(
                "No token was found in {file} or in the environment, and there is no terminal for a"
                " chat. Put one after DISCORD_TOKEN= or SLACK_BOT_TOKEN=.",
                file=f"{settings.file}{gone}",
            )
        ]
    )


def _start_log(level: str) -> None:
    """Sets our log level; libraries stay at INFO, since at DEBUG they log what people write."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(Calm(whole=level == "DEBUG"))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger().setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))


def _say_where(settings: Settings) -> None:
    """Says where things are kept: to the person at a desk, or in the log."""
    spoken = language() if settings.at_a_desk else "en"
    said = [say("kept_in", spoken, path=settings.database)]
    if old := left_behind(settings.database):
        said.append(say("left_behind", spoken, path=old, folder=settings.database.parent))
    if settings.at_a_desk:
        Screen().tell("\n".join(said))
        return
    _log.info("settings come from %s and the environment", settings.file_said)
    for sentence in said:
        _log.info("%s", sentence)


def _start(settings: Settings) -> int:
    from bot.app import run as run_app
    from bot.store.errors import StoreError

    try:
        asyncio.run(run_app(settings))
    except StoreError as error:
        return _failed(_sentence(error))
    except SoundMapError as error:
        return _failed(sentence_of(error))
    except Unwelcome as error:
        return _failed(str(error))
    return OK


def _backup(settings: Settings, target: Path) -> int:
    from bot.store.backup import backup_file
    from bot.store.errors import StoreError

    try:
        backup_file(settings.database, target)
    except StoreError as error:
        return _failed(_sentence(error))
    print(filled("{database} is copied to {target}.", database=settings.database, target=target))
    if not settings.person_key:
        text = "Keep {database}.key with it: without, nobody's votes are theirs."
        print(filled(text, database=settings.database))
    return OK


def _ready(settings: Settings) -> int:
    from bot.health import ask_ready

    if not settings.health_port:
        text = "Set SOUNDMAP_HEALTH_PORT in {file}: it is asked there."
        raise BadSettings([filled(text, file=settings.file)])
    try:
        is_ready, said = ask_ready(settings.health_port)
    except OSError as error:
        text = "No bot answers at port {port}: {reason}."
        return _failed(filled(text, port=settings.health_port, reason=brief(error, language())))
    print(said)
    return OK if is_ready else BAD_INPUT


def _invite(settings: Settings) -> int:
    from bot.discord.invite import link_by

    if not settings.discord_token:
        text = "An invitation needs the token of the bot: put it after DISCORD_TOKEN= in {file}."
        raise NoToken([filled(text, file=settings.file)])
    try:
        print(asyncio.run(link_by(settings.discord_token)))
    except (Unwelcome, OSError) as error:
        return _failed(brief(error, language()))
    return OK


def _sentence(error: object) -> str:
    from bot.store.errors import StoreError
    from bot.wording import refusal_sentence

    assert isinstance(error, StoreError)
    if text := _OF_A_HOST.get(error.code):
        return filled(text, path=error.facts["path"])
    return refusal_sentence(Refusal(error.code, error.facts), language())


def _failed(*problems: str) -> int:
    for problem in problems:
        print(f"soundmap-bot: {problem}", file=sys.stderr)
    return BAD_INPUT


def command_parser() -> argparse.ArgumentParser:
    """The parser of ``soundmap-bot``."""
    translate(HELP | ANSWERS)
    parser: argparse.ArgumentParser = Parser(
        prog="soundmap-bot",
        description="SoundMap's bot. Without a token of Discord or Slack it opens a console chat.",
        epilog="Settings come from the environment, and from .env in this folder or in"
        " SOUNDMAP_HOME; see: soundmap-bot settings",
    )
    parser.add_argument("--version", action="version", version=f"soundmap-bot {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="start it (as with no command)")
    commands.add_parser("invite", help="print the link that adds the bot to a Discord server")
    commands.add_parser("ready", help="ask the bot that runs here whether it can answer")
    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="a new file")
    commands.add_parser("settings", help="print every setting with its meaning and default")
    for name, command in {"": parser, **commands.choices}.items():
        command.formatter_class = Help
        about = f"{word(command.epilog)}\n\n" if command.epilog else ""
        command.epilog = f"{about}{examples_text(_EXAMPLES[name])}"
    return parser
