"""Measures everything about a bundle: one document, one page and two pictures."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.bundle.listener import Listener
from soundmap.files import replacing
from soundmap.lab.datasets.arrays import TileSet, read_tiles, tracks_by_id
from soundmap.lab.evaluation.metrics import macro_f1_interval, reliability
from soundmap.lab.evaluation.plots import draw_confusion, draw_reliability
from soundmap.lab.evaluation.report_text import report_text
from soundmap.lab.evaluation.robustness import clips_in, robustness
from soundmap.lab.evaluation.scores import hear_all, scores
from soundmap.lab.evaluation.spaces import Comparison
from soundmap.types import Progress, silent


def make_report(
    listener: Listener, data: Path, audio: Path | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """The document of ``evaluate`` on the validation tiles in ``data``, and more.

    ``macro_f1_ci95``; ``reliability``, the bins of the calibration error; ``spaces``, the rows of
    :class:`soundmap.lab.evaluation.spaces.Comparison`; ``robustness`` of the clips in ``audio``, or
    None.  Raises BadDataset.
    """
    clips = clips_in(audio, listener) if audio else {}
    tiles = validation_tiles(data)
    heard = hear_all(listener, tiles, progress)
    report = scores(listener, tiles, heard)
    matrix = np.array(report["confusion"]["matrix"])
    report["macro_f1_ci95"] = list(macro_f1_interval(matrix))
    report["reliability"] = reliability(heard.probabilities, heard.targets)
    report["spaces"] = list(Comparison(listener, data, tiles, heard, progress).rows())
    report["robustness"] = robustness(listener, clips, progress) if clips else None
    return report


def write_report(report: dict[str, Any], folder: Path) -> None:
    """Writes report.json, report.md, confusion.png and reliability.png to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("confusion.png", draw_confusion(report)),
        ("reliability.png", draw_reliability(report)),
        ("report.md", report_text(report).encode()),
        ("report.json", (json.dumps(report, indent=1) + "\n").encode()),
    ):
        with replacing(folder / name) as part:
            part.write_bytes(content)


def validation_tiles(data: Path) -> TileSet:
    """Validation tiles of a data folder; its ``tracks.csv`` adds genres and artists."""
    table = tracks_by_id(data / "tracks.csv")
    genres = {track_id: row["genre"] for track_id, row in table.items()}
    tiles = read_tiles(data / "tiles-validation.npz", genres)
    if tiles.artists:
        return tiles
    names = (table.get(int(track_id), {}).get("artist") or "" for track_id in tiles.track_ids)
    return replace(tiles, artists=tuple(html.unescape(name).strip() for name in names))
