"""One thread for the numerical libraries of a process that has others like it beside it."""

from __future__ import annotations

import os

THREAD_SETTINGS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""What OpenMP, OpenBLAS, MKL and Accelerate read, each once, when it is loaded."""


def use_one_thread() -> None:
    """Keeps libraries that this process or its children load from now on to one thread each."""
    for name, text in THREAD_SETTINGS.items():
        os.putenv(name, text)
