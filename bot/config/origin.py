"""Where settings are written: in the environment, or in one file."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.errors import NoToken
from bot.config.table import TABLE
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled, word
from soundmap.files import data_folder, is_there
from soundmap.wording.causes import cause_of

if TYPE_CHECKING:
    from dotenv.parser import Original

NAME = ".env"


@dataclass(frozen=True, slots=True)
class Written:
    """The text of each setting, by name; the environment is stronger than ``file``.

    ``in_file`` are the names whose text comes from the file, ``strange`` the numbers of its lines
    that say nothing.
    """

    texts: Mapping[str, str]
    in_file: frozenset[str]
    file: Path
    strange: tuple[int, ...] = ()

    def text(self, name: str) -> str:
        """What is written for a setting, empty if nothing is."""
        return self.texts.get(name, "").strip()

    def where(self, name: str) -> str:
        """Where a setting is written, to follow its name in a sentence."""
        if name in self.in_file:
            return filled("in {file}", file=self.file)
        return word("in the environment")


def settings_file() -> Path:
    """The file of settings: in the current folder or, if none is there, in the home.

    Where neither has one, it is the path that it would have in the current folder.
    """
    here, home = Path(NAME).absolute(), data_folder()
    return home / NAME if home and not is_there(here) and is_there(home / NAME) else here


def read_written(environ: MutableMapping[str, str], file: Path) -> Written:
    """What is written in ``environ`` and ``file``; secrets are removed from ``environ``.

    Raises NoToken if the file cannot be read.
    """
    written, strange = _texts_of(file)
    in_file = frozenset(written.keys() - environ.keys())
    found = Written({**written, **environ}, in_file, file.absolute(), strange)
    for setting in TABLE:
        if setting.secret:
            environ.pop(setting.name, None)
    return found


def _texts_of(file: Path) -> tuple[dict[str, str], tuple[int, ...]]:
    """What a file says, by name, and its lines that say nothing.  Raises NoToken."""
    from dotenv.parser import parse_stream  # of the extra that the bot needs, unlike its --version

    if not is_there(file):
        return {}, ()
    said = list(parse_stream(StringIO(_text_of(file))))
    strange = (_line(it.original) for it in said if it.error or (it.key and it.value is None))
    return {str(it.key): it.value for it in said if it.value is not None}, tuple(strange)


def _line(original: Original) -> int:
    """The number of a line; what was read with it may begin with empty ones."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _text_of(file: Path) -> str:
    try:
        text = file.read_text("utf-8-sig")
        if "\0" in text:
            raise ValueError
    except (OSError, ValueError) as error:
        reason, text = cause_of(error, language()), "{file} cannot be read: {reason}."
        raise NoToken([filled(text, file=file.absolute(), reason=reason)]) from error
    return text
