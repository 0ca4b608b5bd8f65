"""A bundle: one folder that describes itself, sealed by hashes.  Its id is stamped on every answer.

``card.md`` for people · ``bundle.json`` the manifest · ``model.safetensors`` the weights ·
``model.onnx`` the inference graph · ``embeddings.npy``, ``genres.npy``, ``tracks.csv.gz`` the
catalog · ``layout.npy`` where each of its tracks lies on the map · ``golden.npz`` a probe and what
it must give.  Format 1 had no layout and is still read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.catalog.table import Catalog, Space
from soundmap.errors import BadBundle
from soundmap.features.tiles import TileSpec
from soundmap.files import replacing, sha256_of
from soundmap.types import Analysis, frozen

FORMAT = 2
DEFAULT_BUNDLE = Path(__file__).resolve().parents[2] / "models" / "overview"
MANIFEST = "bundle.json"
SEALED_FILES = (
    "card.md",
    "embeddings.npy",
    "genres.npy",
    "golden.npz",
    "layout.npy",
    "model.onnx",
    "model.safetensors",
    "tracks.csv.gz",
    "training.json",
)
_FILES = {1: set(SEALED_FILES) - {"layout.npy"}, FORMAT: set(SEALED_FILES)}
TRACK_SECONDS = 30.0  # of each track of a catalog, its clip was heard
_MOVES_EMBEDDINGS = ("model.onnx", "model.safetensors")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``bundle.json`` says.

    ``temperature`` > 0 calibrates the logits; an answer is sure at a probability of at least
    ``sure_threshold``; two embeddings closer than ``same_sound_distance`` are one recording;
    ``files`` maps each sealed file to its sha256.
    """

    name: str
    id: str
    spec: TileSpec
    labels: tuple[str, ...]
    network: dict[str, Any]
    temperature: float
    sure_threshold: float
    same_sound_distance: float
    metrics: dict[str, Any]
    files: dict[str, str]

    @property
    def space(self) -> Space:
        """The space that its embeddings lie in."""
        return Space(self.id, self.same_sound_distance)

    def analysis_of(self, catalog: Catalog, row: int) -> Analysis:
        """What the bundle heard in a track of a catalog, as if its clip had just been heard."""
        probabilities = np.array(catalog.probabilities[row])
        return Analysis(
            bundle_id=self.id,
            clip_sha256="",
            seconds=TRACK_SECONDS,
            labels=self.labels,
            probabilities=frozen(probabilities),
            embedding=frozen(np.array(catalog.points.values[row])),
            traits=catalog.track(row).traits,
            sure=bool(probabilities.max() >= self.sure_threshold),
        )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a bundle.  Raises BadBundle ``missing_bundle``, ``bad_manifest`` or
    ``other_format``.
    """
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBundle("missing_bundle", path=folder) from error
    except (ValueError, RecursionError) as error:
        raise BadBundle("bad_manifest", path=folder, reason=error) from error
    try:
        if (found := facts.pop("format")) not in _FILES:
            raise BadBundle("other_format", path=folder, found=found, expected=FORMAT)
        spec = facts.pop("spec")
        spec = TileSpec(**{**spec, "native_rates_hz": tuple(spec["native_rates_hz"])})
        manifest = Manifest(spec=spec, labels=tuple(facts.pop("labels")), **facts)
        return _checked(manifest, _FILES[found])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBundle("bad_manifest", path=folder, reason=error) from error


def _checked(manifest: Manifest, files: set[str]) -> Manifest:
    """Raises ValueError or TypeError for facts that no seal would write."""
    if not (manifest.temperature > 0 and 0 <= manifest.sure_threshold <= 1):
        raise ValueError("its calibration is out of range")
    if not manifest.same_sound_distance >= 0 or not manifest.network["embedding_size"] > 0:
        raise ValueError("its distances or its network are out of range")
    if not all(isinstance(text, str) for text in (manifest.name, manifest.id, *manifest.labels)):
        raise TypeError("its names are no text")
    if set(manifest.files) != files:
        raise ValueError("it does not list the files of a bundle")
    return manifest


def seal(folder: Path, name: str, spec: TileSpec, **facts: Any) -> Manifest:
    """Hashes every file of a finished folder and writes its manifest, last and at once."""
    files = {file: sha256_of(folder / file) for file in SEALED_FILES}
    manifest = Manifest(name=name, id=bundle_id(name, spec, files), spec=spec, files=files, **facts)
    text = json.dumps({"format": FORMAT, **dataclasses.asdict(manifest)}, indent=2)
    with replacing(folder / MANIFEST) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return manifest


def bundle_id(name: str, spec: TileSpec, files: dict[str, str]) -> str:
    """Name plus a short hash over all that moves an embedding: tile spec, weights, graph."""
    moves = [json.dumps(dataclasses.asdict(spec)), *(files[file] for file in _MOVES_EMBEDDINGS)]
    return f"{name}-{hashlib.sha256('|'.join(moves).encode()).hexdigest()[:8]}"
