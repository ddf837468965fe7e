"""The Jinja2 environment of every page: strict about names, with one set of filters for times and words."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from mim_portal.lib import addresses, amounts, caches, kept, markdown, times


def _viewer_zone() -> tzinfo:
    return timezone.get_current_timezone()


def _url(name: str, /, *args: Any, **kwargs: Any) -> str:
    return _reversed(get_script_prefix(), name, *args, **kwargs)


@lru_cache(4096)
def _reversed(_prefix: str, name: str, /, *args: Any, **kwargs: Any) -> str:
    """A page of fifty rows names the same places again and again."""
    return reverse(name, args=args, kwargs=kwargs)


def _local(render: Callable[[datetime, tzinfo], str]) -> Callable[[datetime | None], str]:
    def rendered(at: datetime | None) -> str:
        return "" if at is None else render(at, _viewer_zone())

    return rendered


def _language() -> str:
    """Days and months are in the language of what is being rendered, where we have its words."""
    return translation.get_language() or times.ENGLISH


def _dated(render: Callable[..., str]) -> Callable[[datetime | None], str]:
    def rendered(at: datetime | None) -> str:
        return "" if at is None else render(at, _viewer_zone(), language=_language())

    return rendered


def _due_time(at: datetime | None, now: datetime | None = None) -> str:
    return "" if at is None else times.due_time(at, _viewer_zone(), now=now or timezone.now(), language=_language())


def _ago(at: datetime | None, now: datetime | None = None) -> str:
    return "" if at is None else times.duration((now or timezone.now()) - at)


def _duration(length: timedelta | float | None) -> str:
    return "" if length is None else times.duration(length)


def _language_tag() -> str:
    """The language of what is being rendered, as HTML names it: en-GB."""
    language, _dash, region = (translation.get_language() or settings.LANGUAGE_CODE).partition("-")
    return f"{language}-{region.upper()}" if region else language


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as Python's bytecode, so that a page's first visitor after a start does not wait for their compiling.

    A template that changed is compiled anew. On a full disk it is only slower.
    """

    @classmethod
    def of_account(cls) -> "CompiledTemplates | None":
        """In the account's cache folder, if it has one; whoever may write there runs as the portal anyway."""
        try:
            home = caches.folder() / "templates"
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (OSError, RuntimeError):
            return None
        return cls(str(home))

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except OSError:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def environment(**options: Any) -> Environment:
    """The environment that settings.TEMPLATES names."""
    options |= {
        "undefined": StrictUndefined,
        "bytecode_cache": CompiledTemplates.of_account(),
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    }
    env = Environment(**options)  # noqa: S701 -- Django passes autoescape=True
    env.install_gettext_callables(  # type: ignore[attr-defined]
        kept.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
    )
    env.globals.update({"_": kept.gettext, "gettext": kept.gettext}, kept=kept.macro, once=kept.fragments(env))
    env.globals.update(
        static=lru_cache(static), url=_url, addresses=addresses, now=timezone.now, language_tag=_language_tag
    )
    env.filters.update(
        clock_time=_local(times.clock_time),
        date_time=_dated(times.date_time),
        full_date_time=_dated(times.full_date_time),
        day=lambda on: "" if on is None else times.day(on, language=_language()),
        due_time=_due_time,
        duration=_duration,
        amount=amounts.said,
        ago=_ago,
        file_size=filesizeformat,
        month_name=lambda on: f"{on:%b %Y}",
        iso=lambda at: "" if at is None else times.iso(at),
        markdown=markdown.to_html,
    )
    return env
