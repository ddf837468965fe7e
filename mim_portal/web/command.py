"""The web process as a command: python -m mim_portal.web --port 8000 [--host 127.0.0.1] [--workers 2]."""

import argparse
import sys

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from mim_portal.embedded.failures import Failure
from mim_portal.embedded.ports import refuse_taken
from mim_portal.embedded.process import die_with_our_parent
from mim_portal.web.protocol import IDLE_SECONDS

STOP_SECONDS = 3  # for what is being answered, once we are asked to stop
FROZEN_SECONDS = 20  # a worker that does not answer for so long is started again


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mim_portal.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes, each with all published pages in memory")
    options = parser.parse_args()
    try:
        # Several may listen at one address here, so another portal on it would not be noticed.
        refuse_taken(options.port, variable="--port", host=options.host)
    except Failure as failure:
        sys.exit(f"mim-portal: {failure}")
    if options.workers == 1:
        Server(configured(Config, options)).run()
    else:
        Multiprocess(configured(_OfAWorker, options), sockets=None).run()  # type: ignore[arg-type]  # each its own


class _OfAWorker(Config):
    """Loaded in the worker: when the one that watches it dies, however it dies, it ends as well."""

    def load(self) -> None:
        die_with_our_parent()
        super().load()


def configured(kind: type[Config], options: argparse.Namespace) -> Config:
    """Who asks and by which scheme is for Django to say, which knows the proxies that may be believed."""
    return kind(
        "mim_portal.web.application:application",
        host=options.host,
        port=options.port,
        workers=options.workers,
        loop="mim_portal.web.protocol:Loop",
        http="mim_portal.web.protocol:Protocol",
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=int(IDLE_SECONDS),
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=FROZEN_SECONDS,
    )
