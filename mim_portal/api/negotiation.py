"""What an address answers with, where that is a file: its kind stands in the address, whatever the caller accepts."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request


class Whatever(BaseContentNegotiation):
    """Never 406: clients that ask for a PDF by `Accept: application/pdf` get it, and refusals as JSON."""

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        first = next(iter(renderers))
        return first, first.media_type
