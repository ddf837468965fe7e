"""What pages say again and again, made once in a process: words, badges, drawings, what stands at every page's end.

A page of fifty rows says `_()` two hundred times and writes a hundred badges of five kinds; a template asks for each
anew. Whatever is kept here depends on its arguments, the language and the reader's time zone alone.
"""

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from django.utils import timezone, translation
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

MOST = 4096  # of each kind; what has not been asked for longest goes first


def language() -> str:
    """The language of what is being rendered; empty where translation is off."""
    return translation.get_language() or ""


@pass_eval_context
def gettext(where: EvalContext, message: str, /, **values: Any) -> str:
    """`_()` of the templates: the message in the language with the values in their places, escaped on pages."""
    spoken = language()
    if not where.autoescape:
        return _said(spoken, message) % values
    if not values:
        return _marked(spoken, message)
    return Markup(_said(spoken, message)) % values  # noqa: S704 -- our own words


@lru_cache(MOST)
def _said(_language: str, message: str) -> str:
    return translation.gettext(message)


@lru_cache(MOST)
def _marked(in_language: str, message: str) -> Markup:
    return Markup(_said(in_language, message)) % {}  # noqa: S704


def macro(written: Callable[..., str]) -> Callable[..., str]:
    """A macro of plain arguments that writes nothing else than they say: `{% set icon = kept(_icon) %}`.

    Kept by their types too: markup and the same signs as somebody typed them are equal, and are not written alike.
    """

    @lru_cache(MOST, typed=True)
    def once(_language: str, _zone: tzinfo, /, *args: Any, **options: Any) -> str:
        return written(*args, **options)

    def said(*args: Any, **options: Any) -> str:
        return once(language(), timezone.get_current_timezone(), *args, **options)

    return said


def fragments(environment: Environment) -> Callable[..., Markup]:
    """`{{ once('a.html', name=value) }}`: a template that reads nothing but the values given to it."""

    @lru_cache(MOST, typed=True)
    def rendered(_language: str, name: str, /, **values: Any) -> Markup:
        return Markup(environment.get_template(name).render(values))  # noqa: S704 -- rendered by Jinja2

    def once(name: str, /, **values: Any) -> Markup:
        return rendered(language(), name, **values)

    return once
