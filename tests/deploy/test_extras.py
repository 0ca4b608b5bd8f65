"""Optional parts: what tells how to install one names one that there is, and keeps the clone."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from soundmap.wording.english import ERRORS
from soundmap.wording.installing import install
from tests.house.source import PRODUCT, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
MACHINES = [
    *[("linux", machine) for machine in ("x86_64", "aarch64", "ppc64le")],
    *[("darwin", machine) for machine in ("arm64", "x86_64")],
    *[("win32", machine) for machine in ("AMD64", "ARM64")],
    ("freebsd14", "amd64"),
]
PAGES = [*PRODUCT, *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "Makefile"]
SAID = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}


def test_what_is_missing_is_installed_by_a_verb_in_a_clone() -> None:
    assert install("slack") == "pip install 'soundmap[slack]' (in a clone: make extra-slack)"
    assert [
        code for code, text in ERRORS.items() if "soundmap[" in text and "make" not in text
    ] == []


@pytest.mark.parametrize("name", SAID)
def test_every_part_that_is_named_is_there(name: str) -> None:
    named = re.findall(r"soundmap\[([a-z,]+)\]|make extra-([a-z]+)|install\(['\"](\w+)", SAID[name])
    parts = {part for found in named for group in found for part in group.split(",") if part}
    assert parts <= set(EXTRAS)


@pytest.mark.parametrize("name", SAID)
def test_nothing_puts_a_copy_in_the_place_of_a_clone(name: str) -> None:
    assert not re.search(r"install (?:-\w+ )*(?<!-e )['\"]?\.(?:\[|['\"]?\s)", SAID[name])


def test_pip_brings_no_major_release_of_pyav_that_was_not_tried() -> None:
    (needed,) = (Requirement(it) for it in EXTRAS["formats"])
    tried = Version(version("av"))
    assert tried in needed.specifier and f"{tried.major + 1}.0" not in needed.specifier


@pytest.mark.parametrize(("system", "machine"), MACHINES)
def test_plain_pip_brings_an_engine_that_loads(system: str, machine: str) -> None:
    here = {"sys_platform": system, "platform_machine": machine}
    needed = [Requirement(it) for it in PROJECT["dependencies"]]
    names = {it.name for it in needed if it.marker is None or it.marker.evaluate(here)}
    assert "onnxruntime" in names or ("MNN" in names and system != "linux")
