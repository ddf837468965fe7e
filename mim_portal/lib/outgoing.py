"""Requests to addresses that people entered: guarded, never redirected, answered soon or given up.

An address could point into our own network. So only https leaves, the name is resolved once and that very address is
both judged and called (requests-hardened), redirects are not followed, and no proxy or password is taken from the
environment. Hosts of one's own network are called where OUTGOING_INTERNAL_HOSTS names them, by http as well.
"""

import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

import requests
from django.conf import settings
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

TIMEOUT: Final = (3.0, 5.0)  # to connect, and between two pieces of the answer
ANSWER_SECONDS: Final = 8.0
ANSWER_BYTES: Final = 64 * 1024
_AGENT: Final = "MIM-Portal"
_PORTS: Final = {"https": 443, "http": 80}


class Forbidden(requests.RequestException):
    """The address may not be called."""


class Unreachable(requests.RequestException):
    """Nobody answered in time, or not in HTTP."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other side said, as much of it as is of use."""

    status: int
    text: str
    retry_after: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def check(url: str) -> Url:
    """The parts of an address that may be called as far as its form tells; Forbidden with the reason."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Forbidden("The address has characters that no address has.")
    try:
        parts = parse_url(url)  # the parser that requests uses: no two opinions about what the host is
    except LocationParseError as error:
        raise Forbidden("This is not an address.") from error
    if parts.scheme not in _PORTS or not parts.host:
        raise Forbidden("Only addresses that begin with https:// are called.")
    if parts.auth is not None:
        raise Forbidden("The address holds a user name or password: leave them out.")
    if parts.scheme == "http" and not is_internal(parts):
        raise Forbidden("Only addresses that begin with https:// are called.")
    return parts


def is_internal(parts: Url) -> bool:
    """Whether the host, or the host with this port, is one of our own network that may be called."""
    host = (parts.host or "").strip("[]").lower().rstrip(".")
    port = parts.port or _PORTS.get(parts.scheme or "", 0)
    allowed = {name.lower() for name in settings.OUTGOING_INTERNAL_HOSTS}
    return host in allowed or f"{host}:{port}" in allowed


def is_at_home(parts: Url) -> bool:
    """Whether the host says by itself that it is no place on the internet: a private number, or a name without a dot.

    What a name leads to is judged when it is called.
    """
    host = (parts.host or "").strip("[]").lower().rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def post(url: str, *, body: bytes, headers: dict[str, str]) -> Answer:
    """POST exactly these bytes; Forbidden or Unreachable where nothing was answered."""
    return read(request("POST", url, data=body, headers=headers))


def request(method: str, url: str, **given: Any) -> requests.Response:
    """As requests.request, guarded. The body is not read yet: see `read`."""
    parts = check(url)
    given |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
    given["verify"] = settings.OUTGOING_CA_FILE or True
    given.pop("proxies", None)
    session = _manager(guarded=not is_internal(parts)).get_session()
    session.trust_env = False  # no proxy, no .netrc
    try:
        return session.request(method, url, **given)  # type: ignore[no-any-return]
    except InvalidIPAddress as error:
        raise Forbidden("The address leads into an internal network. OUTGOING_INTERNAL_HOSTS may allow it.") from error
    except Forbidden:
        raise
    except requests.exceptions.InvalidURL as error:
        raise Forbidden("This is not an address.") from error
    except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
        raise Unreachable(_words(error)) from error


def read(response: requests.Response) -> Answer:
    """The answer's beginning, within the time that an answer has."""
    started, taken = time.monotonic(), b""
    try:
        for piece in response.iter_content(4096):
            taken += piece
            if len(taken) >= ANSWER_BYTES or time.monotonic() - started > ANSWER_SECONDS:
                break
    except (requests.RequestException, HTTPError, OSError) as error:
        raise Unreachable(_words(error)) from error
    finally:
        response.close()
    text = taken[:ANSWER_BYTES].decode(errors="replace")
    return Answer(status=response.status_code, text=text, retry_after=response.headers.get("Retry-After", ""))


def _manager(*, guarded: bool) -> Manager:
    return Manager(
        Config(
            ip_filter_enable=guarded,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=TIMEOUT,
            user_agent_override=_AGENT,
        )
    )


def _words(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "It did not answer in time."
    if isinstance(error, requests.exceptions.SSLError):
        return "Its certificate is not trusted."
    if isinstance(error, requests.ConnectionError) and "resolve" in str(error):
        return "No host of this name is known."
    return "It cannot be reached."
