"""Checks embeds as Discord does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.loopback.discord.model import Json
from tests.loopback.discord.refusals import bad_form, check_length, check_present, check_url

MOST, FIELDS, TOGETHER = 10, 25, 6_000
LIMITS = {"title": 256, "description": 4_096, "footer.text": 2_048, "author.name": 256}
FIELD_LIMITS = {"name": 256, "value": 1_024}
SHOWN = ("title", "description", "fields", "image", "thumbnail", "footer", "author", "url")


def check_embeds(embeds: Any) -> list[Json]:
    """The embeds of a message, if Discord would take them."""
    if embeds is None:
        return []
    if not isinstance(embeds, list) or not all(isinstance(embed, dict) for embed in embeds):
        raise bad_form("embeds", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    check_length("embeds", embeds, MOST)
    total = sum(_checked(embed, f"embeds.{n}") for n, embed in enumerate(embeds))
    if total > TOGETHER:
        said = f"Embed size exceeds maximum size of {TOGETHER}"
        raise bad_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", said)
    return embeds


def pictures(embeds: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every picture in an embed, with its position."""
    for n, embed in enumerate(embeds):
        for slot in ("image", "thumbnail"):
            if isinstance(embed.get(slot), dict):
                yield f"embeds.{n}.{slot}.url", embed[slot]


def _checked(embed: Json, path: str) -> int:
    """Checks one embed; returns how many characters count toward the limit."""
    if not any(embed.get(key) for key in SHOWN):
        raise bad_form(path, "BASE_TYPE_REQUIRED", "This field is required")
    check_length(f"{path}.fields", embed.get("fields"), FIELDS)
    _check_addresses(embed, path)
    color = embed.get("color")
    if color is not None and not 0 <= int(color) <= 0xFFFFFF:
        raise bad_form(f"{path}.color", "NUMBER_TYPE_MAX", "int value should be at most 16777215.")
    total = 0
    for name, text, most in _texts(embed):
        check_length(f"{path}.{name}", text, most)
        total += len(text)
    return total


def _texts(embed: Json) -> Iterator[tuple[str, str, int]]:
    """Its texts with their places and limits."""
    for name, most in LIMITS.items():
        outer, _, inner = name.partition(".")
        value = (embed.get(outer) or {}).get(inner) if inner else embed.get(outer)
        yield name, str(value or ""), most
    for n, part in enumerate(embed.get("fields") or []):
        for name, most in FIELD_LIMITS.items():
            check_present(f"fields.{n}.{name}", part.get(name))
            yield f"fields.{n}.{name}", str(part[name]), most


def _check_addresses(embed: Json, path: str) -> None:
    check_url(f"{path}.url", embed.get("url"), "http", "https")
    check_url(f"{path}.author.url", (embed.get("author") or {}).get("url"), "http", "https")
    for slot in ("image", "thumbnail"):
        url = (embed.get(slot) or {}).get("url")
        check_url(f"{path}.{slot}.url", url, "http", "https", "attachment")
