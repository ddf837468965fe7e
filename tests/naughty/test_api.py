"""Whatever a program sends, the API answers with the field at fault; never a 500, never half a change."""

import itertools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from incidents.models import Candidate, TimelineEntry
from tests import factories
from tests.naughty.bodies import Body, bodies
from tests.naughty.test_pages import stored, texts_of
from tests.naughty.texts import NUL, OWN, SURROGATE, big_list

Api = Callable[..., APIClient]

# What no field of words can be, and no choice, number, time, list or object is all of.
WRONG: tuple[Any, ...] = (
    None,
    {"a": {"b": []}},
    10**30,
    "0001-01-01T00:00:00+14:00",
    [NUL],
    {SURROGATE: NUL},
)


ELSEWHERE = {"into": {404}}  # an incident that there is not


class Sender:
    """Sends bodies as the people of the cast, each in a world that is as it was."""

    def __init__(self, cast: SimpleNamespace, api: Api) -> None:
        self._cast, self._api = cast, api
        self._clients: dict[str, APIClient] = {}

    def send(self, to: Body, /, **changes: Any) -> Any:
        return self.send_all(to, {**to.fields, **changes})

    def send_and_read(self, to: Body, /, **changes: Any) -> tuple[Any, str]:
        """The answer, and every word that stands in it or in the record."""
        kept: list[str] = []
        answer = self.send_all(to, {**to.fields, **changes}, then=lambda: kept.append(stored()))
        said = "\n".join(texts_of(answer.json())) if answer.content else ""
        return answer, f"{said}\n{kept[0]}"

    def send_all(self, body: Body, sent: Any, *, then: Callable[[], Any] = lambda: None) -> Any:
        client = self._clients.get(body.by)
        if client is None:
            client = self._clients[body.by] = self._api(getattr(self._cast, body.by))
            client.raise_request_exception = False
        point = transaction.savepoint()
        text = json.dumps(sent)  # with escapes, so that half a character travels
        answer = client.generic(body.method.upper(), body.url, text, content_type="application/json")
        then()
        transaction.savepoint_rollback(point)
        return answer


@pytest.fixture
def sender(cast: SimpleNamespace, api: Api) -> Sender:
    return Sender(cast, api)


def named(answer: Any) -> set[str]:
    """The fields that a problem document names, without their places in a list."""
    assert answer["Content-Type"] == "application/problem+json"
    return {error["field"].partition(".")[0] for error in answer.json()["errors"]}


def test_a_sensible_body_is_never_a_bad_one(world: SimpleNamespace, sender: Sender) -> None:
    """What the other tests change one field of is right, or refused by a rule and not for its form."""
    answers = {f"{body.method} {body.url}": sender.send(body).status_code for body in bodies(world)}
    assert {name: status for name, status in answers.items() if status not in {200, 201, 204, 409}} == {}
    assert sum(status < 300 for status in answers.values()) > len(answers) / 2


def test_a_field_of_the_wrong_kind_is_named(world: SimpleNamespace, sender: Sender) -> None:
    wrong = {}
    for body in bodies(world):
        for number, field in enumerate(body.fields):
            for value in (WRONG[number % len(WRONG)], WRONG[(number + 3) % len(WRONG)]):
                answer = sender.send(body, **{field: value})
                if answer.status_code == 400 and field not in named(answer):
                    wrong[body.url, field, repr(value)] = str(answer.json()["errors"])
                elif answer.status_code not in {200, 201, 204, 400, 403, 409} | ELSEWHERE.get(field, set()):
                    wrong[body.url, field, repr(value)] = str(answer.status_code)
    assert wrong == {}


@pytest.mark.parametrize("text", [NUL, SURROGATE], ids=["null", "half a character"])
def test_text_that_cannot_be_kept_is_refused_at_its_field(world: SimpleNamespace, sender: Sender, text: str) -> None:
    for body in bodies(world):
        for field in body.words:
            answer = sender.send(body, **{field: text})
            assert answer.status_code == 400, (body.url, field)
            assert named(answer) == {field}


@pytest.mark.parametrize("sent", [None, [], "words", 7, [{}], True], ids=repr)
def test_a_body_that_is_no_object_is_refused(world: SimpleNamespace, sender: Sender, sent: Any) -> None:
    statuses = {f"{body.method} {body.url}": sender.send_all(body, sent).status_code for body in bodies(world)}
    may_be_empty = {200, 204, 409} if sent is None else set()
    assert {name: status for name, status in statuses.items() if status not in {400} | may_be_empty} == {}


def test_what_is_required_is_said_field_by_field(world: SimpleNamespace, sender: Sender) -> None:
    """An empty object names every field that it lacks, or is a whole request of optional fields."""
    for body in bodies(world):
        answer = sender.send_all(body, {})
        if answer.status_code == 400:
            assert named(answer) <= set(body.fields), body.url
            assert {error["code"] for error in answer.json()["errors"]} <= {"required", "invalid"}, body.url
        else:
            assert answer.status_code in {200, 201, 204, 409}, body.url


def test_naughty_words_come_back_as_they_were_sent(world: SimpleNamespace, cast: SimpleNamespace, api: Api) -> None:
    desk = api(cast.desmond)
    for name, text in OWN.items():
        made = desk.post("/api/v1/candidates/", {"service": "payroll", "cannot_do": text, "contact": text})
        assert made.status_code == 201, name
        again = desk.get(made["Location"]).json()
        assert (again["cannot_do"], again["contact"]) == (text.strip(), text.strip()), name


# Fields whose words name something that there is, and addresses that answer with the incident before the change.
NAMES = {"into", "name", "query"}


def test_naughty_words_are_kept_by_every_verb(world: SimpleNamespace, sender: Sender) -> None:
    """What is taken stands in the answer or in the record as it was sent, in every field of words in turn."""
    words = itertools.cycle([text.strip() for text in (*OWN.values(), *big_list()) if 3 < len(text.strip()) < 60])
    taken, lost, statuses = 0, [], set()
    for body in bodies(world):
        for field in sorted(set(body.words) - NAMES):
            text = next(words)
            answer, kept = sender.send_and_read(body, **{field: text})
            statuses.add(answer.status_code)
            if answer.status_code < 300:
                taken += 1
                if text not in kept:
                    lost.append((body.url, field, ascii(text)))
    assert lost == []
    assert statuses <= {200, 201, 204, 400, 409}
    assert taken > 60


@pytest.mark.skipif(not big_list(), reason="the shared list of naughty strings is not beside the repository")
def test_the_big_list_comes_back_as_it_was_sent(world: SimpleNamespace, cast: SimpleNamespace, api: Api) -> None:
    client = api(cast.mia)
    at = f"/api/v1/incidents/{world.incident.reference}/timeline/"
    texts = [text for text in big_list() if text.strip()]
    for start in range(0, len(texts), 40):
        handful = "\n".join(texts[start : start + 40])
        answer = client.post(at, {"text": handful})
        assert answer.status_code == 201, handful
        assert answer.json()["text"] == handful.strip()
    notes = TimelineEntry.objects.filter(incident=world.incident, kind="note")
    assert sum(len(note.text.split("\n")) >= 35 for note in notes) >= 12


def test_a_refused_body_changes_nothing(cast: SimpleNamespace, api: Api) -> None:
    factories.service(slug="payroll")
    given = {"service": "payroll", "cannot_do": "sign in", "contact": "Niamh", "urgency": "now"}
    assert api(cast.desmond).post("/api/v1/candidates/", given).status_code == 400
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ('{"text": "x"', "application/json", 400),
        ('{"text": NaN}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        ("", "application/json", 400),
        ("text=x", "application/x-www-form-urlencoded", 415),
        ("<text>x</text>", "application/xml", 415),
        ("x", "nonsense", 415),
    ],
    ids=["cut off", "not a number", "deep", "not utf-8", "empty", "form", "xml", "nonsense"],
)
def test_what_is_no_json_is_said(
    world: SimpleNamespace, cast: SimpleNamespace, api: Api, body: Any, content_type: str, status: int
) -> None:
    client = api(cast.mia)
    client.raise_request_exception = False
    at = f"/api/v1/incidents/{world.incident.reference}/timeline/"
    answer = client.generic("POST", at, body, content_type=content_type)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
