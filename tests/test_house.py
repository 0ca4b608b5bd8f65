"""The rules of the house, read from the source without running it."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import config
from bot import wording as bot_wording
from bot import wording_ko as bot_korean
from soundmap import wording, wording_ko
from soundmap.links import pages

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "soundmap").rglob("*.py"))
BOT = sorted((ROOT / "bot").rglob("*.py"))
COGS = sorted((ROOT / "cogs").glob("*.py"))
PRODUCT = [*LIBRARY, *BOT, *COGS]
TRAINING_ONLY = {
    "agreement",
    "augment",
    "baseline",
    "build",
    "calibrate",
    "climb",
    "export",
    "fit",
    "leak",
    "lesson",
    "losses",
    "measure",
    "network",
    "networks",
    "processor",
    "projections",
    "quantize",
    "rows",
    "survey",
    "teacher",
    "train",
    "training",
    "untrained",
}


SLACK = {"slack_bolt", "slack_sdk"}
TRAINING_ERRORS = {
    "bad_recipe",
    "bad_threads",
    "bad_workers",
    "dataset_asks",
    "ladder_asks",
    "needs_data",
    "needs_dask",
    "needs_faiss",
    "needs_bench",
    "needs_matplotlib",
    "needs_engine",
    "needs_projections",
    "needs_torch",
    "no_index_needed",
    "not_a_bundle",
    "path_asks",
    "not_a_page",
    "not_a_picture",
    "protocol_asks",
}


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
    assert not tops & {"bot", "cogs", "discord", *SLACK, "aiosqlite", "dotenv"}


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.stem)
def test_only_training_imports_torch_and_nothing_imports_librosa(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    assert "librosa" not in tops or path.stem == "baseline"
    if path.stem not in TRAINING_ONLY:
        assert not tops & {"torch", "onnx", "safetensors", "scipy", "sklearn", "umap"}
        own = {name for name in imports_of(path, True) if name.startswith("soundmap.")}
        assert not TRAINING_ONLY & {name.rpartition(".")[2] for name in own}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_reads_no_environment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "os.environ" not in text and "getenv" not in text


@pytest.mark.parametrize("path", [*BOT, *COGS], ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_only_discords_mouth_imports_discord_and_only_config_the_environment(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    if path.parent.name != "cogs" and path.stem != "discord_bot":
        assert "discord" not in tops
    if path.parent.name != "cogs" and path.stem not in ("discord_bot", "app"):
        assert "cogs" not in tops
    if path.stem not in ("config", "confine"):
        assert "os.environ" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_only_slacks_mouth_imports_slack(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    if path.parent.name != "slack" and path.stem != "slack_app":
        assert not tops & SLACK
        assert path.stem == "app" or not any("bot.slack" in name for name in imports_of(path))
    else:
        assert "discord" not in tops and "cogs" not in tops


def test_the_service_is_cheap_to_import() -> None:
    code = "import bot.service, soundmap, sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    heavy = {
        "torch",
        "librosa",
        "MNN",
        "onnxruntime",
        "soundfile",
        "soxr",
        "av",
        "PIL",
        "discord",
        *SLACK,
    }
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_models_hold_no_code() -> None:
    assert not list((ROOT / "models").rglob("*.py"))


def raised(
    paths: list[Path] = LIBRARY,
    kinds: frozenset[str] = frozenset(
        {
            "SoundMapError",
            "BadSound",
            "BadLink",
            "BadRequest",
            "NotInstalled",
            "BadBundle",
            "BadDataset",
        }
    ),
) -> Iterator[tuple[str, set[str]]]:
    """(code, facts) of every error the library raises."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds:
                facts = {str(word.arg) for word in node.keywords}
                yield from ((code, facts) for code in codes_in(node.args[0]))
    if "BadLink" in kinds:  # what the child that reads pages may say
        yield from ((code, {"minutes", "version"}) for code in pages.CODES)


def codes_in(node: ast.expr) -> Iterator[str]:
    """A code, or both of a choice; a variable holds one that is written elsewhere."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)


def test_every_error_has_its_sentence_and_every_sentence_its_error() -> None:
    codes = dict(raised())
    assert set(codes) == set(wording.ERRORS)
    for code, facts in raised():
        assert named_in(wording.ERRORS[code]) <= facts, code


def test_every_refusal_of_the_bot_has_a_sentence() -> None:
    kinds = frozenset({"Refused", "Refusal"})
    codes = {code for code, _ in constant_calls([*BOT, *COGS], kinds)}
    assert codes <= {*bot_wording.REFUSALS, *wording.ERRORS}


def constant_calls(paths: list[Path], kinds: frozenset[str]) -> Iterator[tuple[str, int]]:
    """(first argument, line) of every call of ``kinds`` whose first argument is a text."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds and node.args:
                texts = ast.walk(node.args[0])
                yield from (
                    (text.value, text.lineno)
                    for text in texts
                    if isinstance(text, ast.Constant) and isinstance(text.value, str)
                )


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        (wording.NOTES, wording_ko.NOTES),
        (wording.REASONS, wording_ko.REASONS),
        (bot_wording.REFUSALS, bot_korean.REFUSALS),
        (bot_wording.SAYINGS, bot_korean.SAYINGS),
    ],
)
def test_korean_says_all_that_english_says(english: dict[str, str], korean: dict[str, str]) -> None:
    assert set(english) == set(korean)
    for code, sentence in english.items():
        assert named_in(korean[code]) == named_in(sentence), code


def test_the_errors_of_a_sound_have_their_korean_with_the_same_facts() -> None:
    kinds = frozenset({"BadSound", "BadLink", "BadRequest", "NotInstalled"})
    spoken = {code for code, _ in raised(kinds=kinds)} - TRAINING_ERRORS
    assert spoken == set(wording_ko.ERRORS)
    for code, sentence in wording_ko.ERRORS.items():
        assert named_in(sentence) <= named_in(wording.ERRORS[code]), code


def named_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_env_example_says_what_the_settings_are() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == config.example()


@pytest.mark.parametrize(
    "sentence", [*wording.ERRORS.values(), *wording.NOTES.values(), *bot_wording.REFUSALS.values()]
)
def test_a_sentence_is_a_sentence(sentence: str) -> None:
    assert sentence[0].isupper() or sentence[0] == "{"
    assert sentence.endswith((".", "'.", "?"))


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    files = (ROOT / "soundmap").rglob("*arguments.py")
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    commands = set(re.findall(r'add_command\(commands, "(\w+)"', source))
    assert commands == {
        "recommend",
        "genre",
        "evaluate",
        "train",
        "check",
        "simulate",
        "ladder",
        "dataset",
        "index",
        "catalogs",
        "map",
        "path",
        "bench",
    }
    for command in commands:
        assert f"soundmap {command}" in readme


def test_make_help_lists_every_verb() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony.group(1).split()) == set(re.findall(r"^([a-z]+):.*## ", makefile, re.M))
