"""The work of a child process: it holds a bundle and returns data, never raises.

Heavy modules are imported inside functions, because the parent imports this module too.
"""

from __future__ import annotations

import errno
import numbers
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.types import Heard, Refusal
from bot.workers.confine import allow_seconds, seal
from soundmap.audio.windows import ALL_OVER, Look
from soundmap.errors import SoundMapError

if TYPE_CHECKING:
    from soundmap.bundle.listener import Listener

OUT_OF_MEMORY = Refusal("worker_memory")
_RATE_HZ = 44_100
_NATIVE_SIGNS = ("bad_alloc", "failed to allocate", "cannot allocate", "out of memory")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Fault:
    """An unexpected exception, as text for the log."""

    text: str


def begin(folder: Path) -> Refusal | Fault | None:
    """Opens a bundle, then permanently drops all rights that listening does not need."""
    trouble = open_bundle(folder)
    seal()
    return trouble


def listen_within(
    seconds: float, folder: Path, path: Path, sha256: str = "", look: Look = ALL_OVER
) -> Heard | Refusal | Fault:
    """Like ``listen``, but the kernel kills the process if it computes longer than ``seconds``."""
    allow_seconds(seconds)
    return listen(folder, path, sha256, look)


def open_bundle(folder: Path) -> Refusal | Fault | None:
    """Opens a bundle and hears a sound with it, so that everything is warm for the first file."""
    return _as_data(lambda: _warm(_listener(folder)), folder)


def listen(
    folder: Path, path: Path, sha256: str = "", look: Look = ALL_OVER
) -> Heard | Refusal | Fault:
    """Hears a file with the bundle in ``folder`` and draws what was heard.

    A known ``sha256`` of the file saves hashing it.
    """
    return _as_data(lambda: _heard(_listener(folder), path, sha256, look), path)


def _heard(listener: Listener, path: Path, sha256: str, look: Look) -> Heard:
    from soundmap.draw.answer import draw
    from soundmap.library.tags import read_tags

    heard = listener.hear(path, sha256, look)
    spec = listener.manifest.spec
    picture = draw(heard.analysis, heard.spectrogram, spec, heard.rate_hz)
    return Heard(heard.analysis, picture, tags=read_tags(path))


@cache
def _listener(folder: Path) -> Listener:
    from soundmap.bundle.listener import Listener

    return Listener(folder)


def _warm(listener: Listener) -> None:
    import numpy as np
    import tinytag  # noqa: F401  (it is imported where it is used)

    from soundmap.draw.answer import draw
    from soundmap.features.condition import CLEAN, NOISY
    from soundmap.types import Clip

    with suppress(ImportError):
        import soundmap.audio.with_pyav  # noqa: F401
    spec = listener.manifest.spec
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * _RATE_HZ).astype(np.float32)
    heard = listener.listen(Clip(noise, _RATE_HZ))
    silence = np.zeros((1, spec.n_mels, spec.n_columns), np.float32)
    for condition in (CLEAN, NOISY):
        listener.embed(silence, condition)
    draw(heard, silence[0], spec)


def _as_data(work: Callable[[], _Answer], path: Path) -> _Answer | Refusal | Fault:
    """The result of ``work``, or why it failed.  A Refusal never contains ``path``."""
    try:
        return work()
    except Exception as error:
        if any(map(_is_out_of_memory, _causes(error))):
            return OUT_OF_MEMORY
        if isinstance(error, SoundMapError):
            return Refusal(error.code, plain(error.facts, path))
        return Fault(traceback.format_exc())


def plain(facts: Mapping[str, object], path: Path) -> dict[str, object]:
    """Facts as text and numbers, with every mention of ``path`` removed."""
    told = {name: _plain(fact) for name, fact in facts.items() if name != "path"}
    return {name: _hidden(fact, path) for name, fact in told.items()}


def _plain(fact: object) -> str | int | float:
    if isinstance(fact, numbers.Integral):
        return int(fact)
    if isinstance(fact, numbers.Real):
        return float(fact)
    if isinstance(fact, OSError):
        return fact.strerror or type(fact).__name__
    return str(fact)


def _hidden(fact: str | int | float, path: Path) -> str | int | float:
    return fact.replace(str(path), "the file") if isinstance(fact, str) else fact


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then the chain of its causes."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means lack of memory; native libraries say so in words or by number."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return not isinstance(error, SoundMapError) and any(
        sign in str(error).lower() for sign in _NATIVE_SIGNS
    )
