"""The loopback Discord refuses bad messages, reactions and commands, and records them."""

from __future__ import annotations

import time

import pytest

from tests.loopback.client import Client, reactions_of, refused, row
from tests.loopback.discord import flags
from tests.loopback.discord.model import Json

BUTTON: Json = {"type": 2, "style": 1, "label": "a", "custom_id": "a"}
LINK: Json = {"type": 2, "style": 5, "label": "a", "url": "https://example.com"}
SELECT: Json = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}
OPTION: Json = {"name": "a", "description": "a", "type": 3}
COMMAND: Json = {"name": "a", "description": "a"}
LONG: Json = {**OPTION, "choices": [{"name": "x" * 100, "value": "x"}] * 20}  # 2,022 characters


# ---------------------------------------------------------------------- messages


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2_001},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"description": "x" * 4_097}]},
        {"embeds": [{"footer": {"text": "x" * 2_049}}]},
        {"embeds": [{"author": {"name": "x" * 257}}]},
        {"embeds": [{"fields": [{"name": "x" * 257, "value": "x"}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x" * 1_025}]}]},
        {"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]},
        {"embeds": [{"title": "x"}] * 11},
        {"embeds": [{"description": "x" * 3_001}, {"description": "x" * 3_000}]},
        {"embeds": [{"image": {"url": "attachment://b.png"}}]},
        {"embeds": [{"title": "x", "url": "ftp://example.com"}]},
        {"embeds": [{"color": 3}]},
        {"components": row(LINK)["components"] * 6},
        {"components": [BUTTON]},
        row(*({**BUTTON, "custom_id": str(n)} for n in range(6))),
        row(BUTTON, BUTTON),
        row({**BUTTON, "custom_id": "x" * 101}),
        row({**BUTTON, "custom_id": None}),
        row({**BUTTON, "label": "x" * 81}),
        row({**BUTTON, "label": ""}),
        row({**BUTTON, "url": "https://example.com"}),
        row({**LINK, "url": None}),
        row({**LINK, "custom_id": "a"}),
        row(SELECT, BUTTON),
        row({**SELECT, "options": [{"label": str(n), "value": str(n)} for n in range(26)]}),
        row({**SELECT, "options": [{"label": "x" * 101, "value": "x"}]}),
        row({**SELECT, "options": SELECT["options"] * 2}),
        row({**SELECT, "max_values": 2}),
        {"content": "x", "nonce": "x" * 26},
        {"content": "x", "attachments": [{"id": 3}]},
        {"content": "x", "message_reference": {"message_id": "1"}},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ],
    ids=lambda body: str(body)[:50],
)
def test_a_message_beyond_a_limit_is_refused(bot: Client, body: Json) -> None:
    assert refused(bot, bot.post(body), 400, 50035)
    assert bot.see("messages") == []


def test_a_message_at_every_limit_is_taken(bot: Client) -> None:
    fields = [{"name": "x" * 20, "value": "x" * 60}] * 25
    embeds = [{"title": "x" * 256, "fields": fields}, {"description": "x" * 3_744}]
    rows = row(*({**BUTTON, "custom_id": str(n) + "x" * 99} for n in range(5)))["components"]
    rows += [row({**SELECT, "custom_id": f"s{n}"})["components"][0] for n in range(3)]
    rows += row(LINK)["components"]
    sent = bot.post({"content": "x" * 2_000, "embeds": embeds, "components": rows})
    assert sent["status"] == 200 and bot.see("problems") == []


def test_nothing_is_no_message(bot: Client) -> None:
    assert refused(bot, bot.post({"content": " "}), 400, 50006)


def test_a_file_too_large_is_refused(bot: Client) -> None:
    bot.do("config", upload_limit=10)
    assert bot.post({}, b"x" * 10)["status"] == 200
    assert refused(bot, bot.post({}, b"x" * 11), 413, 40005)


def test_a_picture_of_an_embed_is_the_file_that_was_sent(bot: Client) -> None:
    sent = bot.post({"embeds": [{"image": {"url": "attachment://a.png"}}]}, b"x")
    assert sent["embeds"][0]["image"]["url"] == sent["attachments"][0]["url"]


def test_alternative_text_is_limited(bot: Client) -> None:
    body = {"attachments": [{"id": 0, "description": "x" * 1_025}]}
    assert refused(bot, bot.post(body, b"x"), 400, 50035)


def test_ten_files_are_enough(bot: Client) -> None:
    assert bot.post({}, *[b"x"] * 10)["status"] == 200
    assert refused(bot, bot.post({}, *[b"x"] * 11), 400, 50035)


def test_a_nonce_stands_once(bot: Client) -> None:
    body = {"content": "x", "nonce": "1", "enforce_nonce": True}
    assert bot.post(body)["id"] == bot.post(body)["id"]


@pytest.mark.parametrize(
    ("missing", "body", "files"),
    [
        (flags.SEND, {"content": "x"}, []),
        (flags.EMBED, {"embeds": [{"title": "x"}]}, []),
        (flags.ATTACH, {}, [b"x"]),
    ],
)
def test_without_permission_nothing_is_done(
    bot: Client, missing: int, body: Json, files: list[bytes]
) -> None:
    bot.do("permissions", allow=flags.USUAL & ~missing, channel="music")
    assert refused(bot, bot.post(body, *files, channel="music"), 403, 50013)
    assert bot.post(body, *files)["status"] == 200


def test_a_channel_that_cannot_be_seen_is_no_place_to_speak(bot: Client) -> None:
    bot.do("permissions", allow=flags.USUAL & ~flags.VIEW)
    assert refused(bot, bot.post({"content": "x"}), 403, 50001)


def test_no_reply_without_leave_to_read(bot: Client) -> None:
    said = bot.do("message", content="x")
    bot.do("permissions", allow=flags.USUAL & ~flags.HISTORY)
    body = {"content": "x", "message_reference": {"message_id": said["id"]}}
    assert refused(bot, bot.post(body), 400, 160002)


def test_somebody_elses_message_is_not_edited(bot: Client) -> None:
    said = bot.do("message", content="x")
    path = f"/channels/{said['channel_id']}/messages/{said['id']}"
    assert refused(bot, bot.call("PATCH", path, {"content": "y"}), 403, 50005)


def test_what_somebody_deleted_is_unknown_and_nobody_is_to_blame(bot: Client) -> None:
    said = bot.post({"content": "x"})
    bot.do("delete", message=said["id"])
    gone = bot.call("PATCH", f"/channels/{said['channel_id']}/messages/{said['id']}", {})
    assert (gone["status"], gone["code"], bot.see("problems")) == (404, 10008, [])


# ---------------------------------------------------------------------- reactions


def test_reactions_have_a_stricter_limit(bot: Client) -> None:
    said = bot.do("message", content="x")
    first, second = (bot.call("PUT", reactions_of(said)) for _ in range(2))
    assert first["status"] == 204 and first["headers"]["X-RateLimit-Remaining"] == "0"
    assert second["status"] == 429 and 0 < second["retry_after"] <= 0.25


def test_no_reaction_without_permission(bot: Client) -> None:
    before = bot.do("message", content="x")
    bot.do("permissions", allow=flags.USUAL & ~flags.ADD_REACTIONS)
    late = bot.call("PUT", reactions_of(before))
    assert (late["status"], late["code"], bot.see("problems")) == (403, 50013, [])
    after = bot.do("message", content="x")
    time.sleep(0.3)
    assert refused(bot, bot.call("PUT", reactions_of(after)), 403, 50013)


def test_no_emoji_is_no_reaction(bot: Client) -> None:
    said = bot.do("message", content="x")
    assert refused(bot, bot.call("PUT", reactions_of(said, "yes")), 400, 10014)


def test_a_message_bears_twenty_reactions(bot: Client) -> None:
    said = bot.do("message", content="x")
    for n in range(20):
        bot.do("reaction", message=said["id"], emoji=chr(0x1F600 + n))
    assert refused(bot, bot.call("PUT", reactions_of(said)), 403, 30010)


def test_moderators_clear_one_emoji_or_all(online: Client) -> None:
    said = online.do("message", content="x")
    for emoji in "👍👎":
        online.do("reaction", message=said["id"], emoji=emoji)
    left = online.do("clear_reactions", message=said["id"], emoji="👍")
    told = online.event("MESSAGE_REACTION_REMOVE_EMOJI") or {}
    assert list(left["reactions"]) == ["👎"] and told["emoji"]["name"] == "👍"
    assert online.do("clear_reactions", message=said["id"])["reactions"] == {}
    assert online.event("MESSAGE_REACTION_REMOVE_ALL")


# ---------------------------------------------------------------------- commands


@pytest.mark.parametrize(
    "command",
    [
        {**COMMAND, "name": "Upper"},
        {**COMMAND, "name": "two words"},
        {**COMMAND, "name": "x" * 33},
        {**COMMAND, "description": ""},
        {**COMMAND, "description": "x" * 101},
        {**COMMAND, "description_localizations": {"ko": "x" * 101}},
        {**COMMAND, "type": 3},
        {**COMMAND, "options": [{**OPTION, "name": f"a{n}"} for n in range(26)]},
        {**COMMAND, "options": [OPTION, OPTION]},
        {**COMMAND, "options": [OPTION, {**OPTION, "name": "b", "required": True}]},
        {**COMMAND, "options": [{**OPTION, "choices": [{"name": "a", "value": "a"}] * 26}]},
        {**COMMAND, "options": [{**OPTION, "choices": [{"name": "a", "value": 1}]}]},
        {**COMMAND, "options": [OPTION, {**OPTION, "name": "b", "type": 1}]},
        {**COMMAND, "options": [{**LONG, "name": f"a{n}"} for n in range(4)]},
    ],
    ids=lambda command: str(command)[:60],
)
def test_a_command_beyond_a_rule_is_not_registered(online: Client, command: Json) -> None:
    before = online.see("state")["commands"]
    path = f"/applications/{online.app}/commands"
    assert refused(online, online.call("PUT", path, [command]), 400, 50035)
    assert online.see("state")["commands"] == before


def test_there_are_not_more_than_a_hundred_commands(online: Client) -> None:
    commands = [{**COMMAND, "name": f"a{n}"} for n in range(101)]
    path = f"/applications/{online.app}/commands"
    assert online.call("PUT", path, commands[:100])["status"] == 200
    assert refused(online, online.call("PUT", path, commands), 400, 30032)
