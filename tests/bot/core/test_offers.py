"""Reactions wait in turn, channel by channel, and never without a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.core.offers import MOST_WAITING, Offers


def run(law: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(law, 10))


def test_one_list_at_a_time_in_a_channel_and_the_latest_are_kept() -> None:
    async def law() -> None:
        offers, gate, done = Offers(lambda: False), asyncio.Event(), list[int]()

        async def offer(number: int) -> None:
            await gate.wait()
            done.append(number)

        for number in range(500):
            offers.add("general", lambda n=number: offer(n))  # type: ignore[misc]
            if number == 0:
                await asyncio.sleep(0.01)  # it begins
        gate.set()
        while offers.waiting:
            await asyncio.sleep(0.01)
        assert done == [0, *range(500 - MOST_WAITING, 500)]

    run(law())


def test_a_channel_waits_for_no_other_and_an_error_stops_nothing() -> None:
    async def law() -> None:
        offers, done = Offers(lambda: False), asyncio.Event()

        async def stuck() -> None:
            await asyncio.Event().wait()

        async def fails() -> None:
            raise RuntimeError("no")

        async def works() -> None:
            done.set()

        offers.add("general", stuck)
        offers.add("music", fails)
        offers.add("music", works)
        await done.wait()

    run(law())


def test_nothing_is_begun_once_the_bot_closes() -> None:
    async def law() -> None:
        closing, done = False, list[int]()

        async def offer() -> None:
            nonlocal closing
            done.append(1)
            closing = True

        offers = Offers(lambda: closing)
        offers.add("general", offer)
        offers.add("general", offer)
        while offers.waiting:
            await asyncio.sleep(0.01)
        assert done == [1]

    run(law())
