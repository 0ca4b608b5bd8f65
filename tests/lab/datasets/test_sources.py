"""Folders of audio as GTZAN and FMA lay them out, made up from generated sounds."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import librosa
import numpy as np
import pytest

from soundmap.audio.decode import decode
from soundmap.cli.main import main
from soundmap.errors import BadDataset, BadRequest
from soundmap.features.mfcc import mfcc
from soundmap.lab.datasets import prepare as preparing
from soundmap.lab.datasets.arrays import read_table, read_tiles
from soundmap.lab.datasets.cut import Cut, Job, cut
from soundmap.lab.datasets.fma import SHA1, read_fma
from soundmap.lab.datasets.gtzan import BROKEN, GENRES, LENGTHS, LISTS, PER_GENRE, read_gtzan
from soundmap.lab.datasets.prepare import prepare
from soundmap.lab.datasets.sources import Entry, Source
from soundmap.lab.datasets.unfinished import FOLDER, Unfinished
from soundmap.lab.ladder.inputs import read_data
from soundmap.lab.training.catalog import TABLE_COLUMNS
from soundmap.library.published import read_tracks
from soundmap.types import Clip, Floats
from tests.helpers.progress import calling
from tests.helpers.sounds import music, write

SIZES = {"training": 10, "validation": 10, "test": 10}
HEADER = (
    ["", "album", "artist", "artist", "set", "set", "track", "track", "track"],
    ["", "title", "id", "name", "split", "subset", "genre_top", "license", "title"],
    ["track_id", *[""] * 8],
)


def gtzan(folder: Path, ending: str = ".wav", path: str = "{genre}/{name}.wav") -> Path:
    """Three empty files a genre, and the three lists, one of each genre on each."""
    for i, (side, file) in enumerate(LISTS.items()):
        names = [f"{genre}.0000{i}" for genre in GENRES]
        for name in names:
            genre = name.split(".")[0]
            (folder / "genres" / genre).mkdir(parents=True, exist_ok=True)
            (folder / "genres" / genre / f"{name}{ending}").touch()
        lines = [path.format(genre=name.split(".")[0], name=name) for name in names]
        assert len(lines) == SIZES[side]
        (folder / file).write_text("\n".join(lines) + "\n")
    return folder


def with_broken(folder: Path) -> Path:
    """The excerpt that no decoder reads counts as one of its genre."""
    (folder / "genres" / "jazz" / f"{BROKEN}.wav").touch()
    for genre in set(GENRES) - {"jazz"}:
        (folder / "genres" / genre / f"{genre}.00099.wav").touch()
    return folder


def fma(folder: Path, n: int = 8, **changes: str) -> Path:
    """A small FMA: tables, folders of empty files; the last track is of another subset."""
    rows = []
    for i in range(n + 1):
        row = {
            "album": "Album",
            "artist_id": str(i),
            "artist": f"Artist {i}",
            "side": ("training", "training", "validation", "test")[i % 4],
            "subset": "small" if i < n else "large",
            "genre": f"Genre {i % 8}",
            "license": "Attribution",
            "title": f"Song {i}, the",
        } | changes
        rows.append([str(i + 2), *row.values()])
        audio = folder / "fma_small" / "000" / f"{i + 2:06d}.mp3"
        audio.parent.mkdir(parents=True, exist_ok=True)
        audio.touch()
    (folder / "fma_metadata").mkdir()
    with (folder / "fma_metadata" / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*HEADER, *rows])
    return folder


def code_of(caught: pytest.ExceptionInfo[BadDataset]) -> str:
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    "path", ["{genre}/{name}.wav", "{name}", "{name}.au", "a/{genre}/{name}.wav"]
)
def test_gtzan_is_read_whatever_its_lists_look_like(tmp_path: Path, path: str) -> None:
    source = read_gtzan(with_broken(gtzan(tmp_path, path=path)), None, 4, SIZES)
    assert len(source.entries) == 30
    assert {entry.side for entry in source.entries} == set(SIZES)
    assert len({entry.track_id for entry in source.entries}) == 30
    rock = next(entry for entry in source.entries if entry.title == "rock.00002")
    assert (rock.genre, rock.side, rock.track_id) == ("rock", "test", 9002)
    assert rock.path == tmp_path / "genres" / "rock" / "rock.00002.wav"


def test_gtzan_without_its_broken_file_is_complete(tmp_path: Path) -> None:
    folder = with_broken(gtzan(tmp_path, ending=".au"))
    (folder / "genres" / "jazz" / f"{BROKEN}.wav").unlink()
    assert read_gtzan(folder, None, 4, SIZES).entries[0].path.suffix == ".au"


def test_gtzan_expects_what_was_published(tmp_path: Path) -> None:
    assert (PER_GENRE, tuple(LENGTHS.values())) == (100, (443, 197, 290))
    with pytest.raises(BadDataset, match="blues 3 of 100") as caught:
        read_gtzan(gtzan(tmp_path))
    assert code_of(caught) == "other_counts"
    with pytest.raises(BadDataset, match="should have 443 names") as caught:
        read_gtzan(with_broken(tmp_path), None, 4)
    assert code_of(caught) == "bad_list"


def test_gtzan_lists_are_asked_for_and_never_made_up(tmp_path: Path) -> None:
    folder = with_broken(gtzan(tmp_path / "audio"))
    lists = tmp_path / "lists"
    lists.mkdir()
    for file in LISTS.values():
        (folder / file).rename(lists / file)
    with pytest.raises(BadDataset, match=r"train_filtered\.txt, valid") as caught:
        read_gtzan(folder, None, 4, SIZES)
    assert code_of(caught) == "no_lists"
    assert len(read_gtzan(folder, lists, 4, SIZES).entries) == 30


@pytest.mark.parametrize("line", ["polka.00001", "blues", "blues.x", "rock.00000"])
def test_lists_with_strange_or_repeated_names_are_refused(tmp_path: Path, line: str) -> None:
    folder = with_broken(gtzan(tmp_path))
    path = folder / "test_filtered.txt"
    path.write_text(path.read_text().replace("blues/blues.00002.wav", line))
    with pytest.raises(BadDataset) as caught:
        read_gtzan(folder, None, 4, SIZES)
    assert code_of(caught) == "bad_list"


def test_a_listed_file_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = with_broken(gtzan(tmp_path))
    (folder / "genres" / "pop" / "pop.00001.wav").rename(folder / "genres/pop/pop.00098.wav")
    with pytest.raises(BadDataset, match=r"pop\.00001\.wav") as caught:
        read_gtzan(folder, None, 4, SIZES)
    assert code_of(caught) == "missing_audio"


def test_a_folder_of_something_else_is_no_gtzan_and_no_fma(tmp_path: Path) -> None:
    with pytest.raises(BadDataset) as caught:
        read_gtzan(tmp_path)
    assert code_of(caught) == "no_gtzan"
    with pytest.raises(BadDataset) as caught:
        read_fma(tmp_path)
    assert code_of(caught) == "no_fma"


@pytest.mark.parametrize("named", [".", "fma_small"])
def test_fma_is_read_by_its_official_columns(tmp_path: Path, named: str) -> None:
    source = read_fma(fma(tmp_path) / named, {"small": 8})
    assert source.name == "fma_small"
    assert [entry.track_id for entry in source.entries] == list(range(2, 10))
    first = source.entries[0]
    assert (first.side, first.genre, first.artist_id) == ("training", "Genre 0", "0")
    assert (first.title, first.artist, first.album) == ("Song 0, the", "Artist 0", "Album")
    assert first.path.name == "000002.mp3"


def test_fma_expects_eight_thousand_tracks(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="8 tracks of fma_small, not 8,000") as caught:
        read_fma(fma(tmp_path))
    assert code_of(caught) == "bad_table"


def test_fma_small_has_as_many_tracks_of_each_genre(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="Rock 8 of 1") as caught:
        read_fma(fma(tmp_path, genre="Rock"), {"small": 8})
    assert code_of(caught) == "other_counts"


def test_missing_mp3_files_are_named(tmp_path: Path) -> None:
    (fma(tmp_path) / "fma_small" / "000" / "000004.mp3").unlink()
    with pytest.raises(BadDataset, match=r"1 files are missing.*000004\.mp3") as caught:
        read_fma(tmp_path, {"small": 8})
    assert code_of(caught) == "missing_audio"


def test_archives_beside_it_are_checked(tmp_path: Path) -> None:
    folder = fma(tmp_path)
    (folder / "fma_metadata.zip").write_bytes(b"table")
    with pytest.raises(BadDataset, match=SHA1["fma_metadata.zip"]) as caught:
        read_fma(folder, {"small": 8})
    assert code_of(caught) == "bad_archive"
    (folder / "fma_small.zip").write_bytes(b"sound")
    known = {f"fma_{part}.zip": hashlib.sha1(content).hexdigest() for part, content in
             (("metadata", b"table"), ("small", b"sound"))}  # fmt: skip
    assert len(read_fma(folder, {"small": 8}, known).entries) == 8


@pytest.mark.parametrize(
    "content",
    [
        "track_id,title\n2,a\n",
        "track_id,title\n2,a\n3,b\n4,c\n",
        "",
        ",set,set\n,split,subset\ntrack_id,,\n2,training,small\n",
        "\n".join(",".join(row) for row in HEADER) + "\n2,training\n",
        "\n".join(",".join(row) for row in HEADER) + "\nx" + ",a" * 8 + "\n",
    ],
)
def test_what_is_no_table_of_tracks_is_said_to_be_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "tracks.csv"
    path.write_text(content)
    with pytest.raises(BadDataset) as caught:
        read_tracks(path)
    assert code_of(caught) == "bad_table"


@pytest.fixture(scope="module")
def sounding(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A GTZAN whose files sound; one is short, one at another rate, one no audio, one too long."""
    folder = with_broken(gtzan(tmp_path_factory.mktemp("gtzan")))
    source = read_gtzan(folder, None, 4, SIZES)
    for i, entry in enumerate(source.entries):
        seconds, rate = {3: (20.0, 22_050), 4: (30.0, 44_100), 6: (40.0, 22_050)}.get(
            i, (30.0, 22_050)
        )
        if i != 5:
            write(entry.path, music(seconds, rate, seed=i), rate)
    return source


@pytest.mark.parametrize(
    ("spec", "n_tiles", "n_columns"), [("overview", 1, 128), ("slices", 10, 128)]
)
def test_what_is_prepared_is_what_data_reads(
    sounding: Source, tmp_path: Path, spec: str, n_tiles: int, n_columns: int
) -> None:
    facts = prepare(sounding, tmp_path, spec, workers=2)
    assert facts == json.loads((tmp_path / "dataset.json").read_text())
    assert facts["tracks"] == {"training": 6, "validation": 10, "test": 10}
    tiles = read_tiles(tmp_path / "tiles-training.npz")
    assert tiles.tiles.shape == (6 * n_tiles, 128, n_columns)
    assert len(read_table(tmp_path / "tracks.csv", TABLE_COLUMNS)) == 26
    data = read_data(tmp_path, "mfcc")
    assert data.training.values.shape == (6, 130, 20)
    assert (data.facts["name"], data.facts["spec"]) == ("gtzan", spec)
    assert read_data(tmp_path, "tiles").facts["n_training"] == 6


def test_a_killed_run_is_taken_up_where_it_was(tmp_path: Path) -> None:
    source = read_gtzan(with_broken(gtzan(tmp_path / "in")), None, 4, SIZES)
    for i, entry in enumerate(source.entries):
        write(entry.path, music(30.0, 22_050, seed=i % 3), 22_050)
    out = tmp_path / "out"
    lists = tmp_path / "in"
    code = (
        "import sys; from pathlib import Path; from soundmap.lab.datasets.gtzan import read_gtzan;"
        " from soundmap.lab.datasets.prepare import prepare\n"
        f"if __name__ == '__main__': prepare(read_gtzan(Path({str(lists)!r}), None, 4, {SIZES!r}),"
        f" Path({str(out)!r}), workers=1)"
    )
    script = tmp_path / "prepare.py"
    script.write_text(code)
    process = subprocess.Popen([sys.executable, str(script)], start_new_session=True)
    while len(cut_before := list((out / FOLDER).glob("*.npz"))) < 5:
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "dataset.json").exists()
    done = {path.name.split("-")[0] for path in cut_before}
    for entry in source.entries:
        if str(entry.track_id) in done:  # could not be cut again, and looks the same
            facts = entry.path.stat()
            entry.path.write_bytes(b"x" * facts.st_size)
            os.utime(entry.path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    changed = next(it for it in source.entries if str(it.track_id) in done)
    os.utime(changed.path, (1, 1))
    assert prepare(source, out, workers=1)["failures"] == 1
    (failure,) = read_table(out / "failures.csv", ("track_id",))
    assert failure["track_id"] == str(changed.track_id)
    assert not (out / FOLDER).exists()


def test_a_damaged_cut_is_cut_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(30.0, 22_050), 22_050)
    job = Job(Entry(7, path, "rock", "training"), "overview", None, None)
    fresh, kept = cut(job), Unfinished(tmp_path / "kept")
    assert isinstance(fresh, Cut)
    assert kept.read(job) is None
    kept.keep(job, fresh)
    assert (again := kept.read(job)) and np.array_equal(again.tiles, fresh.tiles)
    assert kept.read(dataclasses.replace(job, spec="slices")) is None
    (file,) = (tmp_path / "kept").iterdir()
    for content in (b"", b"PK", file.read_bytes()[:-200], b"\x00" * 500):
        file.write_bytes(content)
        assert kept.read(job) is None


def test_after_an_error_no_more_is_cut(
    monkeypatch: pytest.MonkeyPatch, sounding: Source, tmp_path: Path
) -> None:
    begun: list[Job] = []

    def counted(job: Job) -> Cut | str:
        begun.append(job)
        return cut(job)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(preparing, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setattr(preparing, "cut", counted)
    with pytest.raises(KeyboardInterrupt):
        prepare(sounding, tmp_path, workers=1, progress=calling(stop))
    assert len(begun) < len(sounding.entries) / 2


def test_failures_have_their_reasons(sounding: Source, tmp_path: Path) -> None:
    assert prepare(sounding, tmp_path, workers=1)["failures"] == 4
    reasons = [row["reason"] for row in read_table(tmp_path / "failures.csv", ("reason",))]
    assert reasons == [
        "It is 20.0 s long; 30 s were expected.",
        "It is at 44,100 Hz; 22,050 Hz was expected.",
        "The file is empty.",
        "It is longer; 30 s were expected.",
    ]


def test_nothing_to_cut_is_an_error_with_the_first_reason(tmp_path: Path) -> None:
    source = read_fma(fma(tmp_path / "in"), {"small": 8})
    with pytest.raises(BadDataset, match="first reason: The file is empty") as caught:
        prepare(source, tmp_path / "out", workers=1)
    assert code_of(caught) == "nothing_cut"
    with pytest.raises(BadRequest, match="not 0"):
        prepare(source, tmp_path / "out", workers=0)


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["dataset", "prepare", "fma", "--audio", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(asked) == 1
    assert "fma_metadata/tracks.csv" in capsys.readouterr().err


@pytest.mark.parametrize("rate", [22_050, 44_100])
def test_mfccs_are_librosas(rate: int) -> None:
    clip = Clip(music(5, rate), rate)
    samples = clip.samples
    if rate != 22_050:
        samples = librosa.resample(samples, orig_sr=rate, target_sr=22_050, res_type="soxr_hq")
    expected = librosa.feature.mfcc(y=samples, sr=22_050)
    np.testing.assert_allclose(mfcc(clip), expected.T, atol=0.05)


def test_mfccs_are_the_data_sets(clips: dict[int, Path], data: Path) -> None:
    known: dict[int, Floats] = {}
    for side in ("training", "validation"):
        with np.load(data / f"features-{side}.npz") as file:
            known.update(zip(file["track_id"].tolist(), file["mfcc"], strict=True))
    shared = sorted(clips.keys() & known.keys())[:4]
    assert shared
    for track_id in shared:
        difference = np.abs(mfcc(decode(clips[track_id]))[:130] - known[track_id])
        assert difference.mean() < 0.1 and difference.max() < 3
