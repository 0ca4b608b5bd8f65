"""Several sounds, one after the other: one that cannot be heard does not stop the others."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from soundmap.cli.common import BAD_INPUT, OK, complain, error_facts, tell
from soundmap.cli.progress import waiting
from soundmap.cli.screen import Screen
from soundmap.cli.show import document, plain_text, show
from soundmap.cli.sources import check_sources
from soundmap.cli.surroundings import language
from soundmap.errors import BadBundle, BadRequest, SoundMapError
from soundmap.types import Analysis, Origin, Recommendation
from soundmap.wording import said

T = TypeVar("T")
Answer = tuple[Analysis | Recommendation, Origin | None]


def each(
    sources: Sequence[str], hear: Callable[[str], T]
) -> Iterator[tuple[str, T | SoundMapError]]:
    """What ``hear`` returns for each source, or why it cannot be heard, with progress meanwhile.

    Raises BadRequest or BadBundle, which hold for every source alike.
    """
    check_sources(sources)
    for number, source in enumerate(sources, start=1):
        with waiting(said("turn", language(), number=number, total=len(sources), name=source)):
            result = _heard(source, hear)
        yield source, result


def _heard(source: str, hear: Callable[[str], T]) -> T | SoundMapError:
    try:
        return hear(source)
    except (BadRequest, BadBundle):
        raise
    except SoundMapError as error:
        return error


def answer_each(options: Namespace, hear: Callable[[str], Answer]) -> int:
    """Prints the answer for each of the ``sources``, with ``--json`` as a line each if there are
    several; returns the exit status, 1 if any cannot be heard.

    Raises BadRequest ``nothing_named``.
    """
    if not options.sources:
        raise BadRequest("nothing_named")
    if len(options.sources) == 1:
        value, origin = hear(options.sources[0])
        tell(options, document(value, origin), lambda: show(value, origin, _credits(options)))
        return OK
    results = [_told(options, *result) for result in each(options.sources, hear)]
    return OK if all(results) else BAD_INPUT


def _told(options: Namespace, source: str, result: Answer | SoundMapError) -> bool:
    """Prints one of several answers; returns whether it is one."""
    if isinstance(result, SoundMapError):
        facts = {"source": source, **error_facts(result.code, str(result))}
        tell(options, facts, lambda: complain(result, source))
    else:
        value, origin = result
        facts = {"source": source, **document(value, origin)}
        tell(options, facts, lambda: show_titled(source, value, origin, _credits(options)))
    sys.stdout.flush()
    return not isinstance(result, SoundMapError)


def _credits(options: Namespace) -> bool:
    """Whether lines of credit are asked for, of a command that has any."""
    return bool(getattr(options, "credits", False))


def show_titled(
    source: str,
    value: Analysis | Recommendation,
    origin: Origin | None,
    with_credits: bool = False,
) -> None:
    """Prints one of several answers, under the name of its sound."""
    Screen().say(f"[bold underline]{plain_text(source)}[/]")
    show(value, origin, with_credits)
    Screen().say()
