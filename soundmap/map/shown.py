"""What ``soundmap map`` made, as JSON documents, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from soundmap.catalog import Catalog
from soundmap.map.page import Sound
from soundmap.map.placing import place
from soundmap.types import Floats


def page_json(
    path: Path, catalog: Catalog, layout: Floats, sounds: Sequence[Sound]
) -> dict[str, Any]:
    """The page, and where each sound landed, x to the right and y upwards, in -1..1."""
    return {
        "page": str(path.absolute()),
        "tracks": len(catalog),
        "bytes": path.stat().st_size,
        "sounds": [_sound_json(sound, catalog, layout) for sound in sounds],
    }


def show_page(facts: dict[str, Any]) -> None:
    """Where the page is."""
    console = Console(highlight=False)
    size = f"{facts['tracks']:,} tracks, {facts['bytes'] / 1e6:.1f} MB"
    console.print(f"The map ({size}): {escape(facts['page'])}", soft_wrap=True)
    console.print("Open it in a browser; it needs no network.")


def show_survey(facts: dict[str, Any]) -> None:
    """What was measured of the layout, a row for each method."""
    console = Console(highlight=False)
    console.print(f"bundle {facts['bundle']}: {facts['tracks']:,} tracks, by {facts['method']}")
    if not facts["methods"]:
        return
    table = Table("method", "trustworthiness", "genre purity", "silhouette", "mean rank", "median")
    for method, row in facts["methods"].items():
        scores = (f"{row[name]:.3f}" for name in ("trustworthiness", "genre_purity", "silhouette"))
        table.add_row(method, *scores, f"{row['mean_rank']:.0f}", f"{row['median_rank']:.0f}")
    console.print(table)
    console.print(
        f"Genre purity in all numbers {facts['genre_purity']:.3f}; ranks: how far around the place"
        f" where one of {facts['held_out']:,} tracks left out lands its ten nearest are.",
        soft_wrap=True,
    )


def _sound_json(sound: Sound, catalog: Catalog, layout: Floats) -> dict[str, Any]:
    x, y = place(sound.answer.analysis.embedding, catalog, layout)
    picks = [pick.track.track_id for pick in sound.answer.picks]
    return {"name": sound.name, "x": round(x, 4), "y": round(y, 4), "picks": picks}
