"""The table of the ladder: what was measured here, beside what others published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from soundmap.errors import BadDataset
from soundmap.files import replacing
from soundmap.lab.ladder import ROWS

PUBLISHED = (
    {"what": "GTZAN, 20 feature values, DNN", "accuracy": 0.935, "per": "not said"},
    {"what": "GTZAN, MFCC with augmentation, CNN", "accuracy": 0.811, "per": "not said"},
    {"what": "FMA, MFCC, CNN", "accuracy": 0.589, "per": "not said"},
    {"what": "FMA, mel tiles, CNN", "accuracy": 0.953, "per": "slices"},
    {"what": "fma_small, MFCC statistics, SVC", "accuracy": 0.464, "per": "test tracks"},
    {"what": "fma_small, mel, CNN-RNN", "accuracy": 0.444, "per": "test tracks"},
    {"what": "fma_small, mel, CRNN", "accuracy": 0.441, "per": "test tracks"},
)
_NEEDED = {"row", "accuracy", "accuracy_ci95", "macro_f1", "n", "parameters", "data"}
NOTES = (
    "Run here: one answer a track, artists kept apart, the epoch chosen on the tracks it is scored"
    " on; F1 is the mean over genres.",
    "Published: as reported, on other splits. Slices of one track on both sides of a split make the"
    " difference: soundmap evaluate --protocol both shows how much.",
)


def known_rows(run: Path) -> list[dict[str, Any]]:
    """The rows in a run folder, in the order of the ladder.

    Raises BadDataset ``unreadable_dataset`` for a file that is no row.
    """
    return [_read(run / f"{name}.json") for name in ROWS if (run / f"{name}.json").exists()]


def write_row(run: Path, row: dict[str, Any]) -> None:
    """Writes a finished row, whole or not at all."""
    run.mkdir(parents=True, exist_ok=True)
    with replacing(run / f"{row['row']}.json") as part:
        part.write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")


def document(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The table as one JSON document."""
    return {"rows": rows, "published": list(PUBLISHED)}


def _read(path: Path) -> dict[str, Any]:
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(row, dict) or not row.keys() >= _NEEDED:
            raise ValueError
    except (OSError, ValueError) as error:
        reason = "it is no row of a ladder"
        raise BadDataset("unreadable_dataset", path=path, reason=reason) from error
    return row
