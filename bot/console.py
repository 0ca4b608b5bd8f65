"""A chat in the terminal, with no account and no token: a mouth of the same service."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
import tempfile
from argparse import Namespace
from getpass import getuser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bot.keyboard import lines
from bot.people import People
from bot.service import Service
from bot.types import Answer, Heard, Link, LocalFile, Refusal, Source
from bot.wording import refusal_sentence, say
from soundmap import __version__, cli, render
from soundmap.recommend import Request
from soundmap.types import Analysis, Origin, Recommendation

PLATFORM = "console"
PROMPT = "♪ "
WELCOME = """SoundMap: give it a sound, get free music that sounds like it.

Type or drop the path of an audio file, or press Enter for a demo sound. /help says more.
"""
HELP = """  PATH or LINK            genre of a sound, and the free tracks nearest to it
  /recommend PATH [...]   the same, with options: -n 10, --genre Rock, --license permissive,
                          --roam wider, --metric cosine
  /genre PATH             only the genre
  /demo                   a sound that SoundMap makes itself
  /more N, /another       more like the Nth of the last list; the next ones for the same sound
  /why                    every distance and reason of the last list
  /like N, /hide N        vote for the Nth; never show its artist again
  /recommend              something new that you may like, from your votes
  /taste [on|off|reset]   what is believed of your taste
  /mydata, /export, /forget   what is kept about you
  /about, /help, /quit    the model; this; leave (Ctrl-D does too)
"""
_QUIT = ("/quit", "/exit", "quit", "exit")


async def chat(service: Service, people: People) -> None:
    """Answers line after line until there are no more."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # names of any bytes go through unharmed
    console = Console(service, people.person(PLATFORM, _user()))
    print(WELCOME, flush=True)
    async for line in lines(PROMPT):
        if line.casefold() in _QUIT:
            break
        await console.answer(line)
        print(flush=True)


class Console:
    """One person at one terminal; knows the last list that was shown."""

    def __init__(self, service: Service, person: str) -> None:
        self._service, self._person = service, person
        self._list_id = 0

    async def answer(self, line: str) -> None:
        """Does what one line asks for; whatever goes wrong is said, and the chat goes on."""
        command, _, rest = line.partition(" ")
        command = command.casefold()
        if command in ("/help", "help", "?") and not _exists(line):
            print(HELP, end="")
        elif command in ("", "/demo"):
            await self._demo()
        elif command == "/recommend" and not rest.strip():
            self._show(await self._service.from_taste(self._person, Request()))
        elif command in ("/recommend", "/genre"):
            await self._sound([command[1:], *_arguments(rest.strip())])
        elif command[:1] == "/" and (method := getattr(self, f"_{command[1:]}_said", None)):
            await method(rest.strip())
        elif command.startswith("/") and not _exists(line) and "/" not in line[1:]:
            print(f"There is no command {command}. /help lists what there is.")
        else:
            await self._sound(
                ["recommend", "--", line if line.startswith(cli.LINKS) else _path(line)]
            )

    async def _sound(self, arguments: list[str]) -> None:
        try:
            options = cli.parse(arguments)
        except SystemExit:  # wrong usage has been said
            return
        source, json_wanted = _source(options), options.json
        if options.command == "genre":
            self._show(await self._service.genre(self._person, source), json_wanted)
        else:
            request = cli.request_of(options)
            self._show(await self._service.recommend(self._person, source, request), json_wanted)

    async def _demo(self) -> None:
        from soundmap.demo import write_demo  # decoders are not loaded before they are needed

        print("Here is a house groove that SoundMap made up just now.\n")
        with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
            path = Path(folder) / "demo.wav"
            write_demo(path)
            self._show(await self._service.recommend(self._person, LocalFile(path), Request()))

    async def _more_said(self, rank: str) -> None:
        if number := self._rank(rank):
            self._show(await self._service.more_like(self._person, self._list_id, number))

    async def _another_said(self, _: str) -> None:
        self._show(await self._service.another(self._person, self._list_id))

    async def _why_said(self, _: str) -> None:
        self._show(await self._service.why(self._list_id))

    async def _like_said(self, rank: str) -> None:
        if number := self._rank(rank):
            kept = await self._service.vote(self._person, self._list_id, number, 1)
            self._show(
                kept or Refusal("no_such_pick", {"rank": number}),
                said=f"Kept: you like number {number}.",
            )

    async def _hide_said(self, rank: str) -> None:
        if number := self._rank(rank):
            names = await self._service.artists(self._person, self._list_id)
            hidden = () if isinstance(names, Refusal) else [*names.values()]
            chosen = {number - 1, *(index for index, is_hidden in enumerate(hidden) if is_hidden)}
            now = await self._service.hide(self._person, self._list_id, chosen)
            text = "" if isinstance(now, Refusal) else f"Hidden: {', '.join(now)}."
            self._show(now, said=text)

    async def _taste_said(self, what: str) -> None:
        if what in ("on", "off"):
            done = await self._service.switch_taste(self._person, what == "on")
            self._show(done, said=say(f"taste_now_{what}").replace("`", ""))
        elif what == "reset":
            gone = await self._service.reset_taste(self._person)
            self._show(gone, said=say("taste_reset", votes=gone))
        else:
            believed = await self._service.beliefs(self._person)
            known = () if isinstance(believed, Refusal) else believed.beliefs.beliefs
            lines = [
                f"{round(belief.weight, 2) + 0.0:+.2f}  {belief.kind} {belief.name}"
                for belief in known
            ]
            self._show(believed, said="\n".join(lines) or "Nothing yet: /like a few tracks.")

    async def _mydata_said(self, _: str) -> None:
        kept = await self._service.summary(self._person)
        facts = {} if isinstance(kept, Refusal) else kept
        self._show(kept, said=", ".join(f"{name} {count}" for name, count in facts.items()))

    async def _export_said(self, _: str) -> None:
        kept = await self._service.export(self._person)
        self._show(kept, said=json.dumps(kept, indent=2, default=str))

    async def _forget_said(self, _: str) -> None:
        self._show(await self._service.forget(self._person), said="Forgotten: all of it.")

    async def _about_said(self, _: str) -> None:
        text = say("about", **self._service.about()).replace("**", "").replace("`", "")
        print(f"{say('about_title', version=__version__)}\n{text}")

    def _rank(self, text: str) -> int:
        """The number of a pick, 0 once it is said that this is none."""
        if text.isdecimal() and 0 < int(text) <= 100:
            return int(text)
        print("Say which: a number of the last list.")
        return 0

    def _show(self, result: Any, as_json: bool = False, said: str = "") -> None:
        if isinstance(result, Refusal):
            sentence = refusal_sentence(result)
            print(
                cli.error_json(result.code, sentence) if as_json else f"soundmap: {sentence}",
                file=sys.stdout if as_json else sys.stderr,
                flush=True,
            )
        elif said:
            print(said)
        elif isinstance(result, Heard):
            _print(result.analysis, result.origin, as_json)
        else:
            origin = None
            if isinstance(result, Answer):
                self._list_id, origin = result.list_id, result.origin
                if result.seed and not as_json:
                    code = "from_taste" if result.by_taste else "like_track"
                    print(say(code, title=result.seed.title, artist=result.seed.artist))
                result = result.recommendation
            _print(result, origin, as_json)


def _print(value: Analysis | Recommendation, origin: Origin | None, as_json: bool) -> None:
    if as_json:
        print(json.dumps(render.document(value, origin)))
    else:
        render.show(value, origin)


def _source(options: Namespace) -> Source:
    if options.source.startswith(cli.LINKS):
        return Link(options.source)
    return LocalFile(Path(options.source))


def _user() -> str:
    try:
        return getuser()
    except (OSError, KeyError):  # a container without a name for its user
        return "nobody"


def _arguments(text: str) -> list[str]:
    """Arguments of a command; a path with spaces needs no quotes when it stands alone."""
    if text and _exists(_path(text)):
        return ["--", _path(text)]
    try:
        return shlex.split(text)
    except ValueError:
        return ["--", text]


def _path(text: str) -> str:
    """A path as typed, or as terminals write one dropped on them: quoted, escaped, a file URL."""
    if _exists(text):
        return text
    if text.startswith("file://"):
        return unquote(text.removeprefix("file://"))
    with contextlib.suppress(ValueError):
        text = " ".join(shlex.split(text)) or text
    with contextlib.suppress(RuntimeError):  # "~nobody": a user who is not there
        text = str(Path(text).expanduser())
    return text


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a path, or with a zero byte in it
        return False
