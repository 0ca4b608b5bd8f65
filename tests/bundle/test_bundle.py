from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from soundmap.audio.decode import decode
from soundmap.bundle.check import check_bundle
from soundmap.bundle.listener import Listener
from soundmap.bundle.manifest import DEFAULT_BUNDLE, SEALED_FILES, bundle_id, read_manifest
from soundmap.catalog.licenses import UNKNOWN
from soundmap.catalog.table import read_catalog
from soundmap.errors import BadBundle
from soundmap.features.tiles import OVERVIEW, tiles_of
from soundmap.lab.network.genre_net import NetworkConfig
from soundmap.lab.network.graph import read_weights
from soundmap.wording import error_sentence

MIB = 2**20


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(DEFAULT_BUNDLE, tmp_path / "overview")


def test_the_shipped_bundle_is_sound() -> None:
    findings = list(check_bundle(DEFAULT_BUNDLE))
    assert all(holds for _, holds, _ in findings), findings
    assert {"catalog", "golden probe", "id", *SEALED_FILES} == {what for what, *_ in findings}


def test_the_shipped_bundle_is_small_and_holds_no_pickle() -> None:
    files = [path for path in DEFAULT_BUNDLE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40 * MIB
    sealed = {path.name for path in files if path.parent.name != "report"}
    assert sealed == {"bundle.json", *SEALED_FILES}
    report = {path.name for path in files if path.parent.name == "report"}
    assert report == {"confusion.png", "reliability.png", "report.json", "report.md"}


def test_the_shipped_network_is_small_and_cheap() -> None:
    """At most 16 MB of weights and 4 GFLOP a clip, a multiplication and an addition being two."""
    assert (DEFAULT_BUNDLE / "model.safetensors").stat().st_size <= 16_000_000
    config = NetworkConfig(**read_manifest(DEFAULT_BUNDLE).network)
    network = read_weights(DEFAULT_BUNDLE / "model.safetensors", config)
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 1, OVERVIEW.n_mels, OVERVIEW.n_columns))
    assert 0.1e9 < counter.get_total_flops() <= 4e9


def test_the_report_is_of_the_shipped_bundle() -> None:
    manifest = read_manifest(DEFAULT_BUNDLE)
    report = json.loads((DEFAULT_BUNDLE / "report" / "report.json").read_text())
    assert report["bundle"] == manifest.id
    for name in ("accuracy", "ece", "macro_f1"):
        assert report[name] == pytest.approx(manifest.metrics["validation"][name])
    for name in ("precision_at_5", "skewness_k10"):
        told = manifest.metrics["validation"]["retrieval"][name]
        assert report["retrieval"][name] == pytest.approx(told)
    for name in ("embeddings.npy", "genres.npy"):
        np.load(DEFAULT_BUNDLE / name, allow_pickle=False)


def test_it_says_what_was_measured(listener: Listener) -> None:
    validation = listener.manifest.metrics["validation"]
    assert validation["n"] == 800
    assert validation["accuracy_ci95"][0] < validation["accuracy"] < validation["accuracy_ci95"][1]
    card = (DEFAULT_BUNDLE / "card.md").read_text(encoding="utf-8")
    assert f"{validation['accuracy']:.1%}" in card
    assert "95.3 %" in card


@pytest.mark.parametrize("name", SEALED_FILES)
def test_a_changed_byte_is_found(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    broken = [what for what, holds, _ in check_bundle(copy) if not holds]
    assert broken == [name]


def test_a_missing_file_is_found(copy: Path) -> None:
    (copy / "model.onnx").unlink()
    assert ("model.onnx", False, "missing or altered") in list(check_bundle(copy))


def test_another_spec_is_another_id(copy: Path) -> None:
    facts = json.loads((copy / "bundle.json").read_text())
    facts["spec"]["n_fft"] = 4096
    (copy / "bundle.json").write_text(json.dumps(facts))
    assert "id" in [what for what, holds, _ in check_bundle(copy) if not holds]
    manifest = read_manifest(DEFAULT_BUNDLE)
    files = {**manifest.files, "card.md": "0"}
    assert bundle_id(manifest.name, manifest.spec, files) == manifest.id
    files = {**manifest.files, "model.onnx": "0"}
    assert bundle_id(manifest.name, manifest.spec, files) != manifest.id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "missing_bundle"),
        ("{", "bad_manifest"),
        ("[]", "bad_manifest"),
        ('{"format": 99}', "other_format"),
        ('{"format": 1}', "bad_manifest"),
        ("[" * 100_000, "bad_manifest"),
    ],
)
def test_a_bad_manifest_is_said_to_be_so(tmp_path: Path, content: str | None, code: str) -> None:
    if content is not None:
        (tmp_path / "bundle.json").write_text(content)
    with pytest.raises(BadBundle) as caught:
        list(check_bundle(tmp_path))
    assert caught.value.code == code
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": 0},
        {"temperature": "x"},
        {"sure_threshold": None},
        {"files": {}},
        {"files": 3},
    ],
    ids=str,
)
def test_facts_that_no_seal_writes_are_refused(copy: Path, change: dict[str, object]) -> None:
    facts = json.loads((copy / "bundle.json").read_text())
    (copy / "bundle.json").write_text(json.dumps({**facts, **change}))
    with pytest.raises(BadBundle) as caught:
        read_manifest(copy)
    assert caught.value.code == "bad_manifest"


@pytest.mark.parametrize("name", ["tracks.csv.gz", "embeddings.npy", "genres.npy"])
def test_a_damaged_catalog_is_said_to_be_so(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[100:5000] = content[:4900][::-1]
    (copy / name).write_bytes(content if name == "tracks.csv.gz" else content[:3000])
    with pytest.raises(BadBundle) as caught:
        read_catalog(copy)
    assert caught.value.code == "bad_catalog"
    for language, about in (("en", "it is damaged"), ("ko", "손상되었거나")):
        said = error_sentence(caught.value.code, caught.value.facts, language)
        assert str(copy / name) in said and about in said
        assert not re.search(r"mmap|array|stream|header|codec|'", said), said


@pytest.mark.parametrize(("n", "n_columns"), [(1, 128), (3, 128), (2, 64), (1, 13), (1, 1)])
def test_the_graph_answers_as_torch_does(listener: Listener, n: int, n_columns: int) -> None:
    network = read_weights(
        DEFAULT_BUNDLE / "model.safetensors", NetworkConfig(**listener.manifest.network)
    )
    tiles = np.random.default_rng(n).random((n, 128, n_columns), dtype=np.float32)
    with torch.inference_mode():
        embeddings, logits = network(torch.from_numpy(tiles)[:, None])
    for ours, theirs in zip(listener.runtime.run(tiles), (embeddings, logits), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3 * float(theirs.abs().max()))


def test_a_clip_alone_equals_the_clip_in_a_batch(listener: Listener) -> None:
    tiles = np.random.default_rng(0).random((5, 128, 128), dtype=np.float32)
    together, _ = listener.runtime.run(tiles)
    for tile, embedding in zip(tiles, together, strict=True):
        alone, _ = listener.runtime.run(tile[None])
        np.testing.assert_allclose(alone[0], embedding, rtol=1e-4, atol=1e-4)


def test_tiles_of_one_clip_are_averaged(listener: Listener) -> None:
    tiles = np.random.default_rng(0).random((3, 128, 128), dtype=np.float32)
    embedding, probabilities = listener.embed(tiles)
    singles = [listener.embed(tile[None]) for tile in tiles]
    np.testing.assert_allclose(embedding, np.mean([e for e, _ in singles], 0), atol=1e-4)
    np.testing.assert_allclose(probabilities, np.mean([p for _, p in singles], 0), atol=1e-5)


def test_the_catalog_knows_what_it_shows(listener: Listener) -> None:
    catalog = listener.catalog
    assert len(catalog) == 7194
    assert np.isfinite(catalog.points.values).all()
    assert (~catalog.audible).sum() == 1
    assert len(catalog) - len(set(catalog.uploads.tolist())) == 9
    for row in range(0, len(catalog), 97):
        track = catalog.track(row)
        assert track.title and track.artist
        assert bool(track.license) == (catalog.columns["license"][row] != UNKNOWN)
        assert bool(track.license_url) == bool(track.license)
        assert track.genre in listener.manifest.labels
        assert track.license_class in ("permissive", "restricted")
        assert track.url.startswith(("http://", "https://"))
        assert track.url_kind == ("page" if catalog.columns["page_url"][row] else "search")


def test_the_demo_is_heard(listener: Listener, demo: Path) -> None:
    tiles, _ = tiles_of(decode(demo), listener.manifest.spec)
    embedding, probabilities = listener.embed(tiles)
    analysis = listener.listen(demo)
    np.testing.assert_array_equal(analysis.embedding, embedding)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert analysis.genres[0][1] == pytest.approx(probabilities.max())
