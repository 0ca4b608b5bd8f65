"""``python -m bot``: the console."""

import sys

from bot.console import main

if __name__ == "__main__":
    sys.exit(main())
