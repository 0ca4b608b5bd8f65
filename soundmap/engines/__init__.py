"""What can run an inference graph: MNN where it has wheels, else ONNX Runtime, and OpenVINO.

ONNX Runtime gives the embeddings that all others have to agree with.  MNN computes 3 x 3
convolutions by Winograd's algorithm (Lavin and Gray, *Fast Algorithms for Convolutional Neural
Networks*, CVPR 2016), in float32 too, with fewer than half of the multiplications.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from soundmap.errors import BadBundle, NotInstalled
from soundmap.types import Floats

Engine = Callable[[Floats], tuple[Floats, Floats]]
"""Tiles (n, 1, n_mels, n_columns) to embeddings (n, size) and logits (n, n_genres)."""
PORTABLE, MNN, OPENVINO, OPENVINO_F16 = "onnxruntime", "mnn", "openvino", "openvino-f16"
PACKAGES = {PORTABLE: "onnxruntime", MNN: "MNN", OPENVINO: "openvino", OPENVINO_F16: "openvino"}
OUTPUTS = ("embeddings", "logits")
TOLERANCE = 1e-3
"""Largest difference of an embedding, relative to its length, between machines or engines."""


def opened(name: str, graph: Path, threads: int = 1) -> Engine:
    """An engine with a graph; ``threads`` 0 means all cores.  Raises BadBundle ``bad_graph``, or
    NotInstalled ``needs_engine``.
    """
    if not installed(name):
        raise NotInstalled("needs_engine", package=PACKAGES[name])
    try:
        module = import_module(f"soundmap.engines.with_{PACKAGES[name].lower()}")
        opener = module.opened_in_half if name == OPENVINO_F16 else module.opened
        engine: Engine = opener(graph, threads)
    except ImportError as error:  # there, but not for this machine
        raise NotInstalled("needs_engine", package=PACKAGES[name]) from error
    except Exception as error:  # the libraries' errors share no base
        raise BadBundle("bad_graph", path=graph) from error
    return engine


def installed(name: str) -> bool:
    """Whether the package of an engine is there."""
    return importlib.util.find_spec(PACKAGES[name]) is not None


def release_of(name: str) -> str:
    """Version of an engine's package, '' where another package brings it."""
    try:
        return version(PACKAGES[name])
    except PackageNotFoundError:
        return ""


def difference(embeddings: Floats, expected: Floats) -> float:
    """Largest distance of an embedding (n, size) from the expected one, relative to its length."""
    moved = np.linalg.norm(embeddings - expected, axis=1)
    return float((moved / np.linalg.norm(expected, axis=1)).max())
