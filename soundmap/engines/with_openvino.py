"""The OpenVINO engine (the ``fast`` extra), in float32 or float16."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.engines.base import OUTPUTS, Engine
from soundmap.types import Floats

# OpenVINO's converter sends telemetry when it is imported; nothing here needs it.
sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["compiled", "model_of", "opened", "openvino"]


def compiled(model: Any, threads: int = 1, precision: str = "f32") -> Any:
    """Compiles a model.  Without a precision OpenVINO would use bfloat16 where it is supported."""
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    return openvino.Core().compile_model(model, "CPU", {**settings, "NUM_STREAMS": 1})


def model_of(graph: Path) -> tuple[Any, int]:
    """The model of a graph for whole tiles, which are square, and their width."""
    model = openvino.Core().read_model(graph)
    width: int = model.input("tiles").partial_shape[2].get_length()
    model.reshape({"tiles": [-1, 1, width, width]})
    return model, width


def opened(graph: Path, threads: int, precision: str, portable: Callable[[], Engine]) -> Engine:
    """Opens a graph that computes in float32 (``f32``) or float16 (``f16``); layers that are
    quantized in the graph run in 8 bits.

    Tiles narrower than a whole one go to the ``portable`` engine: with a variable width, OpenVINO
    2026.4 loses the batch size.
    """
    model, width = model_of(graph)
    request = compiled(model, threads, precision).create_infer_request()
    narrow = cache(portable)

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        if tiles.shape[3] != width:
            return narrow()(tiles)
        found = request.infer({"tiles": tiles})
        embeddings, logits = (np.array(found[output]) for output in OUTPUTS)
        return embeddings, logits

    return run
