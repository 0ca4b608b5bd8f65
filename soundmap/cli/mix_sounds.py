"""The sounds of a mix at the terminal: what is named, and what stands in a playlist."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from soundmap.catalog.table import Catalog
from soundmap.cli.common import listener_of
from soundmap.cli.ends import is_file, named_end
from soundmap.cli.progress import progress, waiting
from soundmap.cli.surroundings import language
from soundmap.errors import BadRequest, SoundMapError
from soundmap.types import Note
from soundmap.wording import said

if TYPE_CHECKING:
    from soundmap.mix.seeds import Outcome, Sounds

MOST_SEEDS = 200


def hear_sounds(options: Namespace, catalog: Catalog) -> Sounds:
    """What a mix goes by and stays away from; of many sounds ``MOST_SEEDS``, evenly spread.

    Raises what ``read_playlist`` and ``sounds_of`` raise.
    """
    from soundmap.mix.seeds import sounds_of

    named = list(dict.fromkeys((*options.seeds, *_listed(options, catalog))))
    seeds = named[:: -(-len(named) // MOST_SEEDS)] if named else []
    heard = _hear(options, list(dict.fromkeys((*seeds, *options.without))), catalog)
    near, away = ([heard[it] for it in part] for part in (seeds, options.without))
    found = sounds_of(near, away, catalog.space.same_sound_distance)
    if len(seeds) == len(named):
        return found
    return replace(found, notes=(_some(len(seeds), len(named)), *found.notes))


def _some(heard: int, named: int) -> Note:
    return Note("some_seeds", {"heard": heard, "named": named})


def _listed(options: Namespace, catalog: Catalog) -> list[str]:
    """Entries of playlists as sources: those that stand for tracks without a file by number."""
    from soundmap.playlists.entries import is_address
    from soundmap.playlists.picks import tracks_at
    from soundmap.playlists.reading import read_playlist

    found = [it.location for path in options.playlist for it in read_playlist(path).entries]
    if not any(map(is_address, found)):
        return found
    known = {**tracks_at(listener_of(options.bundle).catalog), **tracks_at(catalog)}
    return [str(known.get(it, it)) for it in found]


def _hear(options: Namespace, sources: Sequence[str], catalog: Catalog) -> dict[str, Outcome]:
    """Each source with what was heard in it: files in processes, then links and tracks here."""
    from soundmap.mix.seeds import outcome_of

    heard = dict(_in_processes(options, [it for it in sources if is_file(it)]))
    others = [it for it in sources if it not in heard]
    for number, source in enumerate(others, start=1):
        with waiting(said("turn", language(), number=number, total=len(others), name=source)):
            heard[source] = outcome_of(source, source, lambda it: named_end(options, it, catalog))
    return {source: _hinted(outcome) for source, outcome in heard.items()}


def _hinted(outcome: Outcome) -> Outcome:
    """An outcome; of a playlist or a folder it says where to name it."""
    name, it = outcome
    if isinstance(it, SoundMapError) and it.code in ("playlist", "is_folder"):
        return name, BadRequest("mix_takes_lists")
    return outcome


def _in_processes(options: Namespace, files: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
    from soundmap.library.several import listen_to
    from soundmap.library.tags import name_in
    from soundmap.paths.find import End

    asked = ([Path(it) for it in files], options.bundle, options.workers, progress)
    for source, it in zip(files, listen_to(*asked, said("listening", language())), strict=True):
        if isinstance(it, SoundMapError):
            yield source, (source, it)
        elif it.analysis:
            yield source, (source, End(it.analysis, name=name_in(it.tags) or Path(source).name))
