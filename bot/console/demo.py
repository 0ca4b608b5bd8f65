"""``/demo``: sounds that SoundMap makes up, which come one after the other."""

from __future__ import annotations

import asyncio

from bot.console.session import Session
from bot.console.wishes import as_set
from bot.types import LocalFile
from soundmap.cli.screen import Screen
from soundmap.recommendation.request import Request
from soundmap.scratch import scratch

DEMOS = ("house", "piano", "wind")


async def demo(session: Session, _: str) -> None:
    """The next demo, the first again after the last."""
    from soundmap.audio.demo import write_demo  # loads decoders only when needed

    name = DEMOS[session.demos % len(DEMOS)]
    number, session.demos = session.demos % len(DEMOS) + 1, session.demos + 1
    next_one = session.said("demo_next", number=number, count=len(DEMOS))
    Screen().tell(f"{session.said(f'demo_{name}')} {next_one}\n")
    with scratch() as folder:
        path = folder / f"{name}.wav"
        await asyncio.to_thread(write_demo, path, name)
        request = await as_set(session, Request())
        found = await session.service.recommend(session.person, LocalFile(path), request)
        session.show(found, name=path.name)
