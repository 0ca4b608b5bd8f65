"""A middleman on the way to Discord: passes every call on, and loses the answers it is told to."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

_HOP = {"connection", "host", "transfer-encoding", "content-length", "keep-alive"}


class Lossy:
    """Use it in a ``with`` block; ``url`` takes the place of ``upstream``."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._lost: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, parts.netloc))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}{parts.path}"

    def __enter__(self) -> Lossy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def lose(self, method: str, path: str) -> None:
        """Loses the answer to the next call of that kind, which Discord has carried out by then."""
        self._lost.append((method, path))

    def loses(self, method: str, path: str) -> bool:
        """Whether this answer is one of those; each is lost once."""
        for rule in self._lost:
            if rule[0] == method and re.search(rule[1], path):
                self._lost.remove(rule)
                return True
        return False

    @property
    def all_lost(self) -> bool:
        """Whether everything that was to be lost is."""
        return not self._lost


def _handler(lossy: Lossy, upstream: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name: text for name, text in self.headers.items() if name.lower() not in _HOP}
            connection = http.client.HTTPConnection(upstream, timeout=60)
            connection.request(self.command, self.path, body, sent)
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
            if lossy.loses(self.command, self.path):
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response_only(answer.status)
            for name, text in answer.getheaders():
                if name.lower() not in _HOP:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    return Handler
