"""OpenVINO (the ``fast`` extra), in float32 or in halves of that."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from soundmap import engines
from soundmap.engines import OUTPUTS, Engine
from soundmap.types import Floats

# As it is imported its converter reports to its maker; without it nothing does.
sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["compiled", "model_of", "opened", "opened_in_half", "openvino"]


def opened(graph: Path, threads: int) -> Engine:
    """A compiled graph that computes in float32, or in 8 bits what the graph has in 8 bits."""
    return _opened(graph, threads, "f32")


def opened_in_half(graph: Path, threads: int) -> Engine:
    """A compiled graph that computes in halves of float32."""
    return _opened(graph, threads, "f16")


def compiled(model: Any, threads: int = 1, precision: str = "f32") -> Any:
    """A model for this processor; without being told it takes bf16 where the processor has it."""
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    return openvino.Core().compile_model(model, "CPU", {**settings, "NUM_STREAMS": 1})


def model_of(graph: Path) -> tuple[Any, int]:
    """The model of a graph, for whole tiles, and how wide and high these are."""
    model = openvino.Core().read_model(graph)
    width: int = model.input("tiles").partial_shape[2].get_length()
    model.reshape({"tiles": [-1, 1, width, width]})
    return model, width


def _opened(graph: Path, threads: int, precision: str) -> Engine:
    """Narrower tiles go to ONNX Runtime, since OpenVINO loses their number where the width may
    change (seen in 2026.4).
    """
    model, width = model_of(graph)
    request = compiled(model, threads, precision).create_infer_request()
    narrow = cache(lambda: engines.opened(engines.PORTABLE, graph, threads))

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        if tiles.shape[3] != width:
            return narrow()(tiles)
        found = request.infer({"tiles": tiles})
        embeddings, logits = (np.array(found[output]) for output in OUTPUTS)
        return embeddings, logits

    return run
