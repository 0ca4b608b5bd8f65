"""The loopback Discord: answers to interactions, rate limits and the gateway."""

from __future__ import annotations

import time

import aiohttp
import pytest

from tests.loopback.client import INTENTS, Client, reactions_of, refused, row
from tests.loopback.discord import flags
from tests.loopback.discord.model import Json

SELECT: Json = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}


# ---------------------------------------------------------------------- interactions


def hook(bot: Client, asked: Json, rest: str = "") -> str:
    return f"/webhooks/{bot.app}/{asked['token']}{rest}"


def test_a_late_answer_is_to_nobody(online: Client) -> None:
    online.do("config", ack_deadline_s=0.0)
    asked = online.slash()
    time.sleep(0.01)
    assert refused(online, online.answer(asked, {"type": 5}), 404, 10062)
    assert online.see("interactions")[0]["failed"]


def test_a_second_answer_is_refused(online: Client) -> None:
    asked = online.slash()
    assert online.answer(asked, {"type": 5})["status"] == 204
    assert refused(online, online.answer(asked, {"type": 5}), 400, 40060)


def test_an_answer_to_nothing_is_refused(online: Client) -> None:
    asked = {**online.slash(), "token": "another"}
    assert refused(online, online.answer(asked, {"type": 5}), 404, 10062)


def test_a_command_is_not_answered_with_choices(online: Client) -> None:
    assert refused(online, online.answer(online.slash(), {"type": 8}), 400, 50035)


def test_a_token_expires_and_only_a_test_that_hastens_it_is_to_blame(online: Client) -> None:
    asked = online.slash()
    online.answer(asked, {"type": 5})
    online.do("config", token_lifetime_s=0.0)
    expired = online.call("POST", hook(online, asked), {"content": "x"})
    assert (expired["status"], expired["code"]) == (401, 50027)
    assert online.see("problems") == []


def test_nothing_follows_before_an_answer(online: Client) -> None:
    asked = online.slash()
    followed = online.call("POST", hook(online, asked), {"content": "x"})
    assert refused(online, followed, 404, 10015)


def test_the_first_that_follows_a_promise_keeps_it(online: Client) -> None:
    asked = online.slash()
    online.answer(asked, {"type": 5, "data": {"flags": flags.EPHEMERAL}})
    online.call("POST", hook(online, asked), {"content": "x"})
    assert (online.event("MESSAGE_UPDATE") or {})["edited_timestamp"] is None
    online.call("POST", hook(online, asked), {"content": "y"})
    (made,) = online.see("interactions")
    assert made["response"]["content"] == "x" and made["response"]["ephemeral_to"]
    assert [it["content"] for it in made["followups"]] == ["y"] and made["done"]


def test_a_private_answer_is_in_no_channel(online: Client) -> None:
    asked = online.slash()
    online.answer(asked, {"type": 4, "data": {"content": "x", "flags": flags.EPHEMERAL}})
    shown = online.see("interactions")[0]["response"]
    assert refused(online, online.call("PUT", reactions_of(shown)), 404, 10008)


def test_a_menu_and_a_form_come_back_as_they_were_sent(online: Client) -> None:
    text = {"type": 4, "custom_id": "t", "style": 1}
    form = {"custom_id": "f", "title": "Form", "components": row(text)["components"]}
    shown = online.post(row(SELECT))
    online.do("component", message=shown["id"], custom_id="s", values=["a"], wait=0)
    tapped = online.event("INTERACTION_CREATE") or {}
    assert tapped["data"]["values"] == ["a"] and tapped["message"]["id"] == shown["id"]
    assert online.answer(tapped, {"type": 9, "data": form})["status"] == 204
    online.do("modal", interaction=tapped["id"], fields={"t": "words"}, wait=0)
    filled = online.event("INTERACTION_CREATE") or {}
    assert filled["data"]["components"][0]["components"][0]["value"] == "words"
    assert online.answer(filled, {"type": 7, "data": {"content": "x"}})["status"] == 204
    assert online.see("messages")[0]["content"] == "x"


@pytest.mark.parametrize(("n", "status"), [(25, 204), (26, 400)])
def test_completion_offers_twenty_five(online: Client, n: int, status: int) -> None:
    online.do("autocomplete", command="say", option="text", value="x", wait=0)
    asked = online.event("INTERACTION_CREATE") or {}
    data = {"choices": [{"name": "a", "value": str(number)} for number in range(n)]}
    assert online.answer(asked, {"type": 8, "data": data})["status"] == status


# ---------------------------------------------------------------------- calls


def test_a_wrong_token_is_turned_away(bot: Client) -> None:
    wrong = bot.call("GET", "/users/@me", headers={"Authorization": "Bot wrong"})
    assert refused(bot, wrong, 401, 0)
    assert bot.connect(token="wrong") == 4004


def test_too_many_messages_are_slowed_down(bot: Client) -> None:
    answers = [bot.post({"content": "x"}) for _ in range(6)]
    assert [answer["status"] for answer in answers] == [200] * 5 + [429]
    headers, bucket = answers[5]["headers"], answers[0]["headers"]["X-RateLimit-Bucket"]
    assert headers["X-RateLimit-Scope"] == "user" and headers["X-RateLimit-Bucket"] == bucket
    assert float(headers["Retry-After"]) >= answers[5]["retry_after"] > 0
    assert [it["kind"] for it in bot.see("problems")] == ["rate limit hit"]
    assert bot.post({"content": "x"}, channel="music")["status"] == 200


def test_all_calls_together_have_a_limit_too(bot: Client) -> None:
    answers = [bot.call("GET", path) for path in ["/users/@me", "/oauth2/applications/@me"] * 30]
    slowed = next(answer for answer in answers if answer["status"] == 429)
    assert slowed["global"] and slowed["headers"]["X-RateLimit-Global"] == "true"


def test_an_unknown_route_is_noted(bot: Client) -> None:
    assert bot.call("GET", "/voice/regions")["status"] == 404
    assert bot.call("PUT", "/users/@me")["status"] == 405
    assert [it["kind"] for it in bot.see("problems")] == ["route", "route"]


def test_a_client_says_what_it_is(bot: Client) -> None:
    bot.call("GET", "/users/@me", headers={"User-Agent": "curl"})
    assert [it["kind"] for it in bot.see("problems")] == ["user agent"]


def test_a_fault_meets_the_calls_it_names_as_often_as_it_says(bot: Client) -> None:
    bot.do("fault", method="GET", path="^/users/", status=503, count=2)
    assert bot.call("GET", "/oauth2/applications/@me")["status"] == 200
    statuses = [bot.call("GET", "/users/@me")["status"] for _ in range(3)]
    assert statuses == [503, 503, 200] and bot.see("problems") == []


# ---------------------------------------------------------------------- the gateway


@pytest.mark.parametrize(
    ("number", "data", "code"),
    [
        (2, {"token": "wrong"}, 4004),
        (2, {"intents": 1 << 30}, 4013),
        (2, {"intents": 1, "shard": [1, 2]}, 4010),
        (2, {"intents": 1, "properties": None}, 4002),
        (2, {"intents": 1, "text": "x" * 4_096}, 4002),
        (6, {"token": "wrong"}, 4004),
        (3, {}, 4003),
    ],
)
def test_who_says_something_wrong_is_sent_away(
    bot: Client, number: int, data: Json, code: int
) -> None:
    bot.dial(number, {"token": bot.at["DISCORD_TOKEN"], "properties": {}, **data})
    assert bot.code() == code
    assert [it["code"] for it in bot.see("problems")] == [code]


def test_an_old_version_of_the_gateway_is_not_spoken(bot: Client) -> None:
    bot.dial(1, None, "v=8&encoding=json")
    assert bot.code() == 4012


def test_who_has_no_pulse_is_sent_away(bot: Client) -> None:
    bot.do("config", heartbeat_interval_ms=100)
    bot.dial(1, None)
    assert bot.code() == 4009


def resumed(bot: Client, seq: int) -> Json:
    return {"token": bot.at["DISCORD_TOKEN"], "session_id": bot.session, "seq": seq}


def test_what_was_never_sent_was_not_seen(online: Client) -> None:
    online.dial(6, resumed(online, seq=999))
    assert online.code() == 4007


def test_a_session_gets_what_it_missed_unless_it_was_forgotten(online: Client) -> None:
    online.do("gateway", action="drop")
    online.do("message", content="missed")
    resume = resumed(online, seq=2)
    online.dial(6, resume)
    assert (online.event("MESSAGE_CREATE") or {})["content"] == "missed"
    assert online.event("RESUMED") == {}
    online.do("gateway", action="invalidate")
    online.dial(6, resume)
    online.do("gateway", action="close", code=4000)
    assert online.event("RESUMED") is None


def test_who_says_too_much_is_sent_away(bot: Client) -> None:
    bot.dial(1, None)
    for _ in range(120):
        bot.say(1, None)
    assert bot.code() == 4008


def test_nobody_connects_while_the_gateway_is_held(bot: Client) -> None:
    bot.do("gateway", action="reconnect", hold=60)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        bot.connect()


def test_an_intent_that_is_not_granted_ends_the_connection(bot: Client) -> None:
    bot.do("config", allowed_privileged=0)
    assert bot.connect() == 4014
    assert bot.connect(INTENTS & ~flags.CONTENT) is None
    assert bot.see("problems") == []


def test_without_the_intent_only_what_names_the_bot_is_told(bot: Client) -> None:
    bot.connect(INTENTS & ~flags.CONTENT)
    for how in ({}, {"mention_bot": True}, {"dm": True}):
        bot.do("message", content="words", **how)
    told = [(bot.event("MESSAGE_CREATE") or {})["content"] for _ in range(3)]
    assert told[0] == "" and "words" in told[1] and told[2] == "words"


def test_what_cannot_be_seen_is_not_told(online: Client) -> None:
    online.do("permissions", allow=0, channel="music")
    online.do("message", content="secret", channel="music")
    online.do("message", content="open")
    assert (online.event("MESSAGE_CREATE") or {})["content"] == "open"


def test_edits_forwards_and_roles_are_told(online: Client) -> None:
    state = online.see("state")
    said = online.do("message", content=f"x <@&{state['roles']['probe-bot']}>")
    assert (online.event("MESSAGE_CREATE") or {})["mention_roles"] == said["mention_roles"] != []
    online.do("edit", message=said["id"], content=f"<@{state['bot_id']}>")
    assert (online.event("MESSAGE_UPDATE") or {})["mentions"][0]["id"] == state["bot_id"]
    online.do("message", forward=said["id"], channel="music")
    forwarded = online.event("MESSAGE_CREATE") or {}
    assert forwarded["message_snapshots"][0]["message"]["content"] == f"<@{state['bot_id']}>"


def test_a_reply_to_what_is_gone_shows_nothing(online: Client) -> None:
    asked = online.do("message", content="x")
    reference = {"message_reference": {"message_id": asked["id"]}}
    reply = online.post({"content": "y", **reference})
    assert reply["referenced_message"]["content"] == "x"
    online.do("delete", message=asked["id"])
    path = f"/channels/{reply['channel_id']}/messages/{reply['id']}"
    assert online.call("GET", path)["referenced_message"] is None


def test_any_event_can_be_sent(online: Client) -> None:
    online.do("dispatch", event="THREAD_CREATE", data={"id": "1"})
    assert online.event("THREAD_CREATE") == {"id": "1"}


def test_addresses_of_files_expire(bot: Client) -> None:
    bot.do("config", url_lifetime_s=-1.0)
    sent = bot.post({}, b"x")
    assert bot.fetch(sent["attachments"][0]["url"]) == 404
    bot.do("config", url_lifetime_s=60.0)
    path = f"/channels/{sent['channel_id']}/messages/{sent['id']}"
    url = bot.call("GET", path)["attachments"][0]["url"]
    assert bot.fetch(url) == 200 and bot.fetch(url.replace("hm=", "hm=0")) == 404
