"""A small web site on this machine that serves the portal's own frame and scripts; a test decides every answer."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Site:
    """What the server answers, and what it was sent."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.panel = "<p>first</p>"
        self.panel_status = 200
        self.stream_status = 200
        self.submit_status = 302
        self.draft_status = 200
        self.drafts: list[dict[str, list[str]]] = []
        self.submitted: list[dict[str, list[str]]] = []
        self.tickets = 0
        self.streams: list[queue.Queue[str | None]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def publish(self, seq: int, *panels: str) -> None:
        """One event to every open stream, as the live server sends it."""
        line = json.dumps({"kind": "note", "seq": seq, "panels": list(panels)})
        for stream in self.streams:
            stream.put(f"data: {line}\n\n")

    def break_streams(self) -> None:
        for stream in self.streams:
            stream.put(None)
        self.streams.clear()

    def close(self) -> None:
        self.break_streams()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        return type("SiteHandler", (Handler,), {"site": self})


class Handler(BaseHTTPRequestHandler):
    """Answers for one site, which `Site._handler` names in a class of its own."""

    site: "Site"

    def log_message(self, *args: Any) -> None:
        """Tests do not print."""

    def answer(self, status: int, body: str | bytes = b"", kind: str = "text/html", **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/panel":
            self.answer(self.site.panel_status, self.site.panel)
        elif path == "/ticket":
            self.site.tickets += 1
            self.answer(200, json.dumps({"url": f"/stream?ticket={self.site.tickets}"}), "application/json")
        elif path == "/stream":
            self.stream()
        elif path.startswith("/static/"):
            self.asset(path.removeprefix("/static/"))
        elif path in self.site.moved:
            self.answer(302, Location=self.site.moved[path])
        elif path in self.site.pages:
            self.answer(200, self.site.pages[path])
        else:
            self.answer(404, "nothing here")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = parse_qs(self.rfile.read(length).decode(errors="replace"), keep_blank_values=True)
        if self.path == "/draft":
            self.site.drafts.append(sent)
            self.answer(self.site.draft_status, "{}", "application/json")
            return
        self.site.submitted.append(sent)
        if self.site.submit_status == 302:
            self.answer(302, Location="/done")
        else:
            self.answer(self.site.submit_status, self.site.pages["/"])

    def asset(self, name: str) -> None:
        for folder in ("build", "img"):
            file = ROOT / "static" / folder / name
            if file.is_file():
                self.answer(200, file.read_bytes(), KINDS[file.suffix])
                return
        self.answer(404)

    def stream(self) -> None:
        if self.site.stream_status != 200:
            self.answer(self.site.stream_status)
            return
        mine: queue.Queue[str | None] = queue.Queue()
        self.site.streams.append(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b": hello\n\n")
        self.wfile.flush()
        while (line := mine.get()) is not None:
            try:
                self.wfile.write(line.encode())
                self.wfile.flush()
            except OSError:
                return
