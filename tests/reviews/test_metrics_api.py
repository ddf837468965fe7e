"""metrics/ over REST: definitions, n, and no figure that claims more than it can."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from incidents.models import ImpactStatement, TimelineEntry
from reviews.queries.metrics import figures as metric_figures
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
MINUTE = timedelta(minutes=1)


def figures(client: APIClient, **query: str) -> dict[str, dict[str, Any]]:
    answer = client.get("/api/v1/metrics/", query)
    assert answer.status_code == 200, answer.content
    return {row["code"]: row for row in answer.json()["results"]}


def test_every_measure_stands_with_its_definition(cast: SimpleNamespace, api: Api) -> None:
    found = figures(api(cast.audra))
    assert set(found) == {
        *("ttd", "tt_declare", "tta", "tte", "ttfc", "ttr_restore", "ttr_resolve", "ttr_close", "mi_ttr"),
        *("ttk", "ttm", "ttr_repair", "tt_confirm", "time_to_correct", "response_hours"),
        *("promise_kept_rate", "first_comms_on_time_rate", "comms_defect_rate", "impact_accuracy_rate"),
        *("intake_score_median", "intake_first_time_right", "reopen_rate", "repeat_rate_90d"),
    }
    assert all(row["definition"] and row["n"] == 0 and row["median"] is None for row in found.values())


def test_lengths_from_eight_on(cast: SimpleNamespace, api: Api) -> None:
    service = factories.service(slug="payroll")
    for _ in range(7):
        rows.incident(manager=cast.mia, service=service)
    few = figures(api(cast.mia))["mi_ttr"]
    assert (few["n"], few["median"], few["interval"], few["evidence"]) == (7, None, None, "too_few")
    assert few["dots"] == [3600.0] * 7
    rows.incident(manager=cast.mia, service=service, source="import")
    enough = figures(api(cast.mia))["mi_ttr"]
    assert (enough["n"], enough["median"], enough["p90"], enough["interval"]) == (8, 3600.0, 3600.0, [3600.0, 3600.0])
    assert figures(api(cast.mia))["ttd"]["median"] == 300.0


def test_what_does_not_count(cast: SimpleNamespace, api: Api) -> None:
    rows.incident(manager=cast.mia, is_exercise=True)
    rows.incident(manager=cast.mia, is_private=True)
    rows.incident(manager=cast.mia, state="cancelled", closed_at=NOON)
    assert figures(api(cast.omar))["mi_ttr"]["n"] == 0
    assert figures(api(cast.mia))["mi_ttr"]["n"] == 1


def test_times_that_contradict_each_other_are_shown_as_invalid(cast: SimpleNamespace, api: Api) -> None:
    rows.incident(manager=cast.mia, detected_at=NOON)
    row = figures(api(cast.mia))["tt_declare"]
    assert (row["n"], row["invalid"]) == (0, 1)


def test_filters(cast: SimpleNamespace, api: Api) -> None:
    rows.incident(manager=cast.mia, service=factories.service(slug="mail"))
    client = api(cast.mia)
    assert figures(client, service="mail")["mi_ttr"]["n"] == 1
    assert figures(client, service="payroll")["mi_ttr"]["n"] == 0
    assert figures(client, priority="P2")["mi_ttr"]["n"] == 0
    assert figures(client, **{"from": "2026-11-23T09:00:00Z", "to": "2026-11-23T09:00:01Z"})["mi_ttr"]["n"] == 1
    assert figures(client, to="2026-11-23T09:00:00Z")["mi_ttr"]["n"] == 0
    assert client.get("/api/v1/metrics/", {"priority": "P9"}).status_code == 400
    assert client.get("/api/v1/metrics/", {"from": "soon"}).status_code == 400


def test_teams(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    for number in range(8):
        rows.engagement(
            of=incident,
            team=factories.team(),
            asked_by=cast.mia,
            asked_at=NOON,
            acknowledged_at=NOON + (number + 1) * MINUTE,
            joined_at=NOON + 10 * MINUTE if number else None,
        )
    found = figures(api(cast.mia))
    assert (found["tta"]["n"], found["tta"]["median"]) == (8, 270.0)
    assert (found["tte"]["n"], found["tte"]["median"]) == (7, None)


def test_promises_by_audience(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    for number in range(8):
        rows.deadline(of=incident, due_at=NOON + number * MINUTE, ended_at=NOON + 99 * MINUTE, is_first=number == 0)
    rows.deadline(of=incident, due_at=NOON + timedelta(days=1), ended_at=NOON)  # nothing was owed any more
    rows.deadline(of=incident, audience="executives", due_at=NOON + timedelta(days=9000))  # not due yet
    found = figures(api(cast.mia))["promise_kept_rate"]
    assert (found["n"], found["rate"], found["unit"]) == (8, 0.0, "share")
    (part,) = found["by_audience"]
    assert (part["audience"], part["n"], part["rate"]) == ("end_users", 8, 0.0)
    assert figures(api(cast.mia))["first_comms_on_time_rate"]["n"] == 1


def test_who_may_read_figures(cast: SimpleNamespace, api: Api) -> None:
    assert api(cast.eve).get("/api/v1/metrics/").status_code == 403
    assert api(cast.olaf).get("/api/v1/metrics/").status_code == 403


def test_a_fixed_number_of_queries(cast: SimpleNamespace, api: Api, django_assert_num_queries: Any) -> None:
    service = factories.service(slug="payroll")
    for _ in range(5):
        rows.incident(manager=cast.mia, service=service)
    client = api(cast.mia)
    client.get("/api/v1/metrics/")
    # token, how many, every value, audiences, outages, their versions, feedback of teams and of the desk
    with django_assert_num_queries(8):
        client.get("/api/v1/metrics/")


def test_kept_promises(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    start = incident.declared_at
    for number in range(9):
        due_at = start + (number + 1) * 10 * MINUTE
        at = due_at + MINUTE if number in {3, 4} else due_at
        rows.kept(of=incident, author=cast.carla, due_at=due_at, at=at, is_first=number == 0)
    rows.deadline(of=incident, due_at=NOON - timedelta(hours=1))  # open and late
    found = figures(api(cast.mia))
    kept = found["promise_kept_rate"]
    assert (kept["n"], kept["rate"], kept["evidence"]) == (10, 0.7, "exploratory")
    assert found["first_comms_on_time_rate"]["n"] == 1
    first = found["ttfc"]
    assert (first["n"], first["dots"]) == (1, [600.0])
    assert first["by_audience"][0]["audience"] == "end_users"


def test_a_correction_counts_from_when_the_mistake_was_known(cast: SimpleNamespace, api: Api) -> None:
    """When the correction was begun, or earlier: the portal had told of it, or the impact was revised as wrong."""
    incident = rows.incident(manager=cast.mia)
    start = incident.declared_at
    first = incident.impact_statements.get(version=1)
    # The first was sent after the impact it was written by was known to be wrong, the second was written by none.
    for minute, written_by in ((31, first), (11, None), (12, first)):
        wrong = rows.update(of=incident, author=cast.carla, at=start + minute * MINUTE, impact_statement=written_by)
        rows.update(
            of=incident,
            author=cast.carla,
            at=start + 60 * MINUTE,
            kind="correction",
            corrects=wrong,
            created_at=start + 50 * MINUTE,
        )
        if written_by is None:
            TimelineEntry.objects.create(
                incident=incident,
                seq=incident.last_seq + 1,
                kind="update_defect_found",
                at=start + 40 * MINUTE,
                data={"update": wrong.pk},
            )
    ImpactStatement.objects.create(
        incident=incident, version=2, activity="pay", revision_reason="captured_incorrectly", as_of=start + 30 * MINUTE
    )
    assert sorted(figures(api(cast.mia))["time_to_correct"]["dots"]) == [600.0, 1200.0, 1800.0]


def test_the_time_that_teams_gave(cast: SimpleNamespace, api: Api) -> None:
    incident = rows.incident(manager=cast.mia)
    at = incident.declared_at
    for given in (
        {"joined_at": at + 10 * MINUTE, "released_at": at + 70 * MINUTE},
        {"joined_at": at + 10 * MINUTE},
        {"released_at": at + 5 * MINUTE},
    ):
        rows.engagement(of=incident, team=factories.team(), asked_by=cast.mia, asked_at=at, **given)
    found = figures(api(cast.mia))["response_hours"]
    assert (found["n"], found["dots"], found["invalid"]) == (1, [3600.0], 0)


def test_downtime_is_a_range_of_those_that_say_how_many(cast: SimpleNamespace, api: Api) -> None:
    """1,200 by till errors for the 70 minutes from the first harm; the second says no number, the third still runs."""
    rows.incident(manager=cast.mia)
    silent = rows.incident(manager=cast.mia)
    rows.incident(manager=cast.mia, state="investigating")
    rows.incident(manager=cast.mia, is_private=True)
    ImpactStatement.objects.create(
        incident=silent, version=2, activity="submit timesheets", count="everybody", count_basis="the works council",
        revision_reason="captured_incorrectly", as_of=NOON,
    )  # fmt: skip
    found = api(cast.omar).get("/api/v1/metrics/").json()["downtime"]
    assert found == {"n": 1, "of": 2, "low": 84_000.0, "high": 84_000.0}


def test_over_so_many_incidents_downtime_is_not_counted(
    cast: SimpleNamespace, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_figures, "EXACT_UP_TO", 0)
    rows.incident(manager=cast.mia)
    assert api(cast.mia).get("/api/v1/metrics/").json()["downtime"] is None
