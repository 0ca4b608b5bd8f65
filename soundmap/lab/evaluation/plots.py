"""Pictures of a report: confusion and reliability (matplotlib: needs the ``train`` extra)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from soundmap.draw.canvas import MUTED_ON_WHITE, PANEL, ROSE

_DPI = 130


def draw_confusion(report: dict[str, Any]) -> bytes:
    """A PNG: a row for each true genre, with the percentages of its tracks heard as each genre."""
    labels, matrix = report["confusion"]["labels"], np.array(report["confusion"]["matrix"])
    percent = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(8, 7.2), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(percent, cmap="magma_r", vmin=0, vmax=100)
    for (row, column), share in np.ndenumerate(percent):
        ink = "white" if share > 45 else PANEL
        axes.text(column, row, f"{share:.0f}", ha="center", va="center", color=ink, fontsize=12)
    axes.set_xticks(range(len(labels)), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="heard as", ylabel="filed as")
    axes.set_title(f"Of {report['n']:,} tracks, {report['accuracy']:.1%} heard as they are filed")
    figure.colorbar(image, shrink=0.8, label="% of the genre's tracks")
    return _png(figure, axes)


def draw_reliability(report: dict[str, Any]) -> bytes:
    """A PNG: accuracy against confidence, and below it how many tracks are in each bin."""
    bins = report["reliability"]
    confidence, accuracy, least, most = (
        np.array([one[name] for one in bins])
        for name in ("confidence", "accuracy", "least", "most")
    )
    figure = Figure(figsize=(7, 7), layout="constrained")
    axes, below = figure.subplots(2, sharex=True, height_ratios=(4, 1))
    axes.plot((0, 1), (0, 1), color=MUTED_ON_WHITE, linestyle="--", label="as sure as right")
    whiskers = np.abs([accuracy - least, most - accuracy])
    axes.errorbar(
        confidence,
        accuracy,
        whiskers,
        color=ROSE,
        marker="o",
        capsize=3,
        label="this bundle (95 %)",
    )
    axes.set(ylabel="share of right answers", xlim=(0, 1), ylim=(0, 1.02))
    axes.set_title(f"Expected calibration error {report['ece']:.3f}")
    axes.legend(loc="upper left", frameon=False)
    low, high = (np.array([one[name] for one in bins]) for name in ("low", "high"))
    below.bar(
        low, [one["n"] for one in bins], high - low, align="edge", color=MUTED_ON_WHITE, ec="white"
    )
    below.set(xlabel="probability of the genre it names", ylabel="tracks")
    return _png(figure, axes, below)


def _png(figure: Figure, *plots: Axes) -> bytes:
    """The figure as PNG bytes, without what would differ from one run to the next."""
    for axes in plots:
        axes.spines[["top", "right"]].set_visible(False)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
    return file.getvalue()
