"""Checks the body of a new or edited message, then applies it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.loopback.discord import flags
from tests.loopback.discord.components import check_components
from tests.loopback.discord.embeds import check_embeds, pictures
from tests.loopback.discord.files import clean, type_of
from tests.loopback.discord.model import Json, Message, Upload, now
from tests.loopback.discord.refusals import Refused, bad_form, check_length
from tests.loopback.discord.state import Discord

CONTENT, FILES, ALT_TEXT, NONCE = 2_000, 10, 1_024, 25
REPLY = 19  # kind of message
ANYBODY: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}


def send(discord: Discord, draft: Message, body: Json, files: Mapping[int, Upload]) -> Message:
    """Writes a new message and puts it into the world."""
    _check_nonce(body.get("nonce"))
    _reply(discord, draft, body.get("message_reference"))
    _write(discord, draft, body, files)
    draft.nonce = body.get("nonce")
    draft.flags |= int(body.get("flags") or 0) & flags.SILENT
    discord.keep(draft)
    discord.announce("MESSAGE_CREATE", draft)
    return draft


def change(discord: Discord, message: Message, body: Json, files: Mapping[int, Upload]) -> Message:
    """Writes into a message that is there; what was only a promise is no edit."""
    promised = bool(message.flags & flags.LOADING)
    _write(discord, message, body, files)
    message.edited = None if promised else now()
    message.edits += 1
    discord.announce("MESSAGE_UPDATE", message)
    return message


def _write(discord: Discord, message: Message, body: Json, files: Mapping[int, Upload]) -> None:
    if int(body.get("flags") or 0) & flags.COMPONENTS_V2:
        discord.problem("not covered", what="components of the second kind")
        raise bad_form("flags", "BASE_TYPE_CHOICES", "Not covered by the loopback")
    content = str(body.get("content", message.content) or "")
    check_length("content", content, CONTENT)
    embeds = check_embeds(body["embeds"]) if "embeds" in body else message.embeds
    rows = check_components(body["components"]) if "components" in body else message.components
    kept, told = _attachments(message, body, files)
    _check_files(discord, kept, told, files)
    _check_pictures(discord, embeds, kept, told, files)
    if not (content.strip() or embeds or rows or kept or files):
        raise Refused(400, 50006, "Cannot send an empty message")
    _mention(discord, message, content, body.get("allowed_mentions"))
    message.content, message.embeds, message.components = content, embeds, rows
    message.flags &= ~flags.LOADING
    message.flags |= int(body.get("flags") or 0) & flags.NO_EMBEDS
    message.files = kept + [
        _store(discord, message, told.get(n, {}), file) for n, file in files.items()
    ]


# ---------------------------------------------------------------------- files


def _attachments(
    message: Message, body: Json, files: Mapping[int, Upload]
) -> tuple[list[str], dict[int, Json]]:
    """Which files stay, and what is told of the new ones."""
    if "attachments" not in body:
        return message.files, {}
    kept, told = list[str](), dict[int, Json]()
    for listed in body["attachments"] or []:
        number = str(listed.get("id"))
        if number in message.files:
            kept.append(number)
        elif number.isdigit() and int(number) in files:
            told[int(number)] = listed
        else:
            raise bad_form("attachments", "ATTACHMENT_NOT_FOUND", f"Attachment not found: {number}")
    return kept, told


def _check_files(
    discord: Discord, kept: list[str], told: Mapping[int, Json], files: Mapping[int, Upload]
) -> None:
    check_length("attachments", [*kept, *files], FILES)
    for listed in told.values():
        check_length("attachments.description", listed.get("description"), ALT_TEXT)
    if any(len(file.data) > discord.settings.upload_limit for file in files.values()):
        raise Refused(413, 40005, "Request entity too large")


def _check_pictures(
    discord: Discord,
    embeds: list[Json],
    kept: list[str],
    told: Mapping[int, Json],
    files: Mapping[int, Upload],
) -> None:
    """Refuses embeds that show a file which the message does not have."""
    names = {discord.files[number].filename for number in kept}
    names |= {_name(told.get(n, {}), file) for n, file in files.items()}
    for path, picture in pictures(embeds):
        scheme, _, name = str(picture.get("url")).partition("://")
        if scheme == "attachment" and clean(name) not in names:
            raise bad_form(path, "ATTACHMENT_NOT_FOUND", "Unknown attachment referenced")


def _name(told: Json, file: Upload) -> str:
    return clean(told.get("filename") or file.filename)


def _store(discord: Discord, message: Message, told: Json, file: Upload) -> str:
    name, private = _name(told, file), bool(message.ephemeral_to)
    about = told.get("description")
    return discord.files.store(name, file.data, message.channel, type_of(name), about, private)


# ---------------------------------------------------------------------- replies and mentions


def _check_nonce(nonce: object) -> None:
    if isinstance(nonce, str):
        check_length("nonce", nonce, NONCE)


def _reply(discord: Discord, draft: Message, reference: Json | None) -> None:
    if not reference:
        return
    if not discord.bot_may(draft.channel, flags.HISTORY):
        said = "Cannot reply without permission to read message history"
        raise Refused(400, 160002, said)
    target = discord.messages.get(str(reference.get("message_id")))
    if target and target.channel == draft.channel and not (target.deleted or target.ephemeral_to):
        draft.reply_to, draft.type = target.id, REPLY
    elif reference.get("fail_if_not_exists", True):
        gone = bool(target and target.deleted)
        said = "Unknown message"
        raise bad_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", said, blameless=gone)


def _mention(discord: Discord, message: Message, content: str, allowed: Any) -> None:
    """Mentions those whom the body allows to be mentioned."""
    allowed = ANYBODY if allowed is None else allowed
    _check_allowed(allowed)
    users, roles = discord.place.named(content)
    message.mentions = _those(users, allowed, "users")
    message.mention_roles = _those(roles, allowed, "roles")
    replied = None if message.interaction else discord.messages.get(message.reply_to or "")
    if replied and allowed.get("replied_user") and replied.author not in message.mentions:
        message.mentions.append(replied.author)
    everybody = re.search(r"@(everyone|here)\b", content) and "everyone" in _parsed(allowed)
    may = discord.bot_may(message.channel, flags.MENTION_EVERYONE)
    message.mention_everyone = bool(everybody and may)


def _check_allowed(allowed: Json) -> None:
    for kind in ("users", "roles"):
        check_length(f"allowed_mentions.{kind}", allowed.get(kind), 100)
        if allowed.get(kind) and kind in _parsed(allowed):
            code, path = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"allowed_mentions.{kind}"
            raise bad_form(path, code, f'parse:["{kind}"] and {kind} are mutually exclusive.')


def _those(named: list[str], allowed: Json, kind: str) -> list[str]:
    if kind in _parsed(allowed):
        return named
    return [number for number in named if number in map(str, allowed.get(kind) or [])]


def _parsed(allowed: Json) -> list[str]:
    return list(allowed.get("parse") or [])
