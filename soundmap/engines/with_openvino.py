"""OpenVINO (the ``fast`` extra), in float32 or in halves of that."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np

from soundmap.engines import OUTPUTS, Engine
from soundmap.types import Floats


def opened(graph: Path, threads: int) -> Engine:
    """A compiled graph that computes in float32."""
    return _opened(graph, threads, "f32")


def opened_in_half(graph: Path, threads: int) -> Engine:
    """A compiled graph that computes in halves of float32."""
    return _opened(graph, threads, "f16")


def _opened(graph: Path, threads: int, precision: str) -> Engine:
    """Whole tiles, which are as wide as high; narrower ones go to ONNX Runtime, since OpenVINO
    loses their number where the width may change (seen in 2026.4).
    """
    # As it is imported its converter reports to its maker; without it nothing does.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]
    import openvino

    from soundmap.engines.with_onnxruntime import opened as portable

    # Without being told it takes bf16 where the processor has it.
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    core = openvino.Core()
    model = core.read_model(graph)
    width = model.input("tiles").partial_shape[2].get_length()
    model.reshape({"tiles": [-1, 1, width, width]})
    request = core.compile_model(
        model, "CPU", {**settings, "NUM_STREAMS": 1}
    ).create_infer_request()
    narrow = cache(lambda: portable(graph, threads))

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        if tiles.shape[3] != width:
            return narrow()(tiles)
        found = request.infer({"tiles": tiles})
        embeddings, logits = (np.array(found[output]) for output in OUTPUTS)
        return embeddings, logits

    return run
