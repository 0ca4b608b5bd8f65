"""Listens to sounds: decode, cut tiles, run the network, calibrate, average."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np

from soundmap.audio.decode import decode
from soundmap.audio.windows import ALL_OVER, Look
from soundmap.bundle.ears import Ears
from soundmap.bundle.manifest import DEFAULT_BUNDLE, Manifest, read_manifest
from soundmap.catalog.names import name_of, track_named
from soundmap.catalog.table import Catalog, read_catalog
from soundmap.engines.runtime import Runtime, softmax
from soundmap.features.condition import CLEAN, Condition, condition_of
from soundmap.features.tiles import tiles_of
from soundmap.features.traits import tempo_bpm, traits_of
from soundmap.files import is_there, sha256_of
from soundmap.mix.find import Mix, find_mix
from soundmap.mix.seeds import Outcome, outcome_of, sounds_of
from soundmap.paths.find import End, SoundPath, find_path
from soundmap.recommendation.nearest import recommend
from soundmap.recommendation.request import Request
from soundmap.types import Analysis, Clip, Floats, Note, Recommendation, Window, frozen

SURE_SECONDS = 3.0
_PROMISE_SLACK_SECONDS = 1.0
_MISSED_HZ = 10_000.0  # above it little is missed that tells one music from another
Sound = str | Path | Clip
"""A file by its path, or a clip in memory."""
Seed = Sound | Analysis | End
"""A sound, or what was heard of it; a string may name a track of the catalog."""


class Filters(TypedDict, total=False):
    """What may come up, as keywords for the fields of a ``Request``."""

    genre: str | None
    license: str
    page: bool
    clean: bool
    instrumental: bool
    tempo_bpm: tuple[float, ...]
    excluded_tracks: tuple[int, ...]
    excluded_artists: tuple[str, ...]


class Wishes(Filters, total=False):
    """Keywords for the fields of a ``Request``, except ``catalog``."""

    count: int
    metric: str
    include_self: bool
    roam: str


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """The analysis of a sound and the tiles it is based on.

    ``tiles`` are float32 (n, n_mels, n_columns) in 0..1, cut at a sample rate of ``rate_hz``.  Of a
    short sound the network also heard the moments in between.
    """

    analysis: Analysis
    tiles: Floats
    rate_hz: int

    @property
    def spectrogram(self) -> Floats:
        """The tiles side by side, float32 (n_mels, n * n_columns), row 0 the lowest band."""
        return np.hstack(list(self.tiles))


@dataclass(frozen=True)
class Listener:
    """Listens to sounds with a bundle and finds similar tracks.

    Creating a listener reads nothing: the manifest, the network and the catalog are opened when
    first needed.  ``threads`` is the number of cores the network may use, 0 for all of them.
    ``look`` says where in a file to listen: by default, all over it.
    """

    folder: Path = DEFAULT_BUNDLE
    threads: int = 1
    look: Look = ALL_OVER

    def __init__(
        self, folder: str | Path = DEFAULT_BUNDLE, threads: int = 1, look: Look = ALL_OVER
    ) -> None:
        object.__setattr__(self, "folder", Path(folder))
        object.__setattr__(self, "threads", threads)
        object.__setattr__(self, "look", look)

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest of the bundle.  Raises BadBundle."""
        return read_manifest(self.folder)

    @cached_property
    def ears(self) -> Ears:
        """The networks."""
        return Ears(self.folder, self.threads)

    @property
    def runtime(self) -> Runtime:
        """The network for clean recordings, ready to run.  Raises BadBundle."""
        return self.ears.clean

    @cached_property
    def catalog(self) -> Catalog:
        """The tracks that can be recommended.  Raises BadBundle."""
        return read_catalog(self.folder, self.manifest.space)

    def listen(self, sound: Sound, look: Look | None = None) -> Analysis:
        """The analysis of a sound.  ``look`` stands in for the listener's own.

        Raises BadSound if it cannot be heard, or BadBundle.
        """
        return self.hear(sound, look=look).analysis

    def hear(self, sound: Sound, sha256: str = "", look: Look | None = None) -> Hearing:
        """Like ``listen``, with the tiles.  A known ``sha256`` of the file saves hashing it."""
        if isinstance(sound, Clip):
            clip = sound
        else:
            clip = decode(Path(sound), look or self.look)
            sha256 = sha256 or sha256_of(Path(sound))
        tiles, rate_hz = tiles_of(clip, self.manifest.spec, again=True)
        n_frames = int(clip.seconds * rate_hz) // self.manifest.spec.hop_length + 1
        once = tiles[..., : self.manifest.spec.columns_in(n_frames, rate_hz)]
        return Hearing(self._analysis(clip, sha256, tiles, rate_hz), frozen(once), rate_hz)

    def embed(self, tiles: Floats, condition: Condition = CLEAN) -> tuple[Floats, Floats]:
        """Embedding (size,) and probabilities (n_genres,) of a sound, means over its tiles."""
        embeddings, logits = self.ears.run(tiles, condition)
        probabilities = softmax(logits, self.manifest.temperature_in(condition))
        return frozen(embeddings.mean(axis=0)), frozen(probabilities.mean(axis=0))

    def recommend(
        self,
        sound: Sound | Analysis,
        request: Request | None = None,
        catalog: Catalog | None = None,
        look: Look | None = None,
        **wishes: Unpack[Wishes],
    ) -> Recommendation:
        """The tracks nearest to a sound, from ``catalog`` or else the bundle's own.

        ``wishes`` override fields of ``request``.  Raises BadRequest before listening, and
        whatever ``listen`` raises.
        """
        request = replace(request or Request(), **wishes).checked(self.manifest.labels)
        analysis = sound if isinstance(sound, Analysis) else self.listen(sound, look)
        return recommend(analysis, catalog or self.catalog, request)

    def path(
        self,
        start: Sound | Analysis,
        end: Sound | Analysis,
        between: int = 8,
        catalog: Catalog | None = None,
        **filters: Unpack[Filters],
    ) -> SoundPath:
        """A path of ``between`` tracks from one sound to another.

        A string that is not the path of a file is looked up as a track, by number or name: of the
        catalog, or else of the bundle's own.  Raises BadRequest, and whatever ``listen`` raises.
        """
        catalog = catalog or self.catalog
        request = Request(between, **filters).checked(self.manifest.labels)
        first, last = (self.end(it, catalog) for it in (start, end))
        return find_path(first, last, catalog, request)

    def mix(
        self,
        seeds: Sequence[Seed],
        without: Sequence[Seed] = (),
        catalog: Catalog | None = None,
        same_artists: bool = False,
        in_turn: bool = False,
        **wishes: Unpack[Wishes],
    ) -> Mix:
        """The tracks nearest to several sounds, away from those in ``without``.

        Strings are taken as by ``path``.  A sound that cannot be heard is left out, and a note
        says so.  ``same_artists`` lets the artists of all these sounds come up; ``in_turn`` takes
        from each mood of the seeds in turn.  Raises BadRequest or BadSound if no seed can be heard.
        """
        catalog = catalog or self.catalog
        request = Request(**wishes).checked(self.manifest.labels)
        near, away = (self._ends(it, catalog) for it in (seeds, without))
        heard = sounds_of(near, away, catalog.space.same_sound_distance)
        return find_mix(
            heard.seeds, heard.without, catalog, request, same_artists, heard.notes, in_turn
        )

    def _ends(self, sounds: Sequence[Seed], catalog: Catalog) -> Iterator[Outcome]:
        for number, it in enumerate(sounds, start=1):
            name = str(it) if isinstance(it, str | Path) else f"{number}"
            yield outcome_of(name, it, lambda sound: self.end(sound, catalog))

    def end(self, sound: Seed, catalog: Catalog) -> End:
        """A sound, or a track given by number or name, of the catalog or else the bundle's own."""
        if isinstance(sound, End):
            return sound
        if isinstance(sound, Analysis):
            return End(sound)
        if isinstance(sound, str) and not is_there(sound):
            found, row = track_named(sound, catalog, self.catalog)
            track = found.track(row)
            return End(self.manifest.analysis_of(found, row), track, name_of(track))
        name = "" if isinstance(sound, Clip) else Path(sound).name
        return End(self.listen(sound), name=name)

    def _analysis(self, clip: Clip, sha256: str, tiles: Floats, rate_hz: int) -> Analysis:
        condition = condition_of(tiles, rate_hz)
        embedding, probabilities = self.embed(tiles, condition)
        sure = probabilities.max() >= self.manifest.sure_threshold and clip.seconds >= SURE_SECONDS
        return Analysis(
            bundle_id=self.manifest.id,
            clip_sha256=sha256,
            seconds=clip.seconds,
            labels=self.manifest.labels,
            probabilities=probabilities,
            embedding=embedding,
            traits=traits_of(tiles, rate_hz, tempo_bpm(clip)),
            sure=bool(sure),
            notes=_notes(clip, condition),
            duration_s=clip.duration_s or clip.seconds,
            windows=clip.windows or (Window(0.0, clip.seconds),),
        )


def _notes(clip: Clip, condition: Condition) -> tuple[Note, ...]:
    notes = []
    if clip.seconds < SURE_SECONDS:
        notes.append(Note("short_clip", {"seconds": clip.seconds, "least": SURE_SECONDS}))
    there_s = min(clip.duration_s, clip.promised_s - clip.missing_s)
    if clip.promised_s - there_s > _PROMISE_SLACK_SECONDS:
        facts: dict[str, object] = {"seconds": there_s, "promised": clip.promised_s}
        notes.append(Note("cut_short", facts))
    if condition.edge_hz is not None and condition.edge_hz < _MISSED_HZ:
        notes.append(Note("cut_off_above", {"khz": condition.edge_hz / 1_000}))
    if condition.noisy and clip.seconds >= SURE_SECONDS:
        notes.append(Note("noisy", {}))
    return tuple(notes)
