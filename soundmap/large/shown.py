"""What came of making an index, as a JSON document and for a person to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from soundmap.large.index import Facts


def index_json(name: str, facts: Facts) -> dict[str, Any]:
    """An index as a JSON document: ``recall_at_10`` over the trials that it was tuned by."""
    return {
        "catalog": name,
        "lists": facts.lists,
        "looked_at": facts.probes,
        "recall_at_10": facts.recall,
        "bytes": facts.n_bytes,
    }


def show_built(facts: Mapping[str, Any], console: Console | None = None) -> None:
    """The same in a line."""
    console = console or Console(highlight=False)
    console.print(
        f"catalog {facts['catalog']} has its index: {facts['looked_at']:,} of {facts['lists']:,}"
        f" lists find {facts['recall_at_10']:.1%} of the ten nearest; {facts['bytes'] / 1e6:,.0f}"
        " MB on disk",
        soft_wrap=True,
    )
