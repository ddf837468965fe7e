"""Times that cannot have been, by form and by API: what is wrong is said in words, and nothing is changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Incident, TimelineEntry
from incidents.rules import statement
from mim_portal.lib import dbtime
from teams.models import Person
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """Declared an hour ago."""
    return kit.incident(manager=cast.mia, now=dbtime.now() - timedelta(hours=1))


@pytest.fixture
def form(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> Callable[..., Any]:
    client = signed_in(cast.mia)

    def send(**fields: str) -> Any:
        return client.post(f"/incidents/{incident.reference}/state/", {"to": "investigating", **fields})

    return send


def local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_a_state_cannot_begin_in_the_future(form: Callable[..., Any], incident: Incident) -> None:
    answer = form(at=local(timezone.now() + timedelta(minutes=5)))
    assert answer.status_code == 422
    assert "has not come yet" in answer.content.decode()
    incident.refresh_from_db()
    assert incident.state == "declared"


def test_a_state_cannot_begin_before_the_declaration(form: Callable[..., Any], incident: Incident) -> None:
    for to in ({"to": "investigating"}, {"to": "monitoring", "confirmed_by": "user"}):
        answer = form(at=local(incident.declared_at - timedelta(minutes=2)), **to)
        assert answer.status_code == 422, to
        assert "declar" in answer.content.decode()
    incident.refresh_from_db()
    assert (incident.state, incident.service_restored_at) == ("declared", None)


@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30T10:00", "25:00", "2026-11-23T24:61", "0"])
def test_what_is_no_time_is_said_with_an_example(form: Callable[..., Any], typed: str) -> None:
    answer = form(at=typed)
    assert answer.status_code == 422
    assert "2026-11-23 14:30" in answer.content.decode()
    assert typed.strip() in answer.content.decode()  # what was typed is still there


@pytest.mark.parametrize(
    ("zone", "typed", "words"),
    [
        ("Europe/Dublin", "2026-03-29T01:30", "Europe/Dublin"),  # the clocks go from 01:00 to 02:00
        ("America/New_York", "2026-03-08T02:30", "America/New_York"),
        ("Europe/Dublin", "2026-10-25T01:30", "Europe/Dublin"),  # and here 01:30 comes twice
    ],
)
def test_a_local_time_that_never_was_or_was_twice_is_asked_again(
    cast: SimpleNamespace, signed_in: Browser, zone: str, typed: str, words: str
) -> None:
    incident = kit.incident(manager=cast.mia, now=datetime(2026, 3, 1, tzinfo=UTC))
    cast.mia.time_zone = zone
    cast.mia.save()
    answer = signed_in(cast.mia).post(f"/incidents/{incident.reference}/state/", {"to": "investigating", "at": typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    incident.refresh_from_db()
    assert incident.state == "declared"


def test_a_local_time_is_read_in_the_viewers_own_zone(
    cast: SimpleNamespace, signed_in: Browser, incident: Incident
) -> None:
    cast.mia.time_zone = "Asia/Kolkata"
    cast.mia.save()
    at = (dbtime.now() - timedelta(minutes=30)).replace(second=0, microsecond=0)
    typed = local(at + timedelta(hours=5, minutes=30))
    answer = signed_in(cast.mia).post(f"/incidents/{incident.reference}/state/", {"to": "investigating", "at": typed})
    assert answer.status_code == 302
    assert TimelineEntry.objects.get(incident=incident, kind="state_changed").at == at


@pytest.mark.parametrize("name", ["transitions", "timeline"])
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2126-11-23T12:00:00Z", "has not come yet"),
        ("9999-12-31T23:59:59Z", "has not come yet"),
        ("tomorrow", "wrong format"),
        ("2026-13-01T00:00:00Z", "wrong format"),
        (1_700_000_000, "wrong format"),
    ],
)
def test_the_api_says_which_time_is_wrong(
    incident: Incident, cast: SimpleNamespace, api: Api, name: str, at: Any, words: str
) -> None:
    body = {"to": "investigating"} if name == "transitions" else {"text": "Seen."}
    before = incident.timeline.count()
    answer = api(cast.mia).post(f"/api/v1/incidents/{incident.reference}/{name}/", {**body, "at": at}, format="json")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == "at"
    assert words in error["detail"]
    assert incident.timeline.count() == before


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"impact_started_at": "2126-01-01T00:00:00Z"}, "times.impact_started_at"),
        ({"detected_at": "soon"}, "times.detected_at"),
        ({"lunch_at": "2026-01-01T00:00:00Z"}, "times.lunch_at"),
        ({"declared_at": "2026-01-01T00:00:00Z"}, "times.declared_at"),
    ],
)
def test_an_edit_names_the_time_that_cannot_be(
    incident: Incident, cast: SimpleNamespace, api: Api, times: dict[str, str], field: str
) -> None:
    answer = api(cast.mia).patch(f"/api/v1/incidents/{incident.reference}/", {"times": times}, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] in ([field], [field.partition(".")[2]])
    incident.refresh_from_db()
    assert incident.version == 1


def test_restored_before_it_was_declared_is_refused_and_before_it_began_is_told(
    incident: Incident, cast: SimpleNamespace, api: Api
) -> None:
    client, at = api(cast.mia), f"/api/v1/incidents/{incident.reference}/"
    early = (incident.declared_at - timedelta(minutes=1)).isoformat()
    answer = client.post(f"{at}transitions/", {"to": "monitoring", "confirmed_by": "user", "at": early}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "at")
    late = (incident.declared_at + timedelta(minutes=30)).isoformat()
    assert client.patch(at, {"times": {"impact_started_at": late}}, format="json").status_code == 200
    warned = client.get(at).json()["time_warnings"]
    assert len(warned) == 1
    assert "Please check both." in warned[0]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z", 200),  # nothing lies between: an empty list
        ("from=0001-01-01", 200),
        ("to=9999-12-31", 200),
        ("from=0001-01-01T00:00:00%2B14:00", 400),
        ("to=9999-12-31T23:59:59-14:00", 400),
        ("from=last%20week", 400),
    ],
)
def test_a_list_between_impossible_days(
    incident: Incident, cast: SimpleNamespace, api: Api, query: str, status: int
) -> None:
    answer = api(cast.mia).get(f"/api/v1/incidents/?{query}")
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["field"] in {"from", "to"}


@pytest.mark.parametrize(
    "typed",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "10:00 (UTC+99)",
        "10:00 UTC-99:99",
        "10:00 GMT+24",
        "99:99",
        "24:00",
        "",
        "10:00 GMT+14",
        "☎ 10h",
    ],
)
def test_a_since_that_names_no_moment_stays_words(typed: str) -> None:
    read = statement.read_since(typed, now=NOON)
    assert read.text == typed
    assert read.at is None or typed == "10:00 GMT+14"


def test_a_since_in_an_offset_that_there_is_not_is_kept_as_typed(
    cast: SimpleNamespace, api: Api, incident: Incident
) -> None:
    answer = api(cast.mia).post(
        f"/api/v1/incidents/{incident.reference}/impact-statements/",
        {"activity": "pay", "since": "10:00 (UTC+99)", "revision_reason": "situation_changed"},
        format="json",
    )
    assert answer.status_code == 201
    assert answer.json()["since"] == "10:00 (UTC+99)"


@pytest.mark.parametrize(
    ("since", "until", "field", "words"),
    [
        ("tomorrow 9 am", "", "since", "has not come yet"),
        ("yesterday 9:10", "the day before yesterday 9:10", "until", "before the start"),
    ],
)
def test_a_day_in_words_that_cannot_be_is_said_at_its_field(
    cast: SimpleNamespace, api: Api, incident: Incident, since: str, until: str, field: str, words: str
) -> None:
    answer = api(cast.mia).post(
        f"/api/v1/incidents/{incident.reference}/impact-statements/",
        {"activity": "pay", "since": since, "until": until, "revision_reason": "situation_changed"},
        format="json",
    )
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["detail"]
