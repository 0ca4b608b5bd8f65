"""Writes a trained network as files of a bundle, safetensors and ONNX (the ``train`` extra)."""

from __future__ import annotations

import dataclasses
import logging
import warnings
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from soundmap.lab.network.genre_net import GenreNet, NetworkConfig


def write_weights(network: GenreNet, path: Path) -> None:
    """Writes every parameter and running statistic, in a format that can hold no code."""
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, path)


def read_weights(path: Path, config: NetworkConfig) -> GenreNet:
    """The network of a bundle in torch, in evaluation mode."""
    network = GenreNet(config)
    network.load_state_dict({**network.state_dict(), **load_file(path)})  # old ones lack a center
    return network.eval()


def config_facts(network: GenreNet) -> dict[str, int | float]:
    """The architecture as a manifest states it."""
    return dataclasses.asdict(network.config)


def write_graph(network: GenreNet, path: Path, n_mels: int, n_columns: int) -> None:
    """Writes the inference graph, for any number of tiles of any width.

    Its input is ``tiles`` (n, 1, n_mels, columns), its outputs are ``embeddings`` and ``logits``.
    """
    # From weights laid out channels last the exporter makes a graph that misreads narrow tiles.
    network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    dimensions = {"tiles": {0: torch.export.Dim("n"), 3: torch.export.Dim("columns")}}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        program = torch.onnx.export(
            network.eval(),
            (torch.rand(2, 1, n_mels, n_columns),),
            input_names=["tiles"],
            output_names=["embeddings", "logits"],
            dynamic_shapes=dimensions,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    program.save(path, external_data=False)
