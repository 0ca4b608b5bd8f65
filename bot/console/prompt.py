"""A chat in the terminal, without account or token, with the same service as the other chats."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.chat.phrases import catalogs_text
from bot.console.demo import Demos
from bot.console.keyboard import lines
from bot.console.map import open_map, open_picture
from bot.console.path import path_arguments, path_request, show_walk, walk
from bot.console.text import HELP, PROMPT, WELCOME
from bot.console.typed import arguments_of, path_of, source_of, user_name
from bot.console.why import why_text
from bot.console.wishes import as_set, give_credit, switch_clean
from bot.core.service import Service
from bot.people import People
from bot.types import Answer, Heard, LocalFile, PathAnswer, Refusal
from bot.wording import refusal_sentence, say
from soundmap import __version__
from soundmap.cli.common import error_json
from soundmap.cli.main import parse
from soundmap.cli.recommend import request_of
from soundmap.cli.show import document, show
from soundmap.errors import SoundMapError
from soundmap.files import is_there
from soundmap.map.page import Sound
from soundmap.recommendation.request import Request
from soundmap.scratch import scratch
from soundmap.types import Analysis, Origin, Recommendation

PLATFORM = "console"
_QUIT, _QUIT_NOW = ("/quit", "/exit", "quit", "exit"), ("/quit ", "/exit ")


async def chat(service: Service, people: People, bundle: Path, page: Path) -> None:
    """Answers lines until they end; the map of ``bundle`` is written to ``page``."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # for file names of any bytes
    keys = people.person(PLATFORM, user_name()), people.person(f"{PLATFORM}-server", user_name())
    console = Console(service, *keys, bundle, page)
    print(WELCOME, flush=True)
    async for line in lines(PROMPT):
        if line.casefold() in _QUIT or line.casefold().startswith(_QUIT_NOW):
            break
        await console.answer(line)
        print(flush=True)


class Console:
    """One person at a terminal; remembers the last list shown."""

    def __init__(self, service: Service, person: str, place: str, bundle: Path, page: Path) -> None:
        self._service, self._person, self._place = service, person, place
        self._bundle, self._page = bundle, page
        self._list_id, self._asked, self._demos = 0, "", Demos()
        self._sounds: tuple[Sound, ...] = ()

    async def answer(self, line: str) -> None:
        """Does what a line asks for; prints errors, so that the chat continues."""
        command, _, rest = line.partition(" ")
        command = command.casefold()
        if command in ("/help", "help", "?") and not is_there(line):
            print(HELP, end="")
        elif command in ("", "/demo"):
            await self._demo()
        elif command == "/recommend" and not rest.strip():
            request = await as_set(self._service, self._place, Request())
            self._show(await self._service.from_taste(self._person, request))
        elif command in ("/recommend", "/genre"):
            await self._sound([command[1:], *arguments_of(rest.strip())])
        elif method := _COMMANDS.get(command):
            await method(self, rest.strip())
        elif command.startswith("/") and not is_there(line) and "/" not in line[1:]:
            print(f"There is no command {command}. /help lists what there is.")
        else:
            await self._sound(["recommend", "--", path_of(line)])

    async def _sound(self, arguments: list[str]) -> None:
        try:
            options = parse(arguments)
        except SystemExit:  # wrong usage has been said
            return
        source, json_wanted = source_of(options), options.json
        self._asked = Path(options.source).name
        if options.command == "genre":
            self._show(await self._service.genre(self._person, source), json_wanted)
        else:
            request = await as_set(self._service, self._place, request_of(options))
            found = await self._service.recommend(self._person, source, request)
            self._show(found, json_wanted)
            if options.credits and not json_wanted and isinstance(found, Answer):
                await self._credit("")

    async def _demo(self) -> None:
        with scratch() as folder:
            path = self._demos.make(folder)
            request, self._asked = await as_set(self._service, self._place, Request()), path.name
            self._show(await self._service.recommend(self._person, LocalFile(path), request))

    async def _clean(self, wish: str) -> None:
        self._show(*await switch_clean(self._service, self._place, wish.casefold()))

    async def _credit(self, rank: str) -> None:
        if not rank or self._rank(rank):
            self._show(*await give_credit(self._service, self._list_id, int(rank or 0)))

    async def _catalog(self, name: str) -> None:
        if name:
            chosen = await self._service.choose_catalog(self._place, name)
            self._show(chosen, said=f"Lists come from {chosen} from now on.")
        else:
            found = await self._service.chosen_catalog(self._place)
            names = ("", []) if isinstance(found, Refusal) else found
            text = catalogs_text(*names, "en", lambda name, _: name).replace("*", "")
            self._show(found, said=text)

    async def _map(self, what: str) -> None:
        if what.casefold() == "taste":
            await self._map_of_taste()
            return
        asked = (self._bundle, self._service.parts.catalogs.own, self._page, self._sounds)
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

    async def _path(self, text: str) -> None:
        """Shows a path, which ``/map`` then draws."""
        try:
            options = parse(["path", *path_arguments(text)])
        except SystemExit:  # wrong usage has been said
            return
        request = await as_set(self._service, self._place, path_request(options))
        found = await walk(self._service, self._person, options, request)
        if isinstance(found, PathAnswer):
            picks = () if found.catalog else found.path.picks
            way = Recommendation(found.path.start.analysis, picks)
            self._sounds = (Sound(" → ".join(found.names), way),)
            show_walk(found, options)
        else:
            self._show(found, options.json)

    async def _more(self, rank: str) -> None:
        if number := self._rank(rank):
            self._show(await self._service.more_like(self._person, self._list_id, number))

    async def _another(self, _: str) -> None:
        self._show(await self._service.another(self._person, self._list_id))

    async def _why(self, _: str) -> None:
        found = await self._service.why(self._list_id)
        self._show(found, said=why_text(found) if isinstance(found, Recommendation) else "")

    async def _like(self, rank: str) -> None:
        if number := self._rank(rank):
            kept = await self._service.vote(self._person, self._list_id, number, 1)
            self._show(
                kept or Refusal("no_such_pick", {"rank": number}),
                said=f"Kept: you like number {number}.",
            )

    async def _hide(self, rank: str) -> None:
        if number := self._rank(rank):
            names = await self._service.artists(self._person, self._list_id)
            hidden = () if isinstance(names, Refusal) else [*names.values()]
            chosen = {number - 1, *(index for index, is_hidden in enumerate(hidden) if is_hidden)}
            now = await self._service.hide(self._person, self._list_id, chosen)
            text = "" if isinstance(now, Refusal) else f"Hidden: {', '.join(now)}."
            self._show(now, said=text)

    async def _taste(self, what: str) -> None:
        what = what.casefold()
        if what in ("on", "off"):
            done = await self._service.person.switch(self._person, what == "on")
            self._show(done, said=say(f"taste_now_{what}").replace("`", ""))
        elif what == "reset":
            gone = await self._service.person.reset(self._person)
            self._show(gone, said=say("taste_reset", votes=gone))
        else:
            believed = await self._service.person.beliefs(self._person, self._place)
            known = () if isinstance(believed, Refusal) else believed.beliefs.beliefs
            lines = [
                f"{round(belief.weight, 2) + 0.0:+.2f}  {belief.kind} {belief.name}"
                for belief in known
            ]
            self._show(believed, said="\n".join(lines) or "Nothing yet: /like a few tracks.")

    async def _mydata(self, what: str) -> None:
        verb, _, rest = what.casefold().partition(" ")
        if verb == "export":
            await self._export(rest)
        elif verb == "forget":
            await self._forget(rest.strip())
        else:
            await self._summary()

    async def _summary(self) -> None:
        kept = await self._service.person.summary(self._person)
        facts = {} if isinstance(kept, Refusal) else kept
        self._show(kept, said=", ".join(f"{name} {count}" for name, count in facts.items()))

    async def _export(self, _: str) -> None:
        kept = await self._service.person.export(self._person)
        self._show(kept, said=json.dumps(kept, indent=2, default=str))

    async def _forget(self, sure: str) -> None:
        if sure.casefold() != "yes":
            print("That deletes your votes, lists and settings for good: /forget yes does it.")
            return
        self._show(await self._service.person.forget(self._person), said="Forgotten: all of it.")

    async def _about(self, _: str) -> None:
        text = say("about", **self._service.about()).replace("**", "").replace("`", "")
        print(f"{say('about_title', version=__version__)}\n{text}")

    def _rank(self, text: str) -> int:
        """The rank in a text; 0, after a message, if there is none."""
        if text.isdecimal() and 0 < int(text) <= 100:
            return int(text)
        print("Say which: a number of the last list.")
        return 0

    def _name(self, answer: Answer) -> str:
        """Name of a list's sound on the map."""
        if answer.seed:
            return answer.seed.title
        return answer.name or self._asked

    def _show(self, result: Any, as_json: bool = False, said: str = "") -> None:
        if isinstance(result, Refusal):
            sentence = refusal_sentence(result)
            print(
                error_json(result.code, sentence) if as_json else f"soundmap: {sentence}",
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
                drawn = result.recommendation  # picks of other catalogs are not on the map
                drawn = replace(drawn, picks=()) if result.catalog else drawn
                self._sounds = (Sound(self._name(result), drawn),)
                if result.seed and not as_json:
                    code = "from_taste" if result.by_taste else "like_track"
                    print(say(code, title=result.seed.title, artist=result.seed.artist))
                result = result.recommendation
            _print(result, origin, as_json)


_COMMANDS: Mapping[str, Callable[[Console, str], Awaitable[None]]] = {
    "/about": Console._about,
    "/another": Console._another,
    "/catalog": Console._catalog,
    "/clean": Console._clean,
    "/credit": Console._credit,
    "/export": Console._export,
    "/forget": Console._forget,
    "/hide": Console._hide,
    "/like": Console._like,
    "/map": Console._map,
    "/more": Console._more,
    "/mydata": Console._mydata,
    "/path": Console._path,
    "/taste": Console._taste,
    "/why": Console._why,
}
"""Commands that take the rest of the line as one text."""


def _print(value: Analysis | Recommendation, origin: Origin | None, as_json: bool) -> None:
    if as_json:
        print(json.dumps(document(value, origin)))
    else:
        show(value, origin)
