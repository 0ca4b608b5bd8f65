"""The composition root: opens everything in order and closes it in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

from bot.config import Settings
from bot.core.admission import Admission
from bot.core.catalogs import Catalogs
from bot.core.drain import Drain
from bot.core.ending import Ending
from bot.core.hearing import Hearing
from bot.core.intake import Intake, remove_leftovers
from bot.core.lists import Lists
from bot.core.maps import Maps
from bot.core.metrics import Metrics
from bot.core.mouths import Mouths
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
from soundmap.cli.common import give_up_output
from soundmap.links.fetch import Fetcher
from soundmap.links.limits import Limits
from soundmap.taste.likeness import likeness_of

_PRUNE_SECONDS = 3_600.0
_DAY_SECONDS = 86_400.0
_CLOSE_SECONDS = 0.9  # for the chat platforms; with the last words, within the ending's margin
_log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Service]:
    """Opens the service with everything it needs.  Raises BadBundle or StoreError."""
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
        catalogs, tastes, drain = Catalogs(manifest, catalog, shelf), Tastes(store), Drain()
        metrics = Metrics(admission, workers, drain)
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
                drain=drain,
                mouths=Mouths(),
            )
        )


def _workers(settings: Settings) -> AbstractAsyncContextManager[Listening]:
    """Child processes, or the cluster that the settings name."""
    limits = settings.deadline_s, settings.worker_memory_mb
    if not settings.cluster:
        return Workers(settings.bundle, settings.workers, *limits)
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

    Raises BadBundle or StoreError if it cannot start, or Unwelcome if no chat platform is left.
    """
    if settings.at_a_desk:
        await _at_a_desk(settings)
        return
    ending = Ending(settings.shutdown_s)
    with ending.listening():
        async with _serving(settings) as (service, people):
            _open_mouths(service, people, settings)
            try:
                await _until_stopped(service, settings.shutdown_s, ending)
            finally:
                ending.begin()
                await service.parts.mouths.close(_CLOSE_SECONDS)


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[tuple[Service, People]]:
    """The service, watched over and kept tidy while the block runs."""
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
        yield service, people


async def _at_a_desk(settings: Settings) -> None:
    """The console, until its lines end or a signal ends it."""
    ending = Ending(0)
    with ending.listening():
        async with _serving(settings) as (service, people):
            talk = asyncio.create_task(_talk(service, people, settings))
            asked = asyncio.create_task(ending.asked.wait())
            await asyncio.wait({talk, asked}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
            if talk.done():
                talk.result()
            else:
                talk.cancel()
                with suppress(asyncio.CancelledError):
                    await talk


async def _talk(service: Service, people: People, settings: Settings) -> None:
    """The chat, which is also over when nobody reads what it says any more."""
    from bot.console.map import page_beside
    from bot.console.prompt import chat

    try:
        await chat(service, people, settings.bundle, page_beside(settings.database))
    except BrokenPipeError:
        give_up_output()


def _open_mouths(service: Service, people: People, settings: Settings) -> None:
    """Starts serving each chat platform that has a token."""
    mouths = service.parts.mouths
    if settings.slack_bot_token:
        from bot.slack.app import slack

        mouths.start("Slack", slack(service, people, settings))
    if settings.discord_token:
        from bot.discord.app import discord_by

        mouths.start("Discord", discord_by(service, people, settings))


async def _until_stopped(service: Service, shutdown_s: float, ending: Ending) -> None:
    """Waits until no mouth is left or a signal asks for the end, then answers everyone."""
    over = asyncio.create_task(service.parts.mouths.end())
    asked = asyncio.create_task(ending.asked.wait())
    await asyncio.wait({over, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if over.done():
        over.result()
        return
    over.cancel()
    _log.info("stopping: no new work; up to %g s for what runs", shutdown_s)
    patient = asyncio.create_task(service.drain(shutdown_s))
    hurried = asyncio.create_task(ending.hurried.wait())
    await asyncio.wait({patient, hurried}, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()
    if not patient.done():
        patient.cancel()
        await service.drain(0)


async def _prune_now_and_then(store: Store, days: int) -> None:
    while True:
        try:
            if gone := await store.prune(days * _DAY_SECONDS):
                _log.info("deleted %d rows older than %d days", gone, days)
        except StoreError as error:
            _log.warning("could not delete what is old: %s", error.code)
        await asyncio.sleep(_PRUNE_SECONDS)
