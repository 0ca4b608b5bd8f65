"""The console's own sentences: what it says, in both languages, speaks of the console."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from bot import wording as chats
from bot.console import english, korean
from bot.console.prompt import COMMANDS, NAMES
from bot.console.session import Session
from soundmap.wording import english as library
from tests.house.source import BOT, COGS, name_of
from tests.house.test_wording import constant_calls, named_in

CHATS = ("bot/discord", "bot/slack", "bot/chat", "cogs")
OTHERS = re.compile(
    r"[1-5]️⃣|👍|👎|\*|`|\battach|\breact|\bbutton|\bbot\b|\bserver|[Pp]ost (the|it|that)\b"
    r"|(?<!로)봇|첨부|버튼|반응|서버|올려|올리|누르"
)
"""What only a chat with buttons, reactions, attachments or an operator of its own has."""
OF_CHATS = {"operator", "withheld", "no_file_access", "file_host_busy"}
"""Made where a chat's message or file is read, or in place of what only its operator can mend."""


def only_in_chats() -> set[str]:
    kinds = frozenset({"Refusal", "Refused"})
    files = [*BOT, *COGS]
    theirs = [path for path in files if name_of(path).startswith(CHATS)]
    codes = {code for code, _ in constant_calls(theirs, kinds)}
    ours = [path for path in files if path not in theirs]
    return codes - {code for code, _ in constant_calls(ours, kinds)}


def session(language: str) -> Session:
    made: Session = Session.__new__(Session)
    made.language = language
    return made


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_refusal_speaks_of_what_the_console_has_not(language: str) -> None:
    codes = {*chats.REFUSALS, *library.ERRORS} - only_in_chats() - OF_CHATS
    assert len(codes) > 100
    for code in sorted(codes):
        sentence = said(language, code)
        assert not OTHERS.search(sentence), (code, sentence)


def said(language: str, code: str) -> str:
    facts = {name: Fact() for name in needed(code)}
    return session(language).sentence(code, **facts)


class Fact(float):
    """A fact that can be shown in any way."""

    def __str__(self) -> str:
        return "7"

    def __format__(self, spec: str) -> str:
        return "7"


def needed(code: str) -> set[str]:
    own = [words.SAYINGS.get(code, "") for words in (english, korean)]
    shared = chats.REFUSALS.get(code) or library.ERRORS.get(code, "")
    return {name for text in (*own, shared) for name in named_in(text)} - {"meant"}


@pytest.mark.parametrize("words", [english, korean])
def test_nothing_of_its_own_does_either(words: ModuleType) -> None:
    texts = [
        *vars(words)["SAYINGS"].values(),
        *(text for pair in vars(words)["HELP"] for text in pair),
    ]
    for text in texts:
        assert not OTHERS.search(text.replace("Enter를 누르", "").replace("Enter만 누르", "")), text


def test_korean_says_all_that_english_says() -> None:
    assert set(english.SAYINGS) == set(korean.SAYINGS)
    for code, sentence in english.SAYINGS.items():
        assert named_in(korean.SAYINGS[code]) == named_in(sentence), code
    assert len(english.HELP) == len(korean.HELP)
    for (ours, _), (theirs, _) in zip(english.HELP, korean.HELP, strict=True):
        assert ours.split()[0] == theirs.split()[0] or ours == "PATH or LINK"


def test_help_names_every_command_and_no_other() -> None:
    for words in (english, korean):
        text = " ".join(f"{term} {about}" for term, about in words.HELP)
        named = set(re.findall(r"(?<![\w/])/[a-z]+", text))
        assert named | {"/help"} == set(NAMES) >= set(COMMANDS)


def test_every_code_of_the_console_is_known() -> None:
    source = "".join(path.read_text() for path in sorted(Path(BOT[0]).parent.glob("console/*.py")))
    codes = set(re.findall(r'(?:session|self)\.(?:say|said)\(\s*f?"([a-z_]+)"', source))
    codes |= set(re.findall(r'Refusal\("([a-z_]+)"', source))
    assert len(codes) > 20
    assert codes <= {*english.SAYINGS, *chats.SAYINGS, *chats.REFUSALS, *library.ERRORS}
