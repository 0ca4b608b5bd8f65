"""The settings that a network of the ladder is trained with."""

from __future__ import annotations

from dataclasses import dataclass

from soundmap.errors import BadRequest

_SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Plan:
    """Every setting of a training: Adam, or AdamW with ``weight_decay`` above 0.

    The learning rate rises over ``warm_up`` epochs and is multiplied by ``lr_factor`` every
    ``lr_step`` epochs.  Training stops after ``patience`` epochs without a lower validation loss
    and keeps the best epoch; without a validation side it runs all epochs and keeps the last.
    Raises BadRequest ``bad_recipe``.
    """

    epochs: int = 50
    batch_size: int = 32
    learning_rate: float = 1e-3
    lr_step: int = 10
    lr_factor: float = 0.1
    warm_up: int = 0
    weight_decay: float = 0.0
    patience: int = 6
    seed: int = 0

    def __post_init__(self) -> None:
        counts = min(self.epochs, self.batch_size - 1, self.lr_step, self.patience)
        if counts < 1 or not 0 < self.learning_rate < 1 or not 0 <= self.seed < _SEEDS:
            raise BadRequest("bad_recipe")

    def learning_rate_at(self, epoch: int) -> float:
        """Learning rate of an epoch, counted from 0."""
        rising = min(1.0, (epoch + 1) / (self.warm_up + 1))
        return self.learning_rate * rising * self.lr_factor ** (epoch // self.lr_step)
