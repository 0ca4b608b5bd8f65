"""A sound in, what was heard out: decode, cut tiles, run the network, average, calibrate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from soundmap.audio.decode import decode
from soundmap.bundle.manifest import DEFAULT_BUNDLE, Manifest, read_manifest
from soundmap.catalog.table import Catalog, read_catalog
from soundmap.engines.runtime import Runtime, softmax
from soundmap.features.tiles import tiles_of
from soundmap.features.traits import tempo_bpm, traits_of
from soundmap.files import sha256_of
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Clip, Floats, Note, Recommendation

SURE_SECONDS = 3.0
_PROMISE_SLACK_SECONDS = 1.0


@dataclass(frozen=True)
class Listener:
    """A bundle at work.  Opening one reads the manifest; graph and catalog open when needed."""

    folder: Path = DEFAULT_BUNDLE
    threads: int = 1

    @cached_property
    def manifest(self) -> Manifest:
        """The bundle's own description."""
        return read_manifest(self.folder)

    @cached_property
    def runtime(self) -> Runtime:
        """The inference session."""
        return Runtime(self.folder / "model.onnx", self.threads)

    @cached_property
    def catalog(self) -> Catalog:
        """The tracks that can be recommended."""
        return read_catalog(self.folder)

    def listen(self, path: Path) -> Analysis:
        """Hears a file.  Raises BadSound for what cannot be heard, or BadBundle."""
        return self.hear(decode(path), sha256_of(path))

    def hear(self, clip: Clip, sha256: str = "") -> Analysis:
        """Hears a clip; ``sha256`` names the file it came from."""
        return self.hear_tiles(clip, sha256, *tiles_of(clip, self.manifest.spec))

    def listen_and_draw(self, path: Path) -> tuple[Analysis, bytes]:
        """Hears a file, and a PNG of what was heard.  Raises what ``listen`` raises."""
        from soundmap.draw.answer import draw  # here, since who wants no picture needs no Pillow

        clip = decode(path)
        tiles, rate = tiles_of(clip, self.manifest.spec)
        analysis = self.hear_tiles(clip, sha256_of(path), tiles, rate)
        return analysis, draw(analysis, np.hstack(list(tiles)), self.manifest.spec, rate)

    def hear_tiles(self, clip: Clip, sha256: str, tiles: Floats, rate: int) -> Analysis:
        """Hears a clip whose tiles have been cut, at a rate, by ``tiles_of``."""
        embedding, probabilities = self.embed(tiles)
        sure = probabilities.max() >= self.manifest.sure_threshold and clip.seconds >= SURE_SECONDS
        return Analysis(
            bundle_id=self.manifest.id,
            clip_sha256=sha256,
            seconds=clip.seconds,
            labels=self.manifest.labels,
            probabilities=probabilities,
            embedding=embedding,
            traits=traits_of(tiles, rate, tempo_bpm(clip)),
            sure=bool(sure),
            notes=_notes(clip),
        )

    def embed(self, tiles: Floats) -> tuple[Floats, Floats]:
        """Embedding (size,) and probabilities (n_genres,) of a sound: means over its tiles."""
        embeddings, logits = self.runtime.run(tiles)
        probabilities = softmax(logits, self.manifest.temperature)
        return embeddings.mean(axis=0), probabilities.mean(axis=0)

    def recommend(
        self, path: Path, request: Request, catalog: Catalog | None = None
    ) -> Recommendation:
        """Hears a file and finds its nearest tracks, in the bundle's own catalog or another.

        Raises BadRequest before listening.
        """
        request = request.checked(self.manifest.labels)
        distance = self.manifest.same_sound_distance
        return recommend(self.listen(path), catalog or self.catalog, request, distance)


def _notes(clip: Clip) -> tuple[Note, ...]:
    notes = []
    if clip.seconds < SURE_SECONDS:
        notes.append(Note("short_clip", {"seconds": clip.seconds, "least": SURE_SECONDS}))
    if clip.promised_s - clip.seconds > _PROMISE_SLACK_SECONDS:
        facts: dict[str, object] = {"seconds": clip.seconds, "promised": clip.promised_s}
        notes.append(Note("cut_short", facts))
    return tuple(notes)
