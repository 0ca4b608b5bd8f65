"""A license is the same whatever it is called, and what it allows follows from its terms."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundmap.bundle.listener import Listener
from soundmap.catalog.licenses import (
    LICENSES,
    NOT_STATED,
    OR_WIDER,
    TERMS,
    UNKNOWN,
    License,
    allowed,
    license_class,
    license_of,
    passes,
    wish_of,
)
from soundmap.catalog.ports import PORTS

CREDITED = [terms for terms in TERMS if terms != "cc0"]
WORDS = {"by": "Attribution", "nc": "NonCommercial", "sa": "Share Alike", "nd": "No Derivatives"}
VERSIONS = ("", "1.0", "2.5", "3.0", "4.0")


def spellings(terms: str, version: str, place: str) -> list[str]:
    """A license as people, tables and tags write it."""
    first, *conditions = terms.split("-")
    ordered = [[first, *some] for some in permutations(conditions)]
    codes = [f"CC{sign}{sign.join(it).upper()}" for it in ordered for sign in " -_"]
    names = ["-".join(WORDS[part] for part in it) for it in ordered]
    texts = [*codes, *(code.lower() for code in codes), *names, f"Creative Commons {names[0]}"]
    port = f"{PORTS[place]}/" if place else ""
    ends = [f" {version} {place}".rstrip(), f" {version} {place} license"]
    ends += [f" v{version} {place}"] if version else []
    written = [f"{text}{end}" for text in texts for end in ends]
    return [*written, f"http://www.creativecommons.org/licenses/{terms}/{version or '4.0'}/{port}"]


@given(st.sampled_from(CREDITED), st.sampled_from(VERSIONS), st.sampled_from(["", *PORTS]))
def test_in_every_spelling_it_is_the_same_license(terms: str, version: str, place: str) -> None:
    place = "" if version in ("", "4.0") else place
    for text in spellings(terms, version, place):
        found = license_of(text)
        assert found.terms == terms, text
        address = f"https://creativecommons.org/licenses/{terms}/{version or '4.0'}/"
        assert found.url == address + (f"{PORTS[place]}/" if place else ""), text
        assert license_of(found.name) == found, "its name is a spelling of it, too"


@pytest.mark.parametrize(
    "text",
    ["CC0", "cc-zero", "CC0 1.0 Universal", "http://creativecommons.org/publicdomain/zero/1.0/"],
)
def test_what_nobody_owns_is_the_widest(text: str) -> None:
    assert license_of(text).url == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert license_of("Public Domain Mark 1.0").url.endswith("/publicdomain/mark/1.0/")
    assert license_of(text).terms == license_of("Public Domain").terms == "cc0"


@pytest.mark.parametrize("text", ["", " ", UNKNOWN, NOT_STATED])
def test_what_is_not_known_is_nothing(text: str) -> None:
    assert license_of(text) == License()
    assert [wish for wish in LICENSES if passes(license_of(text), wish)] == ["any"]


@pytest.mark.parametrize(
    "text",
    [
        "All rights reserved. Attribution",
        "Music Sharing",
        "Sampling Plus",
        "not in the public domain",
        "CC0, but no commercial use",
        "http://creativecommons.org/licenses/by-xy/4.0/",
        "bye bye",
        "\x00\n<script>",
    ],
)
def test_of_another_license_only_the_name_is_known(text: str) -> None:
    assert [it for it in LICENSES if passes(license_of(text), it)] == ["any", "known"]


@given(st.sampled_from(TERMS), st.sampled_from(TERMS), st.sampled_from(TERMS))
def test_width_is_an_order(a: str, b: str, c: str) -> None:
    def wider(one: str, other: str) -> bool:
        return allowed(one) >= allowed(other)

    assert wider(a, a) and wider("cc0", a) and wider(a, "by-nc-nd")
    assert (wider(a, b) and wider(b, a)) == (a == b)
    assert wider(a, c) or not (wider(a, b) and wider(b, c))
    assert wider("by", a) == (a != "cc0")


@given(st.sampled_from(TERMS), st.sampled_from(TERMS))
def test_a_wish_is_met_exactly_or_by_what_is_wider(terms: str, wish: str) -> None:
    given_ = license_of("CC0" if terms == "cc0" else f"CC {terms.upper()} 3.0")
    assert passes(given_, wish) == (terms == wish)
    assert passes(given_, wish + OR_WIDER) == (allowed(terms) >= allowed(wish))
    assert passes(given_, "permissive") == passes(given_, "by+") == (terms in ("cc0", "by"))


def test_by_sa_and_by_nc_are_beside_each_other() -> None:
    wanted = [terms for terms in TERMS if passes(license_of(f"CC {terms}"), "by-sa+")]
    assert wanted == ["by", "by-sa"]  # "CC cc0" is no license


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((wish, wish) for wish in LICENSES),
        ("CC BY", "by"),
        ("BY-SA or wider", "by-sa+"),
        ("cc by-nd-nc +", "by-nc-nd+"),
        ("CC0+", "cc0"),
        ("Public Domain", "cc0"),
        ("Attribution-ShareAlike", "by-sa"),
        ("Permissive", "permissive"),
        *((nothing, "") for nothing in ("", "+", "mine", "nc", "sa+", "unknown", "\x00")),
    ],
)
def test_a_wish_may_be_written_in_words(said: str, meant: str) -> None:
    assert wish_of(said) == meant


@given(
    st.sampled_from([wish for wish in LICENSES if wish[:2] in ("by", "cc")]),
    st.text("abnscdy", min_size=1, max_size=4).filter(
        lambda it: it not in ("by", "nc", "sa", "nd", "cc")
    ),
    st.sampled_from(["", " ", "-"]),
)
def test_what_is_misspelled_is_no_other_wish(wish: str, junk: str, gap: str) -> None:
    terms, plus, _ = wish.partition(OR_WIDER)
    said = f"{terms}{gap}{junk}{plus}"
    assert wish_of(said) in ("", said)


def test_the_shipped_classes_follow_from_the_licenses(listener: Listener) -> None:
    columns = listener.catalog.columns
    for text, kind in set(zip(columns["license"], columns["license_class"], strict=True)):
        assert license_class(text) == kind, text
        found = license_of(text)
        assert bool(found.name) == (text != UNKNOWN) and bool(found.terms) <= bool(found.url)


@given(st.text(max_size=80))
def test_any_text_is_a_license_of_one_line_or_none(text: str) -> None:
    found = license_of(text)
    assert found.terms in ("", *TERMS)
    assert not found.url or found.url.startswith("https://creativecommons.org/")
