"""Tells strong language in titles and names, by a rough list of words in a few languages.

It reads what is written, also with letters masked or doubled, and hears nothing of what is sung.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ANYWHERE = """
    fuck motherfuck muthafuck bruthafuck cocksuck cocksucker bullshit shithead bitch asshole
    arsehole dickhead whore nigger nigga faggot wanker blowjob dildo masturbat arschloch
    씨발 씨팔 병신 개새끼 존나 좆 блядь пизд
"""
_IN_FRONT = "cunt fick"
_ALONE = """
    fuk fck shit shits shitty shitting shite relationshit cock cocks cum jizz tits titties twat
    twats slut sluts ass asses jackass dumbass badass fag fags piss pissed prick pricks pussy
    pussies bastard bastards bollocks penis anal arse porn porno goddamn xxx sodomy puta puto mierda
    coño cabron joder merde putain salope scheisse fotze wichser cazzo stronzo caralho porra perkele
    vittu сука хуй 시발
"""
_LIKE = {"a": "a@4", "e": "e3", "i": "i1!", "o": "o0", "s": "s$5", "u": "uv"}
_MASK, _MASKS = "*", "*#%&"
_BEGINS = r"(?<![\w*])"
_LEAST_FOR_MASKS = 4  # letters: "R&B" and "A#m" are no words with a letter masked
_SPACED = re.compile(r"(?<!\w)(\w)[ .-](?=\w(?!\w))")


def is_strong(text: str) -> bool:
    """Whether a text has strong language in it."""
    return bool(_STRONG.search(_SPACED.sub(r"\1", folded(text).replace("_", " "))))


def folded(text: str) -> str:
    """A text as words are compared: without case, marks and fancy forms of letters."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(it for it in apart if not unicodedata.combining(it)).casefold()


def _spelled(word: str) -> str:
    """A pattern of a word whose letters may be doubled, and masked except at its ends."""
    masks = _MASKS if len(word) >= _LEAST_FOR_MASKS else _MASK
    ends = (0, len(word) - 1)
    return "".join(
        f"[{re.escape(_LIKE.get(letter, letter) + masks * (at not in ends))}]+"
        for at, letter in enumerate(word)
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(_spelled(folded(word)) for word in words)


_STRONG = re.compile(
    rf"{_any_of(_ANYWHERE.split())}|{_BEGINS}(?:{_any_of(_IN_FRONT.split())}"
    rf"|(?:{_any_of(_ALONE.split())})(?![\w*])|[^\W\d]\*{{2,}})"
)
