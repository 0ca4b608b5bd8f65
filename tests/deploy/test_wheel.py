"""What is installed: three packages, the bundle inside, without what only training reads."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from soundmap.bundle.manifest import MANIFEST, SEALED_FILES, TRAINING_FILES, shipped_bundle
from tests.house.source import ROOT

BUNDLE = "soundmap/models/overview/"

pytestmark = pytest.mark.process


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs Python somewhere else, with the installed packages before those of the clone."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_it_puts_three_packages_beside_those_of_others_and_nothing_else(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {
        *("bot", "cogs", "soundmap")
    }


def test_it_has_the_bundle_without_what_only_training_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    found = {name.removeprefix(BUNDLE) for name in names if name.startswith(BUNDLE)}
    assert found == {MANIFEST, *SEALED_FILES} - set(TRAINING_FILES)
    assert not [name for name in names if name.endswith((".safetensors", ".pt", ".ckpt"))]


def test_it_has_every_file_of_its_packages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = subprocess.check_output(["git", "ls-files", "bot", "cogs", "soundmap"], cwd=ROOT)
    assert {name for name in ours.decode().split() if (ROOT / name).exists()} <= names


def test_installed_it_answers_from_its_own_bundle(installed: Path, tmp_path: Path) -> None:
    where = "from soundmap.bundle.manifest import shipped_bundle; print(shipped_bundle())"
    assert run(installed, tmp_path, "-c", where).stdout.strip() == str(installed / BUNDLE[:-1])
    checked = run(installed, tmp_path, "-m", "soundmap", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "left out: only training reads it" in checked.stdout


def test_in_a_clone_the_bundle_is_at_home_in_models() -> None:
    assert shipped_bundle() == ROOT / "models" / "overview"
