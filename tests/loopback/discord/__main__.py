"""``python -m tests.loopback.discord``: serves the loopback Discord until stopped."""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import suppress
from pathlib import Path

from tests.loopback.discord.server import serving


async def serve(port: int, ready_file: Path | None) -> None:
    """Serves; once ready, writes the environment variables that a bot needs to a file."""
    async with serving(port) as environment:
        text = json.dumps(environment)
        if ready_file:
            ready_file.write_text(text)
        print(text, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Reads the arguments and serves."""
    parser = argparse.ArgumentParser(description="A loopback Discord on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    parser.add_argument("--ready-file", type=Path, help="gets what a bot needs to know, as JSON")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.ready_file))


if __name__ == "__main__":
    main()
