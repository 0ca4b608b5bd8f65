"""The ONNX Runtime engine, which runs almost wherever Python does."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from soundmap.engines.base import OUTPUTS, Engine
from soundmap.types import Floats

# ONNX Runtime 1.29 and later send telemetry and write to the home folder unless this is set.  The
# native code reads it from the process's environment when it is loaded.
os.putenv("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime


def opened(graph: Path, threads: int) -> Engine:
    """Opens a graph; ``threads`` 0 means all cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(tiles: Floats) -> tuple[Floats, Floats]:
        embeddings, logits = session.run(list(OUTPUTS), {"tiles": tiles})
        return np.asarray(embeddings), np.asarray(logits)

    return run


def height(graph: Path) -> int:
    """Number of mel bands of a graph's input."""
    return int(onnxruntime.InferenceSession(str(graph)).get_inputs()[0].shape[2])
