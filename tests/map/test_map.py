"""Where tracks lie on the map, where new sounds land, and how a bundle gets its layout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from soundmap.bundle.check import check_bundle
from soundmap.bundle.golden import write_golden
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE, DEGRADED_GRAPH, bundle_id, read_manifest
from soundmap.catalog.layout import LAYOUT, read_layout, write_layout
from soundmap.catalog.table import Catalog
from soundmap.cli.main import main
from soundmap.errors import BadBundle
from soundmap.files import sha256_of
from soundmap.lab.training import projections
from soundmap.lab.training.projections import compare, lay_out
from soundmap.lab.training.survey import survey, with_map
from soundmap.map.placing import layout_of, place
from soundmap.search.exact import Points
from soundmap.types import Floats
from tests.helpers.cli import run
from tests.helpers.progress import calling

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def layout() -> Floats:
    return read_layout(DEFAULT_BUNDLE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(DEFAULT_BUNDLE, tmp_path / "overview")


def clusters(n: int, seed: int = 0) -> tuple[Floats, list[str]]:
    """Points in three heaps of eight numbers, and the heap of each."""
    rng = np.random.default_rng(seed)
    heaps = np.arange(n) % 3
    values = 6 * np.eye(8)[heaps] + rng.standard_normal((n, 8))
    return values.astype(np.float32), [f"heap {heap}" for heap in heaps]


def test_every_track_has_its_place(listener: Listener, layout: Floats) -> None:
    assert layout.shape == (len(listener.catalog), 2)
    assert np.abs(layout).max() == pytest.approx(1)


def test_a_track_of_the_catalog_lands_on_its_own_point(listener: Listener, layout: Floats) -> None:
    for row in range(0, len(layout), 97):
        embedding = np.array(listener.catalog.points.values[row])
        assert place(embedding, listener.catalog, layout) == pytest.approx(layout[row], abs=1e-6)


def test_a_track_given_as_a_file_lands_on_its_own_point(
    listener: Listener, layout: Floats, clips: dict[int, Path]
) -> None:
    for track_id, path in clips.items():
        own = layout[listener.catalog.row_of(track_id)]
        landed = place(listener.listen(path).embedding, listener.catalog, layout)
        assert np.hypot(*(landed - own)) < 0.002, track_id  # a pixel of a picture 1,000 wide


def test_a_sound_nobody_knows_lands_among_its_nearest(
    listener: Listener, layout: Floats, demo: Path
) -> None:
    embedding = listener.listen(demo).embedding
    rows, _ = listener.catalog.points.nearest(embedding, 10)
    landed = np.array(place(embedding, listener.catalog, layout))
    near, far = layout[rows].min(axis=0), layout[rows].max(axis=0)
    assert (near - 1e-6 <= landed).all() and (landed <= far + 1e-6).all()


def test_tracks_left_out_land_near_their_neighbors_and_the_card_says_how_near() -> None:
    facts = read_manifest(DEFAULT_BUNDLE).metrics["map"]
    chosen = facts["methods"][facts["method"]]
    assert chosen["median_rank"] < chosen["mean_rank"] < facts["tracks"] / 20
    assert chosen["trustworthiness"] == max(
        row["trustworthiness"] for row in facts["methods"].values()
    )
    card = (DEFAULT_BUNDLE / "card.md").read_text(encoding="utf-8")
    assert f"{chosen['mean_rank']:.0f} ({chosen['median_rank']:.0f})" in card


def test_another_catalog_is_placed_among_the_tracks(listener: Listener, layout: Floats) -> None:
    rows = [5, 50, 500]
    done: list[float] = []
    columns = {name: tuple(cells[row] for row in rows) for name, cells in columns_of(listener)}
    values = listener.catalog.points.values[rows]
    own = Catalog(values, listener.catalog.probabilities[rows], columns)
    placed = layout_of(own, listener.catalog, layout, done.append)
    assert placed == pytest.approx(layout[rows], abs=1e-6)
    assert done == [1, 2, 3]


def columns_of(listener: Listener) -> list[tuple[str, tuple[str, ...]]]:
    return list(listener.catalog.columns.items())


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_heaps_stay_together_and_the_seed_decides(method: str) -> None:
    values, heaps = clusters(projections.LEAST + 40)
    values[7] = values[3]
    first, again = (lay_out(values, method, seed=2) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first[7], first[3])
    assert first.shape == (len(values), 2) and np.abs(first).max() == pytest.approx(1)
    near = Points(first).nearest(first[0], 20)[0]
    assert np.mean([heaps[row] == heaps[0] for row in near]) > 0.8


@pytest.mark.parametrize("n", [1, 2, 3, 40])
def test_a_small_catalog_has_a_map_too(n: int) -> None:
    for values in (clusters(n)[0], np.ones((n, 8), np.float32)):
        flat = lay_out(values)
        assert flat.shape == (n, 2) and np.isfinite(flat).all() and np.abs(flat).max() <= 1
    layout, facts = compare(*clusters(n))
    assert layout.shape == (n, 2) and facts["methods"] == {}
    assert f"all {n}" in with_map("# Card\n\n## Network\n\nSmall.\n", facts)


def test_methods_are_measured_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projections, "METHODS", ("pca", "tsne"))
    done: list[float] = []
    layout, facts = compare(*clusters(projections.LEAST + 100), progress=calling(done.append))
    assert layout.shape[0] == facts["tracks"] and done == [1, 2, 3, 4]
    for row in facts["methods"].values():
        assert 0.5 < row["trustworthiness"] <= 1 and row["genre_purity"] > 0.8
        assert 5.5 <= row["mean_rank"] < 0.3 * facts["tracks"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the quickest method, which is then the one that is used."""
    monkeypatch.setattr(projections, "METHODS", ("pca",))
    monkeypatch.setattr(projections, "METHOD", "pca")


def without_layout(bundle: Path) -> Path:
    """The bundle as format 1 had it."""
    facts = json.loads((bundle / "bundle.json").read_text())
    for name in (LAYOUT, DEGRADED_GRAPH):
        del facts["files"][name]
        (bundle / name).unlink()
    facts["id"] = bundle_id(facts["name"], read_manifest(DEFAULT_BUNDLE).spec, facts["files"])
    for _ in range(2):  # the golden probe is heard by the bundle as it is now
        (bundle / "bundle.json").write_text(json.dumps({**facts, "format": 1}))
        write_golden(Listener(bundle), bundle / "golden.npz")
        facts["files"]["golden.npz"] = sha256_of(bundle / "golden.npz")
    return bundle


@pytest.mark.usefixtures("quick")
def test_a_bundle_without_a_layout_gets_one_and_keeps_its_id(copy: Path) -> None:
    before = read_manifest(without_layout(copy))
    assert all(holds for _, holds, _ in check_bundle(copy))
    with pytest.raises(BadBundle) as caught:
        read_layout(copy)
    assert caught.value.code == "no_layout"
    assert f"soundmap map layout --bundle {copy}" in str(caught.value)
    for _ in range(2):
        assert main(["map", "layout", "--bundle", str(copy)]) == 0
        after = read_manifest(copy)
        assert after.id == before.id and after.metrics["map"]["method"] == "pca"
        assert all(holds for _, holds, _ in check_bundle(copy))
        assert len(read_layout(copy)) == after.metrics["map"]["tracks"]
        assert (copy / "card.md").read_text(encoding="utf-8").count("## Map\n") == 1


def test_damage_is_not_sealed(copy: Path) -> None:
    manifest = (copy / "bundle.json").read_bytes()
    (copy / "genres.npy").write_bytes(b"damage")
    with pytest.raises(BadBundle) as caught:
        survey(copy)
    assert caught.value.code == "altered_bundle" and "genres.npy" in str(caught.value)
    assert (copy / "bundle.json").read_bytes() == manifest


@pytest.mark.parametrize(
    "broken",
    [
        np.zeros((3, 2), np.float32),
        np.full((7194, 2), np.nan, np.float32),
        np.full((7194, 2), 2, np.float32),
        np.zeros((7194, 3), np.float32),
        np.zeros(7194, np.float32),
        None,
    ],
    ids=["short", "nan", "far", "3-d", "1-d", "no array"],
)
def test_a_broken_layout_is_said_to_be_so(copy: Path, broken: Floats | None) -> None:
    if broken is None:
        (copy / LAYOUT).write_bytes(b"no array at all")
    else:
        write_layout(copy, broken)
    with pytest.raises(BadBundle) as caught:
        read_layout(copy)
    assert caught.value.code == "bad_layout"


def test_the_command_writes_a_page_and_says_where(tmp_path: Path, demo: Path) -> None:
    target = tmp_path / "my map.html"
    done = run("map", demo, "-n", "3", "-o", target, "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert facts["page"] == str(target) and facts["bytes"] == target.stat().st_size
    (sound,) = facts["sounds"]
    assert sound["name"] == "demo.wav" and len(sound["picks"]) == 3
    assert -1 <= sound["x"] <= 1 and -1 <= sound["y"] <= 1
    assert list(tmp_path.iterdir()) == [target] and sound["notes"] == []


def test_the_command_says_which_filter_left_nothing(tmp_path: Path, demo: Path) -> None:
    asked = ("map", demo, demo, "--genre", "Rock", "--tempo", "400-", "-o", tmp_path / "map.html")
    assert run(*asked).stdout.count("Nothing is left that passes: 400 BPM or more.") == 1
    sounds = json.loads(run(*asked, "--json").stdout)["sounds"]
    assert [[note["code"] for note in it["notes"]] for it in sounds] == [["filter_emptied"]] * 2


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["-o", "song.mp3"], 2, "not_a_page"),
        (["no-such.wav", "-o", "page.html"], 1, "missing_file"),
        (["-o", "no/such/folder/page.html"], 1, "output"),
        (["-n", "0"], 2, "usage"),
    ],
)
def test_wrong_wishes_write_nothing(
    tmp_path: Path, arguments: list[str], status: int, code: str
) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"a song")
    if "-o" in arguments:
        arguments[-1] = str(tmp_path / arguments[-1])
    done = run("map", "--json", *arguments)
    assert done.returncode == status
    assert f'"{code}"' in done.stdout
    assert list(tmp_path.iterdir()) == [song] and song.read_bytes() == b"a song"


def test_the_console_writes_the_page_with_the_last_sound(tmp_path: Path, demo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot"],
        input=f"/map\n{demo}\n/map\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=240,
        env={"SOUNDMAP_DATABASE": str(tmp_path / "mine.db"), "SOUNDMAP_WORKERS": "1"},
    )
    page = tmp_path / "mine-map.html"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(f"Open this in a browser: {page.as_uri()}") == 2
    assert '"name":"demo.wav"' in page.read_text(encoding="utf-8")
