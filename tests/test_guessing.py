"""A name that is not there is taken for the one that it is a slip of, and for no other."""

from __future__ import annotations

import pytest

from soundmap.wording.guessing import meant

GENRES = [
    "Electronic",
    "Experimental",
    "Folk",
    "Hip-Hop",
    "Instrumental",
    "International",
    "Pop",
    "Rock",
]
COMMANDS = [
    "recommend",
    "genre",
    "check",
    "simulate",
    "index",
    "catalogs",
    "map",
    "path",
    "mix",
    "serve",
    "train",
]
OPTIONS = ["--json", "--license", "--genre", "--page", "--clean", "--tempo", "--order", "--count"]
LICENSES = ["any", "known", "permissive", "cc0", "by", "by-sa", "by-nc", "by-nc-sa"]


@pytest.mark.parametrize(
    ("name", "known", "wanted"),
    [
        ("Folc", GENRES, "Folk"),
        ("rok", GENRES, "Rock"),
        ("hiphop", GENRES, "Hip-Hop"),
        ("pip", GENRES, "Pop"),
        ("electronica", GENRES, "Electronic"),
        ("experi", GENRES, "Experimental"),
        (" POPP ", GENRES, "Pop"),
        ("recomend", COMMANDS, "recommend"),
        ("mpa", COMMANDS, "map"),
        ("mxi", COMMANDS, "mix"),
        ("--lisence", OPTIONS, "--license"),
        ("--gerne", OPTIONS, "--genre"),
        ("--tmepo", OPTIONS, "--tempo"),
        ("by-as", LICENSES, "by-sa"),
        ("permisive", LICENSES, "permissive"),
        ("mien", ["fma", "mine"], "mine"),
        ("MINE", ["fma", "mine"], "mine"),
        ("봄닐", ["fma", "봄날은"], ""),
    ],
)
def test_a_slip_is_seen_through(name: str, known: list[str], wanted: str) -> None:
    assert meant(name, known) == wanted


@pytest.mark.parametrize(
    "name", ["", " ", "x", "jazz", "polka", "metal", "--workers", "록", "a" * 999]
)
@pytest.mark.parametrize("known", [GENRES, COMMANDS, OPTIONS, LICENSES, []])
def test_what_is_far_from_all_is_taken_for_none(name: str, known: list[str]) -> None:
    assert meant(name, known) == ""
