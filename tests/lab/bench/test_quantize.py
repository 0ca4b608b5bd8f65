"""A graph in 8 bits, as ``soundmap bench`` measures it, beside what it was made of."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch

from soundmap.engines.base import OPENVINO, PORTABLE, difference
from soundmap.engines.runtime import Runtime
from soundmap.lab.network.genre_net import COMPACT, PUBLISHED, GenreNet, NetworkConfig
from soundmap.lab.network.graph import write_graph

with_openvino = pytest.importorskip("soundmap.engines.with_openvino")

from soundmap.lab.bench.quantize import quantize, round_weights  # noqa: E402

Layer = TypeVar("Layer", bound=torch.nn.Module)


def lost_in_eight_bits(graph: Path) -> float:
    tiles = np.random.default_rng(1).random((25, 128, 128), np.float32)
    target = graph.with_suffix(".xml")
    quantize(graph, target, tiles)
    exact = Runtime(graph, engine=PORTABLE).run(tiles)[0]
    return difference(Runtime(target, engine=OPENVINO).run(tiles)[0], exact)


def _of(kind: type[Layer], network: GenreNet) -> list[Layer]:
    return [layer for layer in network.modules() if isinstance(layer, kind)]


@pytest.mark.parametrize("kind", [PUBLISHED, COMPACT])
def test_eight_bits_hear_nearly_the_same(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    path = tmp_path / "graph.onnx"
    write_graph(GenreNet(NetworkConfig(8, kind=kind)).eval(), path, 128, 128)
    assert 1e-6 < lost_in_eight_bits(path) < 1.7e-3  # a weight simply rounded: above 1.9e-3
    nodes = [
        node.get_type_name()
        for node in with_openvino.model_of(path.with_suffix(".xml"))[0].get_ops()
    ]
    assert nodes.count("FakeQuantize") == 2 * (nodes.count("Convolution") - 1)


def test_in_eight_bits_a_quiet_channel_is_heard_beside_a_loud_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    network = GenreNet(NetworkConfig(8, kind=COMPACT)).eval()
    loudness = 10 ** torch.linspace(-1.5, 1.5, 8)
    with torch.no_grad():
        _of(torch.nn.BatchNorm2d, network)[0].weight.mul_(loudness)
        _of(torch.nn.Conv2d, network)[1].weight.div_(loudness[:, None, None])
    write_graph(network, tmp_path / "uneven.onnx", 128, 128)
    smoothed = lost_in_eight_bits(tmp_path / "uneven.onnx")
    monkeypatch.setattr("soundmap.lab.bench.quantize._SMOOTHING", 0)
    assert smoothed < 0.7 * lost_in_eight_bits(tmp_path / "uneven.onnx")


def test_in_eight_bits_what_hears_nothing_stays_as_it_is(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = GenreNet(NetworkConfig(8, kind=PUBLISHED)).eval()
    norms = _of(torch.nn.BatchNorm2d, network)
    for layer in (norms[1], norms[4]):  # the kernels of two convolutions, and what the next hear
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.constant_(layer.bias, -1)
    write_graph(network, tmp_path / "dead.onnx", 128, 128)
    assert lost_in_eight_bits(tmp_path / "dead.onnx") < 1.7e-3


def test_in_eight_bits_weights_make_up_for_each_others_rounding() -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((20, 200), np.float32)
    steps = abs(weights).max(axis=1, keepdims=True) / 7
    inputs = np.maximum(rng.standard_normal((500, 30)) @ rng.standard_normal((30, 200)), 0)
    nearest = np.rint(weights / steps) * steps
    mended = round_weights(weights, steps, inputs)
    np.testing.assert_allclose(mended / steps, np.rint(mended / steps), atol=1e-4)
    plainly, better = (abs(inputs @ (each - weights).T).mean() for each in (nearest, mended))
    assert better < 0.6 * plainly
