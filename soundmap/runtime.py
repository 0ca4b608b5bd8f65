"""Runs the exported network with ONNX Runtime: answering needs no torch."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from soundmap.errors import BadBundle
from soundmap.types import Floats

# ONNX Runtime 1.29 and later report to their maker and write to the home folder, unless this
# stands in the process's environment, where its native code looks as it is loaded.
os.putenv("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime


class Runtime:
    """An inference graph with input ``tiles`` and outputs ``embeddings`` and ``logits``."""

    def __init__(self, graph: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors share no base but Exception
            raise BadBundle("bad_graph", path=graph) from error

    def run(self, tiles: Floats) -> tuple[Floats, Floats]:
        """Tiles (n, n_mels, n_columns) in 0..1 to embeddings (n, size) and logits (n, n_genres)."""
        outputs = self._session.run(["embeddings", "logits"], {"tiles": tiles[:, None]})
        return np.asarray(outputs[0]), np.asarray(outputs[1])


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities float32, rows summing to 1, of logits (n, n_genres).

    Dividing by a temperature calibrates them (Guo et al., *On Calibration of Modern Neural
    Networks*, ICML 2017).
    """
    shifted = logits / temperature
    exponentials = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), dtype=np.float32)
