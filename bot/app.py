"""The composition root: opens everything in one stack and closes it in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot.admission import Admission
from bot.config import Settings
from bot.health import serve_health
from bot.intake import Intake, remove_leftovers
from bot.people import people_of
from bot.service import Service
from bot.store import Store, StoreError
from bot.workers import Workers
from soundmap.bundle import read_manifest
from soundmap.catalog import read_catalog
from soundmap.likeness import likeness_of
from soundmap.links.fetch import Fetcher
from soundmap.links.limits import Limits

_SLOTS_PER_WORKER = 2  # one is fetched while another is heard
_PRUNE_SECONDS = 6 * 3_600.0
_DAY_SECONDS = 86_400.0
_log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Service]:
    """The service with everything it needs.  Raises BadBundle or StoreError."""
    manifest = read_manifest(settings.bundle)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(settings.database))
        workers = await stack.enter_async_context(
            Workers(
                settings.bundle, settings.workers, settings.deadline_s, settings.worker_memory_mb
            )
        )
        fetcher = await stack.enter_async_context(Fetcher(_limits(settings)))
        intake = Intake(fetcher, settings.downloads)
        pause_s = settings.cooldown_s if settings.discord_token else 0.0  # not at one's own desk
        admission = Admission(_SLOTS_PER_WORKER * settings.workers, settings.queue, pause_s)
        catalog = await asyncio.to_thread(read_catalog, settings.bundle)
        await asyncio.to_thread(likeness_of, catalog)  # kept: nobody's first list waits for it
        yield Service(manifest, catalog, store, workers, intake, admission)


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_mb=settings.max_mb,
        seconds=settings.download_s,
        media_seconds=settings.max_minutes * 60,
        redirects=settings.redirects,
        allowed=settings.test_addresses,
    )


async def run(settings: Settings) -> None:
    """Runs the bot, or the console where there is no token, until it is told to stop."""
    remove_leftovers()
    people = people_of(settings.person_key, settings.database)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(opened(settings))
        if settings.health_port:
            await stack.enter_async_context(serve_health(service, settings.health_port))
        pruning = asyncio.create_task(_prune_now_and_then(service.store, settings.retention_days))
        stack.callback(pruning.cancel)
        if settings.discord_token:
            from bot.discord_bot import run_discord

            await _until_stopped(run_discord(service, people, settings), service, settings)
        else:
            from bot.console import chat

            await chat(service, people)


async def _until_stopped(mouth: Any, service: Service, settings: Settings) -> None:
    """Runs a mouth until it ends or a signal comes; then everybody is answered first."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running, stopping = asyncio.create_task(mouth), asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not running.done():
        _log.info("stopping: no new work; up to %g s for what runs", settings.shutdown_s)
        await service.drain(settings.shutdown_s)
        running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _prune_now_and_then(store: Store, days: int) -> None:
    while True:
        try:
            if gone := await store.prune(days * _DAY_SECONDS):
                _log.info("deleted %d rows older than %d days", gone, days)
        except StoreError as error:
            _log.warning("could not delete what is old: %s", error.code)
        await asyncio.sleep(_PRUNE_SECONDS)
