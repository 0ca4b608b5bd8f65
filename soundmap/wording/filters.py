"""What a track has to be to pass a filter, as a phrase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ENGLISH = {
    "genre": "genre {genre}",
    "license": "license {license}",
    "page": "a known page",
    "clean": "no strong language",
    "instrumental": "instrumental",
    "tempo": "{low:g} to {high:g} BPM",
    "faster": "{low:g} BPM or more",
    "slower": "{high:g} BPM or less",
    "new": "not shown before",
    "not_hidden": "by no hidden artist",
    "heard": "not silent",
    "apart": "not the sound itself",
    "between": "by no artist of the two ends",
    "seeds": "not one of the sounds themselves",
    "others": "by no artist of these sounds",
    "away": "nearer to your sounds than to those to stay away from",
    "none": "what was asked",
    "or_wider": "{license} or wider",
    "any": "any",
    "known": "known",
    "permissive": "permissive (CC0, public domain, CC BY)",
}
KOREAN = {
    "genre": "장르 {genre}",
    "license": "라이선스 {license}",
    "page": "페이지가 알려진 곡",
    "clean": "거친 말이 없는 곡",
    "instrumental": "연주곡",
    "tempo": "{low:g}–{high:g} BPM",
    "faster": "{low:g} BPM 이상",
    "slower": "{high:g} BPM 이하",
    "new": "아직 보여 드리지 않은 곡",
    "not_hidden": "숨기지 않은 아티스트",
    "heard": "무음이 아닌 곡",
    "apart": "그 소리 자체가 아닌 곡",
    "between": "양쪽 끝과 다른 아티스트",
    "seeds": "고른 소리 자체가 아닌 곡",
    "others": "고른 소리와 다른 아티스트",
    "away": "피할 소리보다 고른 소리에 가까운 곡",
    "none": "요청하신",
    "or_wider": "{license} 이상",
    "any": "무엇이든",
    "known": "알려짐",
    "permissive": "자유 이용(CC0, 퍼블릭 도메인, CC BY)",
}


def license_wish(wish: str, language: str = "en") -> str:
    """A license that may be asked for, in words: ``by-sa+`` is ``CC BY-SA or wider``."""
    words, terms = _words(language), wish.removesuffix("+")
    name = f"CC {terms.upper()}" if terms.startswith("by") else terms.upper()
    return words.get(wish) or (name if terms == wish else words["or_wider"].format(license=name))


def license_choice(wish: str) -> str:
    """The same in Korean, where it is one of several choices: ``by-sa`` is ``CC BY-SA만``."""
    exactly = wish.startswith(("by", "cc0")) and not wish.endswith("+")
    return f"{license_wish(wish, 'ko')}{'만' * exactly}"


def _words(language: str) -> Mapping[str, str]:
    return KOREAN if language == "ko" else ENGLISH


def filters_phrase(called: Iterable[tuple[str, dict[str, str]]], language: str) -> str:
    """What tracks have to be to pass some filters."""
    words, phrases = _words(language), []
    for kind, facts in called:
        if "license" in facts:
            facts = {"license": license_wish(facts["license"], language)}
        phrases.append(words[kind].format(**facts))
    return (", " if language == "ko" else " and ").join(phrases) or words["none"]
