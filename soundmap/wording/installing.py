"""How optional parts are installed."""

from __future__ import annotations


def install(extra: str) -> str:
    """How to install an optional part.  In a clone pip alone would put a copy in its place."""
    return f"pip install 'soundmap[{extra}]' (in a clone: make extra-{extra})"
