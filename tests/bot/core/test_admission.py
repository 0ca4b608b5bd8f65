from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.core.admission import Admission
from bot.types import Progress, Refused, Watcher


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


@asynccontextmanager
async def turn(admission: Admission, person: str, watch: Watcher) -> AsyncIterator[None]:
    """A whole job that needs nothing but a slot."""
    with admission.job(person):
        async with admission.slot(person, watch):
            yield


class Job:
    """A job that lasts until it is told to end."""

    def __init__(self, admission: Admission, person: str) -> None:
        self.progress: list[Progress] = []
        self.began = asyncio.Event()
        self.end = asyncio.Event()
        self.task = asyncio.create_task(self._run(admission, person))

    async def _run(self, admission: Admission, person: str) -> None:
        async with turn(admission, person, self.progress.append):
            self.began.set()
            await self.end.wait()


async def refusal(admission: Admission, person: str) -> Refused:
    with pytest.raises(Refused) as caught:
        async with turn(admission, person, print):
            pass
    return caught.value


def test_one_job_a_person_and_the_second_is_told_its_place() -> None:
    async def work() -> None:
        admission = Admission(slots=1, queue=5, cooldown_s=0)
        first = Job(admission, "ann")
        await first.began.wait()
        second = Job(admission, "bob")
        await asyncio.sleep(0)
        running = (await refusal(admission, "ann")).refusal
        waiting = (await refusal(admission, "bob")).refusal
        assert (running.code, running.facts["place"]) == ("one_is_heard", 0)
        assert (waiting.code, waiting.facts["place"]) == ("one_at_a_time", 1)
        first.end.set()
        await second.began.wait()
        second.end.set()
        await asyncio.gather(first.task, second.task)

    run(work())


def test_the_line_is_served_in_order_and_told_when_it_moves() -> None:
    async def work() -> None:
        admission = Admission(slots=1, queue=5, cooldown_s=0)
        jobs = []
        for name in "abcd":
            jobs.append(Job(admission, name))
            await asyncio.sleep(0)
        for job in jobs:
            await job.began.wait()
            job.end.set()
        await asyncio.gather(*(job.task for job in jobs))
        assert [stage.place for stage in jobs[3].progress] == [3, 2, 1]
        assert (admission.running, admission.waiting) == (0, 0)

    run(work())


def test_a_full_line_refuses_with_place_and_wait() -> None:
    async def work() -> None:
        admission = Admission(slots=1, queue=2, cooldown_s=0)
        jobs = []
        for name in "abc":
            jobs.append(Job(admission, name))
            await asyncio.sleep(0)
        refused = (await refusal(admission, "d")).refusal
        assert refused.code == "queue_full"
        assert refused.facts["place"] == 3
        assert isinstance(refused.facts["wait_s"], int) and refused.facts["wait_s"] >= 1
        for job in jobs:
            job.end.set()
        await asyncio.gather(*(job.task for job in jobs))

    run(work())


def test_between_two_sounds_of_one_person_there_is_a_pause() -> None:
    async def work() -> None:
        now = 0.0
        admission = Admission(slots=1, queue=1, cooldown_s=3, clock=lambda: now)
        async with turn(admission, "ann", print):
            pass
        assert (await refusal(admission, "ann")).refusal.facts["wait_s"] == 3
        async with turn(admission, "bob", print):
            pass
        now = 3.0
        async with turn(admission, "ann", print):
            pass

    run(work())


@pytest.mark.parametrize("when", ["waiting", "called at the same moment", "running"])
def test_who_gives_up_leaves_no_gap(when: str) -> None:
    async def work() -> None:
        admission = Admission(slots=1, queue=5, cooldown_s=0)
        first, second, third = (Job(admission, name) for name in "abc")
        await first.began.wait()
        await asyncio.sleep(0)
        if when == "waiting":
            second.task.cancel()
            await asyncio.sleep(0)
        first.end.set()
        if when == "called at the same moment":
            await asyncio.sleep(0)
            second.task.cancel()
        if when == "running":
            await second.began.wait()
            second.task.cancel()
        await third.began.wait()
        third.end.set()
        await asyncio.gather(first.task, third.task)
        await asyncio.gather(second.task, return_exceptions=True)
        assert (admission.running, admission.waiting) == (0, 0)
        async with turn(admission, "b", print):
            pass

    run(work())


def test_when_closing_nobody_new_is_taken() -> None:
    async def work() -> None:
        admission = Admission(slots=1, queue=5, cooldown_s=0)
        admission.closing = True
        assert (await refusal(admission, "ann")).refusal.code == "closing"
        with pytest.raises(Refused), admission.alone("ann"):
            pass

    run(work())
