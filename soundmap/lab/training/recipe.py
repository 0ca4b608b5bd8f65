"""The settings of a training run, and the run itself: what it is and how far it has come."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from soundmap.errors import BadRequest
from soundmap.files import parts_of

CHECKPOINT, RECORD = "checkpoint.pt", "training.json"
_SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every setting of a training run.

    ``learning_rate`` is the highest; it is reached after ``warm_up``, a share of the run, and falls
    to 0 along a half cosine.  ``averaging`` is the share of the average kept at each step, 0 for
    none; ``crop_columns`` the width of the random crop, 0 for whole tiles; ``mixed_share`` the
    share of batches that are mixed.

    The last ``polish`` epochs see tiles as they occur in use: whole, unmixed, unmasked, some of
    them muffled.  Their learning rate falls from ``polish_rate`` to 0.

    Of each batch the share ``paired`` are second views of some of its tracks, heard through a
    random channel; of the tracks with one view half are heard so.  ``identity`` weighs the loss of
    finding the clean view of a track by its altered one.  An epoch shows as many views as there
    are tracks.

    ``distillation`` and ``contrast`` weigh their losses against that of the genre; ``trust`` is the
    teacher's share of the genre that is aimed at.  ``whitening`` and ``stretch`` lay out the
    embedding once it is trained (``GenreNet.lay_out``).  Raises BadRequest ``bad_recipe``.
    """

    width: int = 48
    epochs: int = 64
    batch_size: int = 48
    learning_rate: float = 2e-3
    warm_up: float = 0.08
    weight_decay: float = 0.05
    dropout: float = 0.1
    averaging: float = 0.998
    smoothing: float = 0.1
    distillation: float = 1.0
    trust: float = 0.6
    contrast: float = 0.4
    paired: float = 0.0
    identity: float = 0.0
    whitening: float = 0.4
    stretch: float = 2.0
    mixed_share: float = 0.3
    crop_columns: int = 64
    polish: int = 8
    polish_rate: float = 6e-4
    seed: int = 0

    def __post_init__(self) -> None:
        rate, seed = self.learning_rate, self.seed
        whole = min(self.width, self.epochs, self.batch_size - 1)
        if whole < 1 or not 0 < rate < 1 or not 0 <= seed < _SEEDS:
            raise BadRequest("bad_recipe")

    @property
    def n_paired(self) -> int:
        """How many views of a batch are second ones."""
        return round(self.paired * self.batch_size)

    def polishes(self, epoch: int) -> bool:
        """Whether an epoch, counted from 0, is one of the last ``polish``."""
        return epoch >= self.epochs - self.polish

    def learning_rate_at(self, done: float) -> float:
        """The learning rate after the share ``done`` (0..1) of all steps."""
        polished = 1 - (1 - done) * self.epochs / self.polish if self.polish else -1
        if polished >= 0:
            return self.polish_rate * _falling(polished)
        if done < self.warm_up:
            return self.learning_rate * done / self.warm_up
        return self.learning_rate * _falling((done - self.warm_up) / (1 - self.warm_up))


def _falling(done: float) -> float:
    """From 1 to 0 along a half cosine (Loshchilov and Hutter, SGDR, ICLR 2017)."""
    return (1 + math.cos(math.pi * done)) / 2


@dataclass(slots=True)
class Run:
    """A training run on disk: its checkpoint, and a record that a person can read.

    ``data`` says what is learned from, for the record; ``data_sha256`` is a hash of it.
    """

    folder: Path
    recipe: Recipe
    n_genres: int
    data_sha256: str = ""
    data: dict[str, Any] = dataclasses.field(default_factory=dict)
    history: list[dict[str, float]] = dataclasses.field(default_factory=list)

    @property
    def finished(self) -> bool:
        """All epochs are done."""
        return len(self.history) >= self.recipe.epochs

    @property
    def best(self) -> dict[str, float] | None:
        """The scored epoch with the highest validation accuracy, of equal ones that with the lowest
        loss; None before any was scored.
        """
        scored = [row for row in self.history if "validation_accuracy" in row]
        order = [(row["validation_accuracy"], -row["validation_loss"]) for row in scored]
        return scored[order.index(max(order))] if scored else None

    @property
    def keeps_last(self) -> bool:
        """Whether the weights of the last epoch are the ones to keep so far."""
        return self.best is self.history[-1] if self.best else self.finished

    def is_recorded(self) -> bool:
        """Whether the record in the folder is of this recipe and data."""
        path, own = self.folder / RECORD, self.record()
        if not path.is_file():
            return False
        known = json.loads(path.read_text(encoding="utf-8"))
        return all(known.get(name) == own[name] for name in ("recipe", "data_sha256"))

    def forget(self) -> None:
        """Removes the files of the run, and nothing else from its folder."""
        for path in (self.folder / CHECKPOINT, self.folder / RECORD):
            for file in (path, *parts_of(path)):
                file.unlink(missing_ok=True)

    def record(self) -> dict[str, Any]:
        """What a reader needs to repeat the run: recipe, data, history, versions."""
        return {
            "recipe": dataclasses.asdict(self.recipe),
            "torch": version("torch"),
            "data": self.data,
            "data_sha256": self.data_sha256,
            "history": self.history,
            "kept_epoch": (self.best or {}).get("epoch", len(self.history)),
        }
