"""Turns exceptions into refusals at the edge of the service, so that chats never see them."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.core.metrics import Metrics
from bot.store.errors import StoreError
from bot.types import Refusal, Refused
from bot.wording import FOR_THE_OPERATOR, refusal_sentence
from soundmap.errors import SoundMapError
from soundmap.files import OUT_OF

_log = logging.getLogger(__name__)


class _Counted(Protocol):
    metrics: Metrics


S = TypeVar("S", bound=_Counted)
P = ParamSpec("P")
T = TypeVar("T")


def refusing(
    method: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T | Refusal]]:
    """Decorates a method to return a Refusal instead of raising; counts each one."""

    async def wrapped(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T | Refusal:
        try:
            return await method(self, *args, **kwargs)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal.code == "unexpected":
                _log.exception("%s failed", getattr(method, "__name__", method))
        self.metrics.refused(refusal.code)
        return refusal

    functools.update_wrapper(wrapped, method)
    return wrapped


def refusal_of(error: Exception) -> Refusal:
    """The refusal that an error stands for; the log has what only the operator can mend."""
    known = Refusal("unexpected")
    if isinstance(error, Refused):
        known = error.refusal
    elif isinstance(error, SoundMapError | StoreError):
        known = Refusal(error.code, error.facts)
    refusal = _of_the_machine(error) or known
    if refusal.code in FOR_THE_OPERATOR:
        _log.error("%s: %s", refusal.code, refusal_sentence(refusal))
    return refusal


def _of_the_machine(error: BaseException) -> Refusal | None:
    """The refusal if an error, or what caused it, is that this machine lacks something."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in OUT_OF:
            _log.error("this machine lacks something: %s", cause)
            return Refusal("machine")
        cause = cause.__cause__ or cause.__context__
    return None
