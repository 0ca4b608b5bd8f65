"""Links in text, as people write them: in markup and brackets, words and marks straight behind.

A link has the characters of RFC 3986, and letters of any script (RFC 3987).  It ends

- at a bracket that it does not open, and before one that it does not close;
- before marks of a sentence, and marks of emphasis that were opened before it;
- at punctuation outside ASCII, and at symbols such as emoji, unless a path goes on behind them;
- at a word of a script that is written without spaces, such as Korean particles, straight after
  another script: ``a.mp3를``.  Such a word belongs if a name begins with it, ``/노래``, or goes on
  behind it, ``/K팝.mp3``;
- at another link, unless that is a part of its path or query.

linkify-it-py, CommonMark's way, was weighed: it ends links at spaces only, whatever the script,
and knows no emphasis, so it was wrong on half of the cases in tests/links/test_text.py.
"""

from __future__ import annotations

import re
from unicodedata import category

SCHEMES = ("http://", "https://")
_START = re.compile(r"https?://(?!https?://)", re.IGNORECASE)
_HAS_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?:[^\W_]|\[)", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?:(?!(?<![/=?&#:@+])(?<!%[0-9a-f]{2})https?://)[!#$%&'*+,\-./0-9:;=?@a-z_~])+",
    re.IGNORECASE | re.ASCII,
)
_HOST = re.compile(r"[^\s/?#()\[\]<>]*")
_LABEL = re.compile(r"\[[^\[\]]*\](?=\(\s*<?https?://)", re.IGNORECASE)  # of [label](link)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")  # CommonMark, section 2.4
_DRESSED = re.compile(r"(?:\[[^\[\]]*\]\(\s*|[^\w\s/.\\-]+)<?https?://", re.IGNORECASE)
_CLOSERS = {"(": ")", "[": "]"}
_SENTENCE = ".,:;!?'・"
_EMPHASIS = "*_~"
_ROW = re.compile(r"[*_~]+")
_JOINERS = "\u200c\u200d"
# Thai and Lao, Burmese, Hangul, Khmer; radicals, kana, ideographs and all the Hangul after them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u309f\u30a1-\ua4cf"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff10-\uffdc\U0001aff0-\U0001b16f\U00020000-\U0003ffff]+"
)
_BEGINS = re.compile(r"[/=&?#+~_-]|_\(")
_GOES_ON = re.compile(r"[^\x00-\x7f]{1,64}(?:[/_-][0-9A-Za-z%]|\.[0-9A-Za-z]{2,4}(?![0-9A-Za-z]))")


def links_in(text: str) -> list[str]:
    """The http and https links in a text, in order, each once, without what surrounds them.

    Of ``[label](link)`` the label does not count.  The time is linear in the length of the text.
    """
    text = _LABEL.sub("", _ESCAPE.sub("", text))
    found, opened, last, at = [], dict.fromkeys(_EMPHASIS, 0), 0, 0
    while start := _START.search(text, at):
        _note_emphasis(text, last, start.start(), opened)
        end, at = _ends(text, start.end(), opened)
        link = text[start.start() : end]
        if _START.match(text, at):  # what stands there opens the next
            link = link.rstrip(_EMPHASIS)
        link = _trimmed(link, opened)
        last = start.start() + len(link)
        if _HAS_HOST.match(link):
            found.append(link)
    return list(dict.fromkeys(found))


def link_of(argument: str) -> str | None:
    """The link that an argument is, as given or out of its markup; None if it is none."""
    text = argument.strip()
    if text.casefold().startswith(SCHEMES):
        return text
    return next(iter(links_in(text)), None) if _DRESSED.match(text) else None


def _note_emphasis(text: str, at: int, link: int, opened: dict[str, int]) -> None:
    """Notes how many of each mark stand open where a link begins, after what stands from ``at`` on.

    A row of marks opens if it touches the link, or has no letter before it and no space behind.
    """
    for row in _ROW.finditer(text, at, link):
        free = not text[row.start() - 1 : row.start()].isalnum()
        opens = row.end() == link or (free and not text[row.end()].isspace())
        marks = {mark: row[0].count(mark) for mark in _EMPHASIS if mark in row[0]}
        opened |= marks if opens else dict.fromkeys(marks, 0)


def _ends(text: str, at: int, opened: dict[str, int]) -> tuple[int, int]:
    """Where a link ends whose host begins at ``at``, and where to look for the next."""
    host_end, brackets = at + len(_HOST.match(text, at)[0]), []  # type: ignore[index]
    while at < len(text):
        char = text[at]
        if run := _PLAIN.match(text, at):
            at = run.end()
            continue
        if char in _CLOSERS:
            brackets.append(at)
        elif char in _CLOSERS.values():
            if not brackets or _CLOSERS[text[brackets.pop()]] != char:
                break
        elif char.isascii() or not _belongs(text, at, host_end, opened):
            break
        word = _UNSPACED.match(text, at)
        at = word.end() if word else at + 1
    return (brackets[0] if brackets else at), at


def _belongs(text: str, at: int, host_end: int, opened: dict[str, int]) -> bool:
    """Whether the character at ``at``, not of ASCII, is part of the link before it."""
    char, before, kind = text[at], text[at - 1], category(text[at])[0]
    if char in _JOINERS or kind == "M":
        return not before.isascii() or before.isalpha()
    if kind == "S":
        return bool(_GOES_ON.match(text, at))
    if char == "・":
        return bool(_UNSPACED.match(before))
    if kind not in "LN":
        return False
    if not _UNSPACED.match(char) or _UNSPACED.match(before) or category(before)[0] == "M":
        return True
    if before == "." and at <= host_end:
        return True
    return _begins(text, at, opened) or bool(_GOES_ON.match(text, at))


def _begins(text: str, at: int, opened: dict[str, int]) -> bool:
    """Whether a name begins at ``at``, in a path, a query or a fragment."""
    if opened.get(text[at - 1]):
        return False
    if text[at - 1] == "(" and _UNSPACED.match(text[at - 2]):
        return True
    return any(_BEGINS.fullmatch(text, at - n, at) for n in (1, 2))


def _trimmed(link: str, opened: dict[str, int]) -> str:
    """The link without marks of a sentence, or of emphasis ``opened`` before it, at its end."""
    end = len(link)
    while end and ((last := link[end - 1]) in _SENTENCE or opened.get(last)):
        if last in _EMPHASIS:
            opened[last] -= 1
        end -= 1
    return link[:end]
