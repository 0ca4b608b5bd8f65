"""Runs in a worker of a Dask cluster: children of the worker listen, and answers are plain data.

The children are confined like those on the bot's machine.  They are started by the worker's event
loop, so they end with it.
"""

from __future__ import annotations

from pathlib import Path

from bot.types import Heard, Refusal
from bot.workers.pool import Workers
from soundmap import cluster
from soundmap.audio.windows import Look

_pools: dict[tuple[Path, float, int], Workers] = {}


async def listen(
    parts: cluster.Parts,
    data: bytes,
    ending: str,
    sha256: str,
    look: Look,
    deadline_s: float,
    memory_mb: int,
) -> Heard | Refusal:
    """Has a child of this worker listen to a sound, within its deadline and memory."""
    workers = await _open(parts, deadline_s, memory_mb)
    with cluster.laid_down(data, ending) as path:
        return await workers.listen(path, sha256, look)


async def _open(parts: cluster.Parts, deadline_s: float, memory_mb: int) -> Workers:
    """The children of this worker, one per thread, kept until it ends."""
    from distributed import get_worker

    what = cluster.unpacked(parts), deadline_s, memory_mb
    if what not in _pools:
        cluster.allow_children()
        n = get_worker().state.nthreads
        _pools[what] = await Workers(what[0], n, deadline_s, memory_mb).__aenter__()
    return _pools[what]
