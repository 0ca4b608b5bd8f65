"""A chat in the terminal, with no account and no token: a mouth of the same service."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
import tempfile
from argparse import Namespace
from collections.abc import Awaitable
from dataclasses import replace
from getpass import getuser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bot.console_map import open_map, open_picture
from bot.console_path import path_arguments, path_request, show_walk, walk
from bot.keyboard import lines
from bot.people import People
from bot.phrases import catalogs_text
from bot.service import Service
from bot.types import Answer, Heard, Link, LocalFile, PathAnswer, Refusal, Source
from bot.wording import refusal_sentence, say
from soundmap import __version__, cli, render
from soundmap.errors import SoundMapError
from soundmap.map.page import Sound
from soundmap.recommend import Request
from soundmap.types import Analysis, Origin, Recommendation

PLATFORM = "console"
PROMPT = "♪ "
WELCOME = """SoundMap: give it a sound, get free music that sounds like it.

Type or drop the path of an audio file, or press Enter for a demo sound. /map opens the map of all
tracks in your browser. /help says more.
"""
HELP = """  PATH or LINK            genre of a sound, and the free tracks nearest to it
  /recommend PATH [...]   the same, with options: -n 10, --genre Rock, --license permissive,
                          --roam wider, --catalog NAME, --metric cosine
  /genre PATH             only the genre
  /demo                   a sound that SoundMap makes itself
  /more N, /another       more like the Nth of the last list; the next ones for the same sound
  /map [taste]            where the last sound and its list, or what you may like, lie among all
                          tracks, in your browser
  /path FROM -> TO        from one sound to another by tracks that each sound like the one before:
                          files, links, or tracks by number or artist - title
  /why                    every distance and reason of the last list
  /like N, /hide N        vote for the Nth; never show its artist again
  /catalog [NAME]         which tracks lists come from; soundmap index adds your own music
  /recommend              something new that you may like, from your votes
  /taste [on|off|reset]   what is believed of your taste
  /mydata, /export, /forget   what is kept about you
  /about, /help, /quit    the model; this; leave (Ctrl-D does too)
"""
_QUIT = ("/quit", "/exit", "quit", "exit")


async def chat(service: Service, people: People, bundle: Path, page: Path) -> None:
    """Answers line after line until there are no more; the map of ``bundle`` goes to ``page``."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # names of any bytes go through unharmed
    keys = people.person(PLATFORM, _user()), people.person(f"{PLATFORM}-server", _user())
    console = Console(service, *keys, bundle, page)
    print(WELCOME, flush=True)
    async for line in lines(PROMPT):
        if line.casefold() in _QUIT:
            break
        await console.answer(line)
        print(flush=True)


class Console:
    """One person at one terminal; knows the last list that was shown."""

    def __init__(self, service: Service, person: str, place: str, bundle: Path, page: Path) -> None:
        self._service, self._person, self._place = service, person, place
        self._bundle, self._page = bundle, page
        self._list_id, self._asked = 0, ""
        self._sounds: tuple[Sound, ...] = ()

    async def answer(self, line: str) -> None:
        """Does what one line asks for; whatever goes wrong is said, and the chat goes on."""
        command, _, rest = line.partition(" ")
        command = command.casefold()
        if command in ("/help", "help", "?") and not cli.is_there(line):
            print(HELP, end="")
        elif command in ("", "/demo"):
            await self._demo()
        elif command == "/recommend" and not rest.strip():
            request = await self._with_catalog(Request())
            self._show(await self._service.from_taste(self._person, request))
        elif command in ("/recommend", "/genre"):
            await self._sound([command[1:], *_arguments(rest.strip())])
        elif command[:1] == "/" and (method := getattr(self, f"_{command[1:]}_said", None)):
            await method(rest.strip())
        elif command.startswith("/") and not cli.is_there(line) and "/" not in line[1:]:
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
        self._asked = Path(options.source).name
        if options.command == "genre":
            self._show(await self._service.genre(self._person, source), json_wanted)
        else:
            request = await self._with_catalog(cli.request_of(options))
            self._show(await self._service.recommend(self._person, source, request), json_wanted)

    async def _demo(self) -> None:
        from soundmap.demo import write_demo  # decoders are not loaded before they are needed

        print("Here is a house groove that SoundMap made up just now.\n")
        with tempfile.TemporaryDirectory(prefix="soundmap-") as folder:
            path = Path(folder) / "demo.wav"
            write_demo(path)
            self._asked = path.name
            self._show(await self._service.recommend(self._person, LocalFile(path), Request()))

    async def _with_catalog(self, request: Request) -> Request:
        """The request with the catalog that was chosen, where it names none."""
        chosen = await self._service.chosen_catalog(self._place)
        if request.catalog or isinstance(chosen, Refusal):
            return request
        return replace(request, catalog=chosen[0])

    async def _catalog_said(self, name: str) -> None:
        if name:
            chosen = await self._service.choose_catalog(self._place, name)
            self._show(chosen, said=f"Lists come from {chosen} from now on.")
        else:
            found = await self._service.chosen_catalog(self._place)
            names = ("", []) if isinstance(found, Refusal) else found
            text = catalogs_text(*names, "en", lambda name, _: name).replace("*", "")
            self._show(found, said=text)

    async def _map_said(self, what: str) -> None:
        if what.casefold() == "taste":
            await self._map_of_taste()
            return
        asked = (self._bundle, self._service.catalog, self._page, self._sounds)
        await self._opening(open_map(*asked), self._page)

    async def _map_of_taste(self) -> None:
        picture = await self._service.charts.of_taste(self._person)
        if isinstance(picture, Refusal):
            self._show(picture)
        else:
            target = self._page.with_name(f"{self._page.stem}-taste.png")
            await self._opening(open_picture(picture, target), target)

    async def _opening(self, opening: Awaitable[bool], target: Path) -> None:
        try:
            opened = await opening
        except SoundMapError as error:
            self._show(Refusal(error.code, error.facts))
        else:
            print(f"{'Opened' if opened else 'Open this in a browser'}: {target.as_uri()}")

    async def _path_said(self, text: str) -> None:
        """A path; ``/map`` shows it afterwards."""
        try:
            options = cli.parse(["path", *path_arguments(text)])
        except SystemExit:  # wrong usage has been said
            return
        request = await self._with_catalog(path_request(options))
        found = await walk(self._service, self._person, options, request)
        if isinstance(found, PathAnswer):
            picks = () if found.catalog else found.path.picks
            way = Recommendation(found.path.start.analysis, picks)
            self._sounds = (Sound(" → ".join(found.names), way),)
            show_walk(found, options.json)
        else:
            self._show(found, options.json)

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
            believed = await self._service.beliefs(self._person, self._place)
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

    def _name(self, answer: Answer) -> str:
        """What the sound of a list is called on the map."""
        if answer.seed:
            return answer.seed.title
        return answer.origin.title if answer.origin and answer.origin.title else self._asked

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
                drawn = result.recommendation  # picks of other catalogs have no place on the map
                drawn = replace(drawn, picks=()) if result.catalog else drawn
                self._sounds = (Sound(self._name(result), drawn),)
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
    if text and cli.is_there(_path(text)):
        return ["--", _path(text)]
    try:
        return shlex.split(text)
    except ValueError:
        return ["--", text]


def _path(text: str) -> str:
    """A path as typed, or as terminals write one dropped on them: quoted, escaped, a file URL."""
    if cli.is_there(text):
        return text
    if text.startswith("file://"):
        return unquote(text.removeprefix("file://"))
    with contextlib.suppress(ValueError):
        text = " ".join(shlex.split(text)) or text
    with contextlib.suppress(RuntimeError):  # "~nobody": a user who is not there
        text = str(Path(text).expanduser())
    return text
