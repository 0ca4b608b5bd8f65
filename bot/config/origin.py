"""Where settings are written: in the environment, or in one file."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from bot.config.errors import NoToken
from bot.config.table import TABLE
from soundmap.cli.surroundings import language
from soundmap.cli.usage import filled, word
from soundmap.files import data_folder, is_there
from soundmap.wording.causes import cause_of

NAME = ".env"


@dataclass(frozen=True, slots=True)
class Written:
    """The text of each setting, by name; the environment is stronger than ``file``.

    ``in_file`` are the names whose text comes from the file.
    """

    texts: Mapping[str, str]
    in_file: frozenset[str]
    file: Path

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
    written = _texts_of(file)
    texts = {**written, **environ}
    found = Written(texts, frozenset(written.keys() - environ.keys()), file.absolute())
    for setting in TABLE:
        if setting.secret:
            environ.pop(setting.name, None)
    return found


def _texts_of(file: Path) -> dict[str, str]:
    from dotenv import dotenv_values  # of the extra that the bot needs, unlike its --version

    try:
        found = dotenv_values(file, interpolate=False) if file.exists() else {}
    except (OSError, UnicodeDecodeError) as error:
        reason, text = cause_of(error, language()), "{file} cannot be read: {reason}."
        raise NoToken([filled(text, file=file.absolute(), reason=reason)]) from error
    return {name: text for name, text in found.items() if text is not None}
