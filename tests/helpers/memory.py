"""How much memory a worker needs, which depends on the engine that is fastest here."""

from __future__ import annotations

from pathlib import Path

from bot.workers.pool import Workers
from soundmap.bundle.manifest import DEFAULT_BUNDLE


async def needed_mb() -> int:
    """What RLIMIT_DATA counts of a worker that waits, in MiB."""
    async with Workers(DEFAULT_BUNDLE, 1, 30, 1024) as workers:
        assert await workers.ready() is None
        status = Path(f"/proc/{workers.pids[0]}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmData"))
