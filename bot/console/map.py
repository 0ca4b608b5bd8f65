"""The map in the console: a page beside the database, opened in the browser."""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import Awaitable, Sequence
from pathlib import Path

from bot.console.session import Session
from bot.types import Refusal
from soundmap.catalog.layout import read_layout
from soundmap.catalog.table import Catalog
from soundmap.errors import SoundMapError, unwritten
from soundmap.files import replacing
from soundmap.map.page import Sound, page_of, write_page


def page_beside(database: Path) -> Path:
    """Path of the page, which each new one overwrites."""
    return database.absolute().with_name(f"{database.stem}-map.html")


async def show_map(session: Session, what: str) -> None:
    """``/map``, and ``/map taste``."""
    if what.casefold() == "taste":
        await _taste(session)
        return
    asked = (session.bundle, session.service.parts.catalogs.own, session.page, session.sounds)
    await _opening(session, open_map(*asked), session.page)


async def _taste(session: Session) -> None:
    picture = await session.service.charts.of_taste(session.person)
    if isinstance(picture, Refusal):
        session.refuse(picture)
    else:
        target = session.page.with_name(f"{session.page.stem}-taste.png")
        await _opening(session, open_picture(picture, target), target)


async def _opening(session: Session, opening: Awaitable[bool], target: Path) -> None:
    try:
        opened = await opening
    except SoundMapError as error:
        session.refuse(Refusal(error.code, error.facts))
    else:
        session.say("opened" if opened else "open_this", address=target.as_uri())


async def open_map(bundle: Path, catalog: Catalog, page: Path, sounds: Sequence[Sound]) -> bool:
    """Writes the page with these sounds and opens it; returns whether a browser was asked.

    Raises BadBundle if the bundle has no layout, or SoundMapError ``output`` if the page cannot be
    written.
    """
    await asyncio.to_thread(_write, bundle, catalog, page, sounds)
    return sys.stdin.isatty() and await asyncio.to_thread(_opened, page)


async def open_picture(picture: bytes, target: Path) -> bool:
    """Writes a picture and opens it; returns whether a browser was asked.

    Raises SoundMapError ``output`` if it cannot be written.
    """
    try:
        await asyncio.to_thread(_replace, target, picture)
    except OSError as error:
        raise unwritten(error) from error
    return sys.stdin.isatty() and await asyncio.to_thread(_opened, target)


def _replace(target: Path, picture: bytes) -> None:
    with replacing(target) as part:
        part.write_bytes(picture)


def _write(bundle: Path, catalog: Catalog, page: Path, sounds: Sequence[Sound]) -> None:
    text = page_of(catalog, read_layout(bundle), sounds)
    try:
        write_page(page, text)
    except OSError as error:
        raise unwritten(error) from error


def _opened(page: Path) -> bool:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:  # a text browser would take the terminal
        return False
    return browser.open(page.as_uri())
