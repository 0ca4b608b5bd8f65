"""The jobs of the soak: what people do on both loopbacks, and whether each was answered."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fuzz.mutants import mutants
from tests.helpers.sounds import music, write
from tests.scenarios.discord.test_odd import odd_events
from tests.scenarios.discord.world import Json, World, file, last_word
from tests.scenarios.slack.world import SlackWorld

PATIENCE_S, LATE_S = 150.0, 10.0
_SOUNDS = 300  # more than the bot remembers

Said = str  # "answered", "refused", or "lost"
Job = Callable[[int], Said]


class Jobs:
    """Everything that one of the crowd may do; each job returns how it ended."""

    def __init__(self, discord: World, slack: SlackWorld, folder: Path) -> None:
        self.discord, self.slack = discord, slack
        self._folder, self._numbers = folder, itertools.count()
        self._shown: list[Json] = []
        self._hostile = mutants(seed=1)
        self._odd = list(odd_events(discord))
        self._turn = threading.Lock()
        self.kinds: list[tuple[int, Job]] = [
            (8, self.command),
            (4, self.message),
            (4, self.button),
            (4, self.on_slack),
            (2, self.link_on_slack),
            (3, self.bad),
            (3, self.hostile),
            (1, self.slow),
            (2, self.odd),
        ]

    def any(self, number: int) -> tuple[str, Said]:
        """One job of any kind; its name and its end."""
        weights, jobs = zip(*self.kinds, strict=True)
        [job] = random.choices(jobs, weights)
        return job.__name__, job(number)

    # ------------------------------------------------------------------ Discord

    def command(self, number: int) -> Said:
        """A list or a genre of a sound, mostly a new one."""
        name = "recommend" if number % 3 else "genre"
        return self._slash(name, self._sound(), number)

    def bad(self, number: int) -> Said:
        """What is no sound."""
        path = self._folder / f"bad-{next(self._numbers)}.mp3"
        path.write_bytes(random.choice((b"", b"not a sound", b"\0" * 5_000, b"ID3" + b"\xff" * 99)))
        return self._slash("genre", path, number)

    def hostile(self, number: int) -> Said:
        """A file that means harm."""
        with self._turn:
            mutant = next(self._hostile)
        path = self._folder / f"{next(self._numbers)}-{Path(mutant.name).name[-40:]}"
        path.write_bytes(mutant.content)
        return self._slash("genre", path, number)

    def slow(self, number: int) -> Said:
        """A sound that takes long to be fetched and heard."""
        path = self._folder / f"slow-{next(self._numbers)}.wav"
        write(path, music(30, 96_000, number % 4), 96_000)
        self._do("fault", method="GET", path="attachments/", kind="hang", seconds=1)
        return self._slash("recommend", path, number)

    def message(self, number: int) -> Said:
        """A sound in a message that mentions the bot."""
        sound = file(self._sound())
        while True:
            session = self._session()
            how = {"user": f"m{number}", "mention_bot": True, "channel": "music"}
            posted = self._do("message", files=[sound], **how)
            since = f"messages?author=bot&since={posted['id']}"
            said = ended(
                lambda: self.discord.see(since),  # noqa: B023
                lambda it: it["reply_to"] == posted["id"],  # noqa: B023
                lambda: self._session() != session,  # noqa: B023
            )
            if said != "lost" or self._session() == session:
                return said  # else Discord itself told the bot of nothing: it is posted again

    def _session(self) -> str:
        """The gateway's session, which hears of a message or not."""
        sessions = self.discord.state()["sessions"]
        return str(sessions[-1]["id"]) if sessions else ""

    def button(self, number: int) -> Said:
        """A button under an answer, and a vote."""
        if not self._shown:
            return self.command(number)
        shown = random.choice(self._shown[-20:])
        self._do("reaction", message=shown["id"], emoji="👍", user=f"b{number}")
        widget = random.choice([it for it in shown["components"] if "another" in it["custom_id"]])
        how = {"custom_id": widget["custom_id"], "user": f"b{number}", "wait": 0}
        return self._settled(self._do("component", message=shown["id"], **how))

    def odd(self, _: int) -> Said:
        """An event that nobody can read; it is of no one, so it is answered by not ending."""
        event, data = random.choice(self._odd)
        if event not in ("READY", "GUILD_CREATE"):
            self._do("dispatch", event=event, data=data)
        return "answered"

    def _do(self, verb: str, **body: Any) -> Any:
        """A verb of the loopback, once the bot is there: without it, Discord offers nothing."""
        for _ in range(600):
            try:
                return self.discord.do(verb, **body)
            except AssertionError as error:
                if "is not there" not in str(error):
                    raise
            time.sleep(0.1)
        raise AssertionError("the bot did not come back")

    def _slash(self, command: str, path: Path, number: int) -> Said:
        how = {"options": {"file": file(path)}, "user": f"c{number}", "wait": 0}
        while True:
            session = self._session()
            said = self._settled(self._do("slash", command=command, **how))
            if said != "lost" or self._session() == session:
                break  # else Discord itself told the bot of nothing: it is given again
        if not path.name.startswith("sound-"):
            path.unlink()
        return said

    def _settled(self, opened: Json) -> Said:
        begun = time.monotonic()

        def look() -> list[Json]:
            found = last_word(self.discord.interaction(opened["id"]))
            late = not found and time.monotonic() > begun + LATE_S
            return [found] if found else self._mentions(opened) if late else []

        said = ended(look)
        if said == "answered":
            [shown] = look()
            if shown["components"] and not shown["ephemeral_to"]:
                self._shown.append(shown)
        return said

    def _mentions(self, opened: Json) -> list[Json]:
        """What was said to a person in the channel, where an acknowledgement came too late."""
        who = self.discord.state()["users"][opened["user"]]
        said: list[Json] = self.discord.see(f"messages?author=bot&since={opened['id']}")
        return [it for it in said if who in it["mentions"] and not it["interaction"]]

    # ------------------------------------------------------------------ Slack

    def on_slack(self, number: int) -> Said:
        """A sound in a direct message."""
        channel = f"D0u{number}x{next(self._numbers)}"
        self.slack.post(files=(self.slack.file(self._sound()),), channel=channel, user=f"u{number}")
        return self._answer_in(channel)

    def link_on_slack(self, number: int) -> Said:
        """A link in a command, sometimes to nothing."""
        link = self.slack.on_the_web(self._sound())
        if number % 4 == 0:
            link = link.replace("sound-", "nothing-")
        channel = f"D0l{number}x{next(self._numbers)}"
        self.slack.slash("/recommend", link, f"l{number}", channel)
        return self._answer_in(channel)

    def _answer_in(self, channel: str) -> Said:
        def look() -> list[Json]:
            return [it for it in reversed(self.slack.messages) if it["channel"] == channel]

        return ended(look, lambda it: not it["text"].startswith("Fetching"))

    # ------------------------------------------------------------------ sounds

    def _sound(self) -> Path:
        number = next(self._numbers) % _SOUNDS
        path = self._folder / f"sound-{number}.wav"
        if not path.exists():
            part = path.with_name(f"part-{next(self._numbers)}.wav")
            write(part, music(2, 22_050, number), 22_050).rename(path)
        return path


def ended(
    look: Callable[[], list[Json]],
    check: Callable[[Json], object] = bool,
    hopeless: Callable[[], bool] = lambda: False,
) -> Said:
    """Waits for the last word of a job; not as long where it is hopeless."""
    begun = time.monotonic()
    while time.monotonic() < begun + PATIENCE_S:
        if time.monotonic() > begun + PATIENCE_S / 10 and hopeless():
            break
        if found := next(filter(check, look()), None):
            whole = json.dumps(found)
            return "answered" if "png" in whole or "slack_file" in whole else "refused"
        time.sleep(0.1)
    return "lost"
