"""The built web app, served from memory: compressed once, hashed assets cached for ever, pages never.

Any path that is no file is the app's own (it routes in the browser), so it gets the page itself.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException

from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.origins import Header
from cryptovault.settings import Settings

_NOT_OURS = ("/api", "/socket.io", "/ws", "/dev/")
_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
_MAX_FILE = 16 * 1024 * 1024
_SOURCE_DIST = Path(__file__).parents[3] / "web" / "dist"

_NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>CryptoVault</title>
<body style="font:16px/1.5 system-ui;max-width:40rem;margin:15vh auto;padding:0 1rem">
<h1>The web app is not built yet</h1><p>The API is running. Build the pages with <code>make web</code>
and reload, or read the <a href="/docs">API documentation</a>.</p></body></html>"""


class _File(NamedTuple):
    """A file ready to send, in each encoding we have of it."""

    media_type: bytes
    etag: bytes
    cache: bytes
    bodies: dict[bytes, bytes]


class WebApp:
    """ASGI application of the pages; what is not a page is 404 in the API's envelope."""

    def __init__(self, settings: Settings) -> None:
        self._root = Path(settings.web_dist) if settings.web_dist else _SOURCE_DIST
        self._built_at = 0
        self._files: dict[str, _File] = {}

    async def __call__(
        self, scope: dict[str, Any], _receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or path.startswith(_NOT_OURS):
            raise HTTPException(404, "There is nothing at this address.")
        file = self._find(path)
        call: Call = scope[SCOPE_KEY]
        if call.headers.get(b"if-none-match") == file.etag:
            await _send(send, 304, [(b"etag", file.etag), (b"cache-control", file.cache)], b"")
            return
        encoding, body = _choose(file, call.headers.get(b"accept-encoding", b""))
        headers = [
            (b"content-type", file.media_type),
            (b"content-length", b"%d" % len(body)),
            (b"etag", file.etag),
            (b"cache-control", file.cache),
            (b"vary", b"Accept-Encoding"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding))
        await _send(send, 200, headers, b"" if scope["method"] == "HEAD" else body)

    def _find(self, path: str) -> _File:
        self._load_if_new()
        if (file := self._files.get(path)) is not None:
            return file
        if "." in path.rpartition("/")[2]:
            raise HTTPException(404, "There is no such file.")
        return self._files.get("/index.html", _PLACEHOLDER)

    def _load_if_new(self) -> None:
        """Read everything when the app was built anew; the page's own time stamp tells."""
        try:
            built_at = (self._root / "index.html").stat().st_mtime_ns
        except OSError:
            self._files, self._built_at = {}, 0
            return
        if built_at != self._built_at:
            paths = [path for path in self._root.rglob("*") if path.is_file() and path.suffix not in {".br", ".gz"}]
            self._files = {f"/{path.relative_to(self._root).as_posix()}": _read(path, self._root) for path in paths}
            self._built_at = built_at


def _read(path: Path, root: Path) -> _File:
    body = path.read_bytes()[:_MAX_FILE]
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = media_type.startswith(_TEXT)
    bodies = {b"": body}
    for encoding, suffix in ((b"br", ".br"), (b"gzip", ".gz")):
        compressed = path.with_name(path.name + suffix)
        if compressed.is_file():
            bodies[encoding] = compressed.read_bytes()
    if text and b"gzip" not in bodies:
        bodies[b"gzip"] = gzip.compress(body, mtime=0)
    # The builder puts a hash of the content into the names below assets/, so those never change.
    hashed = path.relative_to(root).parts[0] == "assets"
    return _File(
        media_type=f"{media_type}; charset=utf-8".encode() if text else media_type.encode(),
        etag=b'"%s"' % hashlib.sha256(body).hexdigest()[:20].encode(),
        cache=b"public, max-age=31536000, immutable" if hashed else b"no-cache",
        bodies=bodies,
    )


_PLACEHOLDER = _File(b"text/html; charset=utf-8", b'"not-built"', b"no-store", {b"": _NOT_BUILT})


def _choose(file: _File, accepted: bytes) -> tuple[bytes, bytes]:
    """The smallest encoding the browser takes."""
    for encoding in (b"br", b"gzip"):
        if encoding in accepted and encoding in file.bodies:
            return encoding, file.bodies[encoding]
    return b"", file.bodies[b""]


async def _send(send: Callable[[Any], Awaitable[None]], status: int, headers: list[Header], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
