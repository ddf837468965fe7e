"""What the server runs: published pages on its own event loop, everything else in the threads of Django.

Whoever reads a status page waits for none of the threads, so the pages are there while each of them hangs on a database
that does not answer.
"""

from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ

from mim_portal import wsgi
from mim_portal.web import front
from mim_portal.web.shelf import Shelf, answered

THREADS = 8  # as many requests of a process are with Django at once; each has a connection to the database


class Web:
    """The ASGI application of the web process; `shelf` is for the protocol, which answers most readers from it."""

    def __init__(self, pages: front.Front, django: Any, *, threads: int) -> None:
        self._pages = pages
        self._django = WSGIMiddleware(django, workers=threads)
        self.shelf = Shelf(pages)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # A name with an underscore would be taken for the one with a hyphen, which a proxy in front may have set.
        scope["headers"] = [header for header in scope["headers"] if b"_" not in header[0]]
        if scope["path"].startswith(front.PREFIX):
            said = answered(self._pages, dict(build_environ(scope, None)))  # type: ignore[arg-type]
            if said is not None:
                status, headers, body = said
                await send({"type": "http.response.start", "status": int(status[:3]), "headers": headers})
                await send({"type": "http.response.body", "body": body})
                return
        await self._django(scope, receive, send)


application = Web(wsgi.application, wsgi.django, threads=THREADS)
