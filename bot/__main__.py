"""``python -m bot`` or ``soundmap-bot``: the bot, or the console where there is no token.

Imports nothing heavy before it is known what to do: child processes read this file too.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Runs a command; returns the exit status: 0, 1 for what went wrong, 2 for wrong usage."""
    from bot.command import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
