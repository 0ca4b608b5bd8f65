"""Our pipeline in the stages of the plain one, and what a worker does on top."""

from __future__ import annotations

from pathlib import Path

from soundmap.audio.decode import decode
from soundmap.audio.samples import resample
from soundmap.audio.windows import ALL_OVER, MIDDLE
from soundmap.bundle.listener import Listener
from soundmap.draw.answer import draw
from soundmap.engines.runtime import Runtime
from soundmap.features.tiles import TileSpec, tiles_of
from soundmap.features.traits import tempo_bpm, traits_of
from soundmap.lab.bench.timing import Pipeline, Times, spent_ms
from soundmap.search.exact import Points
from soundmap.types import Traits

N_NEIGHBORS = 10


def ours(spec: TileSpec, runtime: Runtime, points: Points) -> Pipeline:
    """The stages from a path to the nearest of ``points``."""
    return (
        ("decode", decode),
        ("resample", lambda clip: resample(clip, spec.rate_for(clip.sample_rate_hz))),
        ("mel", lambda clip: tiles_of(clip, spec)[0]),
        ("network", lambda values: runtime.run(values)[0].mean(axis=0)),
        ("search", lambda embedding: points.nearest(embedding, N_NEIGHBORS)),
    )


def beyond(listener: Listener, path: Path) -> Times:
    """Milliseconds for traits and the picture, which the plain pipeline does not have, and for all
    that is heard of the file, in its middle window and all over.
    """
    clip, spec = decode(path), listener.manifest.spec
    heard = listener.hear(clip)

    def traits() -> Traits:
        return traits_of(heard.tiles, heard.rate_hz, tempo_bpm(clip))

    drawn = (heard.analysis, heard.spectrogram, spec, heard.rate_hz)
    return {
        "traits": spent_ms(traits)[1],
        "picture": spent_ms(draw, *drawn)[1],
        "one_window": spent_ms(listener.hear, path, "", MIDDLE)[1],
        "all_over": spent_ms(listener.hear, path, "", ALL_OVER)[1],
    }
