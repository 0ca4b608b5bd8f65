"""``soundmap recommend`` and ``soundmap genre``."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace

from soundmap.cli.common import catalog_of, listener_of
from soundmap.cli.many import Answer, answer_each
from soundmap.cli.options import (
    Commands,
    add_command,
    add_count,
    add_credits,
    add_filters,
    add_look,
    add_private,
    add_shelf,
    add_words,
    filters_of,
    look_of,
)
from soundmap.cli.playlists import add_list, add_order, check_list, in_order, keep_list
from soundmap.cli.sources import called, file_of
from soundmap.recommendation.request import ROAM_STRIDES, Request
from soundmap.search.exact import METRICS

_RECOMMEND = """
soundmap recommend song.mp3
soundmap recommend song.mp3 -n 10 --license permissive --roam wide
soundmap recommend song.mp3 --license by-sa+ --page --credits
soundmap recommend song.mp3 --tempo 90-110 --instrumental --clean
soundmap recommend https://example.com/song.mp3 --start 1:30
soundmap recommend *.mp3 --catalog mine --json   a line of JSON for each
soundmap recommend song.mp3 -n 30 --catalog mine --order smooth -o evening.m3u8
"""
_GENRE = """
soundmap genre song.mp3
soundmap genre *.mp3
soundmap genre song.mp3 --start 1:30   only half a minute of it
soundmap genre - < song.mp3            what is piped in
"""
_SOURCE = "audio files or links; - is a sound on standard input, what begins with - goes behind --"


def add(commands: Commands) -> None:
    """Adds ``recommend`` and ``genre`` to a parser's commands."""
    _add_recommend(commands)
    _add_genre(commands)


def _add_recommend(commands: Commands) -> None:
    text = "Find the free tracks nearest to a sound."
    parser = add_command(commands, "recommend", text, _RECOMMEND)
    add_words(parser, "sources", metavar="SOURCE", help=_SOURCE)
    add_count(parser, 5)
    add_filters(parser)
    text = "how far a track is from the sound (default euclidean)"
    parser.add_argument("--metric", choices=METRICS, default="euclidean", help=text)
    parser.add_argument(
        "--roam",
        choices=ROAM_STRIDES,
        default="closer",
        help="closer: the nearest; wide, wider: every 4th, 16th on the way outwards",
    )
    parser.add_argument(
        "--catalog", default="", metavar="NAME", help="of these tracks: soundmap catalogs lists"
    )
    add_shelf(parser)
    add_look(parser)
    add_private(parser)
    parser.add_argument(
        "--include-self", action="store_true", help="keep the sound's own track if it has one"
    )
    add_credits(parser)
    add_order(parser)
    add_list(parser)
    parser.set_defaults(call=recommend)


def _add_genre(commands: Commands) -> None:
    parser = add_command(commands, "genre", "Say which genres a sound is heard as.", _GENRE)
    add_words(parser, "sources", metavar="SOURCE", help=_SOURCE)
    add_look(parser)
    add_private(parser)
    parser.set_defaults(call=genre)


def request_of(options: argparse.Namespace) -> Request:
    """The request that the options of ``recommend`` describe."""
    return Request(
        count=options.count,
        metric=options.metric,
        include_self=options.include_self,
        roam=options.roam,
        catalog=options.catalog,
        **filters_of(options),
    )


def recommend(options: Namespace) -> int:
    """``soundmap recommend SOURCE...``."""
    check_list(options, len(options.sources))
    catalog, listener = catalog_of(options), listener_of(options.bundle)
    request = request_of(options).checked(listener.manifest.labels)
    told: list[Callable[[], None]] = []

    def hear(source: str) -> Answer:
        look = look_of(options, source)
        with file_of(source, options.allow_private, look) as (path, origin):
            found = listener.recommend(path, request, catalog, look)
            near = found.analysis.embedding
            picks = in_order(options, found.picks, catalog or listener.catalog, near)
            told.append(keep_list(options, picks, called(source, path, origin)))
            return replace(found, picks=picks), origin

    status = answer_each(options, hear)
    for tell in told:
        tell()
    return status


def genre(options: Namespace) -> int:
    """``soundmap genre SOURCE...``."""
    listener = listener_of(options.bundle)

    def hear(source: str) -> Answer:
        look = look_of(options, source)
        with file_of(source, options.allow_private, look) as (path, origin):
            return listener.listen(path, look), origin

    return answer_each(options, hear)
