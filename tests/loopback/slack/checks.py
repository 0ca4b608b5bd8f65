"""Slack's limits from its published reference: sizes of blocks, scopes of methods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
MANIFEST: Json = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8"))
SCOPES: set[str] = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS: set[str] = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
COMMANDS: set[str] = {it["command"] for it in MANIFEST["features"]["slash_commands"]}
SHORTCUTS: set[str] = {it["callback_id"] for it in MANIFEST["features"]["shortcuts"]}

KINDS = ("channels", "groups", "im", "mpim")  # conversations: public, private, direct, of several


def _of_kind(what: str) -> dict[str, str]:
    return {kind: f"{kind}:{what}" for kind in KINDS}


# The scope that each method needs, by kind of conversation: from the methods' own pages.
NEEDED: dict[str, dict[str, str]] = {
    "chat.postMessage": dict.fromkeys(KINDS, "chat:write"),
    "chat.update": dict.fromkeys(KINDS, "chat:write"),
    "chat.delete": dict.fromkeys(KINDS, "chat:write"),
    "reactions.add": dict.fromkeys(KINDS, "reactions:write"),
    "reactions.get": dict.fromkeys(KINDS, "reactions:read"),
    "reactions.remove": dict.fromkeys(KINDS, "reactions:write"),
    "users.info": {"": "users:read"},
    "conversations.info": _of_kind("read"),
    "conversations.open": {"im": "im:write"},
    "conversations.replies": _of_kind("history"),
    "files.info": {"": "files:read"},
    "files.getUploadURLExternal": {"": "files:write"},
    "files.completeUploadExternal": {"": "files:write"},
}


def kind_of(channel: str) -> str:
    """The kind of a conversation; in this workspace, its id tells."""
    prefixes = {"D": "im", "G": "mpim", "C0PRIVATE": "groups"}
    return next((kind for start, kind in prefixes.items() if channel.startswith(start)), "channels")


def scope_for(method: str, channel: str) -> str:
    """The scope that a call of a method needs; empty if it needs none."""
    scopes = NEEDED.get(method, {})
    return scopes.get(kind_of(channel)) or next(iter(scopes.values()), "")


EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}


def wrong_in(blocks: list[Json]) -> Iterator[str]:
    """Everything that Slack would refuse in the blocks of a message."""
    if len(blocks) > 50:
        yield f"{len(blocks)} blocks"
    for block in blocks:
        yield from _wrong_in_block(block)


def _wrong_in_block(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind not in ("section", "context", "image", "actions"):
        yield f"block {kind}"
    if kind == "section":
        yield from _wrong_in_text(block["text"], 3_000)
        if accessory := block.get("accessory"):
            yield from _wrong_in_element(accessory)
    if kind == "image" and not 0 < len(block["alt_text"]) <= 2_000:
        yield "alt_text"
    if kind in ("context", "actions"):
        if not 0 < len(block["elements"]) <= (10 if kind == "context" else 25):
            yield f"{len(block['elements'])} elements"
        for element in block["elements"]:
            if kind == "context":
                yield from _wrong_in_text(element, 3_000)
            else:
                yield from _wrong_in_element(element)


def _wrong_in_text(text: Json, most: int) -> Iterator[str]:
    if text["type"] not in ("mrkdwn", "plain_text") or not 0 < len(text["text"]) <= most:
        yield f"text of {len(text['text'])}"


def _wrong_in_element(element: Json) -> Iterator[str]:
    if not 0 < len(element["action_id"]) <= 255:
        yield "action_id"
    if element["type"] == "button":
        yield from _wrong_in_text(element["text"], 75)
    else:
        options, chosen = element["options"], element.get("initial_options")
        if not 0 < len(options) <= 100:
            yield f"{len(options)} options"
        if chosen is not None and (not chosen or any(it not in options for it in chosen)):
            yield "initial_options"
        for it in options:
            yield from _wrong_in_text(it["text"], 75)
            if not 0 < len(it["value"]) <= 150:
                yield "value"
