"""A chat in the terminal, without account or token, with the same service as the other chats."""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.console.completing import CATALOGS, PATHS, Completer
from bot.console.demo import demo
from bot.console.keyboard import lines
from bot.console.map import show_map
from bot.console.mix import WORDS, mix
from bot.console.options import OBEYED
from bot.console.path import path
from bot.console.saving import save
from bot.console.session import Session
from bot.console.sounds import another, genre, listen, more, recommend, why
from bot.console.typed import user_name
from bot.console.votes import dislike, hide, like, unhide, unlike
from bot.console.wishes import SWITCH, clean, credit
from bot.console.yours import YES, export, forget, mydata, taste
from bot.core.service import Service
from bot.people import People
from bot.types import Refusal
from soundmap import __version__
from soundmap.cli.main import flags
from soundmap.cli.screen import Screen
from soundmap.cli.surroundings import language
from soundmap.files import is_there
from soundmap.wording.guessing import meant

PLATFORM, PROMPT = "console", "♪ "
_HELP = ("/help", "help", "?")
_QUIT = ("/quit", "/exit", "quit", "exit")
_QUIT_NOW = ("/quit ", "/exit ")
_COMMAND = re.compile(r"/[^/.]*$")  # what is no path
_NO = ("", "no", "n", "아니요", "아니오")


async def chat(service: Service, people: People, bundle: Path, page: Path) -> None:
    """Answers lines until they end; the map of ``bundle`` is written to ``page``."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # for file names of any bytes
    keys = people.person(PLATFORM, user_name()), people.person(f"{PLATFORM}-server", user_name())
    session = Session(service, *keys, bundle, page, language())
    _welcome(session)
    loop = asyncio.get_running_loop()

    def catalogs() -> list[str]:  # called by the thread that reads
        return asyncio.run_coroutine_threadsafe(service.parts.catalogs.names(), loop).result(1)

    async for line in lines(PROMPT, Completer({name: words(name) for name in NAMES}, catalogs)):
        if line.casefold() in _QUIT or line.casefold().startswith(_QUIT_NOW):
            break
        await answer(session, line)
        print(flush=True)


async def answer(session: Session, line: str) -> None:
    """Does what a line asks for; prints errors, so that the chat continues."""
    asked, session.asked = session.asked, None
    if asked and line.casefold() in YES:
        await asked()
        return
    if asked:
        session.say("not_forgotten")
    if not (asked and line.casefold() in _NO):
        await _obey(session, line)


async def _obey(session: Session, line: str) -> None:
    name, _, rest = line.partition(" ")
    name = name.casefold()
    if name in _HELP and not is_there(line):
        session.help()
    elif command := COMMANDS.get(name or "/demo"):
        await command.run(session, rest.strip())
    elif _COMMAND.match(name) and not is_there(line):
        session.say("unknown_command", name=name, meant=meant(name, NAMES))
    else:
        await listen(session, line, NAMES)


def _welcome(session: Session) -> None:
    screen = Screen()
    screen.say(f"[bold]{session.said('welcome')}[/]\n")
    screen.tell(f"{session.said('start')}\n")
    sys.stdout.flush()


async def _catalog(session: Session, name: str) -> None:
    """``/catalog``, with a name to choose one."""
    if name:
        chosen = await session.service.choose_catalog(session.place, name)
        if isinstance(chosen, Refusal):
            session.refuse(chosen)
        else:
            session.say("catalog_chosen", name=chosen)
    elif isinstance(found := await session.service.chosen_catalog(session.place), Refusal):
        session.refuse(found)
    else:
        session.say("catalog_shown", name=found[0], known=", ".join(found[1]))


async def _about(session: Session, _: str) -> None:
    """``/about``."""
    session.say("about_title", version=__version__)
    session.say("about", **session.service.about())


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does, the words that Tab completes behind it, and the command of ``soundmap``
    whose options it takes, if any.
    """

    run: Callable[[Session, str], Awaitable[None]]
    takes: tuple[str, ...] = ()
    like: str = ""


COMMANDS: Mapping[str, Command] = {
    "/about": Command(_about),
    "/another": Command(another),
    "/catalog": Command(_catalog, (CATALOGS,)),
    "/clean": Command(clean, SWITCH),
    "/credit": Command(credit),
    "/demo": Command(demo),
    "/dislike": Command(dislike),
    "/export": Command(export, (PATHS,)),
    "/forget": Command(forget),
    "/genre": Command(genre, (PATHS,), "genre"),
    "/hide": Command(hide),
    "/like": Command(like),
    "/map": Command(show_map, ("taste",)),
    "/mix": Command(mix, (*WORDS, PATHS), "mix"),
    "/more": Command(more),
    "/mydata": Command(mydata, ("export", "forget")),
    "/path": Command(path, (PATHS,), "path"),
    "/recommend": Command(recommend, (PATHS,), "recommend"),
    "/save": Command(save, (PATHS,)),
    "/taste": Command(taste, ("on", "off", "reset")),
    "/unhide": Command(unhide),
    "/unlike": Command(unlike),
    "/why": Command(why),
}
NAMES = (*COMMANDS, "/help", "/quit")
"""All that may be typed, for Tab and for what may have been meant."""


def words(name: str) -> tuple[str, ...]:
    """What Tab completes behind a command: its words, and the options it shares with ``soundmap``,
    each of their choices with them.
    """
    command = COMMANDS.get(name)
    takes = command.takes if command else ()
    shared = flags(command.like, OBEYED) if command and command.like else {}
    for flag, choices in shared.items():
        takes += tuple(f"{flag} {it}" for it in choices) or (flag,)
    return takes
