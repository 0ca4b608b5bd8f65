"""``python -m soundmap``: the command line."""

import sys

from soundmap.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
