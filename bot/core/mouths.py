"""The bot's mouths, which are its chat platforms: the state of each, and what keeps it served.

Readiness, log lines and the exit status all follow from these states.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from typing import Any

from bot.types import Unwelcome
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled
from soundmap.wording.causes import cause_of

CONNECTING, CONNECTED, ENDED = "connecting", "connected", "ended"
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 60.0
_LETTERS = 200  # of a reason: some are whole pages
_PAGE = re.compile(r"\W*<(?:!doctype|html)", re.IGNORECASE)  # of HTML, in what a proxy answers
_ACCOUNT = re.compile(r"\b(\d{17,20}|[UW][A-Z0-9]{8,})\b")  # its number in Discord, in Slack
_NUMBER = re.compile(
    r"\[(?:(?:errno|winerror) -?\d+|SSL: \w+)\] ?| ?\(_ssl\.c:\d+\)", re.IGNORECASE
)
_ADDRESS = re.compile(r"\('([^']*)', (\d+)(?:, \d+)*\)")
_OBJECT = re.compile(r"<[^<>]* at 0x[0-9a-fA-F]+[^<>]*>")
_log = logging.getLogger(__name__)

Serve = Callable[["Mouth"], Coroutine[Any, Any, None]]


class Mouth:
    """One chat platform.  An outage is told once, however often the platform is tried again."""

    def __init__(self, name: str) -> None:
        self.name, self.state = name, CONNECTING
        self._told = False

    def connected(self, how: str = "") -> None:
        """People are heard from now on; ``how`` completes the line that says so."""
        if self.state != CONNECTED:
            _log.info("on %s %s", self.name, how)
        self.state, self._told = CONNECTED, False

    def lost(self, why: object) -> None:
        """Nobody is heard for now; the platform is tried again."""
        if self.state == CONNECTED or not self._told:
            _log.warning("%s is away, and looked for until it is back: %s", self.name, brief(why))
        self.state, self._told = CONNECTING, True

    async def keep(self, serve: Serve) -> None:
        """Serves the platform until canceled, again and again, with pauses that grow.

        ``serve`` raises OSError if the platform cannot be reached.  Raises Unwelcome if trying
        again is of no use.
        """
        pause_s = _FIRST_PAUSE_S
        while True:
            why = await self._served(serve)
            pause_s = _FIRST_PAUSE_S if self.state == CONNECTED else pause_s
            self.lost(why)
            await asyncio.sleep(pause_s)
            pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)

    async def _served(self, serve: Serve) -> object:
        """Serves the platform once; returns why that ended.  Raises Unwelcome."""
        try:
            await serve(self)
        except Unwelcome:
            self.state = ENDED
            raise
        except OSError as error:
            return error
        except Exception as error:
            _log.exception("%s failed", self.name)
            return error
        return "the connection was closed"


class Mouths:
    """All mouths of a process; none at a desk, where the console is used."""

    def __init__(self) -> None:
        self._all: list[Mouth] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether every mouth is connected."""
        return all(mouth.state == CONNECTED for mouth in self._all)

    @property
    def states(self) -> dict[str, str]:
        """The state of each mouth, by name."""
        return {mouth.name: mouth.state for mouth in self._all}

    def start(self, name: str, serve: Serve) -> None:
        """Starts serving a platform."""
        mouth = Mouth(name)
        self._all.append(mouth)
        self._tasks.add(asyncio.create_task(mouth.keep(serve)))

    async def end(self) -> None:
        """Waits until no mouth is left.  Raises Unwelcome, the reason of the last."""
        running = set(self._tasks)
        while running:  # never canceled with this: those who are being answered need them
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not running:
                    task.result()
                _log.error("%s The others go on.", task.exception())

    async def close(self, seconds: float) -> None:
        """Stops all mouths within ``seconds``, however often they ignore that."""
        for limit_s in (seconds * 2 / 3, seconds / 3):
            for task in self._tasks:
                task.cancel()
            if not self._tasks or not (await asyncio.wait(self._tasks, timeout=limit_s))[1]:
                return
        _log.warning("%s did not close in time", ", ".join(self.states))


def unusable(setting: str, error: OSError) -> Unwelcome:
    """Why the bot cannot serve: what a setting names cannot be used."""
    text = "{setting} cannot be used: {reason}."
    return Unwelcome(filled(text, setting=setting, reason=brief(error, language())))


def brief(reason: object, spoken: str = "en") -> str:
    """A reason on one line, without pages and account numbers; one without words by its type.

    Nor is there anything of how Python writes things: numbers of errors, addresses, objects.
    """
    if isinstance(reason, OSError) and reason.strerror:  # str() would write it as Python does
        about = (getattr(reason, "host", None), cause_of(reason, spoken), reason.filename)
        reason = ": ".join(str(it) for it in about if it)
    text = _PAGE.split(str(reason))[0] or type(reason).__name__
    text = _NUMBER.sub("", _OBJECT.sub("…", _ADDRESS.sub(r"\1:\2", text)))
    text = _ACCOUNT.sub("…", " ".join(text.split()))
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
