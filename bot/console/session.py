"""One person at a terminal: what was shown last, and how answers are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.console import english, korean
from bot.core.service import Service
from bot.types import Answer, Heard, Refusal
from bot.wording import refusal_sentence, say
from soundmap.cli.common import error_facts
from soundmap.cli.many import show_titled
from soundmap.cli.screen import Screen
from soundmap.cli.show import document, show
from soundmap.map.page import Sound
from soundmap.playlists.entries import Playlist
from soundmap.playlists.picks import playlist_of
from soundmap.types import Analysis, Origin, Pick, Recommendation
from soundmap.wording import asking, shown_facts


@dataclass(slots=True)
class Session:
    """A person and the place of their settings, the last list shown with the ``catalog`` it is
    from, the ``playlist`` of the last list or path, the ``sounds`` that the map marks, and how many
    ``demos`` there were.

    ``asked`` does what a yes on the next line is for.
    """

    service: Service
    person: str
    place: str
    bundle: Path
    page: Path
    language: str
    list_id: int = 0
    picks: tuple[Pick, ...] = ()
    catalog: str = ""
    playlist: Playlist | None = None
    sounds: tuple[Sound, ...] = ()
    demos: int = 0
    asked: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)

    def sentence(self, code: str, /, **facts: object) -> str:
        """The sentence of a code: the console's own, or else that of all chats."""
        if own := self._own(code):
            return own.format(**asking(shown_facts(facts, self.language), self.language))
        return unmarked(refusal_sentence(Refusal(code, facts), self.language))

    def said(self, code: str, /, **facts: object) -> str:
        """What is no refusal, in the console's own words or else those of all chats."""
        if self._own(code):
            return self.sentence(code, **facts)
        return unmarked(say(code, self.language, **facts))

    def _own(self, code: str) -> str:
        """The console's own words for a code, empty if it has none."""
        words = korean.SAYINGS if self.language == "ko" else english.SAYINGS
        return words.get(code, "")

    def say(self, code: str, /, **facts: object) -> None:
        """Prints a sentence."""
        Screen().tell(self.said(code, **facts))

    def refuse(self, refusal: Refusal, as_json: bool = False, about: str = "") -> None:
        """Says why there is no answer, on standard error unless as JSON, which is English."""
        if as_json:
            facts = {"source": about} if about else {}
            sentence = replace(self, language="en").sentence(refusal.code, **refusal.facts)
            print(json.dumps({**facts, **error_facts(refusal.code, sentence)}))
        else:
            sentence = self.sentence(refusal.code, **refusal.facts)
            Screen(stderr=True).tell(": ".join(filter(None, ("soundmap", about, sentence))))

    def help(self) -> None:
        """Prints every command, with what it does beside it."""
        Screen().pairs(korean.HELP if self.language == "ko" else english.HELP)

    def has_list(self) -> bool:
        """Whether there is a last list; says so if not."""
        if not self.list_id:
            self.refuse(Refusal("no_list"))
        return bool(self.list_id)

    def rank(self, command: str, text: str) -> int:
        """The rank in a text of the last list; 0, after a message, if there is none."""
        most = len(self.picks)
        if not self.has_list():
            return 0
        if not most:
            self.refuse(Refusal("no_picks"))
        elif not (text.isascii() and text.isdecimal()):
            self.refuse(Refusal("which", {"command": command, "most": most}))
        elif not 0 < int(text[:9]) <= most:
            self.refuse(Refusal("no_such_pick", {"rank": int(text[:9]), "most": most}))
        else:
            return int(text)
        return 0

    def show(
        self,
        result: Answer | Heard | Recommendation | Refusal,
        as_json: bool = False,
        name: str = "",
        source: str = "",
        with_credits: bool = False,
    ) -> None:
        """Prints an answer, with lines of credit if asked for, and remembers its list.

        ``name`` is that of its sound on the map, and ``source`` what it is about if several are.
        """
        if isinstance(result, Refusal):
            self.refuse(result, as_json, source)
        elif isinstance(result, Heard):
            _print(result.analysis, result.origin, as_json, source)
        elif isinstance(result, Answer):
            self.remember(result, name)
            if result.seed and not as_json:
                code = "from_taste" if result.by_taste else "like_track"
                self.say(code, title=result.seed.title, artist=result.seed.artist)
            _print(result.recommendation, result.origin, as_json, source, with_credits)
        else:
            _print(result, None, as_json, source)

    def remember(self, answer: Answer, name: str) -> None:
        """Keeps the list of an answer as the last one; ``name`` is that of its sound."""
        drawn = answer.recommendation  # picks of other catalogs are not on the map
        self.list_id, self.picks, self.catalog = answer.list_id, drawn.picks, answer.catalog
        drawn = replace(drawn, picks=()) if answer.catalog else drawn
        named = answer.seed.title if answer.seed else answer.name or name
        self.sounds, self.playlist = (Sound(named, drawn),), playlist_of(self.picks, named)


def unmarked(text: str) -> str:
    """A chat's sentence without its markup."""
    return text.replace("**", "").replace("`", "")


def _print(
    value: Analysis | Recommendation,
    origin: Origin | None,
    as_json: bool,
    source: str,
    with_credits: bool = False,
) -> None:
    about = {"source": source} if source else {}
    if as_json:
        print(json.dumps({**about, **document(value, origin)}))
    elif source:
        show_titled(source, value, origin, with_credits)
    else:
        show(value, origin, with_credits)
    sys.stdout.flush()
