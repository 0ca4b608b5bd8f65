"""Pictures of the map with a list, a path or a taste on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from soundmap.catalog.table import Catalog
from soundmap.draw.map import LARGE, draw_map
from soundmap.draw.marks import Marks, Place
from soundmap.map.atlas import Atlas
from soundmap.paths.find import SoundPath
from soundmap.search.exact import Rows
from soundmap.taste.liking import liking_of
from soundmap.taste.taste import Taste
from soundmap.types import Pick, Recommendation


def draw_list(atlas: Atlas, found: Recommendation, catalog: Catalog, whole: bool = False) -> bytes:
    """Draws a sound and its picks from ``catalog`` with their surroundings, as a PNG.

    ``whole`` shows the whole map, larger.
    """
    star = atlas.place(found.analysis.embedding)
    marks = Marks(star=star, picks=_places(atlas, catalog, found.picks), whole=whole)
    return draw_map(atlas, marks, LARGE if whole else 1.0)


def draw_path(atlas: Atlas, path: SoundPath, catalog: Catalog) -> bytes:
    """Draws a path through tracks of ``catalog``, as a PNG."""
    ends = [atlas.place(end.analysis.embedding) for end in (path.start, path.end)]
    return draw_map(atlas, Marks(ends=ends, picks=_places(atlas, catalog, path.picks)))


def draw_liking(atlas: Atlas, taste: Taste) -> bytes:
    """Draws what a person liked, disliked and may like on the whole map, as a PNG."""
    likes, dislikes = taste.rows[taste.likes], taste.rows[taste.own & (taste.values < 0)]
    marks = Marks(
        likes=_at(atlas, likes),
        dislikes=_at(atlas, dislikes),
        liking=liking_of(taste, atlas.catalog),
    )
    return draw_map(atlas, marks, LARGE)


def _places(atlas: Atlas, catalog: Catalog, picks: Iterable[Pick]) -> list[Place]:
    """Places of picks; tracks of another catalog are placed like any new sound."""
    rows = [catalog.row_of(pick.track.track_id) for pick in picks]
    if catalog is atlas.catalog:
        return _at(atlas, np.array(rows, np.int64))
    return [atlas.place(np.array(catalog.points.values[row])) for row in rows]


def _at(atlas: Atlas, rows: Rows) -> list[Place]:
    return [(float(x), float(y)) for x, y in atlas.layout[rows]]
