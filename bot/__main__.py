"""``python -m bot`` or ``soundmap-bot``: the bot, or the console if there is no token.

Nothing heavy is imported at the top, since child processes import this module too.
"""

from __future__ import annotations

import sys

from bot.workers.signals import end_at_once

_OURS = ("bot", "cogs", "soundmap")
_RUNS: list[list[str]] = [[], ["run"]]
_INTERRUPTED = 130


def main() -> int:
    """Runs a command; returns the exit status: 0, 1 for an error, 2 for wrong usage."""
    end_at_once(0 if sys.argv[1:] in _RUNS else _INTERRUPTED)
    try:
        from bot.command import run

        return run(sys.argv[1:])
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if not package or package in _OURS:
            raise
        return _not_installed(package)


def _not_installed(package: str) -> int:
    from soundmap.wording.installing import install

    print(f"soundmap-bot: The bot needs {package}: {install('bot')}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
