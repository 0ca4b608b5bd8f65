"""Draws maps for chats in a separate thread; Pillow is imported with the first one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundmap.catalog.table import Catalog
from soundmap.errors import BadBundle
from soundmap.map.atlas import Atlas, atlas_of
from soundmap.taste.taste import Taste, taste_of
from soundmap.types import Recommendation

if TYPE_CHECKING:
    from soundmap.paths.find import SoundPath

_log = logging.getLogger(__name__)


class Maps:
    """Draws on the map of a bundle and its ``catalog``; every picture is a PNG.

    ``in_answers`` says whether lists come with a map.
    """

    def __init__(self, bundle: Path, catalog: Catalog, in_answers: bool) -> None:
        self._bundle, self._catalog = bundle, catalog
        self._in_answers = in_answers
        self._hand = ThreadPoolExecutor(1, "map")  # only one, since each thread holds on to memory

    async def warm(self) -> None:
        """Draws a first map, so that no list has to wait for it; logs if the bundle has none."""
        if self._in_answers:
            try:
                await self.taste(taste_of((), self._catalog))
            except BadBundle as error:
                self._in_answers = False
                _log.warning("lists come without a map: %s", error)

    async def around(self, found: Recommendation, catalog: Catalog) -> bytes | None:
        """The surroundings of a sound and its picks; None without maps or if drawing fails."""
        if not self._in_answers:
            return None
        try:
            return await self._drawn(lambda pen: pen.draw_list(self._atlas, found, catalog))
        except Exception:  # a failed picture must not lose the list
            _log.exception("a map could not be drawn")
            return None

    async def whole(self, found: Recommendation, catalog: Catalog) -> bytes:
        """The whole map with a sound and its picks.  Raises BadBundle if there is no map."""
        return await self._drawn(lambda pen: pen.draw_list(self._atlas, found, catalog, True))

    async def taste(self, taste: Taste) -> bytes:
        """The map colored by expected liking.  Raises BadBundle if there is no map."""
        return await self._drawn(lambda pen: pen.draw_liking(self._atlas, taste))

    async def path(self, path: SoundPath, catalog: Catalog) -> bytes:
        """A path through tracks of a catalog.  Raises BadBundle if there is no map."""
        return await self._drawn(lambda pen: pen.draw_path(self._atlas, path, catalog))

    async def _drawn(self, draw: Callable[[Any], bytes]) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._hand, _done_by, draw)

    @property
    def _atlas(self) -> Atlas:
        return atlas_of(self._catalog, self._bundle)


def _done_by(draw: Callable[[Any], bytes]) -> bytes:
    from soundmap.draw import on_map

    return draw(on_map)
