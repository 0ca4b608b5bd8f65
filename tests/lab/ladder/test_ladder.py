"""The ladder on small made-up data: every row learns, goes on after a kill, and is told apart."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from soundmap.cli.main import main
from soundmap.errors import BadDataset, BadRequest
from soundmap.lab.ladder import ROWS
from soundmap.lab.ladder.fit import Fit, Side, answers, by_track, fit
from soundmap.lab.ladder.inputs import read_data, sliced
from soundmap.lab.ladder.networks import Views, mel_cnn, mel_vit
from soundmap.lab.ladder.plan import Plan
from soundmap.lab.ladder.rows import TRAINED
from soundmap.lab.ladder.run import train_row
from soundmap.lab.ladder.table import known_rows
from soundmap.types import silent
from tests.helpers import cli
from tests.helpers.training import GENRES, banded

SIZES = {"training": 48, "validation": 24}
PLAN = Plan(epochs=4, batch_size=8, lr_step=3)


def made_up(ids: Any, seed: int) -> dict[str, Any]:
    """Tiles whose bands, and MFCCs whose values, tell the genre of a track: its id modulo 3."""
    rng = np.random.default_rng(seed)
    tiles, mfcc = banded(rng, ids % 3), rng.standard_normal((len(ids), 40, 20))
    for values, kind in zip(mfcc, ids % 3, strict=True):
        values[:, 5 * kind : 5 * kind + 5] += 3
    return {"tile": tiles, "mfcc": mfcc.astype(np.float16)}


def write_data(folder: Path) -> Path:
    """A data folder, each track by an artist of its own."""
    rows = []
    for seed, (side, n) in enumerate(SIZES.items()):
        ids = (np.arange(n) + 1000 * seed).astype(np.int32)
        arrays = made_up(ids, seed)
        np.savez(folder / f"tiles-{side}.npz", track_id=ids, tile=arrays["tile"])
        np.savez(folder / f"features-{side}.npz", track_id=ids, mfcc=arrays["mfcc"])
        rows += [(int(i), f"Artist {i}", GENRES[i % 3]) for i in ids]
    with (folder / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("track_id", "artist", "genre"), *rows])
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


def test_slices_are_dealt_whoever_they_are_of(folder: Path) -> None:
    data = read_data(folder, "mfcc")
    found = sliced(data, 4)
    assert found.training.values.shape == (4 * 72 - 57, 10, 20)
    assert found.validation.values.shape == (57, 10, 20)
    assert not set(found.training.track_ids) & set(found.validation.track_ids)
    whole = np.concatenate([data.training.values, data.validation.values])
    pieces = np.concatenate([found.training.values, found.validation.values])
    assert pieces.sum() == pytest.approx(whole.sum(), rel=1e-3)
    assert (found.facts["slices"], found.facts["n_validation"]) == (4, 57)
    assert sliced(read_data(folder, "tiles"), 2).training.values.shape[1:] == (128, 16)
    with pytest.raises(BadDataset, match="cannot be cut into 99 slices"):
        sliced(data, 99)


def test_slices_of_known_tracks_are_easy(folder: Path, tmp_path: Path) -> None:
    changes = {"epochs": 6, "batch_size": 8, "learning_rate": 2e-3}
    found = train_row("features-dnn", folder, tmp_path, changes, False, silent, slices=4)
    assert found["n"] == 57 and found["data"]["slices"] == 4 and found["accuracy"] > 0.8


def side(n: int, seed: int) -> Side:
    ids = np.arange(n)
    tiles = torch.from_numpy(made_up(ids, seed)["tile"])
    return Side(tiles, torch.from_numpy(ids % 3), torch.from_numpy(ids))


def run_at(path: Path, plan: Plan = PLAN, identity: str = "made up") -> Fit:
    torch.manual_seed(plan.seed)
    return Fit(path, mel_cnn(2, 3), plan, identity)


@pytest.mark.parametrize("name", ["features-dnn", "mfcc-cnn", "mel-vit"])
def test_every_row_learns_and_keeps_its_figures(name: str, folder: Path, tmp_path: Path) -> None:
    changes = {"epochs": 12, "batch_size": 8, "learning_rate": 2e-3, "warm_up": 0}
    found = train_row(name, folder, tmp_path, changes, False, silent)
    assert found["accuracy"] > 0.8
    low, high = found["accuracy_ci95"]
    assert low < found["accuracy"] < high + 1e-9
    assert (found["n"], found["epochs"] <= 12) == (24, True)
    assert found["data"]["n_training"] == 48
    assert found["parameters"] > 1000
    assert known_rows(tmp_path) == [json.loads((tmp_path / f"{name}.json").read_text())]


def test_the_published_row_is_the_published_recipe() -> None:
    row = TRAINED["mel-cnn"]
    plan = row.plan
    assert (plan.epochs, plan.batch_size, plan.learning_rate, plan.lr_factor) == (50, 32, 1e-3, 0.1)
    assert (plan.weight_decay, plan.warm_up) == (0, 0)
    network = row.network(torch.zeros(1, 128, 128, dtype=torch.uint8), 8)
    assert sum(value.numel() for value in network.parameters()) == pytest.approx(3.1e6, rel=0.02)
    assert not any(isinstance(module, Views) for module in network.modules())


def test_all_rows_can_be_run() -> None:
    assert [*TRAINED, "ours"] == list(ROWS)


def test_a_resumed_run_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    unbroken, again = run_at(tmp_path / "a.pt"), run_at(tmp_path / "b.pt")
    fit(unbroken, side(40, 0), side(12, 1), silent)
    fit(
        run_at(tmp_path / "b.pt", dataclasses.replace(PLAN, epochs=2)),
        side(40, 0),
        side(12, 1),
        silent,
    )
    fit(again, side(40, 0), side(12, 1), silent)
    assert [row["epoch"] for row in again.history] == [1, 2, 3, 4]
    for name, value in unbroken.network.state_dict().items():
        torch.testing.assert_close(again.network.state_dict()[name], value, msg=name)


@pytest.mark.timeout(400)
def test_a_killed_command_goes_on_and_ends_the_same(folder: Path, tmp_path: Path) -> None:
    """SIGKILL once an epoch is kept; the figures are those of a run left alone."""
    command = ["ladder", "mfcc-cnn", "--data", str(folder), "--threads", "1", "--epochs"]
    killed, alone = tmp_path / "killed", tmp_path / "alone"
    asked = [sys.executable, "-m", "soundmap", *command, "4000", "--run", str(killed)]
    endless = subprocess.Popen(asked)
    checkpoint = killed / "mfcc-cnn.checkpoint.pt"
    deadline = time.monotonic() + 300
    while not checkpoint.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(endless.pid, signal.SIGKILL)
    endless.wait()
    done = torch.load(checkpoint, weights_only=True)["history"]
    epochs = str(len(done) + 1)
    rows = []
    for run in (killed, alone):
        (row,) = cli.answer(*command, epochs, "--run", run)["rows"]
        rows.append({name: value for name, value in row.items() if name != "seconds"})
    assert rows[0] == rows[1]


def test_another_plan_or_other_data_is_not_resumed(tmp_path: Path) -> None:
    fit(run_at(tmp_path / "a.pt", dataclasses.replace(PLAN, epochs=1)), side(16, 0), None, silent)
    with pytest.raises(BadDataset, match="another recipe"):
        plan = dataclasses.replace(PLAN, learning_rate=0.01)
        fit(run_at(tmp_path / "a.pt", plan), side(16, 0), None, silent)
    with pytest.raises(BadDataset, match="other data"):
        fit(run_at(tmp_path / "a.pt", identity="other"), side(16, 0), None, silent)


def test_it_stops_early_and_keeps_the_best(tmp_path: Path) -> None:
    training, validation = side(24, 0), side(12, 1)
    backwards = dataclasses.replace(validation, targets=(validation.targets + 1) % 3)
    plan = dataclasses.replace(PLAN, epochs=40, patience=2, learning_rate=0.01, lr_step=40)
    run = run_at(tmp_path / "a.pt", plan)
    fit(run, training, backwards, silent)  # the better it learns, the worse it scores
    assert len(run.history) < 40
    assert run.best["epoch"] == len(run.history) - 2
    loss = nn.functional.cross_entropy(answers(run.network, backwards), backwards.targets)
    assert loss.item() == pytest.approx(run.best["validation_loss"], rel=1e-4)


def test_without_a_validation_side_the_last_epoch_counts(tmp_path: Path) -> None:
    run = run_at(tmp_path / "a.pt")
    fit(run, side(16, 0), None, silent)
    assert run.best["epoch"] == len(run.history) == PLAN.epochs


def test_the_rate_warms_up_and_falls_in_steps() -> None:
    plan = Plan(lr_step=4, warm_up=1)
    rates = [plan.learning_rate_at(epoch) for epoch in range(9)]
    assert rates == pytest.approx([5e-4, *[1e-3] * 3, *[1e-4] * 4, 1e-5])


@pytest.mark.parametrize(
    "wrong", [{"epochs": 0}, {"batch_size": 1}, {"learning_rate": 0.0}, {"seed": -1}]
)
def test_impossible_plans_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        dataclasses.replace(PLAN, **wrong)


def test_a_track_answers_once() -> None:
    probabilities = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [1.0, 0.0]])
    asked = Side(torch.zeros(4), torch.tensor([0, 1, 0, 0]), torch.tensor([7, 3, 7, 7]))
    means, targets = by_track(probabilities, asked)
    torch.testing.assert_close(means, torch.tensor([[0.2, 0.8], [2.3 / 3, 0.7 / 3]]))
    assert targets.tolist() == [1, 0]


def test_views_are_for_training_only() -> None:
    torch.manual_seed(0)
    x = torch.rand(4, 1, 20, 40)
    views = Views(0.0)
    assert torch.equal(views.eval()(x), x)
    seen: Tensor = views.train()(x)
    assert seen.shape == x.shape and not torch.equal(seen, x)
    assert x.min() <= seen.min() <= seen.max() <= x.max()


@pytest.mark.parametrize("shape", [(128, 128), (128, 33), (8, 1)])
def test_the_transformer_takes_any_tile(shape: tuple[int, int]) -> None:
    tiles = torch.randint(0, 255, (2, *shape), dtype=torch.uint8)
    assert mel_vit(shape, 5, width=32, depth=1)(tiles).shape == (2, 5)


def test_a_leaking_folder_is_refused(tmp_path: Path) -> None:
    folder = write_data(tmp_path)
    table = folder / "tracks.csv"
    table.write_text(table.read_text().replace("Artist 1005", "Artist 5"))
    with pytest.raises(BadDataset, match="artist artist 5"):
        read_data(folder, "mfcc")


@pytest.mark.parametrize(
    ("file", "arrays", "code"),
    [
        ("features-training.npz", {"track_id": np.arange(48)}, "missing_arrays"),
        (
            "features-training.npz",
            {"track_id": np.arange(48), "mfcc": np.zeros((48, 40, 13))},
            "bad_mfcc",
        ),
        (
            "features-training.npz",
            {"track_id": np.arange(9), "mfcc": np.zeros((9, 40, 20))},
            "other_tracks",
        ),
        (
            "features-validation.npz",
            {"track_id": np.arange(1000, 1024), "mfcc": np.zeros((24, 41, 20))},
            "uneven_sides",
        ),
    ],
)
def test_bad_features_have_their_codes(
    tmp_path: Path, file: str, arrays: dict[str, Any], code: str
) -> None:
    folder = write_data(tmp_path)
    np.savez(folder / file, **arrays)
    with pytest.raises(BadDataset) as caught:
        read_data(folder, "mfcc")
    assert caught.value.code == code
    assert str(caught.value)


def test_the_command_prints_the_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ladder", "features-dnn", "--data", str(folder), "--run", str(tmp_path)]
    assert main([*asked, "--epochs", "2", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [row["row"] for row in report["rows"]] == ["features-dnn"]
    assert {row["accuracy"] for row in report["published"]} >= {0.935, 0.811, 0.589, 0.953, 0.464}
    assert main(["ladder", "--table", "--run", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "not run" in text and "95.3%" in text and "other protocols" in text


def test_the_shipped_bundle_is_a_row(data: Path, tmp_path: Path) -> None:
    assert main(["ladder", "ours", "--data", str(data), "--run", str(tmp_path)]) == 0
    (row,) = known_rows(tmp_path)
    assert row["n"] == 800
    assert row["accuracy"] > 0.464
    assert row["parameters"] > 1000


@pytest.mark.parametrize("arguments", [["ladder"], ["ladder", "mel-cnn"]])
def test_a_ladder_without_rows_or_data_is_wrong_usage(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_a_spoiled_row_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "mel-cnn.json").write_text("{}")
    assert main(["ladder", "--table", "--run", str(tmp_path)]) == 1
