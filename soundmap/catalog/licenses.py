"""Shortens license names to the form that Creative Commons uses."""

from __future__ import annotations

import re

UNKNOWN = "not known: treat as CC BY-NC-ND"
_ADDRESS = re.compile(
    r"creativecommons\.org/(licenses|publicdomain)/([a-z+-]+)(?:/(\d\.\d))?", re.IGNORECASE
)
_SHORT = re.compile(r"\b(?:CC|cc)[ -]?(BY(?:[ -](?:NC|SA|ND))*)\b(?:[ -]*v?(\d\.\d))?")
_ZERO = re.compile(r"\bCC[ -]?(?:0|zero)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\bCreative Commons\W+(?:licen[cs]e\W+)?(Attribution(?:[ -]*(?:Non[ -]?commercial"
    r"|Share[ -]?alike|No[ -]?deriv[a-z]*))*(?: licen[cs]e)?(?: \d\.\d)?)",
    re.IGNORECASE,
)
_PARTS = (("noncommercial", "NC"), ("sharealike", "SA"), ("noderiv", "ND"))


def short_license(name: str) -> str:
    """The short form of a license name or of a creativecommons.org address.

    ``Attribution-Noncommercial-Share Alike 3.0 Germany`` becomes ``CC BY-NC-SA 3.0 Germany``.  An
    empty name gives ``UNKNOWN``; a name that is not from Creative Commons is returned as it is.
    """
    if not name:
        return UNKNOWN
    if address := _ADDRESS.search(name):
        return _of_address(*address.groups())
    if "attribution" not in name.lower():
        return name
    letters = re.sub(r"[^a-z]", "", name.lower())
    parts = ["BY", *(short for word, short in _PARTS if word in letters)]
    version = re.search(r"\d\.\d.*$", name)
    place = version.group().replace("International", "").strip() if version else ""
    return f"CC {'-'.join(parts)} {place}".strip()


def license_in(text: str) -> str:
    """The short form of a Creative Commons license that a text mentions, by address or by name;
    empty if it mentions none.
    """
    if address := _ADDRESS.search(text):
        return _of_address(*address.groups())
    if short := _SHORT.search(text):
        return f"CC {short[1].replace(' ', '-')} {short[2] or ''}".strip()
    if _ZERO.search(text):
        return "CC0"
    return short_license(named[1]) if (named := _NAMED.search(text)) else ""


def license_class(name: str) -> str:
    """``permissive`` for public domain, CC0 and CC BY without further conditions, otherwise
    ``restricted``.
    """
    words = short_license(name).split()
    free = words[:1] == ["CC0"] or words[:2] in (["CC", "BY"], ["Public", "Domain"])
    return "permissive" if free else "restricted"


def _of_address(kind: str, parts: str, version: str | None) -> str:
    """The short name from the parts of an address: ``CC BY-NC 3.0`` for ``licenses/by-nc/3.0``."""
    if kind.lower() == "publicdomain":
        return "CC0" if parts.lower() == "zero" else "Public Domain"
    return f"CC {parts.upper()} {version or ''}".strip()
