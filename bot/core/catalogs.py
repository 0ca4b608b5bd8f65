"""The catalogs that lists can come from: the bundle's own and those on a shelf."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from soundmap.bundle.manifest import Manifest
from soundmap.catalog.shelf import SHIPPED, Entry, Shelf
from soundmap.catalog.table import Catalog
from soundmap.taste.likeness import likeness_of

_MOST_OPEN = 4


class Catalogs:
    """Opens catalogs when first needed, and reopens those that were replaced."""

    def __init__(self, manifest: Manifest, own: Catalog, shelf: Shelf) -> None:
        self.own = own
        self._manifest, self._shelf = manifest, shelf
        self._open: OrderedDict[str, tuple[Entry, Catalog]] = OrderedDict()
        self._turn = asyncio.Lock()

    async def of(self, name: str) -> Catalog:
        """The catalog of a name, or the bundle's own for an empty name.

        Raises BadRequest ``unknown_catalog``, ``unfinished_catalog`` or
        ``other_ears``, or BadBundle ``bad_own_catalog``.
        """
        if not name:
            return self.own
        async with self._turn:
            entry = await asyncio.to_thread(self._shelf.entry, name)
            if name not in self._open or self._open[name][0] != entry:
                self._open[name] = entry, await asyncio.to_thread(self._opened, name)
            self._open.move_to_end(name)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)
            return self._open[name][1]

    async def names(self) -> list[str]:
        """Names of the catalogs that can be used, the bundle's own first."""
        entries = await asyncio.to_thread(self._shelf.entries)
        usable = (it.name for it in entries if it.tables and it.bundle == self._manifest.id)
        return [SHIPPED, *usable]

    def _opened(self, name: str) -> Catalog:
        catalog = self._shelf.open(name, self._manifest.space)
        likeness_of(catalog)  # cached, so that the first list need not wait for it
        return catalog


def plain_name(name: str) -> str:
    """A catalog's name as lists store it: empty for the bundle's own."""
    name = name.strip().casefold()
    return "" if name == SHIPPED else name
