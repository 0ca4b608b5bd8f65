"""The composition root: opens everything in order and closes it in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from typing import Any

from bot.config import BadSettings, Settings
from bot.core.admission import Admission
from bot.core.catalogs import Catalogs
from bot.core.drain import Drain
from bot.core.hearing import Hearing
from bot.core.intake import Intake, remove_leftovers
from bot.core.lists import Lists
from bot.core.maps import Maps
from bot.core.metrics import Metrics
from bot.core.parts import Parts
from bot.core.service import Service
from bot.core.tastes import Tastes
from bot.health import serve_health
from bot.people import People, people_of
from bot.store.errors import StoreError
from bot.store.store import Store
from bot.types import Listening
from bot.workers.pool import Workers
from soundmap.bundle.manifest import read_manifest
from soundmap.catalog.shelf import Shelf
from soundmap.catalog.table import read_catalog
from soundmap.links.fetch import Fetcher
from soundmap.links.limits import Limits
from soundmap.taste.likeness import likeness_of

_PRUNE_SECONDS = 6 * 3_600.0
_DAY_SECONDS = 86_400.0
Mouth = Coroutine[Any, Any, None]
_log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Service]:
    """Opens the service with everything it needs.  Raises BadBundle, BadSettings or StoreError."""
    manifest = read_manifest(settings.bundle)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(settings.database))
        workers = await stack.enter_async_context(_workers(settings))
        fetcher = await stack.enter_async_context(Fetcher(limits_of(settings)))
        intake = Intake(fetcher, settings.downloads)
        pause_s = 0.0 if settings.at_a_desk else settings.cooldown_s
        admission = Admission(settings.workers, settings.queue, pause_s)
        catalog = await asyncio.to_thread(read_catalog, settings.bundle, manifest.space)
        await asyncio.to_thread(likeness_of, catalog)  # cached for the first list
        maps = Maps(settings.bundle, catalog, in_answers=not settings.at_a_desk)
        await maps.warm()
        shelf = Shelf(settings.catalogs, whole_paths=settings.at_a_desk)
        catalogs, metrics = Catalogs(manifest, catalog, shelf), Metrics(admission, workers)
        tastes = Tastes(store)
        yield Service(
            Parts(
                manifest=manifest,
                catalogs=catalogs,
                store=store,
                workers=workers,
                hearing=Hearing(intake, admission, workers, store, metrics, settings.windows),
                tastes=tastes,
                lists=Lists(manifest, catalogs, store, tastes),
                admission=admission,
                maps=maps,
                metrics=metrics,
                drain=Drain(),
            )
        )


def _needs(setting: str, extra: str) -> str:
    how = f"pip install 'soundmap[{extra}]' ('.[{extra}]' in a clone)"
    return f"{setting} needs a package: {how}."


def _workers(settings: Settings) -> AbstractAsyncContextManager[Listening]:
    """Child processes, or the cluster that the settings name."""
    limits = settings.deadline_s, settings.worker_memory_mb
    if not settings.cluster:
        return Workers(settings.bundle, settings.workers, *limits)
    if find_spec("distributed") is None:
        raise BadSettings([_needs("SOUNDMAP_CLUSTER", "cluster")])
    from bot.workers.cluster import ClusterWorkers

    return ClusterWorkers(settings.cluster, settings.bundle, *limits)


def limits_of(settings: Settings) -> Limits:
    """The limits of what links may lead to."""
    return Limits(
        max_mb=settings.max_mb,
        seconds=settings.download_s,
        media_seconds=settings.max_minutes * 60,
        redirects=settings.redirects,
        private_hosts=settings.private_hosts,
        allowed=settings.test_addresses,
    )


async def run(settings: Settings) -> None:
    """Runs the bot until it is told to stop; without a token, runs the console instead.

    Raises BadToken, BadSettings or OSError if a chat platform cannot be served.
    """
    remove_leftovers()
    people = people_of(settings.person_key, settings.database)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(opened(settings))
        if settings.health_port:
            await stack.enter_async_context(serve_health(service, settings.health_port))
        pruning = asyncio.create_task(
            _prune_now_and_then(service.parts.store, settings.retention_days)
        )
        stack.callback(pruning.cancel)
        if settings.at_a_desk:
            from bot.console.map import page_beside
            from bot.console.prompt import chat

            await chat(service, people, settings.bundle, page_beside(settings.database))
        else:
            await _until_stopped(_mouths(service, people, settings), service, settings)


def _mouths(service: Service, people: People, settings: Settings) -> list[Mouth]:
    """One coroutine for each chat platform with a token, not started yet."""
    mouths: list[Mouth] = []
    if settings.slack_bot_token:
        if find_spec("slack_bolt") is None:
            raise BadSettings([_needs("SLACK_BOT_TOKEN", "slack")])
        from bot.slack.app import run_slack

        mouths.append(run_slack(service, people, settings))
    if settings.discord_token:
        from bot.discord.app import run_discord

        mouths.append(run_discord(service, people, settings))
    return mouths


async def _until_stopped(mouths: list[Mouth], service: Service, settings: Settings) -> None:
    """Runs chat platforms until one ends or a signal arrives, then answers everyone and stops."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running = [asyncio.create_task(mouth) for mouth in mouths]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not all(mouth.done() for mouth in running):
        _log.info("stopping: no new work; up to %g s for what runs", settings.shutdown_s)
        await service.drain(settings.shutdown_s)
    for mouth in running:
        mouth.cancel()
    await asyncio.wait(running)
    for mouth in running:
        with contextlib.suppress(asyncio.CancelledError):
            await mouth


async def _prune_now_and_then(store: Store, days: int) -> None:
    while True:
        try:
            if gone := await store.prune(days * _DAY_SECONDS):
                _log.info("deleted %d rows older than %d days", gone, days)
        except StoreError as error:
            _log.warning("could not delete what is old: %s", error.code)
        await asyncio.sleep(_PRUNE_SECONDS)
