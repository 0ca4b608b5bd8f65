"""Help and the words of argparse itself, such as ``usage:``, in the language of the terminal.

argparse asks gettext for them, by two names of its own.  Those are set here, in one place, since
catalogs of gettext are compiled files, and ours are Python.  Of help, the English stands where an
option is added; ``screen.Help`` looks up the Korean as it prints.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from soundmap.cli.surroundings import language
from soundmap.wording.answers_ko import ANSWERS
from soundmap.wording.help_ko import HELP
from soundmap.wording.help_lab_ko import LAB_HELP
from soundmap.wording.usage_ko import USAGE

_KOREAN = {**USAGE, **HELP, **LAB_HELP, **ANSWERS}


def word(text: str) -> str:
    """A text of argparse or of help in the language of this terminal; JSON is the same in all."""
    korean = language() == "ko" and "--json" not in sys.argv
    return _KOREAN.get(text, text) if korean else text


def filled(text: str, **facts: object) -> str:
    """A text of help, or of an answer at the terminal, with facts in its braces."""
    return word(text).format(**facts)


def _words(one: str, many: str, count: int) -> str:
    return word(one if count == 1 else many)


def translate(more: Mapping[str, str] = {}) -> None:
    """Lets every parser of this process speak the language of the terminal.

    ``more`` is Korean for the help of a program other than ``soundmap``, by its English.
    """
    _KOREAN.update(more)
    argparse._ = word  # type: ignore[attr-defined]
    argparse.ngettext = _words  # type: ignore[attr-defined]
