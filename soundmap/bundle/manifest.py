"""A bundle: a self-describing folder, sealed by hashes.  Every answer carries its id.

- ``card.md``: the model card
- ``bundle.json``: the manifest
- ``model.safetensors``, ``model.onnx``: the weights and the inference graph
- ``degraded.onnx``: the inference graph for degraded recordings
- ``embeddings.npy``, ``genres.npy``, ``tracks.csv.gz``: the catalog
- ``layout.npy``: the position of each track on the map
- ``golden.npz``: a probe sound and its expected results
- ``training.json``: the record of the training

An installed package leaves out what only training reads, ``TRAINING_FILES``.

Format 1 had no layout, format 2 no ear for degraded recordings; both can still be read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from soundmap.catalog.table import Catalog, Space
from soundmap.errors import BadBundle
from soundmap.features.condition import Condition
from soundmap.features.tiles import TileSpec
from soundmap.files import replacing, sha256_of
from soundmap.types import Analysis, Window, frozen

FORMAT = 3
MANIFEST = "bundle.json"
CLEAN_GRAPH, DEGRADED_GRAPH = "model.onnx", "degraded.onnx"
SEALED_FILES = (
    "card.md",
    DEGRADED_GRAPH,
    "embeddings.npy",
    "genres.npy",
    "golden.npz",
    "layout.npy",
    CLEAN_GRAPH,
    "model.safetensors",
    "tracks.csv.gz",
    "training.json",
)
TRAINING_FILES = ("model.safetensors", "training.json")
_FILES = {
    1: set(SEALED_FILES) - {DEGRADED_GRAPH, "layout.npy"},
    2: set(SEALED_FILES) - {DEGRADED_GRAPH},
    FORMAT: set(SEALED_FILES),
}
TRACK_SECONDS = 30.0  # the length of clip heard for each track of a catalog
_MOVES_EMBEDDINGS = (CLEAN_GRAPH, "model.safetensors", DEGRADED_GRAPH)


def shipped_bundle() -> Path:
    """Folder of the bundle that comes with SoundMap: in the installed package, or beside it in a
    clone, whose ``models`` folder it is at home in.
    """
    package = Path(str(files("soundmap")))
    inside, beside = (home / "models" / "overview" for home in (package, package.parent))
    return inside if inside.is_dir() else beside


DEFAULT_BUNDLE = shipped_bundle()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of ``bundle.json``.

    The logits are divided by ``temperature`` > 0 to calibrate them, those of degraded recordings by
    ``degraded_temperature``, 0 where they need no other.  An analysis is sure if its highest
    probability is at least ``sure_threshold``, 0..1.  Two embeddings no further apart than
    ``same_sound_distance`` are the same recording.  ``files`` maps each sealed file to its sha256.
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
    degraded_temperature: float = 0.0

    def temperature_in(self, condition: Condition) -> float:
        """The temperature for a sound in some condition; none has less than ``temperature``."""
        return max(self.temperature, condition.degraded and self.degraded_temperature)

    @property
    def space(self) -> Space:
        """The space of this bundle's embeddings."""
        return Space(self.id, self.same_sound_distance)

    def analysis_of(self, catalog: Catalog, row: int) -> Analysis:
        """The analysis of a catalog's track, as if this bundle had just heard its clip."""
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
            duration_s=TRACK_SECONDS,
            windows=(Window(0.0, TRACK_SECONDS),),
        )


def read_manifest(folder: Path) -> Manifest:
    """Reads the manifest of a bundle.

    Raises BadBundle ``missing_bundle``, ``bad_manifest`` or ``other_format``.
    """
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadBundle("missing_bundle", path=folder) from error
    except (OSError, ValueError, RecursionError) as error:
        raise BadBundle("bad_manifest", path=folder / MANIFEST, reason=error) from error
    try:
        if (found := facts.pop("format")) not in _FILES:
            raise BadBundle("other_format", path=folder, found=found, expected=FORMAT)
        spec = facts.pop("spec")
        spec = TileSpec(**{**spec, "native_rates_hz": tuple(spec["native_rates_hz"])})
        facts.pop("temperatures", None)  # format 2 had some for recordings that were cut off
        labels = tuple(facts.pop("labels"))
        manifest = Manifest(spec=spec, labels=labels, **facts)
        return _checked(manifest, _FILES[found])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadBundle("bad_manifest", path=folder / MANIFEST, reason=error) from error


def _checked(manifest: Manifest, files: set[str]) -> Manifest:
    """The manifest itself.  Raises ValueError or TypeError if ``seal`` cannot have written it."""
    if not (manifest.temperature > 0 and 0 <= manifest.sure_threshold <= 1):
        raise ValueError("its calibration is out of range")
    if not 0 <= manifest.degraded_temperature < np.inf:
        raise ValueError("its temperature for degraded recordings is out of range")
    if not manifest.same_sound_distance >= 0 or not manifest.network["embedding_size"] > 0:
        raise ValueError("its distances or its network are out of range")
    if not all(isinstance(text, str) for text in (manifest.name, manifest.id, *manifest.labels)):
        raise TypeError("its names are no text")
    if set(manifest.files) != files:
        raise ValueError("it does not list the files of a bundle")
    return manifest


def seal(folder: Path, name: str, spec: TileSpec, **facts: Any) -> Manifest:
    """Hashes every file of a finished bundle, then writes its manifest in one atomic step."""
    has_ear = (folder / DEGRADED_GRAPH).is_file()  # an older bundle is sealed without it
    form = FORMAT if has_ear else FORMAT - 1
    files = {file: sha256_of(folder / file) for file in SEALED_FILES if file in _FILES[form]}
    manifest = Manifest(name=name, id=bundle_id(name, spec, files), spec=spec, files=files, **facts)
    text = json.dumps({"format": form, **dataclasses.asdict(manifest)}, indent=2)
    with replacing(folder / MANIFEST) as part:
        part.write_text(text + "\n", encoding="utf-8")
    return manifest


def bundle_id(name: str, spec: TileSpec, files: dict[str, str]) -> str:
    """The name plus a short hash of all that affects embeddings: tile spec, weights and graph."""
    moves = [
        json.dumps(dataclasses.asdict(spec)),
        *(files[file] for file in _MOVES_EMBEDDINGS if file in files),
    ]
    return f"{name}-{hashlib.sha256('|'.join(moves).encode()).hexdigest()[:8]}"
