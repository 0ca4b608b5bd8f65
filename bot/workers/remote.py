"""What runs in a worker of a Dask cluster: it has children of its own listen, as confined as those
of the bot's machine, and answers with data.

The worker's own event loop runs this, so the children end with it.
"""

from __future__ import annotations

from pathlib import Path

from bot.types import Heard, Refusal
from bot.workers.pool import Workers
from soundmap import cluster

_pools: dict[tuple[Path, float, int], Workers] = {}


async def listen(
    parts: cluster.Parts, data: bytes, ending: str, sha256: str, deadline_s: float, memory_mb: int
) -> Heard | Refusal:
    """Has a sound heard by a child of this worker, within its deadline and its memory."""
    workers = await _open(parts, deadline_s, memory_mb)
    with cluster.laid_down(data, ending) as path:
        return await workers.listen(path, sha256)


async def _open(parts: cluster.Parts, deadline_s: float, memory_mb: int) -> Workers:
    """As many children as this worker has threads, kept until it ends."""
    from distributed import get_worker

    what = cluster.unpacked(parts), deadline_s, memory_mb
    if what not in _pools:
        cluster.allow_children()
        n = get_worker().state.nthreads
        _pools[what] = await Workers(what[0], n, deadline_s, memory_mb).__aenter__()
    return _pools[what]
