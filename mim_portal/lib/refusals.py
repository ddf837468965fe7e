"""The shape of an expected refusal: a verb says no, in words for the person who asked."""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A verb's rule forbids the deed now. Views show it as a form error, the API as 409.

    `message` says what happened and what to do; `code` is stable for integrations; `extra` is plain data that the
    API adds to its answer (allowed states, blocking findings); `field` names the input at fault, where there is one.
    """

    code = "refused"
    status = 409

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        field: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.extra: dict[str, Any] = dict(extra or {})


class Invalid(Refusal):
    """An input cannot be used as given: the API answers 400 with the field named."""

    code = "invalid"
    status = 400


class Forbidden(Refusal):
    """The person may not do this to this object: 403."""

    code = "forbidden"
    status = 403


class Missing(Refusal):
    """There is no such thing, or none for this person: 404."""

    code = "not_found"
    status = 404


def sentences(refusals: Sequence[Refusal]) -> str:
    """All refusals as one text, in their order."""
    return " ".join(refusal.message for refusal in refusals)
