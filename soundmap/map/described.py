"""What the card of a bundle says of its map."""

from __future__ import annotations

import re
from typing import Any

_MAP = """## Map

Where a track lies on the map (`layout.npy`) was computed once, by {method}, from the embeddings of
all {tracks:,}. A new sound lands at the weighted mean of its ten nearest tracks' places.
{compared}
"""

_COMPARED = """
| | trustworthiness | genre purity | silhouette of genres | rank of true neighbors |
|---|---|---|---|---|
{rows}

Trustworthiness of ten neighbors: 1 where the map invents none. Purity: the share of the ten nearest
on the map that have a track's genre; by all numbers of the embedding it is {genre_purity:.3f}.
Rank: {held_out:,} tracks were left out of the map and then placed on it; counted by distance from
where one landed, so far are its ten nearest tracks, in the mean (and median); {chance:,.0f} by
chance.
"""
_METHODS = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}


def with_map(text: str, facts: dict[str, Any]) -> str:
    """The card with its section about the map, in place of one that it may have.

    ``facts`` are those of :func:`soundmap.map.projections.compare`.
    """
    text = re.sub(r"^## Map\n.*?(?=^## )", "", text, flags=re.MULTILINE | re.DOTALL)
    section = _MAP.format(
        method=_METHODS[facts["method"]], tracks=facts["tracks"], compared=_compared(facts)
    )
    before, network, after = text.partition("## Network\n")
    return f"{before}{section.rstrip()}\n\n{network}{after}"


def _compared(facts: dict[str, Any]) -> str:
    """The table of methods, nothing where there were too few tracks to compare them."""
    if not facts["methods"]:
        return ""
    rows = "\n".join(
        f"| {_METHODS[method]} | {row['trustworthiness']:.3f} | {row['genre_purity']:.3f} |"
        f" {row['silhouette']:.3f} | {row['mean_rank']:.0f} ({row['median_rank']:.0f}) |"
        for method, row in facts["methods"].items()
    )
    chance = (facts["tracks"] - facts["held_out"] + 1) / 2
    return _COMPARED.format(rows=rows, chance=chance, **facts)
