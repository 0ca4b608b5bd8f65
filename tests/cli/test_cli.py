"""The command line as a person meets it: its output and its exit status; where it matters, a
process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.audio.test_audio import bad_files
from tests.helpers.cli import answer, run
from tests.helpers.sounds import music, write


def test_recommend_gives_its_document(demo: Path) -> None:
    document = answer("recommend", demo, "-n", "3")
    assert set(document) == {"bundle", "clip", "genres", "sure", "notes", "picks"}
    assert document["clip"]["seconds"] == pytest.approx(30, abs=0.1)
    assert len(document["clip"]["sha256"]) == 64
    assert sum(row["probability"] for row in document["genres"]) == pytest.approx(1, abs=1e-5)
    assert len(document["genres"]) == 8
    assert [pick["rank"] for pick in document["picks"]] == [1, 2, 3]
    expected = {"rank", "track_id", "title", "artist", "genre", "subgenres", "license"}
    expected |= {"license_class", "license_url", "url", "url_kind", "distance", "reasons", "credit"}
    expected |= {"why"}
    assert set(document["picks"][0]) == expected


def test_genre_gives_the_same_without_picks(demo: Path) -> None:
    document = answer("genre", demo)
    whole = answer("recommend", demo)
    whole["notes"] = [it for it in whole["notes"] if not it["code"].startswith("license_")]
    assert document == {name: value for name, value in whole.items() if name != "picks"}


def test_filters_and_metrics(demo: Path) -> None:
    picks = answer("recommend", demo, "--genre", "hip-hop", "--license", "permissive")["picks"]
    assert {pick["genre"] for pick in picks} == {"Hip-Hop"}
    assert {pick["license_class"] for pick in picks} == {"permissive"}
    assert {pick["url_kind"] for pick in picks} <= {"page", "search"}
    cosine = answer("recommend", demo, "--metric", "cosine")["picks"]
    assert all(0 <= pick["distance"] <= 2 for pick in cosine)


def test_text_for_people(demo: Path) -> None:
    done = run("recommend", demo)
    assert done.returncode == 0
    assert "1. " in done.stdout and "icense" in done.stdout and "https://" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.process
def test_a_terminal_without_unicode_is_no_error(demo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "soundmap", "recommend", str(demo)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1. " in done.stdout


@pytest.mark.parametrize("style", [[], ["--json"]])
@pytest.mark.process
def test_a_full_disk_is_one_plain_sentence(demo: Path, style: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "soundmap", "genre", str(demo), *style],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "soundmap: The answer cannot be written: No space left on device.\n"


def test_bad_sounds_are_one_plain_sentence(tmp_path: Path) -> None:
    before = None
    for name, file in bad_files(tmp_path).items():
        before = before or sorted(tmp_path.iterdir())
        done = run("recommend", file)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), (name, done)
        assert done.stderr.startswith("soundmap: ")
    assert sorted(tmp_path.iterdir()) == before


def test_errors_are_json_too(tmp_path: Path) -> None:
    done = run("genre", tmp_path / "no.mp3", "--json")
    assert done.returncode == 1
    error = json.loads(done.stdout)["error"]
    assert error == {"code": "missing_file", "message": f"There is no file {tmp_path / 'no.mp3'}."}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["recommend"],
        ["recommend", "a.mp3", "-n", "0"],
        ["recommend", "a.mp3", "-n", "five"],
        ["recommend", "a.mp3", "--license", "mine"],
        ["recommend", "a.mp3", "--genre", "Polka"],
        ["evaluate"],
        ["evaluate", "--tiles", "a.npz", "--data", "folder"],
        ["evaluate", "--tiles", "a.npz", "--report", "folder"],
        ["train"],
    ],
)
def test_wrong_usage_is_two(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    as_json = run(*arguments, "--json")
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout)["error"]["message"]


@pytest.mark.parametrize("command", ["", "recommend", "genre", "evaluate", "train", "check"])
def test_help_everywhere(command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.returncode == 0
    assert "usage: soundmap" in done.stdout


def test_short_and_cut_sounds_are_said_to_be_so(tmp_path: Path) -> None:
    document = answer("genre", write(tmp_path / "a.wav", music(2), 44_100))
    assert document["sure"] is False
    assert [note["code"] for note in document["notes"]] == ["short_clip"]
    file = write(tmp_path / "b.wav", music(20), 44_100)
    file.write_bytes(file.read_bytes()[: 44_100 * 2 * 10])
    document = answer("genre", file)
    assert [note["code"] for note in document["notes"]] in (
        ["noisy"],
        ["cut_short", "noisy"],
    )
    file = write(tmp_path / "c.flac", music(40), 44_100)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    (note,) = (it for it in answer("genre", file)["notes"] if it["code"] == "cut_short")
    assert note["message"].endswith("of 40 s could be read.")


def test_check(tmp_path: Path) -> None:
    assert answer("check")["ok"] is True
    done = run("check", "--bundle", tmp_path)
    assert done.returncode == 1
    assert "no model bundle" in done.stderr


def test_evaluate_gives_its_document(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tiles = rng.integers(0, 255, (20, 128, 128), dtype=np.uint8)
    path = tmp_path / "tiles.npz"
    genres = np.array(["Rock", "Folk"] * 10)
    np.savez(path, track_id=np.arange(20), tile=tiles, genre=genres)
    document = answer("evaluate", "--tiles", path)
    expected = {"accuracy", "accuracy_ci95", "macro_f1", "ece", "per_genre", "confusion"}
    assert set(document) == {"bundle", "n", "retrieval"} | expected
    assert np.sum(document["confusion"]["matrix"]) == document["n"] == 20
    done = run("evaluate", "--tiles", tmp_path / "none.npz", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "unreadable_dataset"


def test_evaluate_gives_the_figure_on_the_card(data: Path) -> None:
    with np.load(data / "tiles-validation.npz") as file:
        ids, tiles = file["track_id"], file["tile"]
    from soundmap.bundle.listener import Listener
    from soundmap.lab.datasets.arrays import TileSet, read_table
    from soundmap.lab.evaluation.scores import evaluate

    genres = {int(row["track_id"]): row["genre"] for row in read_table(data / "tracks.csv")}
    listener = Listener()
    validation = TileSet(ids.astype(np.int64), tiles, tuple(genres[int(i)] for i in ids))
    report = evaluate(listener, validation)
    stated = listener.manifest.metrics["validation"]
    assert report["accuracy"] == pytest.approx(stated["accuracy"], abs=2 / 800)
    assert report["accuracy"] > 0.464


@pytest.fixture(scope="module")
def listened(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """The home and temporary folder of a process that answered, and the modules it had loaded."""
    folder = tmp_path_factory.mktemp("home")
    script = (
        "import sys; from soundmap.cli.main import main; status = main(['recommend', sys.argv[1]]);"
        "print(); print(*sys.modules); sys.exit(status)"
    )
    env = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    env.pop("ORT_DISABLE_TELEMETRY", None)
    command = [sys.executable, "-c", script, str(demo)]
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=60)
    return folder, set(done.stdout.splitlines()[-1].split())


@pytest.mark.process
def test_answering_needs_no_torch_and_no_librosa(listened: tuple[Path, set[str]]) -> None:
    loaded = listened[1]
    assert "soundmap.bundle.listener" in loaded
    assert not {"torch", "librosa", "sklearn", "scipy", "numba"} & loaded


@pytest.mark.process
def test_listening_leaves_nothing_behind_and_reports_to_nobody(
    listened: tuple[Path, set[str]],
) -> None:
    """The inference runtime would write to the home and temporary folders, and to its maker."""
    folder = listened[0]
    left = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert {path.parent for path in left} <= {Path(".cache/soundmap")}  # which engine is fastest
    assert {path.suffix for path in left} <= {".json", ".mnn"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
@pytest.mark.parametrize("asked", [["genre", "/nope"], ["genre", "/nope", "--json"]])
@pytest.mark.process
def test_an_error_that_cannot_be_written_is_no_traceback(asked: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "soundmap", *asked]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("soundmap: ")
    assert done.stderr.count("\n") == 1


def test_a_picture_that_cannot_be_written_is_json_too(demo: Path, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "path.png"
    done = run("path", demo, "2", "--picture", target, "--json")
    error = json.loads(done.stdout)["error"]
    assert done.returncode == 1 and error["code"] == "output"
    assert str(target) in error["message"]


def test_links_and_licenses_say_what_they_are(demo: Path) -> None:
    document = answer("recommend", demo, "-n", "30")
    for pick in document["picks"]:
        assert (pick["url_kind"] == "search") == ("/search?quicksearch=" in pick["url"])
        assert bool(pick["license"]) == pick["license_url"].startswith("https://creativecommons.")
        assert pick["credit"].startswith("“") and pick["url"] in pick["credit"]
    unknown = ", ".join(str(it["rank"]) for it in document["picks"] if not it["license"])
    messages = [it["message"] for it in document["notes"] if it["code"] == "license_unknown"]
    assert len(messages) == 1 and f"License not known: {unknown}." in messages[0]


def test_filters_hold_in_every_command(demo: Path, tmp_path: Path) -> None:
    wishes = ("--license", "BY-SA or wider", "--page", "--clean", "--tempo", "60-180")
    for picks in (
        answer("recommend", demo, *wishes)["picks"],
        answer("path", demo, "141", "-n", "3", *wishes)["picks"],
    ):
        assert picks and {pick["url_kind"] for pick in picks} == {"page"}
        assert all(re.match(r"CC BY(-SA)?( |$)|CC0|Public", pick["license"]) for pick in picks)
    page = tmp_path / "map.html"
    sound = answer("map", demo, "-o", page, "--page", "--instrumental")["sounds"][0]
    assert len(sound["picks"]) == 5
    usage = run("recommend", demo, "--license", "mine")
    assert usage.returncode == 2 and "by-sa+" in usage.stderr


def test_credits_are_printed_below_the_list(demo: Path) -> None:
    done = run("recommend", demo, "--credits", "--license", "by", "-n", "2")
    below = done.stdout.split("2. ")[-1]
    assert done.stdout.count("is licensed under CC BY") == 2 and "creativecommons.org" in below
    assert (
        "is licensed" in run("path", demo, "141", "-n", "2", "--credits", "--license", "by").stdout
    )
