"""The front: a plain WSGI callable that answers readers of public status pages from memory, and gives everything else
to Django.

No database, no cache server, no template: a request costs a dictionary look-up and a look at the clock, so the pages
are as fast as a file server and stay up when nothing else does.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from mim_portal.lib import snapshot_files
from mim_portal.web.published import Address, Headers, Library, Variant, View

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

PREFIX = "/status/"
# What is no longer in the snapshots and yet has an address: old incidents and months, in every language of the page.
OLDER = re.compile(r"(?:[a-z]{2}/)?(?:incidents|history)/.")
# One second fresh, and a shared cache in front may show the last page while it asks again, or when we are gone.
CACHE = ("Cache-Control", "public, max-age=1, stale-while-revalidate=10, stale-if-error=86400")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", POLICY),
    ("X-Frame-Options", "DENY"),
]
# What stands in a frame on other sites: it has no script and no form, so there is nothing to click by mistake.
_FRAMED: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"),
]
_OPEN: Headers = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "ETag, Last-Modified")]
_METHODS = "GET, HEAD, OPTIONS"
_NOT_FOUND = (
    '<!doctype html><html lang="en"><title>Not found</title><p>This page does not exist. '
    '<a href="{home}">To the status page</a></p></html>'
)


def headers(*, hsts_seconds: int = 0) -> dict[str, Headers]:
    """What every answer of a kind carries, for the library to prepare."""
    hsts = []
    if hsts_seconds:
        hsts.append(("Strict-Transport-Security", f"max-age={hsts_seconds}; includeSubDomains; preload"))
    return {
        "page": [CACHE, *_SAFE, *hsts],
        "api": [CACHE, *_SAFE, *hsts, *_OPEN],
        "shared": [CACHE, *_SAFE, *hsts, *_OPEN, ("Cross-Origin-Resource-Policy", "cross-origin")],
        "framed": [CACHE, *_FRAMED, *hsts],
    }


class Front:
    """`Front(django, library)` is the application of the web process."""

    def __init__(self, behind: Application, library: Library, *, clock: Callable[[], float] = time.time) -> None:
        self._behind = behind
        self._library = library
        self._clock = clock

    @property
    def addresses(self) -> Mapping[str, Address]:
        """What is published now; another mapping as soon as anything is published or withdrawn."""
        return self._library.addresses

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.answer(environ, start_response)
        return self._behind(environ, start_response) if answer is None else answer

    def answer(self, environ: Environ, start_response: StartResponse) -> list[bytes] | None:
        """The answer from memory, or nothing where Django has to answer."""
        path: str = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return None
        address = self._library.addresses.get(path)
        if address is not None:
            return self._show(address, environ, start_response)
        slug, slash, rest = path.removeprefix(PREFIX).partition("/")
        if slug not in self._library.slugs:
            return None
        return self._unknown(slug, rest if slash else None, start_response)

    def _show(self, address: Address, environ: Environ, start_response: StartResponse) -> list[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _other_method(method, environ["PATH_INFO"], start_response)
        view = address[0]
        if len(address) > 1:
            view = current(address, self._clock())
        variant = chosen(view, environ.get("HTTP_ACCEPT_ENCODING", ""))
        if is_known(view, environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")):
            start_response("304 Not Modified", variant.unchanged)
            return []
        start_response("200 OK", variant.headers)
        return variant.answer if method == "GET" else []

    def _unknown(self, slug: str, rest: str | None, start_response: StartResponse) -> list[bytes] | None:
        wanted = PREFIX + slug + "/" + (f"{rest}/" if rest else "")
        if wanted in self._library.addresses:  # only the slash at the end is missing
            start_response("301 Moved Permanently", [("Location", wanted), ("Content-Length", "0"), CACHE])
            return []
        if rest and OLDER.match(rest):  # Django answers
            return None
        body = _NOT_FOUND.format(home=f"{PREFIX}{slug}/").encode()
        content = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        # A script on another site is told so as well: without these headers its browser says that nobody answered.
        is_open = rest is not None and snapshot_files.use_of(rest) in snapshot_files.OPEN_USES
        start_response("404 Not Found", [*content, CACHE, *_SAFE, *(_OPEN if is_open else [])])
        return [body]


def current(address: Address, now: float) -> View:
    """The view that holds now: a page rendered ahead says by itself, at the promised minute, that it is late."""
    for view in address:
        if now < view.until:
            return view
    return address[-1]


def chosen(view: View, accepted: str) -> Variant:
    """The smallest variant that the client takes."""
    if not accepted:
        return view.plain
    if "q=0" not in accepted:  # nobody refuses anything: the usual case, decided without parsing
        if "br" in accepted:
            return view.brotli
        return view.gzipped if "gzip" in accepted else view.plain
    taken = {name for name, quality in map(_weighted, accepted.split(",")) if quality > 0}
    return view.brotli if "br" in taken else view.gzipped if "gzip" in taken else view.plain


def is_known(view: View, none_match: str | None, modified_since: str | None) -> bool:
    """Whether the client has these bytes already; a tag decides where there is one, else the time."""
    if none_match is not None:
        if none_match in view.tags:
            return True
        sent = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return "*" in sent or not sent.isdisjoint(view.tags)
    if modified_since is None:
        return False
    try:
        return view.modified_at <= parsedate_to_datetime(modified_since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _weighted(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    _, _, quality = parameters.partition("q=")
    try:
        return name.strip().lower(), float(quality) if quality else 1.0
    except ValueError:
        return name.strip().lower(), 0.0


def _other_method(method: str, path: str, start_response: StartResponse) -> list[bytes]:
    if method == "OPTIONS":
        extra = [*_OPEN, ("Access-Control-Allow-Methods", _METHODS)] if "/api/" in path else []
        start_response("204 No Content", [("Allow", _METHODS), *extra])
    else:
        start_response("405 Method Not Allowed", [("Allow", _METHODS), ("Content-Length", "0")])
    return []
