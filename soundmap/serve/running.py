"""Runs the server until it is told to end."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys

import uvicorn
from starlette.applications import Starlette

from soundmap.errors import SoundMapError

_ENDS_WITHIN_S = 5
_MOST_AT_ONCE = 100
_WAITING = 128


def listening_at(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; port 0 is any that is free.

    Raises SoundMapError ``cannot_listen``.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=_WAITING)
    except (OSError, ValueError) as error:  # ValueError: no name that a host could have
        reason = _reason(error)
        raise SoundMapError("cannot_listen", host=host, port=port, reason=reason) from error


def _reason(error: Exception) -> object:
    """What is wrong with an address, without the address, which Python adds in its own way."""
    if isinstance(error, socket.gaierror):
        return error.strerror
    number = (isinstance(error, OSError) and error.errno) or errno.EINVAL
    return OSError(number, os.strerror(number))


def run(app: Starlette, listening: socket.socket) -> None:
    """Serves until SIGTERM or SIGINT; what is being answered then has a few seconds to end.

    Addresses are not logged, since they hold keys.  uvicorn raises the signal again once it has
    ended: SIGTERM ends the process with status 0.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan="off",
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_ENDS_WITHIN_S,
    )
    uvicorn.Server(config).run(sockets=[listening])
