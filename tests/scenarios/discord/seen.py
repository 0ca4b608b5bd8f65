"""What a person reads in a message of the bot, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.scenarios.discord.world import Json

LIMITS = {"title": 256, "description": 4_096}
_PICK = re.compile(
    r"\*\*(?P<rank>\d+)\. (?P<title>[^\n]+?)\*\* · (?P<artist>[^\n]+)\n(?P<facts>[^\n]+)"
    r"(?:\n\*(?P<reason>.+)\*)?"
)
_LICENSE = re.compile(r"(?:license|라이선스): ")
_LINK = re.compile(r"\[(?P<text>.+?)\]\((?P<url>https?://[^\s()]+)\)")


@dataclass(frozen=True)
class SeenPick:
    """A pick as it is shown."""

    rank: int
    title: str
    url: str
    kind: str
    artist: str
    genre: str
    license: str
    reason: str


def picks(message: Json) -> list[SeenPick]:
    """The picks of an answer, in its embed or in its plain form."""
    embeds = message["embeds"]
    text = embeds[-1].get("description", "") if embeds else message["content"]
    return [_seen(found) for found in _PICK.finditer(text)]


def _seen(found: re.Match[str]) -> SeenPick:
    """A pick whose title leads to its page, or that has a link that says it is a search."""
    genre, *facts = found["facts"].split(" · ")
    kinds = {"🔗": "page", "🔍": "search"}
    said = next((it for it in facts if it[:1] in kinds), "")
    paged, searched = _LINK.fullmatch(found["title"]), _LINK.search(said)
    kind = kinds.get(said[:1], "")
    assert (kind == "page") == bool(paged) and (kind == "search") == bool(searched)
    link = paged or searched
    return SeenPick(
        int(found["rank"]),
        title=paged["text"] if paged else found["title"],
        url=link["url"] if link else "",
        kind=kind,
        artist=found["artist"],
        genre=genre,
        license=next((_LICENSE.sub("", it) for it in facts if _LICENSE.match(it)), ""),
        reason=found["reason"] or "",
    )


def urls(message: Json) -> list[str]:
    """Where the picks lead."""
    return [pick.url for pick in picks(message)]


def footer(message: Json) -> str:
    """The small print below an answer."""
    return str(message["embeds"][-1]["footer"]["text"])


def labels(message: Json) -> list[str]:
    """What stands on its buttons."""
    return [button["label"] for button in message["components"] if button["type"] == 2]


def list_id(message: Json) -> int:
    """Number of the list that it shows."""
    ids = [re.fullmatch(r"sm:another:(\d+)", it["custom_id"]) for it in message["components"]]
    return next(int(found[1]) for found in ids if found)


def within_limits(message: Json) -> bool:
    """Whether Discord would take its embeds."""
    texts = [
        (embed.get(part) or "", most)
        for embed in message["embeds"]
        for part, most in LIMITS.items()
    ]
    footers = [embed.get("footer", {}).get("text", "") for embed in message["embeds"]]
    total = sum(len(text) for text, _ in texts) + sum(map(len, footers))
    return all(len(text) <= most for text, most in texts) and total <= 6_000
