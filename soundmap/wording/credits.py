"""What is said of a track's link and license, and the line that gives its artist credit."""

from __future__ import annotations

from collections.abc import Sequence

from soundmap.types import Note, Pick, Track
from soundmap.wording import is_shown

ENGLISH = {
    "page": "page",
    "search": "search",
    "work": "“{title}” by {artist}",
    "untitled": "untitled",
    "nobody": "an unknown artist",
    "at_page": "{work} ({url})",
    "at_search": "{work} (page not known; search: {url})",
    "licensed": "{source} is licensed under {license} ({address}).",
    "versionless": "{source} is licensed under {license}, version not stated ({address} is the"
    " latest).",
    "ownerless": "{source} is in the public domain: {license} ({address}).",
    "other": "{source}. License: {license}.",
    "unknown": "{source}. License not known.",
}
KOREAN = {
    "page": "페이지",
    "search": "검색",
    "work": "{artist}의 “{title}”",
    "untitled": "제목 없음",
    "nobody": "알 수 없는 아티스트",
    "at_page": "{work} ({url})",
    "at_search": "{work} (페이지를 알 수 없음, 검색: {url})",
    "licensed": "{source}. {license} 라이선스({address})에 따라 이용.",
    "versionless": "{source}. {license} 라이선스에 따라 이용. 버전은 적혀 있지 않음"
    " (최신 버전: {address}).",
    "ownerless": "{source}. 퍼블릭 도메인: {license} ({address}).",
    "other": "{source}. 라이선스: {license}.",
    "unknown": "{source}. 라이선스를 알 수 없음.",
}


def link_word(kind: str, language: str = "en") -> str:
    """What a link is that is of a kind, ``page`` or ``search``."""
    return (KOREAN if language == "ko" else ENGLISH)[kind]


def license_notes(picks: Sequence[Pick]) -> tuple[Note, ...]:
    """Says once, for all picks of a list, whose license is not known; below the list."""
    unknown = [pick for pick in picks if not pick.track.license]
    kinds = {
        "license_unknown": [it.rank for it in unknown if not it.track.file],
        "license_not_stated": [it.rank for it in unknown if it.track.file],
    }
    told = {code: ", ".join(map(str, ranks)) for code, ranks in kinds.items() if ranks}
    return tuple(Note(code, {"numbers": numbers}) for code, numbers in told.items())


def credit_line(track: Track, language: str = "en") -> str:
    """The credit of a track: its title, artist, source, and license with its address.

    It has the form that Creative Commons recommends, and says what is not known.
    """
    words = KOREAN if language == "ko" else ENGLISH
    facts = {
        "title": _on_a_line(track.title) or words["untitled"],
        "artist": _on_a_line(track.artist) or words["nobody"],
        "license": _on_a_line(track.license),
        "address": track.license_url,
        "url": _on_a_line(track.url),
    }
    facts["work"] = facts["source"] = words["work"].format(**facts)
    if track.url_kind:
        facts["source"] = words[f"at_{track.url_kind}"].format(**facts)
    return words[_credit_code(track)].format(**facts)


def _credit_code(track: Track) -> str:
    if not track.license_url:
        return "other" if track.license else "unknown"
    if "/publicdomain/" in track.license_url:
        return "ownerless"
    return "licensed" if any(map(str.isdecimal, track.license)) else "versionless"


def _on_a_line(text: str) -> str:
    return " ".join("".join(letter if is_shown(letter) else " " for letter in text).split())
