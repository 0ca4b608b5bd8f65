"""A loopback Slack: Web API, Socket Mode, file hosts and response URLs, in one thread.

Written from Slack's published reference.  It grants only the scopes in the manifest, sends only
the events that the manifest subscribes to, and records what Slack would refuse.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from aiohttp import WSMsgType, web

from tests.loopback.slack.checks import SCOPES, Json, scope_for, wrong_in

BOT, BOT_TOKEN, APP_TOKEN = "UBOT", "xoxb-very-secret-bot", "xapp-very-secret-app"
TEAM = "T1"
GENERAL, PRIVATE, ELSEWHERE = "C0GENERAL", "C0PRIVATE", "C0ELSEWHERE"
OPEN, GROUP = "C0OPEN", "G0GROUP"  # public and without the bot; a direct message of several
USES = 5  # of a response URL
T = TypeVar("T")


class Loopback:
    """One workspace, read and controlled from the test's thread."""

    def __init__(self) -> None:
        self.messages: list[Json] = []  # by the bot, private ones with "to"
        self.posted: dict[tuple[str, str], Json] = {}  # by people
        self.reactions: list[tuple[str, str, str]] = []  # added by the bot: channel, ts, name
        self.reacted: dict[tuple[str, str], list[tuple[str, str]]] = {}  # (name, user) by people
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.calls: list[tuple[str, Json]] = []
        self.problems: list[str] = []
        self.hosts_shown_token: list[str] = []  # other hosts that saw an Authorization
        self.elsewhere_hits: list[str] = []
        self.acknowledged: dict[str, float] = {}  # seconds by envelope
        self.unacknowledged: dict[str, Json] = {}
        self.payloads: dict[str, Json] = {}
        self.limited: dict[str, int] = {}  # calls of a method that are turned away first
        self.retry_after_s = 1
        self.revoked: dict[str, str] = {}  # what is said to a token
        self.pages = 0  # calls that meet a page of HTML first
        self.times_limited: list[tuple[str, float]] = []
        self.locales = {"alice": "en-US"}
        self.admins = {"alice"}
        self.looks_per_picture = 1  # times a fresh picture is not ready yet
        self.redirects_files = False
        self.file_faults: list[int] = []  # statuses that the file host answers first
        self.lacks_files_read = ""  # how files are then kept back: "redirect" or "page"
        self.restricted: dict[str, str] = {}  # why nobody may post in a channel
        self.no_pictures: set[str] = set()  # channels with other workspaces, where no file is shown
        self.failing: dict[tuple[str, str], str] = {}  # (method, channel): error
        self.uses: dict[str, int] = {}  # of response URLs
        self.expired = False  # whether response URLs have
        self.scopes = set(SCOPES)
        self.outside: set[str] = set()  # channels that the bot was taken out of
        self.is_down = False  # whether nobody answers
        self.holds_files = False  # whether the file host keeps everybody waiting
        self.connections = 0
        self.links_down = 0  # links that lead nowhere first
        self._links: set[str] = set()  # given out and not used yet
        self._sockets: set[web.WebSocketResponse] = set()
        self._numbers = itertools.count(1)
        self._loop = asyncio.new_event_loop()

    # ------------------------------------------------------------------ its thread

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self.do(self._serve(self._routes()))
        elsewhere = web.Application()
        elsewhere.router.add_route("*", "/{path:.*}", self._other_host)
        self.other_port = self.do(self._serve(elsewhere))
        return self

    def __exit__(self, *_: object) -> None:
        self.do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine in the workspace's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    @property
    def api(self) -> str:
        """The address of its Web API."""
        return f"http://127.0.0.1:{self.port}/api/"

    def number(self) -> int:
        """A new, unused number."""
        return next(self._numbers)

    def new_ts(self) -> str:
        """A timestamp that no other message has."""
        return f"1700000000.{self.number():06d}"

    async def _serve(self, app: web.Application) -> int:
        self._runners = [*getattr(self, "_runners", []), web.AppRunner(app, shutdown_timeout=0.1)]
        runner = self._runners[-1]
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    async def _stop(self) -> None:
        for socket in list(self._sockets):
            await socket.close()
        for runner in self._runners:
            await runner.cleanup()

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link/{link}", self._socket)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{file}", self._file)
        app.router.add_get("/web/{file}", self._web)
        app.router.add_post("/respond/{channel}/{user}/{number}", self._respond)
        return app

    # ------------------------------------------------------------------ Socket Mode

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self._use(request.match_info["link"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._sockets.add(socket)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {}})
        for envelope in list(self.unacknowledged.values()):
            again = {**envelope, "retry_attempt": 1, "retry_reason": "timeout"}
            await socket.send_json(again)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                number = json.loads(message.data)["envelope_id"]
                self.unacknowledged.pop(number, None)
                self.acknowledged[number] = self._loop.time()
        self._sockets.discard(socket)
        return socket

    def _use(self, link: str) -> None:
        """Uses up a link: links are temporary, and here work only once."""
        if link not in self._links:
            raise web.HTTPRequestTimeout
        self._links.remove(link)
        if self.links_down:
            self.links_down -= 1
            raise web.HTTPServiceUnavailable

    @property
    def connected(self) -> bool:
        """Whether the bot is connected."""
        return bool(self._sockets)

    async def send(self, kind: str, payload: Json, lost: bool = False) -> str:
        """An envelope to the bot; a ``lost`` one only goes out with the next connection."""
        number = f"envelope-{self.number()}"
        envelope = {
            "envelope_id": number,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        self.unacknowledged[number] = envelope
        self.payloads[number] = {"at": self._loop.time()}
        if not lost:
            for socket in list(self._sockets):
                await socket.send_json(envelope)
        return number

    async def drop(self, politely: bool) -> None:
        """Ends all connections, as a refresh by Slack or as a network failure."""
        for socket in list(self._sockets):
            self._sockets.discard(socket)
            if politely:
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            elif transport := socket.get_extra_info("peername") and socket._writer:
                transport.transport.abort()

    # ------------------------------------------------------------------ Web API

    async def _api(self, request: web.Request) -> web.Response:
        if self.is_down:
            raise web.HTTPServiceUnavailable
        method, form = request.match_info["method"], await _form(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append((method, form))
        if self.limited.get(method, 0):
            self.limited[method] -= 1
            self.times_limited.append((method, self._loop.time()))
            headers = {"Retry-After": str(self.retry_after_s)}
            return web.json_response(_error("ratelimited"), status=429, headers=headers)
        if self.pages:
            self.pages -= 1
            page = "<!doctype html>\n<html><body>We are sorry</body></html>\n" * 20
            return web.Response(status=503, text=page, content_type="text/html")
        if token in self.revoked:
            return web.json_response(_error(self.revoked[token]))
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return web.json_response(_error("invalid_auth"))
        channel = str(form.get("channel") or "")
        if (scope := scope_for(method, channel)) and scope not in self.scopes:
            self.problems.append(f"{method} without {scope}")
            return web.json_response(_error("missing_scope"))
        if error := self.failing.get((method, channel)):
            return web.json_response(_error(error))
        answer = getattr(self, "_" + method.replace(".", "_"), None)
        if answer is None:
            self.problems.append(f"unknown method {method}")
            return web.json_response(_error("unknown_method"))
        return web.json_response({"ok": True, **answer(form)} if answer else _error("unknown"))

    def _auth_test(self, _: Json) -> Json:
        return {"team": "Loop", "team_id": TEAM, "user": "soundmap", "user_id": BOT, "bot_id": "B1"}

    def _apps_connections_open(self, _: Json) -> Json:
        link = str(self.number())
        self._links.add(link)
        return {"url": f"ws://127.0.0.1:{self.port}/link/{link}"}

    def _users_info(self, form: Json) -> Json:
        user = form["user"]
        known = {"id": user, "is_admin": user in self.admins, "locale": self.locales.get(user)}
        return {"user": known}

    def _conversations_info(self, form: Json) -> Json:
        channel = form["channel"]
        known = {"id": channel, "creator": "carol"}
        if channel.startswith("D"):
            return {"channel": {"id": channel, "is_im": True}}
        return {"channel": {**known, "is_member": not self._is_outside(channel)}}

    def _conversations_open(self, form: Json) -> Json:
        return {"channel": {"id": f"D0{form['users']}"}}

    def _conversations_replies(self, form: Json) -> Json:
        key = (form["channel"], form["ts"])
        theirs = [self.posted[key]] if key in self.posted else []
        return {"messages": theirs or [it for it in self.messages if _at(it) == key]}

    def _chat_postMessage(self, form: Json) -> Json:  # noqa: N802  (Slack's name)
        if form["channel"] == ELSEWHERE:
            return _error("not_in_channel")
        if restricted := self._restriction(form):
            return _error(restricted)
        if problem := self._problem(form):
            return problem
        message = {**form, "ts": self.new_ts(), "user": BOT, "edited": 0}
        self.messages.append(message)
        return {"channel": form["channel"], "ts": message["ts"]}

    def _chat_update(self, form: Json) -> Json:
        if problem := self._problem(form):
            return problem
        found = self._own(form)
        if found is None:
            return _error("message_not_found")
        found.update(form, edited=found["edited"] + 1)
        return {"ts": form["ts"]}

    def _chat_delete(self, form: Json) -> Json:
        found = self._own(form)
        if found is None:
            return _error("message_not_found")
        self.messages.remove(found)
        return {}

    def _reactions_add(self, form: Json) -> Json:
        added = form["channel"], form["timestamp"], form["name"]
        if self._is_outside(form["channel"]):
            self.problems.append("a reaction where the bot is not")
            return _error("not_in_channel")
        if added in self.reactions:
            return _error("already_reacted")
        self.reactions.append(added)
        return {}

    def _reactions_remove(self, form: Json) -> Json:
        added = form["channel"], form["timestamp"], form["name"]
        if added not in self.reactions:
            return _error("no_reaction")
        self.reactions.remove(added)
        return {}

    def _reactions_get(self, form: Json) -> Json:
        at = form["channel"], form["timestamp"]
        by: dict[str, list[str]] = {}
        mine = [(name, BOT) for *where, name in self.reactions if tuple(where) == at]
        for name, user in (*mine, *self.reacted.get(at, ())):
            by.setdefault(name, []).append(user)
        found = [{"name": it, "users": who, "count": len(who)} for it, who in by.items()]
        return {"type": "message", "message": {"ts": form["timestamp"], "reactions": found}}

    def _is_outside(self, channel: str) -> bool:
        return channel in {ELSEWHERE, OPEN, *self.outside}

    def _restriction(self, form: Json) -> str:
        """Why a message may not be posted, in a channel or a thread that an admin restricted."""
        kind = self.restricted.get(form["channel"], "")
        in_thread = bool(form.get("thread_ts"))
        applies = {"thread_only_channel": not in_thread, "non_threadable_channel": in_thread}
        applies |= {"thread_locked": in_thread}
        return f"restricted_action_{kind}" if kind and applies.get(kind, True) else ""

    def delete(self, message: Json) -> None:
        """Its author or an admin deletes a message of the bot."""
        self.messages.remove(message)

    def _files_info(self, form: Json) -> Json:
        known = self.files.get(form["file"])
        return {"file": known} if known else _error("file_not_found")

    def _files_getUploadURLExternal(self, form: Json) -> Json:  # noqa: N802  (Slack's name)
        number = f"F{self.number():09d}"
        self.files[number] = {"id": number, "name": form["filename"], "looks": 0, "done": False}
        return {"file_id": number, "upload_url": f"http://127.0.0.1:{self.port}/upload/{number}"}

    def _files_completeUploadExternal(self, form: Json) -> Json:  # noqa: N802  (Slack's name)
        for file in form["files"]:
            self.files[file["id"]].update(done=True, channel=form.get("channel_id", ""))
        return {"files": [{"id": file["id"]} for file in form["files"]]}

    def _own(self, form: Json) -> Json | None:
        at = form["channel"], form["ts"]
        return next((it for it in self.messages if _at(it) == at), None)

    def _problem(self, form: Json) -> Json:
        """Why a message is refused; empty if it is accepted."""
        blocks = form.get("blocks") or []
        if wrong := list(wrong_in(blocks)):
            self.problems += wrong
            return _error("invalid_blocks")
        pictures = any(block["type"] == "image" for block in blocks)
        if pictures and form.get("channel") in self.no_pictures:
            return _error("slack_connect_file_upload_sharing_blocked")
        for block in blocks:
            if block["type"] == "image":
                file = self.files[block["slack_file"]["id"]]
                file["looks"] += 1
                if not file["done"] or file["looks"] <= self.looks_per_picture:
                    return _error("invalid_blocks")
        return {}

    # ------------------------------------------------------------------ files, other addresses

    async def _upload(self, request: web.Request) -> web.Response:
        self.contents[request.match_info["file"]] = await request.read()
        if request.headers.get("Authorization"):
            self.problems.append("an upload address was shown a token")
        return web.Response(text="OK")

    async def _file(self, request: web.Request) -> web.Response:
        while self.holds_files:
            await asyncio.sleep(0.02)
        if self.file_faults:
            return web.Response(status=self.file_faults.pop(0))
        if self.lacks_files_read == "page":
            return web.Response(text="<!DOCTYPE html><html>Sign in", content_type="text/html")
        if self.redirects_files or self.lacks_files_read:
            raise web.HTTPFound(f"http://127.0.0.1:{self.other_port}/loot")
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            raise web.HTTPFound(f"http://127.0.0.1:{self.other_port}/login")
        if request.match_info["file"] not in self.contents:
            raise web.HTTPNotFound
        return web.Response(body=self.contents[request.match_info["file"]])

    async def _web(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization"):
            self.problems.append("the web was shown a token")
        if request.match_info["file"] not in self.contents:
            raise web.HTTPNotFound
        return web.Response(body=self.contents[request.match_info["file"]])

    async def _other_host(self, request: web.Request) -> web.Response:
        self.elsewhere_hits.append(request.path)
        if "xoxb" in str(request.headers) or "xapp" in str(request.headers):
            self.hosts_shown_token.append(request.path)
        return web.Response(text="somebody else's")

    async def _respond(self, request: web.Request) -> web.Response:
        told = await request.json()
        used = self.uses[request.path] = self.uses.get(request.path, 0) + 1
        if self.expired:
            return web.json_response(_error("expired_url"), status=404)
        if used > USES:
            self.problems.append("a response URL was used more than five times")
            return web.json_response(_error("used_url"), status=404)
        if problem := self._problem(told):
            return web.json_response(problem, status=404)
        to = request.match_info["user"] if told["response_type"] == "ephemeral" else ""
        self.messages.append({**told, "channel": request.match_info["channel"], "to": to})
        return web.Response(text="ok")

    def respond_url(self, channel: str, user: str) -> str:
        """The response URL for an interaction."""
        return f"http://127.0.0.1:{self.port}/respond/{channel}/{user}/{self.number()}"


async def _form(request: web.Request) -> Json:
    """Arguments sent as JSON, or as a form with nested values in JSON."""
    if request.content_type == "application/json":
        return dict(await request.json())
    form: Json = {}
    for name, value in {**request.query, **await request.post()}.items():
        text = str(value)
        form[name] = json.loads(text) if text[:1] in "[{" else text
    return form


def _at(message: Json) -> tuple[str, str]:
    return message["channel"], message.get("ts", "")


def _error(code: str) -> Json:
    return {"ok": False, "error": code}
