"""Every operation of the REST API, as its own description tells it: whatever stands in a text is kept or refused."""

import os
from itertools import cycle
from types import SimpleNamespace
from typing import Any

from rest_framework.test import APIClient

from tests.naughty.operations import NAMED, Described, addresses, changed, send
from tests.naughty.texts import NUL, OWN, SURROGATE, big_list

LONG = "é" * 60_000


def is_said(answer: Any) -> bool:
    """Whether a refusal says in words what is wrong."""
    if answer["Content-Type"] != "application/problem+json":
        return False
    problem = answer.json()
    return bool(problem["detail"] or problem["errors"]) and all(error["detail"] for error in problem["errors"])


def test_every_text_of_every_operation(world: SimpleNamespace, senders: list[APIClient]) -> None:
    """In each place one text that cannot be kept and one of the odd ones, or MIM_NAUGHTY of each kind."""
    described = Described(NAMED | dict.fromkeys(("incident", "into"), world.incident.reference))
    at = addresses(world, described)
    odd = [*OWN.values(), *(text for text in big_list() if text.strip())]
    words, impossible = cycle(odd), cycle([NUL, SURROGATE, LONG])
    each = int(os.environ.get("MIM_NAUGHTY", "1"))
    wrong, tried, refused_to_all = {}, 0, []
    for method, path, schema in described.operations():
        body = described.fitting(schema)
        found = {one: send(one, method, at[path], body).status_code for one in senders}
        # A body may name by number what is not there, or was with other numbers: that is no refusal of the sender.
        allowed = [one for one in senders if found[one] not in {403, 404}] or [
            one for one in senders if found[one] != 403
        ]
        if not allowed:
            refused_to_all.append(f"{method} {path}")
        client = (allowed or senders)[0]
        for place in described.texts(schema):
            for text in [next(kind) for kind in (impossible, words) for _ in range(each)]:
                answer = send(client, method, at[path], changed(body, place, text))
                tried += 1
                if answer.status_code >= 500 or (answer.status_code >= 400 and not is_said(answer)):
                    wrong[method, path, place, ascii(text)[:40]] = answer.status_code
    assert wrong == {}
    assert tried > 700
    assert refused_to_all == []
