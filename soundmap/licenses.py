"""License names as people write them, to the short names Creative Commons uses."""

from __future__ import annotations

import re

UNKNOWN = "not known: treat as CC BY-NC-ND"
_PARTS = (("noncommercial", "NC"), ("sharealike", "SA"), ("noderiv", "ND"))


def short_license(name: str) -> str:
    """``Attribution-Noncommercial-Share Alike 3.0 Germany`` to ``CC BY-NC-SA 3.0 Germany``.

    An empty name gives ``UNKNOWN``; one that is no Creative Commons license is kept.
    """
    if not name:
        return UNKNOWN
    if "attribution" not in name.lower():
        return name
    letters = re.sub(r"[^a-z]", "", name.lower())
    parts = ["BY", *(short for word, short in _PARTS if word in letters)]
    version = re.search(r"\d\.\d.*$", name)
    place = version.group().replace("International", "").strip() if version else ""
    return f"CC {'-'.join(parts)} {place}".strip()
