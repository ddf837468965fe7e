"""Apprise behind the guard: chat products and SMS providers as it knows them, every request of theirs as ours.

Apprise's plugins call `requests` by themselves, follow redirects and say no more than whether it worked. Each plugin
that we use therefore gets, in the place of that module, one that sends through mim_portal.lib.outgoing and remembers
what was answered, by thread.
"""

import sys
import threading
from functools import cache
from typing import Any, Final

import requests
from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.manager_plugins import NotificationManager

from comms.rules import endpoints
from mim_portal.lib import outgoing

_CHAT_SCHEMAS: Final = ("slack", "workflows", "mmost")
_ASSET: Final = AppriseAsset(
    async_mode=False, http_redirects=False, app_id="MIM Portal", app_url="", image_url_mask="", image_url_logo=""
)
_heard = threading.local()
plugins: Any = NotificationManager  # by schema; untyped in Apprise


class _Guarded:
    """What a plugin takes for the module `requests`: its words and exceptions, but only our way out."""

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        try:
            response = outgoing.request(method, url, **given)
            answer = outgoing.read(response)
        except (outgoing.Forbidden, outgoing.Unreachable) as error:
            _heard.error = error
            raise
        response._content = answer.text.encode()
        response._content_consumed = True  # type: ignore[attr-defined]
        _heard.answer = answer
        return response

    def post(self, url: str, data: Any = None, json: Any = None, **given: Any) -> requests.Response:
        return self.request("POST", url, data=data, json=json, **given)

    def get(self, url: str, params: Any = None, **given: Any) -> requests.Response:
        return self.request("GET", url, params=params, **given)

    def __getattr__(self, name: str) -> Any:
        if name not in ("codes", "exceptions", "RequestException"):
            raise AttributeError(f"requests.{name} is not for plugins: it would go around the guard")
        return getattr(requests, name)


@cache
def stand_in_front() -> None:
    """Put the guard into every plugin that we use; at the first message, since Apprise then loads all it has."""
    manager, guarded = plugins(), _Guarded()
    for schema in (*_CHAT_SCHEMAS, *sorted(endpoints.SMS_SCHEMAS)):
        module: Any = sys.modules[manager[schema].__module__]
        module.requests = guarded


def send(*, kind: str, address: str, title: str, text: str, number: str = "") -> outgoing.Answer:
    """Hand one message over. Forbidden where it may not go there, Unreachable where nobody answers."""
    stand_in_front()
    plugin = _plugin(endpoints.apprise_url(kind, address, number=number))
    if plugin is None:
        raise outgoing.Forbidden("Apprise does not know what to do with this address.")
    _heard.answer, _heard.error = None, None
    is_taken = plugin.notify(body=text, title=title, body_format=NotifyFormat.TEXT)  # read as it was checked
    if _heard.error is not None:
        raise _heard.error
    if _heard.answer is None:
        raise outgoing.Forbidden("Nothing was sent: the address names nobody to send to.")
    answer: outgoing.Answer = _heard.answer
    if answer.is_taken and not is_taken:
        raise outgoing.Forbidden("The provider answered, and did not take the message.")
    return answer


def _plugin(url: str) -> Any:
    plugin: Any = Apprise.instantiate(url, asset=_ASSET, suppress_exceptions=True)
    if plugin is None or not isinstance(getattr(sys.modules[type(plugin).__module__], "requests", None), _Guarded):
        return None
    plugin.include_image = plugin.include_footer = False  # pictures of Apprise's own, from elsewhere
    return plugin
