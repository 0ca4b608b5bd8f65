"""Errors of a chat mean one of four things, and an answer takes the first way that is open."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp
import discord
import pytest
from slack_sdk.errors import SlackApiError

from bot.chat.delivery import Trouble, by_an_open_way, offer
from bot.discord.trouble import trouble_of as on_discord
from bot.slack.trouble import trouble_of as on_slack


def refused(status: int, code: int) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="")
    return discord.HTTPException(response, {"code": code, "message": ""})  # type: ignore[arg-type]


def error(code: str) -> SlackApiError:
    return SlackApiError("", {"ok": False, "error": code})  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        *((404, it, Trouble.GONE) for it in (10003, 10004, 10008, 10015, 10062, 0)),
        (401, 50027, Trouble.GONE),
        *((403, it, Trouble.NOT_ALLOWED) for it in (50001, 50013, 50007, 160005, 90001, 30010)),
        *((400, it, Trouble.NOT_ALLOWED) for it in (50083, 200000, 240000, 160002)),
        *((it, 0, Trouble.BUSY) for it in (429, 500, 502, 503, 504)),
        (400, 50035, Trouble.BROKEN),
        (401, 0, Trouble.BROKEN),
    ],
)
def test_an_error_of_discord_means_one_thing(status: int, code: int, trouble: Trouble) -> None:
    assert on_discord(refused(status, code)) is trouble


RESTRICTED = ("", "_read_only_channel", "_thread_only_channel", "_thread_locked")


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        *((it, Trouble.GONE) for it in ("message_not_found", "channel_not_found", "expired_url")),
        *((it, Trouble.GONE) for it in ("used_url", "edit_window_closed", "cant_update_message")),
        *((f"restricted_action{it}", Trouble.NOT_ALLOWED) for it in RESTRICTED),
        ("restricted_action_non_threadable_channel", Trouble.NOT_ALLOWED),
        *((it, Trouble.NOT_ALLOWED) for it in ("not_in_channel", "is_archived", "no_permission")),
        *((it, Trouble.BUSY) for it in ("ratelimited", "internal_error", "service_unavailable")),
        *((it, Trouble.BROKEN) for it in ("invalid_blocks", "missing_scope", "already_reacted")),
    ],
)
def test_an_error_of_slack_means_one_thing(code: str, trouble: Trouble) -> None:
    assert on_slack(error(code)) is trouble


@pytest.mark.parametrize("sort", [on_discord, on_slack])
def test_what_the_network_does_passes_and_what_we_do_wrong_does_not(sort: object) -> None:
    for dropped in (TimeoutError(), ConnectionResetError(), aiohttp.ServerDisconnectedError()):
        assert sort(dropped) is Trouble.BUSY  # type: ignore[operator]
    assert sort(KeyError("a mistake of ours")) is Trouble.BROKEN  # type: ignore[operator]


def test_an_answer_takes_the_first_way_that_is_open() -> None:
    async def closed() -> str:
        raise error("is_archived")

    async def broken() -> str:
        raise error("invalid_blocks")

    async def open_() -> str:
        return "shown"

    async def law() -> None:
        assert await by_an_open_way((closed, open_, broken), on_slack) == "shown"
        assert await by_an_open_way((closed, closed), on_slack) is None
        with pytest.raises(SlackApiError):
            await by_an_open_way((broken, open_), on_slack)

    asyncio.run(law())


@pytest.mark.parametrize(("code", "added"), [("already_reacted", "bc"), ("message_not_found", "")])
def test_one_reaction_that_fails_ends_the_offering_only_where_none_can_be_added(
    code: str, added: str
) -> None:
    done: list[str] = []

    async def add(name: str) -> None:
        if name == "a":
            raise error(code)
        done.append(name)

    asyncio.run(offer("abc", add, on_slack))
    assert "".join(done) == added
