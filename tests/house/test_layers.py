"""Who may import whom, by path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import BOT, COGS, LIBRARY, PRODUCT, ROOT, imports_of, name_of, packages_of

PACKAGES = {
    "torch": ("soundmap/lab/",),
    "safetensors": ("soundmap/lab/",),
    "scipy": ("soundmap/lab/",),
    "sklearn": ("soundmap/lab/",),
    "umap": ("soundmap/lab/",),
    "matplotlib": ("soundmap/lab/",),
    "librosa": ("soundmap/lab/bench/baseline.py",),
    "PIL": ("soundmap/draw/",),
    "argparse": ("soundmap/cli/", "bot/command.py", "bot/console/"),
    "rich": ("soundmap/cli/",),
    "discord": ("bot/discord/", "cogs/"),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "aiosqlite": ("bot/store/",),
    "dotenv": ("bot/config/",),
    "platformdirs": ("soundmap/files.py",),
    "starlette": ("soundmap/serve/",),
    "uvicorn": ("soundmap/serve/",),
}
"""Packages that only some places may import."""
ENVIRONMENT = (
    "bot/config/settings.py",
    "bot/workers/confine.py",
    "soundmap/cli/surroundings.py",
    "soundmap/files.py",
)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_known_only_where_it_belongs(package: str) -> None:
    users = {name_of(path) for path in PRODUCT if package in packages_of(path)}
    assert users
    assert {user for user in users if not user.startswith(PACKAGES[package])} == set()


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_the_library_knows_no_chat(path: Path) -> None:
    assert not packages_of(path) & {"bot", "cogs"}


def test_only_the_command_line_runs_the_lab() -> None:
    lab = ("soundmap/lab/", "soundmap/cli/")
    users = {name_of(path) for path in PRODUCT if "soundmap.lab" in " ".join(imports_of(path))}
    assert {user for user in users if not user.startswith(lab)} == set()


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_only_the_settings_and_the_home_read_the_environment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reads = "os.environ" in text or "getenv" in text
    assert not reads or name_of(path) in ENVIRONMENT


def loaded_by(code: str) -> set[str]:
    """Top-level packages loaded after running some code in a new process."""
    code += "; import sys; print(*sys.modules)"
    names = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("face", ["soundmap", "bot.core.service", "bot.workers"])
@pytest.mark.process
def test_faces_are_light(face: str) -> None:
    heavy = {"torch", "librosa", "MNN", "onnxruntime", "openvino", "soundfile", "soxr", "av", "PIL"}
    assert not (heavy | {"discord", "slack_bolt", "slack_sdk"}) & loaded_by(f"import {face}")


def test_models_hold_no_code() -> None:
    assert not list((ROOT / "models").rglob("*.py"))


def test_the_map_of_the_house_is_short() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    room = text.split("## The house on one page")[1].split("Rules that tests hold")[0]
    assert len(room.strip().splitlines()) <= 25


def test_a_folder_is_read_at_a_glance() -> None:
    sizes = {name_of(path): len(path.read_text().splitlines()) for path in PRODUCT}
    assert {name: size for name, size in sizes.items() if size > 300} == {}
    assert len(list((ROOT / "soundmap").glob("*.py"))) <= 8
    assert len(list((ROOT / "bot").glob("*.py"))) <= 10


def test_all_files_are_looked_at() -> None:
    assert min(len(LIBRARY), len(BOT), len(COGS)) > 5
