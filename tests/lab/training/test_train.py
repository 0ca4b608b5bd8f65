"""Real training on a small made-up data set: three "genres" that differ in their bands."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from soundmap.bundle.check import check_bundle
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import Manifest
from soundmap.errors import BadDataset, BadRequest
from soundmap.features.tiles import Steps
from soundmap.lab.datasets.arrays import TileSet, read_tiles
from soundmap.lab.evaluation.scores import evaluate
from soundmap.lab.network.genre_net import COMPACT, GenreNet, NetworkConfig
from soundmap.lab.training.augment import augment, mix
from soundmap.lab.training.lesson import Split
from soundmap.lab.training.loop import train
from soundmap.lab.training.losses import soft_cross_entropy, supervised_contrastive
from soundmap.lab.training.recipe import Recipe, Run
from soundmap.lab.training.run import recipe_from, train_bundle
from soundmap.lab.training.teacher import read_features, teach
from soundmap.types import silent
from tests.helpers.progress import calling
from tests.helpers.training import GENRES, banded

RECIPE = Recipe(width=2, epochs=4, batch_size=8, crop_columns=24, averaging=0.9)


def made_up(n: int, seed: int) -> tuple[Steps, list[str]]:
    rng = np.random.default_rng(seed)
    kinds = np.arange(n) % len(GENRES)
    return banded(rng, kinds), [GENRES[kind] for kind in kinds]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder: training, validation and the table."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for seed, (side, n) in enumerate((("training", 48), ("validation", 24))):
        tiles, genres = made_up(n, seed)
        ids = np.arange(n) + 1000 * seed
        np.savez(folder / f"tiles-{side}.npz", track_id=ids.astype(np.int32), tile=tiles)
        rows += [
            {
                "track_id": str(track_id),
                "title": f"Song {track_id} &amp; more",
                "artist": f"Artist {track_id}",
                "genre": genre,
                "subgenres": genre,
                "licence": "Attribution",
                "licence_class": "permissive",
                "page_url": "",
                "tempo_bpm": "120",
            }
            for track_id, genre in zip(ids, genres, strict=True)
        ]
    with (folder / "tracks.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def split(n: int, seed: int) -> Split:
    tiles, genres = made_up(n, seed)
    targets = torch.tensor([GENRES.index(genre) for genre in genres])
    return Split(torch.from_numpy(tiles), targets)


def run_in(folder: Path, **changes: object) -> Run:
    return Run(folder, dataclasses.replace(RECIPE, **changes), len(GENRES))  # type: ignore[arg-type]


class Killed(Exception):
    pass


def test_a_run_killed_anywhere_ends_where_an_unbroken_one_does(tmp_path: Path) -> None:
    training, validation = split(40, 0), split(12, 1)

    def killer(done: float) -> None:
        if done >= 2.4:
            raise Killed

    unbroken = train(run_in(tmp_path / "a"), training, validation, silent)
    with pytest.raises(Killed):
        train(run_in(tmp_path / "b"), training, validation, calling(killer))
    resumed_run = run_in(tmp_path / "b")
    resumed = train(resumed_run, training, validation, silent)
    assert [epoch["epoch"] for epoch in resumed_run.history] == [1, 2, 3, 4]
    for name, value in unbroken.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], value, msg=name)


def test_the_seed_decides(tmp_path: Path) -> None:
    training, validation = split(24, 0), split(12, 1)
    losses = [
        train_once(tmp_path / name, training, validation, seed)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert losses[0] == losses[1] != losses[2]


def train_once(folder: Path, training: Split, validation: Split, seed: int) -> float:
    run = run_in(folder, epochs=1, seed=seed)
    train(run, training, validation, silent)
    return run.history[0]["training_loss"]


def test_the_best_epoch_is_the_most_often_right_then_the_least_wrong(tmp_path: Path) -> None:
    run = run_in(tmp_path)
    assert run.best is None
    run.history = [
        {"epoch": epoch, "validation_accuracy": accuracy, "validation_loss": loss}
        for epoch, accuracy, loss in ((4, 0.5, 1.0), (8, 0.75, 1.5), (12, 0.75, 1.25))
    ]
    assert run.best is run.history[2]
    assert run.record()["kept_epoch"] == 12


def test_kept_are_the_weights_of_the_best_epoch_also_after_a_kill(tmp_path: Path) -> None:
    plain, validation = split(48, 0), split(12, 1)
    knowledge = torch.nn.functional.one_hot(plain.targets, 3).float()
    astray = dataclasses.replace(plain, knowledge=knowledge, guesses=knowledge.roll(1, 1))
    changes = {"epochs": 8, "learning_rate": 0.02, "trust": 1.0}

    def killer(done: float) -> None:
        if done > 4:
            raise Killed

    with pytest.raises(Killed):
        train(run_in(tmp_path, **changes), astray, validation, calling(killer))
    early = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["averaged"]
    run = run_in(tmp_path, **changes)
    kept = train(run, astray, validation, silent)
    assert run.best is run.history[3]  # the longer it learns from this teacher the worse
    last = torch.load(tmp_path / "checkpoint.pt", weights_only=True)["averaged"]
    name = "module.network.embed.weight"
    torch.testing.assert_close(kept.embed.weight, early[name])
    assert not torch.allclose(kept.embed.weight, last[name])


def test_another_recipe_is_not_resumed(tmp_path: Path) -> None:
    train(run_in(tmp_path, epochs=1), split(16, 0), split(6, 1), silent)
    with pytest.raises(BadDataset, match="another recipe"):
        train(run_in(tmp_path, width=3), split(16, 0), split(6, 1), silent)


def test_other_data_is_not_resumed(tmp_path: Path) -> None:
    run = run_in(tmp_path, epochs=1)
    run.data_sha256 = "a"
    train(run, split(16, 0), split(6, 1), silent)
    again = run_in(tmp_path, epochs=2)
    again.data_sha256 = "b"
    with pytest.raises(BadDataset, match="other data"):
        train(again, split(16, 0), split(6, 1), silent)


def test_starting_over_removes_only_its_own_files(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    run = run_in(tmp_path, epochs=1)
    train(run, split(16, 0), split(6, 1), silent)
    run.forget()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_of_something_else_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BadRequest, match="is no bundle"):
        train_bundle(folder, tmp_path / "run", tmp_path, RECIPE)


def test_a_track_on_both_sides_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("tracks.csv", "tiles-training.npz"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "tiles-validation.npz").write_bytes((folder / "tiles-training.npz").read_bytes())
    with pytest.raises(BadDataset, match="share what they must not, 144 times: artist"):
        train_bundle(tmp_path, tmp_path / "run", tmp_path / "bundle", RECIPE)
    assert not (tmp_path / "run").exists()


def test_a_table_without_titles_is_refused_before_training(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "tracks.csv"
    table.write_text(table.read_text().replace("title", "name", 1))
    with pytest.raises(BadDataset, match="needs the columns"):
        train_bundle(tmp_path, tmp_path / "run", tmp_path / "bundle", RECIPE)


def test_learning_rate_warms_up_and_falls_to_nothing() -> None:
    recipe = Recipe(learning_rate=0.01, warm_up=0.1)
    rates = [recipe.learning_rate_at(done) for done in (0, 0.05, 0.1, 0.55, 1)]
    assert rates == pytest.approx([0, 0.005, 0.01, 0.005, 0], abs=1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"learning_rate": float("nan")},
        {"seed": 2**80},
        {"width": 0},
        {"epochs": 0},
        {"learning_rate": 0.0},
        {"batch_size": 1},
        {"seed": -1},
    ],
)
def test_impossible_recipes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        recipe_from(wrong)


def test_the_published_network_has_its_size() -> None:
    network = GenreNet(NetworkConfig(width=64))
    assert network.config.filters == (64, 128, 256, 512)
    assert sum(value.numel() for value in network.parameters()) == pytest.approx(3.1e6, rel=0.02)
    embeddings, logits = network.eval()(torch.rand(2, 1, 128, 128))
    assert (embeddings.shape, logits.shape) == ((2, 40), (2, 8))


def laid_out(whitening: float, weight: float, n: int = 200) -> tuple[GenreNet, Tensor]:
    """A network after the embeddings of ``n`` tiles were laid out, and these embeddings."""
    torch.manual_seed(3)
    network = GenreNet(NetworkConfig(width=4, kind=COMPACT)).eval()
    tiles = torch.rand(n, 1, 128, 16) ** torch.linspace(0.3, 3, n)[:, None, None, None]
    with torch.no_grad():
        before, logits = network(tiles)
        network.lay_out(before, whitening, weight)
        after, same = network(tiles)
    assert torch.allclose(after.norm(dim=1), before.norm(dim=1), rtol=1e-4)
    assert torch.equal(same, logits)
    return network, after


def spread(points: Tensor) -> float:
    """The share of all variance that the widest direction has."""
    values = torch.linalg.eigvalsh(torch.cov(points.T.double()))
    return float(values[-1] / values.sum())


def test_laying_out_shares_variance_and_moves_no_genre() -> None:
    shares = [spread(laid_out(whitening, 0)[1]) for whitening in (0, 0.2, 0.4)]
    assert shares == sorted(shares, reverse=True) and shares[2] < 0.7 * shares[0]


def test_laying_out_pulls_apart_what_is_classified_apart() -> None:
    def told(weight: float) -> float:
        network, points = laid_out(0.4, weight)
        rows = network.classify.weight.double() @ torch.linalg.inv(network.stretch.double()).T
        along = torch.linalg.svd(rows, full_matrices=False)[2]
        offsets = points.double() - points.double().mean(0)
        return float(((offsets @ along.T).square().sum() / offsets.square().sum()).detach())

    assert told(0) < told(2) < told(8)


def test_few_points_are_laid_out_without_blowing_up() -> None:
    network, points = laid_out(0.4, 2, n=3)
    assert points.isfinite().all() and network.stretch.abs().max() < 100


@pytest.mark.parametrize("n_columns", [1, 2, 5, 33, 128])
def test_embeddings_of_the_compact_network_lie_on_a_sphere(n_columns: int) -> None:
    network = GenreNet(NetworkConfig(width=4, kind=COMPACT)).eval()
    embeddings, logits = network(torch.rand(3, 1, 128, n_columns))
    assert (embeddings.shape, logits.shape) == ((3, 40), (3, 8))
    torch.testing.assert_close(embeddings.norm(dim=1), torch.full((3,), 40**0.5))


def test_there_are_two_kinds_of_network() -> None:
    with pytest.raises(ValueError, match="published or compact"):
        NetworkConfig(kind="enormous")


def test_views_are_levels_of_the_asked_width() -> None:
    torch.manual_seed(0)
    tiles = torch.rand(6, 1, 128, 60)
    views = augment(tiles, 40)
    assert views.shape == (6, 1, 128, 40)
    assert 0 <= views.min() < views.max() <= 1
    assert augment(tiles, 0).shape == augment(tiles, 90).shape == tiles.shape


def test_what_is_mixed_is_mixed_alike() -> None:
    torch.manual_seed(0)
    numbers = torch.arange(6.0)
    tiles, labels = mix(numbers.view(6, 1, 1, 1).expand(-1, 1, 2, 3), torch.eye(6))
    torch.testing.assert_close(labels.sum(1), torch.ones(6))
    torch.testing.assert_close(labels @ numbers, tiles[:, 0, 1, 2])


def test_contrast_is_least_where_genres_stand_apart() -> None:
    targets = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[1.0, 0], [1, 0], [-1, 0], [-1, 0]])
    losses = [
        supervised_contrastive(points, targets).item()
        for points in (apart, torch.randn(4, 2), apart[[0, 2, 1, 3]])
    ]
    assert 0 < losses[0] < losses[1] < losses[2]
    assert supervised_contrastive(apart * 5, targets).item() == pytest.approx(losses[0])
    assert supervised_contrastive(apart, torch.arange(4)) == 0  # nobody shares a genre


def test_certain_and_right_costs_nothing() -> None:
    aims = torch.eye(3)
    assert soft_cross_entropy(aims * 50, aims).item() == pytest.approx(0, abs=1e-6)
    assert soft_cross_entropy(torch.zeros(3, 3), aims).item() == pytest.approx(np.log(3))


def features(path: Path, n: int, seed: int, genres: list[str]) -> None:
    """A teacher that knows the genre well: one of its numbers tells it."""
    rng = np.random.default_rng(seed)
    vggish = rng.normal(size=(n, 128)).astype(np.float32)
    vggish[:, 0] = [4.0 * GENRES.index(genre) for genre in genres]
    mfcc = rng.normal(size=(n, 20, 20)).astype(np.float16)
    np.savez(path, track_id=np.arange(n)[::-1], vggish=vggish[::-1], mfcc=mfcc[::-1])


def test_a_teacher_guesses_what_it_was_not_told(tmp_path: Path) -> None:
    tiles, genres = made_up(60, 3)
    features(tmp_path / "features.npz", 60, 3, genres)
    side = TileSet(np.arange(60), tiles, tuple(genres))
    artists = np.array([f"Artist {track // 2}" for track in range(60)])
    teacher = teach([tmp_path / "features.npz"], side, side.targets(GENRES), artists)
    np.testing.assert_allclose(teacher.guesses.sum(1), 1, rtol=1e-5)
    assert (teacher.guesses.argmax(1) == side.targets(GENRES)).mean() > 0.9
    np.testing.assert_allclose(teacher.knowledge.mean(0), 0, atol=1e-5)
    wrong = side.targets(GENRES).copy()
    wrong[:2] = (wrong[:2] + 1) % 3  # an artist whose labels lie
    again = teach([tmp_path / "features.npz"], side, wrong, artists)
    np.testing.assert_array_equal(again.guesses[:2].argmax(1), side.targets(GENRES)[:2])


def test_a_teacher_must_know_every_track(tmp_path: Path) -> None:
    features(tmp_path / "features.npz", 12, 3, made_up(12, 3)[1])
    with pytest.raises(BadDataset, match="lacks 1 of the tracks, 12 for one"):
        read_features([tmp_path / "features.npz"], np.arange(13))


def test_a_student_learns_what_its_teacher_knows(tmp_path: Path) -> None:
    plain = split(48, 0)
    knowledge = torch.nn.functional.one_hot(plain.targets, 3).float()
    taught = dataclasses.replace(plain, knowledge=knowledge, guesses=knowledge.roll(1, 1))
    run = run_in(tmp_path, epochs=8, learning_rate=0.02, trust=1.0)
    astray = split(12, 1)
    astray = dataclasses.replace(astray, targets=(astray.targets + 1) % 3)
    network = train(run, taught, astray, silent)
    tiles = torch.from_numpy(made_up(12, 1)[0]).float().unsqueeze(1) / 255
    guessed = network(tiles)[1].argmax(1)  # a teacher wholly trusted is followed into its errors
    assert (guessed == astray.targets).float().mean() > 0.7


@pytest.fixture(scope="module")
def built(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    bundle = tmp_path_factory.mktemp("models") / "small"
    recipe = dataclasses.replace(RECIPE, epochs=8, learning_rate=0.01)
    return bundle, train_bundle(folder, bundle.parent / "run", bundle, recipe)


def test_training_ends_in_a_sound_bundle(built: tuple[Path, Manifest]) -> None:
    bundle, manifest = built
    findings = list(check_bundle(bundle))
    assert all(holds for _, holds, _ in findings), findings
    assert manifest.labels == GENRES
    assert manifest.metrics["validation"]["accuracy"] > 0.9
    catalog = Listener(bundle).catalog
    assert len(catalog) == 72
    assert catalog.track(3).title == "Song 3 & more"
    record = json.loads((bundle / "training.json").read_text())
    assert len(record["history"]) == 8
    assert record["recipe"]["width"] == 2


def test_a_bundle_is_scored_by_tile_files(built: tuple[Path, Manifest], tmp_path: Path) -> None:
    tiles, genres = made_up(30, 9)
    path = tmp_path / "test.npz"
    np.savez(path, track_id=np.arange(30), tile=tiles, genre=np.array(genres))
    report = evaluate(Listener(built[0]), read_tiles(path))
    assert report["n"] == 30
    assert report["accuracy"] > 0.9
    with pytest.raises(BadDataset, match="64 mel bands"):
        np.savez(path, track_id=np.arange(30), tile=tiles[:, :64], genre=np.array(genres))
        evaluate(Listener(built[0]), read_tiles(path))
    with pytest.raises(BadDataset, match="Unknown genres: Polka"):
        np.savez(path, track_id=np.arange(1), tile=tiles[:1], genre=np.array(["Polka"]))
        evaluate(Listener(built[0]), read_tiles(path))


def test_building_again_gives_the_same_bundle(
    built: tuple[Path, Manifest], folder: Path, tmp_path: Path
) -> None:
    recipe = dataclasses.replace(RECIPE, epochs=8, learning_rate=0.01)
    again = train_bundle(folder, built[0].parent / "run", tmp_path / "small", recipe)
    assert again.id == built[1].id
    assert again.files["tracks.csv.gz"] == built[1].files["tracks.csv.gz"]
