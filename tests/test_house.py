"""The rules of the house, read from the source without running it."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from soundmap import wording

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "soundmap").glob("*.py"))
PRODUCT = [*LIBRARY, *sorted((ROOT / "bot").glob("*.py"))]
TRAINING_ONLY = {"augment", "build", "calibrate", "export", "network", "train", "training"}


def imports_of(path: Path, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_knows_no_chat_platform(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    assert not tops & {"bot", "cogs", "discord", "slack_bolt", "aiosqlite", "dotenv"}


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.stem)
def test_only_training_imports_torch_and_nothing_imports_librosa(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    assert not tops & {"librosa", "sklearn"}
    if path.stem not in TRAINING_ONLY:
        assert not tops & {"torch", "onnx", "safetensors", "scipy"}
        assert not {f"soundmap.{name}" for name in TRAINING_ONLY} & set(imports_of(path, True))


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_reads_no_environment(path: Path) -> None:
    assert "environ" not in path.read_text(encoding="utf-8")


def test_models_hold_no_code() -> None:
    assert not list((ROOT / "models").rglob("*.py"))


def raised() -> Iterator[tuple[str, set[str]]]:
    """(code, facts) of every error the library raises."""
    kinds = {"SoundMapError", "BadSound", "BadRequest", "NotInstalled", "BadBundle", "BadDataset"}
    for path in LIBRARY:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds:
                code = node.args[0]
                assert isinstance(code, ast.Constant)
                yield str(code.value), {str(word.arg) for word in node.keywords}


def test_every_error_has_its_sentence_and_every_sentence_its_error() -> None:
    codes = dict(raised())
    assert set(codes) == set(wording.ERRORS)
    for code, facts in raised():
        named = {name for _, name, _, _ in string.Formatter().parse(wording.ERRORS[code]) if name}
        assert named <= facts, code


@pytest.mark.parametrize("sentence", [*wording.ERRORS.values(), *wording.NOTES.values()])
def test_a_sentence_is_a_sentence(sentence: str) -> None:
    assert sentence[0].isupper() or sentence[0] == "{"
    assert sentence.endswith((".", "'."))


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    source = (ROOT / "soundmap" / "cli.py").read_text(encoding="utf-8")
    commands = set(re.findall(r'_command\(commands, "(\w+)"', source))
    assert commands == {"recommend", "genre", "evaluate", "train", "check"}
    for command in commands:
        assert f"soundmap {command}" in readme


def test_make_help_lists_every_verb() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony.group(1).split()) == set(re.findall(r"^([a-z]+):.*## ", makefile, re.M))
