"""``python -m bot`` or ``soundmap-bot``: the bot, or the console if there is no token.

Nothing heavy is imported at the top, since child processes import this module too.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Runs a command; returns the exit status: 0, 1 for an error, 2 for wrong usage."""
    from bot.command import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
