"""``soundmap recommend`` and ``soundmap genre``."""

from __future__ import annotations

import argparse
from argparse import Namespace
from functools import partial

from soundmap.cli.common import catalog_of, listener_of, tell
from soundmap.cli.options import (
    Commands,
    add_command,
    add_credits,
    add_filters,
    add_look,
    add_private,
    add_shelf,
    filters_of,
    look_of,
    track_count,
)
from soundmap.cli.show import document, show, show_recommendation
from soundmap.cli.sources import file_of
from soundmap.recommendation.request import MAX_COUNT, ROAM_STRIDES, Request
from soundmap.search.exact import METRICS

_SOURCE = "audio file or link; one that begins with - goes behind --"


def add(commands: Commands) -> None:
    """Adds ``recommend`` and ``genre`` to a parser's commands."""
    _add_recommend(commands)
    _add_genre(commands)


def _add_recommend(commands: Commands) -> None:
    parser = add_command(commands, "recommend", "Find the free tracks nearest to a sound.")
    parser.add_argument("source", metavar="SOURCE", help=_SOURCE)
    parser.add_argument(
        "-n", "--count", type=track_count, default=5, help=f"how many, 1 to {MAX_COUNT} (default 5)"
    )
    add_filters(parser)
    parser.add_argument("--metric", choices=METRICS, default="euclidean")
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
    parser.set_defaults(call=recommend)


def _add_genre(commands: Commands) -> None:
    parser = add_command(commands, "genre", "Say which genres a sound is heard as.")
    parser.add_argument("source", metavar="SOURCE", help=_SOURCE)
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
    """``soundmap recommend SOURCE``."""
    catalog, look = catalog_of(options), look_of(options, options.source)
    with file_of(options.source, options.allow_private, look) as (path, origin):
        request = request_of(options)
        answer = listener_of(options.bundle).recommend(path, request, catalog, look)
    shown = partial(show_recommendation, answer, origin=origin, with_credits=options.credits)
    tell(options, document(answer, origin), shown)
    return 0


def genre(options: Namespace) -> int:
    """``soundmap genre SOURCE``."""
    look = look_of(options, options.source)
    with file_of(options.source, options.allow_private, look) as (path, origin):
        analysis = listener_of(options.bundle).listen(path, look)
    tell(options, document(analysis, origin), lambda: show(analysis, origin))
    return 0
