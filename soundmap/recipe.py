"""The choices of a training run, and the run itself: what it is, how far it has come."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from soundmap.errors import BadRequest

RUN_FILES = ("checkpoint.pt", "checkpoint.tmp", "training.json")
_SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of a training run.

    ``averaging`` is the share of the average kept at each step, 0 for none; ``crop_columns`` the
    width of the random crop, 0 for whole tiles; ``augmented`` turns crop, shift and masks on.
    """

    width: int = 24
    epochs: int = 20
    batch_size: int = 32
    learning_rate: float = 1e-3
    lr_steps: tuple[int, ...] = (11, 16)
    lr_factor: float = 0.1
    dropout: float = 0.2
    averaging: float = 0.995
    patience: int = 8
    seed: int = 0
    augmented: bool = True
    crop_columns: int = 96

    def __post_init__(self) -> None:
        whole = (self.width, self.epochs, self.batch_size - 1, self.patience)
        object.__setattr__(self, "lr_steps", tuple(self.lr_steps))
        rate, seed = self.learning_rate, self.seed
        if min(whole) < 1 or not 0 < rate < 1 or not 0 <= seed < _SEEDS:
            raise BadRequest("bad_recipe")

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""
        return self.learning_rate * self.lr_factor ** sum(epoch >= step for step in self.lr_steps)


@dataclass(slots=True)
class Run:
    """A training run on disk: its checkpoint, and a record that a person can read."""

    folder: Path
    recipe: Recipe
    n_genres: int
    data_sha256: str = ""
    history: list[dict[str, float]] = dataclasses.field(default_factory=list)

    @property
    def best(self) -> dict[str, float]:
        """The epoch with the lowest validation loss."""
        return min(self.history, key=lambda epoch: epoch["validation_loss"])

    @property
    def finished(self) -> bool:
        """All epochs done, or ``patience`` of them without a lower validation loss."""
        done = len(self.history)
        return done >= self.recipe.epochs or (
            done > 0 and done - self.best["epoch"] >= self.recipe.patience
        )

    def forget(self) -> None:
        """Removes the files of the run, and nothing else from its folder."""
        for name in RUN_FILES:
            (self.folder / name).unlink(missing_ok=True)

    def record(self) -> dict[str, Any]:
        """What a reader needs to repeat the run: recipe, history, versions."""
        return {
            "recipe": dataclasses.asdict(self.recipe),
            "torch": version("torch"),
            "data_sha256": self.data_sha256,
            "history": self.history,
        }
