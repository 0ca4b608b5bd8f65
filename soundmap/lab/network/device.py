"""Threads, device and precision of a training (torch: needs the ``train`` extra)."""

from __future__ import annotations

import torch

from soundmap.errors import BadRequest


def use_threads(threads: int | None) -> None:
    """Limits torch to ``threads`` processor cores; None sets no limit.

    Raises BadRequest ``bad_threads`` for less than one.
    """
    if threads is None:
        return
    if threads < 1:
        raise BadRequest("bad_threads", threads=threads)
    torch.set_num_threads(threads)


def device() -> torch.device:
    """The GPU, where torch finds one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_bfloat16(where: torch.device) -> bool:
    """Whether ``where`` computes in bfloat16 natively; emulation would be ten times slower."""
    if where.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def mixed_precision(where: torch.device) -> torch.autocast:
    """Convolutions and products in bfloat16 where that is fast, the rest in float32
    (Micikevicius et al., *Mixed Precision Training*, ICLR 2018): 2.5 times faster.
    """
    return torch.autocast(where.type, torch.bfloat16, enabled=has_bfloat16(where))
