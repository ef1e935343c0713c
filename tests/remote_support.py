"""A web server on loopback that counts what it sends, and misbehaves where it is asked to."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

USER, PASSWORD, SIGNATURE = "ada", "hunter2secret", "5ecre7516na7ure"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass
class Web:
    """The server: ``files`` by path, with what it sent.

    What a path begins with says how it behaves:

    ``/plain/`` no ranges, ``/denied/`` 403, ``/slow/`` no answer, ``/cut/`` half of the body, ``/swap/``
    another entity tag after some requests, ``/moved/`` a redirect, ``/auth/`` a password, ``/signed/`` a
    signature, ``/busy/`` 503 at first, ``/nosize/`` no length. ``vanishing``: listed, and gone;
    ``by_query``: query → path.
    """

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    swap_after: int = 3
    by_query: dict[str, str] = field(default_factory=dict)
    vanishing: set[str] = field(default_factory=set)
    on_request: Callable[[], object] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str, *, login: str = "") -> str:
        """The address of a path."""
        return f"http://{login}127.0.0.1:{self.port}/{path}"

    @property
    def sent(self) -> int:
        """Bytes of bodies."""
        return sum(n for *_, n in self.requests)

    def put(self, folder: str, path: Path) -> str:
        """Serve a file, or everything below a folder, and say at which address."""
        if path.is_file():
            self.files[f"/{folder}{path.name}"] = path.read_bytes()
            return self.url(folder + quote(path.name))
        for each in sorted(p for p in path.rglob("*") if p.is_file()):
            name = each.relative_to(path).as_posix()
            self.files[f"/{folder}{path.name}/{name}"] = each.read_bytes()
        return self.url(f"{folder}{path.name}/")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Headers only."""
        self._answer(body=False)

    def do_GET(self) -> None:
        """Headers and body."""
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        parts = urlsplit(self.path)
        path = self.web.by_query.get(parts.query, unquote(parts.path))
        mode = path.split("/")[1]
        content = self.web.files.get(path)
        if mode == "slow":
            time.sleep(3)
        if mode == "moved":
            self._send(302, b"", {"Location": path.removeprefix("/moved")})
        elif refused := self._refused(mode, parts.query):
            self._send(refused, b"no", {"WWW-Authenticate": "Basic"})
        elif content is not None and path not in self.web.vanishing:
            self._file(mode, content, body=body)
        elif path.endswith("/"):
            self._index(path)
        elif any(known.startswith(f"{path}/") for known in self.web.files):
            self._send(301, b"", {"Location": f"{parts.path}/"})
        else:
            self._send(404, b"not here", {})

    def _refused(self, mode: str, query: str) -> int:
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if mode == "denied":
            return 403
        if mode == "auth" and self.headers.get("Authorization") != f"Basic {login}":
            return 401
        if mode == "signed" and f"X-Amz-Signature={SIGNATURE}" not in query:
            return 403
        asked = sum(p.startswith("/busy/") for p, *_ in self.web.requests)
        return 503 if mode == "busy" and asked < 2 else 0

    def _file(self, mode: str, content: bytes, *, body: bool) -> None:
        tag = hashlib.sha256(content).hexdigest()[:16]
        if mode == "swap":
            tag += str(len(self.web.requests) >= self.web.swap_after)
        headers = {"ETag": f'"{tag}"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
        wanted = _RANGE.fullmatch(self.headers.get("Range", ""))
        if mode == "nosize":
            headers["Connection"] = "close"
            self._send(200, content if body else b"", headers, length=None)
            return
        if wanted and mode != "plain":
            start = int(wanted[1])
            end = min(int(wanted[2] or len(content) - 1), len(content) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
            part, status = content[start : end + 1], 206
        else:
            part, status = content, 200
        if mode != "plain":
            headers["Accept-Ranges"] = "bytes"
        length = len(part)
        if mode == "cut" and body:
            part = part[: len(part) // 2]
            headers["Connection"] = "close"
        self._send(status, part if body else b"", headers, length=length)

    def _index(self, path: str) -> None:
        inside = {p.removeprefix(path) for p in self.web.files if p.startswith(path)}
        names = sorted({name.split("/")[0] + "/" * ("/" in name) for name in inside})
        if not names:
            self._send(404, b"not here", {})
            return
        links = "".join(f'<a href="{quote(n)}">{escape(n)}</a>\n' for n in ("../", *names))
        page = f'<html><a href="?C=N;O=D">Name</a>{links}</html>'
        self._send(200, page.encode(), {"Content-Type": "text/html"})

    def _send(
        self, status: int, content: bytes, headers: dict[str, str], length: int | None = -1
    ) -> None:
        self.web.on_request()
        with self.web.lock:
            self.web.requests.append((urlsplit(self.path).path, self.command, len(content)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(len(content) if length < 0 else length))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content if self.command == "GET" else b"")
        if headers.get("Connection") == "close":
            self.close_connection = True


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is no error here."""


@contextmanager
def serving() -> Iterator[Web]:
    """A web server in a thread."""
    web = Web()
    handler = type("Handler", (_Handler,), {"web": web})
    server = _Quiet(("127.0.0.1", 0), handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
