"""Quantizes an inference graph to 8 bits for OpenVINO (the ``bench`` extra), to measure what that
gains and costs.

The inputs of a convolution are quantized by tensor, its weights by channel (Jacob et al.,
*Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference*, CVPR
2018).  Channels that are rarely loud are first scaled up, and their weights down (Xiao et al.,
*SmoothQuant*, ICML 2023).  Weights are rounded one after another, and the later ones compensate for
the errors of the earlier ones (Frantar et al., *GPTQ*, ICLR 2023).

Left in float32 are the first convolution, whose few weights see levels far from zero and lose the
most; the sums of residual blocks; and the dense layers, after which nothing makes up for a loss.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from soundmap.engines.with_openvino import compiled, model_of, openvino
from soundmap.types import Floats

_INPUTS, _WEIGHTS = 255, 127  # the largest integer of each
_SMOOTHING = 0.5  # 0 leaves channels as they are, 1 makes all equally loud
_DAMPING = 0.01
_TINY = np.float32(1e-30)  # for kernels of zeros
_QUIETEST = 1e-3  # of the loudest: no channel counts as quieter
_BATCH, _N_PLACES, _BLOCK = 10, 24, 128
_PLACE = 9  # values of a channel under a 3 x 3 kernel


def quantize(graph: Path, target: Path, tiles: Floats) -> None:
    """Writes the graph in 8 bits to ``target``, an ``.xml`` file, and its weights beside it.

    ``tiles`` (n, n_mels, n_columns) in 0..1 are typical inputs, by which the ranges are chosen.
    """
    model, _ = model_of(graph)
    nodes = [node for node in model.get_ordered_ops() if node.get_type_name() == "Convolution"]
    for node, seen in zip(nodes[1:], _inputs(model, nodes[1:], tiles), strict=True):
        _replace(node, *seen)
    openvino.save_model(model, target, compress_to_fp16=False)


def _inputs(model: Any, nodes: list[Any], tiles: Floats) -> list[tuple[Floats, Floats]]:
    """For each convolution, samples of the values under its kernel, (n, channels * 9), and the
    maximum of each input channel, (channels,).
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
    """Random 3 x 3 patches of ``values`` (n, channels, height, width), padded with 0.

    Returns (n * _N_PLACES, channels * 9).
    """
    n, _, height, width = values.shape
    padded = np.pad(values, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
    rows, columns = (rng.integers(size, size=(n, _N_PLACES)) for size in (height, width))
    return windows[np.arange(n)[:, None], :, rows, columns].reshape(n * _N_PLACES, -1)


def _replace(node: Any, patches: Floats, loudest: Floats) -> None:
    """Quantizes a convolution in place; one whose input is always 0 stays as it is."""
    if not loudest.any():
        return
    kernels = node.input_value(1).get_node().data
    sizes = np.maximum(loudest, loudest.max() * _QUIETEST) ** _SMOOTHING
    top = (loudest / sizes).max()
    shared = np.repeat(sizes, _PLACE)
    weights, smooth = kernels.reshape(len(kernels), -1) * shared, patches / shared
    limits = np.maximum(abs(weights).max(axis=1, keepdims=True), _TINY)
    met = _nearest(smooth, top / _INPUTS, 0, _INPUTS)
    whole = round_weights(weights, limits / _WEIGHTS, met)
    sizes, limits = sizes[:, None, None], limits[:, :, None, None]
    _round(node.input(0), node.input_value(0), (0, top * sizes[None], 0, top), _INPUTS + 1)
    ends = (-limits, limits, -limits, limits)
    _round(node.input(1), whole.reshape(kernels.shape), ends, 2 * _WEIGHTS + 1)


def _round(place: Any, values: Any, ends: tuple[Any, ...], n_levels: int) -> None:
    """Quantizes an input of a node: values from ``ends[0]`` to ``ends[1]`` become ``n_levels``
    evenly spaced ones from ``ends[2]`` to ``ends[3]``.
    """
    node = openvino.opset13.fake_quantize(values, *map(np.float32, ends), n_levels)
    place.replace_source_output(node.output(0))


def _nearest(values: Floats, step: Any, least: int, most: int) -> Floats:
    """The nearest multiples of ``step``, clipped to ``least`` and ``most`` steps."""
    return np.asarray(np.clip(np.rint(values / step), least, most) * step)


def round_weights(weights: Floats, steps: Floats, patches: Floats) -> Floats:
    """Weights (n_out, n_in) rounded to multiples of ``steps`` (n_out, 1), such that their products
    with ``patches`` (n, n_in) change little.
    """
    left = weights.astype(np.float64)
    moments = (patches.T @ patches).astype(np.float64)
    moments[np.diag_indices_from(moments)] += _DAMPING * (moments.diagonal().mean() or 1)
    shares = np.linalg.cholesky(np.linalg.inv(moments)).T  # of an error, for each later weight
    for start in range(0, len(shares), _BLOCK):
        block = slice(start, start + _BLOCK)
        after = slice(start + _BLOCK, None)
        errors = _round_block(left[:, block], steps[:, 0], shares[block, block])
        left[:, after] -= errors @ shares[block, after]
    return left.astype(np.float32)


def _round_block(left: Any, steps: Any, shares: Any) -> Any:
    """Rounds columns in place; returns the error of each, for later columns to absorb."""
    errors = np.zeros_like(left)
    for at in range(left.shape[1]):
        value = _nearest(left[:, at], steps, -_WEIGHTS, _WEIGHTS)
        errors[:, at] = (left[:, at] - value) / shares[at, at]
        left[:, at] = value
        left[:, at + 1 :] -= np.outer(errors[:, at], shares[at, at + 1 :])
    return errors
