"""An inference graph in 8 bits (the ``bench`` extra), to know what that would gain and cost.

Each convolution's weights by channel and its inputs by tensor, at ranges that some tiles show
(Jacob et al., *Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference*, CVPR 2018).  The dense layers stay in float32: they take no
time, and what they lose nothing after them mends.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from soundmap.types import Floats

_BATCH = 10
_KINDS = ["Conv", "Relu", "MaxPool", "Add"]


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Gives tiles in batches of equal size."""

    def __init__(self, tiles: Floats) -> None:
        self._batches = iter(np.split(tiles, range(_BATCH, len(tiles), _BATCH)))

    def get_next(self) -> dict[str, Floats] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"tiles": batch[:, None]}


def quantize(graph: Path, target: Path, tiles: Floats) -> None:
    """Writes the graph in 8 bits; ``tiles`` (n, n_mels, n_columns) in 0..1 are typical ones."""
    with tempfile.TemporaryDirectory(prefix="soundmap-") as folder, _quiet():
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(graph, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            target,
            _Reader(tiles),
            per_channel=True,
            activation_type=QuantType.QUInt8,  # signed ones take twice as long
            weight_type=QuantType.QInt8,
            op_types_to_quantize=_KINDS,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """The library advises, at length, what is done here anyway."""
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
