"""Names of engines, the package each needs, and how much their results may differ."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from soundmap.types import Floats

Engine = Callable[[Floats], tuple[Floats, Floats]]
"""Tiles (n, 1, n_mels, n_columns) to embeddings (n, size) and logits (n, n_genres)."""
PORTABLE, MNN, OPENVINO, OPENVINO_F16 = "onnxruntime", "mnn", "openvino", "openvino-f16"
PACKAGES = {PORTABLE: "onnxruntime", MNN: "MNN", OPENVINO: "openvino", OPENVINO_F16: "openvino"}
OUTPUTS = ("embeddings", "logits")
TOLERANCE = 1e-3
"""Largest difference of an embedding, relative to its length, between machines or engines."""


def installed(name: str) -> bool:
    """Whether the package of an engine is installed."""
    return importlib.util.find_spec(PACKAGES[name]) is not None


def release_of(name: str) -> str:
    """Version of an engine's package, '' if another distribution provides the module."""
    try:
        return version(PACKAGES[name])
    except PackageNotFoundError:
        return ""


def difference(embeddings: Floats, expected: Floats) -> float:
    """Largest distance between rows of two arrays (n, size), relative to the expected length."""
    moved = np.linalg.norm(embeddings - expected, axis=1)
    return float((moved / np.linalg.norm(expected, axis=1)).max())
