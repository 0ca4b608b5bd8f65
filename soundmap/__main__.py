"""``python -m soundmap`` or ``soundmap``: the command line.

Nothing heavy is imported at the top: Ctrl-C meanwhile would end in a traceback.
"""

import sys


def main() -> int:
    """Runs the command line and returns the exit status."""
    try:
        from soundmap.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
