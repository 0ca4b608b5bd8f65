"""One training step: a batch of tiles, its targets and the loss (torch).

Besides the genre the network learns what a teacher knows: from its embedding one dense layer has to
recall a stronger model's embedding of the track (Hinton et al., *Distilling the Knowledge in a
Neural Network*, 2015), and part of the target is the teacher's guess at the genre, which is softer
than a label.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from soundmap.errors import BadDataset
from soundmap.lab.network.device import mixed_precision
from soundmap.lab.network.genre_net import GenreNet
from soundmap.lab.training.augment import augment, degrade, mix, polish, varied
from soundmap.lab.training.channels import through_channel
from soundmap.lab.training.losses import identification, soft_cross_entropy, supervised_contrastive
from soundmap.lab.training.recipe import Recipe

_GUESS_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Split:
    """One side: ``tiles`` uint8 (n, n_mels, n_columns) and ``targets`` int64 (n,).

    With a teacher also its ``knowledge`` float32 (n, size) and ``guesses`` float32 (n, n_genres).
    To hear in degraded tiles what a network hears in clean ones, that network's ``points`` float32
    (n, embedding_size) and ``answers``, logits float32 (n, n_genres).
    """

    tiles: Tensor
    targets: Tensor
    knowledge: Tensor | None = None
    guesses: Tensor | None = None
    points: Tensor | None = None
    answers: Tensor | None = None

    def __post_init__(self) -> None:
        if len(self.tiles) != len(self.targets) or len(self.tiles) < 2:
            raise BadDataset("too_few_tiles", n=len(self.tiles))


class Student(nn.Module):
    """The network, and the dense layer that recalls the teacher's knowledge and does not ship."""

    def __init__(self, network: GenreNet, knowledge_size: int) -> None:
        super().__init__()
        self.network = network
        self.recall = nn.Linear(network.config.embedding_size, knowledge_size)

    def forward(self, tiles: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Tiles to (embeddings, logits, recalled knowledge (n, knowledge_size))."""
        embeddings, logits = self.network(tiles)
        return embeddings, logits, self.recall(embeddings)


def loss_of(
    recipe: Recipe, student: Student, split: Split, chosen: Tensor, polishing: bool
) -> Tensor:
    """The loss of one batch of distinct tracks: genre, teacher's knowledge, contrast and, for
    those seen twice, identity.  Mixed batches have neither of the last two.
    """
    device = student.recall.weight.device
    if split.points is not None and split.answers is not None:
        return _loss_of_degraded(student, split.tiles, split.points, split.answers, chosen)
    mixed = not polishing and torch.rand(()).item() < recipe.mixed_share
    n_paired = 0 if mixed else min(recipe.n_paired, len(chosen))
    seen = torch.cat([chosen, chosen[:n_paired]])
    targets = split.targets[seen].to(device)
    aims, knowledge = _genre_targets(recipe, split, seen, student, device)
    tiles = levels_on(split.tiles[seen], device)
    tiles = polish(tiles) if polishing else _views(recipe, tiles, n_paired)
    if mixed:
        tiles, aims, knowledge = mix(tiles, aims, knowledge)
    tiles = tiles.contiguous(memory_format=torch.channels_last)
    with mixed_precision(device):
        answers = student(tiles)
    embeddings, logits, recalled = (answer.float() for answer in answers)
    loss = soft_cross_entropy(logits, aims)
    if split.knowledge is not None:
        loss = loss + recipe.distillation * functional.mse_loss(recalled, knowledge)
    if not mixed:
        loss = loss + recipe.contrast * supervised_contrastive(embeddings, targets)
    if n_paired:
        first, second = embeddings[: len(chosen)], embeddings[len(chosen) :]
        loss = loss + recipe.identity * identification(second, first)
    return loss


def _loss_of_degraded(
    student: Student, tiles: Tensor, points: Tensor, answers: Tensor, chosen: Tensor
) -> Tensor:
    """Of finding each track among all ``points`` by a degraded tile, and of ``answers``."""
    device = student.recall.weight.device
    views = degrade(levels_on(tiles[chosen], device))
    with mixed_precision(device):
        heard = student.network(views.contiguous(memory_format=torch.channels_last))
    embeddings, logits = (answer.float() for answer in heard)
    aims = answers[chosen].softmax(1).to(device)
    found = identification(embeddings, points.to(device), chosen)
    guessed = functional.kl_div(logits.log_softmax(1), aims, reduction="batchmean")
    return found + _GUESS_WEIGHT * guessed


def _views(recipe: Recipe, tiles: Tensor, n_paired: int) -> Tensor:
    """A random view of each tile: first ones of the paired clean, second ones through a channel,
    half of the others too.
    """
    if not recipe.paired:
        return augment(tiles, recipe.crop_columns)
    order = torch.arange(len(tiles))
    alone = (order >= n_paired) & (order < len(tiles) - n_paired) & (torch.rand(len(tiles)) < 0.5)
    through = alone | (order >= len(tiles) - n_paired)
    return augment(tiles, varied(recipe.crop_columns), through)


def in_use(recipe: Recipe, split: Split, chosen: Tensor, device: torch.device) -> Tensor:
    """Whole tiles as they occur in use, half of them through a channel where the recipe has any;
    degraded ones where these are learned.
    """
    tiles = levels_on(split.tiles[chosen], device)
    if split.points is not None:
        return degrade(tiles)
    through = torch.rand(len(tiles)) < (0.5 if recipe.paired else 0)
    tiles[through] = through_channel(tiles[through])
    return tiles


def _genre_targets(
    recipe: Recipe, split: Split, chosen: Tensor, student: Student, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Genre probabilities to aim at (n, n_genres), smoothed and shared with the teacher, and the
    teacher's knowledge (n, size).
    """
    n_genres = student.network.config.n_genres
    labels = functional.one_hot(split.targets[chosen], n_genres).float()
    aims = labels * (1 - recipe.smoothing) + recipe.smoothing / n_genres
    if split.knowledge is None or split.guesses is None:
        return aims.to(device), torch.zeros(len(chosen), 1, device=device)
    aims = torch.lerp(aims, split.guesses[chosen], recipe.trust)
    return aims.to(device), split.knowledge[chosen].to(device)


def levels_on(tiles: Tensor, device: torch.device) -> Tensor:
    """uint8 (n, n_mels, n_columns) to float32 (n, 1, n_mels, n_columns) in 0..1, on a device."""
    levels = (tiles.to(device).float() / 255).unsqueeze(1)
    return levels.contiguous(memory_format=torch.channels_last)
