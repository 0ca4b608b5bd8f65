"""What the store keeps of servers: which catalog their lists come from, and what they leave out."""

from __future__ import annotations

from functools import partial

from bot.store import sql
from bot.store.connection import Database, rows, run


class PlaceStore:
    """The part of an open store that is about servers, each by its key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_catalog(self, place: str, catalog: str) -> None:
        """Sets the catalog of a server."""
        await self._write(sql.SET_CATALOG, place=place, catalog=catalog)

    async def catalog_of(self, place: str) -> str:
        """The catalog of a server, empty for the bundle's own."""
        found = await self._read("SELECT catalog FROM place_catalogs WHERE place = ?", place)
        return found[0] if found else ""

    async def set_clean(self, place: str, clean: bool) -> None:
        """Sets whether the lists of a server leave out strong language."""
        await self._write(sql.CLEAN if clean else sql.NOT_CLEAN, place=place)

    async def is_clean(self, place: str) -> bool:
        """Whether the lists of a server leave out strong language; by default not."""
        return bool(await self._read("SELECT place FROM clean_places WHERE place = ?", place))

    async def _read(self, query: str, place: str) -> list[str]:
        found = await self._database.read(lambda db: rows(db, query, (place,)))
        return [str(row[0]) for row in found]

    async def _write(self, statement: str, **values: object) -> None:
        await self._database.write(partial(run, sql=statement, values=values))
