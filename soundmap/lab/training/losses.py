"""Loss functions of training (torch: needs the ``train`` extra)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

CONTRAST_TEMPERATURE = 0.15
IDENTITY_TEMPERATURE = 0.1


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy of logits (n, n_genres) against probabilities of the same shape."""
    return -(targets * logits.log_softmax(1)).sum(1).mean()


def supervised_contrastive(embeddings: Tensor, targets: Tensor) -> Tensor:
    """Pulls tracks of one genre together on the unit sphere and pushes others away.

    Khosla et al., *Supervised Contrastive Learning*, NeurIPS 2020, equation 2: ``embeddings`` (n,
    size), ``targets`` int64 (n,).  Tracks that share their genre with no other count for nothing.
    """
    directions = functional.normalize(embeddings, dim=1)
    itself = torch.eye(len(targets), dtype=torch.bool, device=targets.device)
    logits = (directions @ directions.T / CONTRAST_TEMPERATURE).masked_fill(itself, -1e9)
    likelihood = logits.log_softmax(1)
    same = (targets[:, None] == targets[None]) & ~itself
    shared = same.sum(1)
    mean = (likelihood * same).sum(1) / shared.clamp_min(1)
    return -mean.sum() / (shared > 0).sum().clamp_min(1)


def identification(altered: Tensor, clean: Tensor, rows: Tensor | None = None) -> Tensor:
    """Cross-entropy of telling by direction which of ``clean`` (m, size) each of ``altered`` (n,
    size) is: that in ``rows`` int64 (n,), by default the one in the same row.  Only the altered are
    pulled.

    InfoNCE (van den Oord, Li and Vinyals, arXiv:1807.03748).
    """
    asked, known = functional.normalize(altered, dim=1), functional.normalize(clean.detach(), dim=1)
    logits = asked @ known.T / IDENTITY_TEMPERATURE
    own = torch.arange(len(asked)) if rows is None else rows
    return functional.cross_entropy(logits, own.to(logits.device))
