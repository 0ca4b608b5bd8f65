"""An inference graph in 8 bits, for OpenVINO (the ``bench`` extra), to know what that gains and
costs.

Each convolution's inputs by tensor and its weights by channel (Jacob et al., *Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference*, CVPR 2018).  Channels
that seldom get loud are first made louder, and their weights smaller (Xiao et al., *SmoothQuant*,
ICML 2023).  A weight is rounded such that those after it make up for what that changes (Frantar et
al., *GPTQ*, ICLR 2023).  In float32 stay the first convolution, whose few weights see levels far
from zero and lose most; the sums of residual blocks; and the dense layers, after which nothing
mends a loss.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from soundmap.engines.with_openvino import compiled, model_of, openvino
from soundmap.types import Floats

_INPUTS, _WEIGHTS = 255, 127  # the largest number that stands for one
_SMOOTHING = 0.5  # 0: channels keep their loudness, 1: all get equally loud
_DAMPING = 0.01
_TINY = np.float32(1e-30)  # for kernels of zeros
_QUIETEST = 1e-3  # of the loudest: below, a channel counts as that
_BATCH, _N_PLACES, _BLOCK = 10, 24, 128
_PLACE = 9  # inputs of a channel that a 3 x 3 convolution sees at once


def quantize(graph: Path, target: Path, tiles: Floats) -> None:
    """Writes the graph in 8 bits to ``target``, an ``.xml``, and its weights beside it; ``tiles``
    (n, n_mels, n_columns) in 0..1 are typical ones.
    """
    model, _ = model_of(graph)
    nodes = [node for node in model.get_ordered_ops() if node.get_type_name() == "Convolution"]
    for node, seen in zip(nodes[1:], _inputs(model, nodes[1:], tiles), strict=True):
        _replace(node, *seen)
    openvino.save_model(model, target, compress_to_fp16=False)


def _inputs(model: Any, nodes: list[Any], tiles: Floats) -> list[tuple[Floats, Floats]]:
    """What each convolution sees at some places, (n, channels * 3 * 3), and how loud each of its
    channels gets anywhere, (channels,).
    """
    sources = openvino.Model([node.input_value(0) for node in nodes], model.get_parameters())
    network, rng = compiled(sources), np.random.default_rng(0)
    seen: list[list[tuple[Floats, Floats]]] = []
    for batch in np.split(tiles, range(_BATCH, len(tiles), _BATCH)):
        inputs = network(batch[:, None]).values()
        seen.append([(_patches(values, rng), values.max(axis=(0, 2, 3))) for values in inputs])
    by_node = (zip(*batches, strict=True) for batches in zip(*seen, strict=True))
    return [(np.concatenate(patches), np.max(tops, axis=0)) for patches, tops in by_node]


def _patches(values: Floats, rng: np.random.Generator) -> Floats:
    """Some of the places that a 3 x 3 convolution of (n, channels, height, width) sees."""
    n, _, height, width = values.shape
    padded = np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
    rows, columns = (rng.integers(size, size=(n, _N_PLACES)) for size in (height, width))
    return windows[np.arange(n)[:, None], :, rows, columns].reshape(n * _N_PLACES, -1)


def _replace(node: Any, patches: Floats, loudest: Floats) -> None:
    """Has a convolution compute in 8 bits.  One that hears nothing stays as it is."""
    if not loudest.any():
        return
    kernels = node.input_value(1).get_node().data
    sizes = np.maximum(loudest, loudest.max() * _QUIETEST) ** _SMOOTHING
    top = (loudest / sizes).max()
    shared = np.repeat(sizes, _PLACE)
    weights, smooth = kernels.reshape(len(kernels), -1) * shared, patches / shared
    limits = np.maximum(abs(weights).max(axis=1, keepdims=True), _TINY)
    met = _nearest(smooth, top / _INPUTS, 0, _INPUTS)
    whole = rounded(weights, limits / _WEIGHTS, met)
    sizes, limits = sizes[:, None, None], limits[:, :, None, None]
    _round(node.input(0), node.input_value(0), (0, top * sizes[None], 0, top), _INPUTS + 1)
    ends = (-limits, limits, -limits, limits)
    _round(node.input(1), whole.reshape(kernels.shape), ends, 2 * _WEIGHTS + 1)


def _round(place: Any, values: Any, ends: tuple[Any, ...], n_levels: int) -> None:
    """Has the input at a place take so many values, from the third to the fourth of ``ends``, for
    what lies from the first to the second.
    """
    node = openvino.opset13.fake_quantize(values, *map(np.float32, ends), n_levels)
    place.replace_source_output(node.output(0))


def _nearest(values: Floats, step: Any, least: int, most: int) -> Floats:
    """The nearest multiples of ``step``, at least and at most so many times that."""
    return np.asarray(np.clip(np.rint(values / step), least, most) * step)


def rounded(weights: Floats, steps: Floats, patches: Floats) -> Floats:
    """Weights (n_out, n_in) as multiples of ``steps`` (n_out, 1), such that products with
    ``patches`` (n, n_in) change little.
    """
    left = weights.astype(np.float64)
    moments = (patches.T @ patches).astype(np.float64)
    moments[np.diag_indices_from(moments)] += _DAMPING * (moments.diagonal().mean() or 1)
    shares = np.linalg.cholesky(np.linalg.inv(moments)).T  # of an error, for the weights after it
    for start in range(0, len(shares), _BLOCK):
        block = slice(start, start + _BLOCK)
        after = slice(start + _BLOCK, None)
        errors = _round_block(left[:, block], steps[:, 0], shares[block, block])
        left[:, after] -= errors @ shares[block, after]
    return left.astype(np.float32)


def _round_block(left: Any, steps: Any, shares: Any) -> Any:
    """Rounds some columns in place; returns what each one's error has the later ones make up."""
    errors = np.zeros_like(left)
    for at in range(left.shape[1]):
        value = _nearest(left[:, at], steps, -_WEIGHTS, _WEIGHTS)
        errors[:, at] = (left[:, at] - value) / shares[at, at]
        left[:, at] = value
        left[:, at + 1 :] -= np.outer(errors[:, at], shares[at, at + 1 :])
    return errors
