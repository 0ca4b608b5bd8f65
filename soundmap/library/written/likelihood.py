"""How likely a text is in a code page, or as Western text; what is unlikely costs more, in nats.

- Of syllables and ideographs, the standards themselves tell the frequent (their first level) from
  the rare.  One of n that are frequent costs ln n; a rare one costs ``_RARE`` more.  A syllable of
  Korean costs what its sounds do.
- Letters of an alphabet follow Zipf's law: the r-th most frequent costs about ln r.
- What hardly stands in a text costs more: letters of two scripts in a word, small letters before
  capitals, signs in words, and in Western words a run of letters with accents.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

_RARE = 5.0
_ODD = 5.0
_ASCII = 2.5
_IMPOSSIBLE = 30.0
_PRIORS = {
    "cp949": 0.0,
    "cp1251": 0.0,
    "cp932": 1.0,
    "gb18030": 1.0,
    "big5": 2.0,
    "koi8-r": 4.0,
    "cp1253": 3.0,
}
"""What the use of a page costs; one that is not listed costs ``_SELDOM``."""
_SELDOM = 4.0
_SMALL, _UNUSUAL = 2.0, 0.6
_ALPHABETS = {
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґўђћџљњјѓќѕ",
    "koi8-r": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "cp1253": "αοιετσνηυρπκμλωςδγχθφβξζψάίόέήύώϊϋΐΰ",
    "cp1255": "יוהלאמרתבשנעדכקםחפטגסזןצףךץ",
    "cp1256": "ايلمنرتبوعدسفهكقحجةشصأطخىضذزءثغظئإؤآپچژگک",
    "cp874": "านรอกเงมยลวดทสตะปบคหแจพชขใไโผซธถภศณษฟญฐฉฎฏฌฆฑฒฬฮำิีึืุู็่้๊๋์ๆฯ",
}
_RUSSIAN = 33
_VOWELS = frozenset("аеёиоуыэюяіїєαεηιουωάέήίόύώ")
_ACCENTED = "éäöüáèàíóñçßøåêúãæôâðþîëïõìòùûýÿœšžœÿ"
_BEFORE_LETTERS, _BEHIND_LETTERS, _BETWEEN_LETTERS = "‘“„«¡¿", "”»…®™ªº¹²³", "’–—€\xa0"
_NO_LETTERS = "ƒˆ"  # of no Western word
_WIDE_SIGNS = "、。・「」『』（）！？：…～〜　，《》“”’—－＆ー"
_AMONG_ASCII = "@[\\]^_`{|}~"
_INITIALS, _KANJI, _HANZI, _BIG5, _KANA = (math.log(n) for n in (14, 2200, 3000, 3800, 110))
_MEDIALS = (1.6, 2.9, 4.5, 7.0, 2.2, 3.2, 3.0, 5.5, 2.1, 4.2, 6.5, 4.5, 4.2, 2.4, 5.2, 6.5, 4.5,
            4.3, 2.3, 4.0, 1.9)  # fmt: skip
_FINALS = (0.7, 2.5, 5.0, 6.5, 2.0, 6.0, 5.5, 4.5, 2.2, 5.0, 6.5, 6.0, 6.5, 6.5, 6.0, 5.5, 2.8,
           3.0, 5.0, 3.3, 3.5, 2.2, 4.5, 4.5, 6.0, 4.5, 4.5, 4.5)  # fmt: skip
"""What the vowel and the last sound of a Korean syllable cost, none first."""


def _korean(letter: str, pair: bytes) -> float:
    if "가" <= letter <= "힣" and pair[0] >= 0xB0 and pair[1] >= 0xA1:
        vowel, last = divmod((ord(letter) - 0xAC00) % 588, 28)
        return _INITIALS + _MEDIALS[vowel] + _FINALS[last]
    return _HANZI + _RARE + 2


def _japanese(letter: str, pair: bytes) -> float:
    if "ぁ" <= letter <= "ー":
        return _KANA
    return _KANJI + (0.0 if pair < b"\x98\x9f" else _RARE)


def _chinese(_: str, pair: bytes) -> float:
    return _HANZI + (0.0 if 0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1 else _RARE)


def _taiwanese(_: str, pair: bytes) -> float:
    return _BIG5 + (0.0 if 0xA4 <= pair[0] <= 0xC6 else _RARE)


_PAIRS: dict[str, Callable[[str, bytes], float]] = {
    "cp949": _korean,
    "cp932": _japanese,
    "gb18030": _chinese,
    "big5": _taiwanese,
}
PAGES = (*_PAIRS, *_ALPHABETS)
"""The code pages that are known, by Python's names."""


def cost(page: str, texts: Sequence[str]) -> float:
    """What texts in one of ``PAGES`` cost."""
    lacks_capitals = not any(map(str.isupper, "".join(texts)))  # with which names begin
    small = _SMALL if page in _ALPHABETS and lacks_capitals else 0.0
    return _PRIORS.get(page, _SELDOM) + small + sum(_cost(page, text) for text in texts)


def western_cost(text: str) -> float:
    """What a text in Latin letters costs."""
    total = _ascii(text) + _signs(text)
    for before, letter in pairwise(" " + text):
        if letter.isalpha() and letter > "\x7f":
            rank = _ACCENTED.find(letter.lower())
            total += 9.0 if rank < 0 else 2.5 + math.log(1 + rank / 4)
            if before > "\x7f" and before.isalpha():
                total += 1.0 if before.lower() == letter.lower() else 3.5
            total += 3.0 if before.islower() and letter.isupper() else 0.0
    return total


def n_misplaced(text: str) -> int:
    """How many signs touch letters that they never touch in Western text; each way counts once."""
    around = {*zip(" " + text, text, text[1:] + " ", strict=False)}
    return sum(_is_sign(sign) and not _stands_well(a, sign, b) for a, sign, b in around)


def _cost(page: str, text: str) -> float:
    total = _ascii(text) + sum(_mixed(*pair) for pair in pairwise(text))
    if letters := _ALPHABETS.get(page):
        return total + _signs(text) + sum(_of_alphabet(each, letters) for each in text)
    return total + sum(_of_pair(page, letter) for letter in text if letter > "\x7f")


def _ascii(text: str) -> float:
    return _ASCII * sum(letter < "\x80" for letter in text)


def _signs(text: str) -> float:
    """What signs cost, those that are half of a letter in other pages and those at odd places."""
    halves = sum(a > "\x7f" and b in _AMONG_ASCII for a, b in pairwise(text))
    return 3.0 * halves + 4.0 * sum(map(_is_sign, text)) + _ODD * n_misplaced(text)


def _is_sign(letter: str) -> bool:
    is_letter = letter.isalpha() and letter not in _NO_LETTERS
    return letter > "\x7f" and not is_letter and not unicodedata.combining(letter)


def _stands_well(before: str, sign: str, after: str) -> bool:
    """Whether a sign stands where it may touch a letter."""
    if sign in _BEFORE_LETTERS:
        return not before.isalnum()
    if sign in _BEHIND_LETTERS:
        is_in_formula = sign in "¹²³" and before.isascii() and after.isascii() and before.isalpha()
        return is_in_formula or not after.isalnum()
    if sign in _BETWEEN_LETTERS:
        return True
    if sign in "·°":
        return (before + after).isascii() and (sign == "·" or before.isalnum())
    return max(before, after) < "\x80" and not (before.isalpha() or after.isalpha())


def _of_alphabet(letter: str, letters: str) -> float:
    if letter < "\x80":
        return 0.0
    rank = letters.find(letter.lower())
    if rank < 0:
        return _ODD + 4 if letter.isalpha() or unicodedata.combining(letter) else 0.0
    return 1.6 + math.log(1 + rank / 3) + letter.isupper() + (3.0 if rank >= _RUSSIAN else 0.0)


def _of_pair(page: str, letter: str) -> float:
    pair = letter.encode(page)
    if not letter.isprintable() or "\ue000" <= letter <= "\uf8ff" or len(pair) > 2:
        return _IMPOSSIBLE
    if len(pair) == 1 or letter in _WIDE_SIGNS:  # Japanese half as wide
        return _ODD
    if not letter.isalpha():
        return _HANZI + _RARE
    return _PAIRS[page](letter, pair)


def _mixed(first: str, second: str) -> float:
    """What two letters side by side cost that are not of one script or case, or hardly follow
    each other.
    """
    if not (first.isalpha() and second.isalpha()):
        return 0.0
    if (first < "\x80") != (second < "\x80"):
        return _ODD
    if first.islower() and second.isupper() and second > "\x7f":
        return 4.0
    both_vowels = first.lower() in _VOWELS, second.lower() in _VOWELS
    has_case = second > "\x7f" and second.lower() != second.upper()
    return _UNUSUAL if has_case and both_vowels[0] == both_vowels[1] else 0.0
