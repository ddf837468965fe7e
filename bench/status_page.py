"""How fast is a public status page, beside nginx serving the same bytes in the same run?

    DATABASE_URL=… MIM_ENV=embedded MIM_SECRET_KEY=… python -m bench.status_page [--seconds 5] [--rounds 3]

Needs wrk and nginx on the PATH. Two web processes as in production; wrk reads with 32
connections. Measured with the database up (a page of its own is made and removed), again with the database gone (from
files), for 304 answers, and from publishing to visible while the readers hammer. `bare` is the limit of the event loop:
it writes the same bytes whatever it is asked. Each rate stands beside the CPU time of one request, which a
busy machine distorts less. Prints JSON.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLUG = f"bench-{os.getpid()}"
PAGE = f"/status/{SLUG}/"
CONNECTIONS = 32
NGINX = """
worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}/www; index index.html; }}
}}
"""


BARE = """
import asyncio
import sys

import uvloop

with open(sys.argv[2], "rb") as page:
    body = page.read()
tag = b'etag: "bare"\\r\\n'
whole = b"HTTP/1.1 200 OK\\r\\ncontent-type: text/html\\r\\n%bcontent-length: %d\\r\\n\\r\\n%b" % (tag, len(body), body)
unchanged = b"HTTP/1.1 304 Not Modified\\r\\n%b\\r\\n" % tag

class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(unchanged if b"If-None-Match" in data else whole)

async def serve():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", int(sys.argv[1]), reuse_port=True)
    await server.serve_forever()

uvloop.run(serve())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--publishes", type=int, default=120)  # a p99 needs more than a hundred
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mim-bench-", dir="/tmp") as folder:
        print(json.dumps(measure(Path(folder), options), indent=2))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    os.environ["SNAPSHOT_DIR"] = str(folder / "rendered")
    from bench import status_page_data as data  # noqa: PLC0415 -- settings read SNAPSHOT_DIR when imported

    data.make(SLUG)
    try:
        body = data.body(SLUG)
        found: dict[str, Any] = {"bytes": len(body), "connections": CONNECTIONS, "cores": os.cpu_count()}
        with nginx(folder, body) as peer, bare(folder) as limit:
            with portal(folder / "up", os.environ["DATABASE_URL"]) as up:
                found["database_up"] = compare(up, peer, limit, options)
                found["publish_to_visible_s"] = publish_to_visible(up.port, data, options)
                shutil.copytree(folder / "up", folder / "down")
            with portal(folder / "down", f"postgres://x@127.0.0.1:{free_port()}/x") as down:
                found["database_gone"] = compare(down, peer, limit, options)
        return found
    finally:
        data.remove(SLUG)


def compare(ours: "Server", peer: "Server", limit: "Server", options: argparse.Namespace) -> dict[str, Any]:
    """Requests per second by turns, and the median of the rounds."""
    found: dict[str, Any] = {}
    for kind, servers in {"200": (peer, limit, ours), "304": (peer, limit, ours)}.items():
        runs: dict[str, list[dict[str, float]]] = {server.name: [] for server in servers}
        for _ in range(options.rounds):
            for server in servers:
                headers = [] if kind == "200" else ["-H", f"If-None-Match: {etag(server.port, server.path)}"]
                runs[server.name].append(wrk(server, options.seconds, headers))
        result = {
            name: {key: round(statistics.median(each[key] for each in rounds), 2) for key in rounds[0]}
            for name, rounds in runs.items()
        }
        found[kind] = {
            **result,
            "requests_per_s_by_round": {
                name: [round(each["requests_per_s"]) for each in rounds] for name, rounds in runs.items()
            },
            "load_average": os.getloadavg()[0],
            "ratio_to_nginx": round(result["front"]["requests_per_s"] / result["nginx"]["requests_per_s"], 2),
        }
    return found


def wrk(server: "Server", seconds: int, headers: list[str]) -> dict[str, float]:
    address = f"http://127.0.0.1:{server.port}{server.path}"
    before = server.cpu_seconds()
    argv = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *headers, address]
    text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    spent = server.cpu_seconds() - before
    count = re.search(r"(\d+) requests in", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    if not rate or not slowest or not count or ("Non-2xx" in text and not headers):
        raise SystemExit(text)
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slowest[2]]
    return {
        "requests_per_s": float(rate[1]),
        "p99_ms": float(slowest[1]) * unit,
        "cpu_us_per_request": spent / int(count[1]) * 1e6,
    }


def publish_to_visible(port: int, data: Any, options: argparse.Namespace) -> dict[str, Any]:
    """From the start of the publishing transaction until a reader gets the new version, while others hammer."""
    argv = ["wrk", "-t2", f"-c{CONNECTIONS}", "-d600s", f"http://127.0.0.1:{port}{PAGE}"]
    hammer = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    delays, rendering = [], []
    try:
        for number in range(options.publishes):
            time.sleep(0.1 + 0.5 * number / options.publishes)  # at every phase of the poll
            before = etag(port, PAGE)
            started = time.perf_counter()
            data.publish(SLUG)
            rendering.append(time.perf_counter() - started)
            # Each worker follows by itself: visible means that eight answers in a row are new.
            fresh = 0
            while fresh < 8:
                fresh = fresh + 1 if etag(port, PAGE) != before else 0
            delays.append(time.perf_counter() - started)
    finally:
        hammer.kill()
        hammer.wait()
    return {"visible": spread(delays), "of_which_publish_and_render": spread(rendering)}


def spread(times: list[float]) -> dict[str, float | None]:
    """Median, maximum, and the 99th percentile where there are enough values for it to differ from the maximum."""
    ordered = sorted(times)
    p99 = round(ordered[int(len(ordered) * 0.99)], 3) if len(ordered) > 100 else None
    return {"n": len(ordered), "median": round(statistics.median(ordered), 3), "p99": p99, "max": round(ordered[-1], 3)}


def etag(port: int, path: str) -> str:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    client.request("HEAD", path)
    answer = client.getresponse()
    client.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}")
    return answer.headers["ETag"]


@dataclass(frozen=True)
class Server:
    """One server under measurement: its main process, and where it shows the page."""

    name: str
    pid: int
    port: int
    path: str

    def cpu_seconds(self) -> float:
        """What the process and its children have used so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                if self.pid in (int(stat.parent.name), int(fields[1])):
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def portal(folder: Path, database: str) -> contextlib.AbstractContextManager[Server]:
    environment = {**os.environ, "SNAPSHOT_DIR": str(folder), "DATABASE_URL": database}
    return web("front", PAGE, environment)


@contextlib.contextmanager
def web(name: str, path: str, environment: dict[str, str], *, workers: int = 2) -> Iterator[Server]:
    """The portal's own web process, as in production."""
    port = free_port()
    argv = [sys.executable, "-m", "mim_portal.web", "--port", str(port), "--workers", str(workers)]
    with stopping(subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL)) as pid:
        wait(port, path)
        yield Server(name, pid, port, path)


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """Two processes of the same event loop that say the same bytes to whatever is asked."""
    port = free_port()
    (folder / "bare.py").write_text(BARE)
    argv = [sys.executable, str(folder / "bare.py"), str(port), str(folder / "www" / "index.html")]
    with contextlib.ExitStack() as stack:
        pids = [stack.enter_context(stopping(subprocess.Popen(argv, stdout=subprocess.DEVNULL))) for _ in range(2)]
        wait(port, "/")
        yield Server("bare", pids[0], port, "/")


@contextlib.contextmanager
def nginx(folder: Path, body: bytes) -> Iterator[Server]:
    port = free_port()
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / "index.html").write_bytes(body)
    for path in (folder, folder / "www"):
        path.chmod(0o755)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    with stopping(subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)) as pid:
        wait(port, "/")
        yield Server("nginx", pid, port, "/")


@contextlib.contextmanager
def stopping(child: "subprocess.Popen[bytes]") -> Iterator[int]:
    try:
        yield child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(timeout=10)


def wait(port: int, path: str) -> None:
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        with contextlib.suppress(OSError, SystemExit):
            etag(port, path)
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers at {port}{path}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
