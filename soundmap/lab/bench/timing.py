"""Processor time of a pipeline, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Pipeline = tuple[tuple[str, Callable[[Any], Any]], ...]
"""Stages by name; each takes what the one before it returned, the first a path."""
Times = dict[str, float]
"""Milliseconds by stage."""


def timed(pipeline: Pipeline, path: Path) -> Times:
    """Milliseconds of processor time that each stage takes."""
    value, times = path, {}
    for name, work in pipeline:
        value, times[name] = spent_ms(work, value)
    return times


def spent_ms(work: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """What ``work`` returns, and the milliseconds of processor time that it took."""
    started = time.process_time()
    value = work(*args)
    return value, 1000 * (time.process_time() - started)
