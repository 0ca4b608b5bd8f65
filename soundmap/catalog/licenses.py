"""Reads license names: their short form, their address, and what they allow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from soundmap.catalog.ports import PORTS

UNKNOWN = "not known: treat as CC BY-NC-ND"
NOT_STATED = "not stated"
TERMS = ("cc0", "by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
OR_WIDER = "+"
LICENSES = ("any", "known", "permissive", *TERMS, *(terms + OR_WIDER for terms in TERMS[1:]))
"""What may be asked for: terms exactly, or with ``OR_WIDER`` also what allows more."""
_LATEST = "4.0"
_ADDRESS = re.compile(
    r"creativecommons\.org/(licenses|publicdomain)/([a-z+-]+)(?:/(\d\.\d))?(?:/([a-z]+))?",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://)?(?:www\.)?creativecommons\.org\S*", re.IGNORECASE)
_SHORT = re.compile(r"\b(?:CC|cc)[ -]?(BY(?:[ -](?:NC|SA|ND))*)\b(?:[ -]*v?(\d\.\d))?")
_ZERO = re.compile(r"\bCC[ -]?(?:0|zero)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\bCreative Commons\W+(?:licen[cs]e\W+)?(Attribution(?:[ -]*(?:Non[ -]?commercial"
    r"|Share[ -]?alike|No[ -]?deriv[a-z]*))*(?: licen[cs]e)?(?: \d\.\d)?)",
    re.IGNORECASE,
)
_PARTS = (("noncommercial", "NC"), ("sharealike", "SA"), ("noderiv", "ND"))
_OWNERLESS = re.compile(r"(?:creative commons )?(?:cc ?(?:0|zero)|zero|public domain)\b")
_ZEROS = re.compile(r"\bcc ?0\b|\bzero\b")
_CREDITED = re.compile(r"\bcc ?by\b|^by\b|\battribution\b")
_CONDITIONS = {
    "nc": re.compile(r"\bnc\b|\bno[nt]? ?(?:for )?commercial"),
    "sa": re.compile(r"\bsa\b|\bshare ?alike"),
    "nd": re.compile(r"\bnd\b|\bno ?deriv"),
}
_SPEAKS_OF_IT = re.compile(r"\bcc\b|\bcommons\b|\blicen[cs]ed?\b|\bpublic domain\b|\bby-")
_WORDS = frozenset(
    re.findall(
        r"\w+",
        "cc creative commons license licence licensed under the by nc sa nd cc0 zero public domain"
        " attribution non not no for commercial noncommercial share alike sharealike derivative"
        " derivatives derivs noderivs noderivatives works international unported generic universal "
        + " ".join(PORTS).casefold(),
    )
)
"""All that the name of a license may be made of, beside its version."""
_VERSION = re.compile(r"v?\d")
_OF_OTHERS = {
    "sampling plus": "sampling+/1.0",
    "noncommercial sampling plus": "nc-sampling+/1.0",
}
_SITE = "https://creativecommons.org"


def short_license(name: str) -> str:
    """The short form of a license name or of a creativecommons.org address.

    ``Attribution-Noncommercial-Share Alike 3.0 Germany`` becomes ``CC BY-NC-SA 3.0 Germany``.  An
    empty name gives ``UNKNOWN``; a name that is not from Creative Commons is returned as it is.
    """
    if not name:
        return UNKNOWN
    if address := _ADDRESS.search(name):
        return _of_address(*address.groups()[:3])
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
        return _of_address(*address.groups()[:3])
    if short := _SHORT.search(text):
        return f"CC {short[1].replace(' ', '-')} {short[2] or ''}".strip()
    if _ZERO.search(text):
        return "CC0"
    return short_license(named[1]) if (named := _NAMED.search(text)) else ""


def is_license(text: str) -> bool:
    """Whether a text says under which license something is, and at most that it is licensed."""
    said = text.casefold()
    words = re.findall(r"[^\W_]+", _ADDRESS.sub(" ", said))
    only = all(it in _WORDS or _VERSION.fullmatch(it) for it in words)
    return bool(license_in(text)) or (only and bool(_SPEAKS_OF_IT.search(said)))


def without_license(text: str) -> str:
    """A text without the licenses that stand in it by a code, a full name or an address."""
    for mention in (_LINK, _SHORT, _ZERO, _NAMED):
        text = mention.sub(" ", text)
    return text


def license_class(name: str) -> str:
    """``permissive`` for public domain, CC0 and CC BY without further conditions, otherwise
    ``restricted``.
    """
    return "permissive" if passes(license_of(name), "permissive") else "restricted"


@dataclass(frozen=True, slots=True)
class License:
    """A license by its ``name``, empty if it is not known.

    ``terms`` are one of ``TERMS``: ``cc0`` stands for all that nobody owns, and they are empty for
    a license of another kind.  ``url`` is its address, empty if it has none, and that of the latest
    version if its name states none.
    """

    name: str = ""
    terms: str = ""
    url: str = ""


def allowed(terms: str) -> frozenset[str]:
    """What terms allow; of a license without known terms, nothing is known to be allowed.

    How wide a license is follows from this alone: one is wider than another if it allows all that
    the other does, and more.  To ``adapt`` is to share what one made from it under the same
    license, to ``relicense`` under any.
    """
    conditions, forbidding = set(terms.split("-")), dict[str, set[str]]()
    forbidding |= {"share": set(), "sell": {"nc"}, "adapt": {"nd"}, "relicense": {"nd", "sa"}}
    forbidding |= {"use without credit": {"by"}}
    return frozenset(act for act, by in forbidding.items() if terms and not by & conditions)


def passes(license_: License, wish: str) -> bool:
    """Whether a license is what was asked for by one of ``LICENSES``."""
    if wish in ("any", "known"):
        return wish == "any" or bool(license_.name)
    wish = f"by{OR_WIDER}" if wish == "permissive" else wish
    wanted, given = allowed(wish.removesuffix(OR_WIDER)), allowed(license_.terms)
    return given >= wanted if wish.endswith(OR_WIDER) else given == wanted


def wish_of(text: str) -> str:
    """One of ``LICENSES`` as a person may write it: ``CC BY-SA or wider`` is ``by-sa+``.

    Empty if it is none of them, or has a word that no license has: what is misspelled must not be
    taken for something else.
    """
    said = " ".join(text.casefold().split())
    exact = re.sub(r" ?(?:\+|or wider)$", "", said)
    words = re.findall(r"[^\W_]+", exact)
    is_known = all(it in _WORDS or _VERSION.fullmatch(it) for it in words)
    is_known = is_known or bool(_ADDRESS.search(exact))
    terms = license_of(exact).terms if is_known else ""
    wish = terms + OR_WIDER * (exact != said and terms != "cc0")
    return said if said in LICENSES else wish if terms else ""


@lru_cache(maxsize=4_096)
def license_of(text: str) -> License:
    """The license that a text names, in any spelling of Creative Commons or by its address.

    Words that narrow a license count wherever they stand: in doubt it is the narrower one.
    """
    if not (text := text.strip()) or text in (UNKNOWN, NOT_STATED):
        return License()
    if address := _ADDRESS.search(text):
        return _by_address(text, *(part or "" for part in address.groups()))
    words = " ".join(re.sub(r"[_\s-]+", " ", text.casefold()).split())
    if words in _OF_OTHERS:
        return License(text, url=f"{_SITE}/licenses/{_OF_OTHERS[words]}/")
    conditions = [name for name, spelled in _CONDITIONS.items() if spelled.search(words)]
    is_plain = not conditions and "all rights reserved" not in words
    if _OWNERLESS.match(words) and is_plain:
        return _ownerless("zero" if _ZEROS.search(words) else "mark")
    if not _CREDITED.search(words) or "all rights reserved" in words:
        return License(text)
    version = re.search(r"(?<![\d.])[1-4]\.\d", words)
    place = next((it for it in PORTS if re.search(rf"\b{it.casefold()}\b", words)), "")
    return _credited(conditions, version[0] if version else "", place)


def _by_address(text: str, kind: str, parts: str, version: str, port: str) -> License:
    """The license at an address; nothing is known of one whose parts are strange."""
    parts = parts.casefold()
    if kind.casefold() == "publicdomain":
        return _ownerless("zero" if parts == "zero" else "mark")
    first, *conditions = parts.split("-")
    if first != "by" or not set(conditions) <= set(_CONDITIONS):
        return License(text, url=f"{_SITE}/licenses/{parts}/{version or '1.0'}/")
    place = next((name for name, code in PORTS.items() if code == port.casefold()), "")
    return _credited(conditions, version, place)


def _ownerless(kind: str) -> License:
    name = "CC0 1.0" if kind == "zero" else "Public Domain"
    return License(name, "cc0", f"{_SITE}/publicdomain/{kind}/1.0/")


def _credited(conditions: list[str], version: str, place: str) -> License:
    """The license with these conditions, in their usual order; share-alike ends where nothing may
    be made from it, and the fourth version has no ports.
    """
    kept = ["nc"] * ("nc" in conditions)
    kept += ["nd"] if "nd" in conditions else ["sa"] * ("sa" in conditions)
    terms, place = "-".join(["by", *kept]), "" if version in ("", _LATEST) else place
    name = " ".join(filter(None, (f"CC {terms.upper()}", version, place)))
    port = f"{PORTS[place]}/" if place else ""
    return License(name, terms, f"{_SITE}/licenses/{terms}/{version or _LATEST}/{port}")


def _of_address(kind: str, parts: str, version: str | None) -> str:
    """The short name from the parts of an address: ``CC BY-NC 3.0`` for ``licenses/by-nc/3.0``."""
    if kind.lower() == "publicdomain":
        return "CC0" if parts.lower() == "zero" else "Public Domain"
    return f"CC {parts.upper()} {version or ''}".strip()
