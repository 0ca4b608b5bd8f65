"""``python -m tests.scenarios.discord``: every way in and every button, to be watched.

Starts the loopback Discord and the real bot, does what people do, prints what each of them then
sees, and ends with a summary; the exit status is 1 if something was not as it should be.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from soundmap.audio.demo import write_demo
from tests.helpers.waiting import until
from tests.scenarios.discord.seen import labels, picks
from tests.scenarios.discord.world import Json, World, file, world

MANAGE_CHANNELS = 1 << 4


class Tour:
    """Walks through a world and counts what went well."""

    def __init__(self, discord: World, sound: Path) -> None:
        self.discord, self.sound = discord, sound
        self.done, self.failed = 0, list[str]()

    def step(self, what: str, act: Callable[[], Json], good: Callable[[Json], object]) -> Json:
        """Does one thing, prints what is seen, and says whether that is good."""
        print(f"\n▶ {what}")
        self.done += 1
        try:
            shown = act()
            tell(shown)
            if good(shown):
                return shown
            print("  ✘ that is not what should be seen")
        except AssertionError as error:
            shown = {"embeds": [], "components": [], "content": ""}
            print(f"  ✘ {error}")
        self.failed.append(what)
        return shown

    def walk(self) -> None:
        """All of it, in the order in which a newcomer would come upon it."""
        self.commands()
        shown = self.step("/recommend with a file", self.recommend, five)
        self.votes(shown)
        self.buttons(shown)
        self.messages()
        self.step("stop the bot, start it again", self.restart, bool)
        self.press(shown, "Another five", five)
        self.kept()

    def commands(self) -> None:
        """What needs nothing but words, and the options."""
        for command in ("help", "about"):
            self.step(f"/{command}", partial(self.slash, command), private)
        self.step("/help in Korean", partial(self.slash, "help", locale="ko"), private)
        self.step("/recommend with nothing", partial(self.slash, "recommend"), private)
        self.step("/genre with a file", partial(self.slash, "genre", file(self.sound)), pictured)
        wishes = {"count": 3, "genre": "rock", "license": "permissive", "roam": "wider"}
        self.step(
            f"/recommend with {wishes}",
            partial(self.recommend, **wishes),
            lambda shown: len(picks(shown)) == 3,
        )
        self.step("/map of the last sound", partial(self.slash, "map"), drawn)
        self.step("/path from a file to a track", self.path, drawn)

    def messages(self) -> None:
        """Sounds that are posted, and the menu of such a message."""
        discord, sound = self.discord, self.sound
        self.step("a file, the bot mentioned", partial(discord.post, sound, mention_bot=True), five)
        self.step("a file in a direct message", partial(discord.post, sound, dm=True), five)
        usual = discord.do("permissions", allow=None)["allow"]
        discord.do("permissions", allow=usual | MANAGE_CHANNELS)
        self.step("/listen on, by a manager", partial(self.slash, "listen on"), worded)
        posted = discord.do("message", files=[file(sound)], user="bob")
        self.step(
            "a file, by bob, who mentions nobody",
            lambda: until(lambda: discord.replies_to(posted["id"]), 30)[0],
            five,
        )
        self.step("/listen off", partial(self.slash, "listen off"), worded)
        for command, good in (("Find similar music", five), ("What genre is this?", pictured)):
            self.step(f"menu: {command}", partial(self.menu, command, posted), good)

    def votes(self, shown: Json) -> None:
        """Reactions."""
        for emoji in ("1️⃣", "👍", "👎"):
            self.step(f"react {emoji}", partial(self.react, shown, emoji), bool)

    def buttons(self, shown: Json) -> None:
        """All buttons of an answer, and the menu behind one."""
        for label, good in (("More like #1", five), ("Another five", five), ("Why?", private)):
            self.press(shown, label, good)
        menu = self.press(shown, "Hide artist", private)
        for select in menu["components"]:
            choose = partial(self.tap, menu, custom_id=select["custom_id"], values=["0"])
            self.step("choose the first", choose, private)

    def kept(self) -> None:
        """What the bot knows of alice, until it does not."""
        for verb in ("show", "export", "forget", "show"):
            self.step(f"/mydata {verb}", partial(self.slash, f"mydata {verb}"), private)

    # ------------------------------------------------------------------ single acts

    def path(self) -> Json:
        options = {"from_file": file(self.sound), "to": "2", "count": 3}
        return dict(self.discord.slash("path", options=options)["shown"])

    def slash(self, command: str, sound: Json | None = None, locale: str = "en-US") -> Json:
        options = {"file": sound} if sound else {}
        return dict(self.discord.slash(command, options=options, locale=locale)["shown"])

    def recommend(self, **wishes: object) -> Json:
        options = {"file": file(self.sound), **wishes}
        return dict(self.discord.slash("recommend", options=options)["shown"])

    def press(self, shown: Json, label: str, good: Callable[[Json], object]) -> Json:
        return self.step(f"button: {label}", partial(self.tap, shown, label=label), good)

    def tap(self, shown: Json, **how: Any) -> Json:
        return dict(self.discord.press(shown, **how)["shown"])

    def menu(self, command: str, posted: Json) -> Json:
        return dict(self.discord.menu(command, posted)["shown"])

    def react(self, shown: Json, emoji: str) -> Json:
        query = "SELECT rank, value FROM votes ORDER BY rank"
        before = self.discord.rows(query)
        self.discord.do("reaction", message=shown["id"], emoji=emoji)
        until(lambda: self.discord.rows(query) != before, 10)
        kept = [f"rank {rank}: {value:+d}" for rank, value in self.discord.rows(query)]
        return {"content": f"votes kept: {', '.join(kept)}", "embeds": [], "components": []}

    def restart(self) -> Json:
        status = self.discord.stop()
        self.discord.start()
        assert status == 0, f"exit status {status}"
        return {"content": "it is back", "embeds": [], "components": []}


def five(shown: Json) -> bool:
    return len(picks(shown)) == 5


def drawn(shown: Json) -> bool:
    """Whether it is a map."""
    return bool(shown["files"] and shown["embeds"][-1]["image"])


def pictured(shown: Json) -> bool:
    return bool(shown["files"] and shown["embeds"][0]["image"])


def private(shown: Json) -> bool:
    return bool(shown["ephemeral_to"])


def worded(shown: Json) -> bool:
    return bool(shown["content"] and not shown["ephemeral_to"])


def tell(shown: Json) -> None:
    """Prints a message as far as a terminal can."""
    lines = [shown["content"]] if shown["content"] else []
    for embed in shown["embeds"]:
        lines += [f"[{embed.get('title', '')}]", embed.get("description", "")]
        lines.append(embed.get("footer", {}).get("text", ""))
    lines += [f"file {it['filename']}, {it['size']:,} bytes" for it in shown.get("files", ())]
    if names := labels(shown):
        lines.append(" ".join(f"({name})" for name in names))
    whose = "  (private) " if shown.get("ephemeral_to") else "  "
    for line in "\n".join(filter(None, lines)).splitlines():
        print(f"{whose}{line}" if line else "")


def main() -> int:
    """Runs the tour; returns the exit status."""
    with tempfile.TemporaryDirectory() as name, world(Path(name)) as discord:
        sound = Path(name) / "demo.wav"
        write_demo(sound)
        tour = Tour(discord, sound)
        tour.walk()
        problems = [it for it in discord.see("problems") if it["kind"] != "rate limit hit"]
    print(f"\n{tour.done - len(tour.failed)} of {tour.done} steps as they should be.")
    for what in tour.failed:
        print(f"✘ {what}")
    for problem in problems:
        print(f"✘ Discord would not accept: {problem}")
    return 1 if tour.failed or problems else 0


if __name__ == "__main__":
    sys.exit(main())
