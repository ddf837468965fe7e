"""Months from left to right, parts of an incident as bars, and the same figures as a file."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from reviews.rendering import trend
from reviews.rules import metrics as rules
from reviews.rules.metrics import Measure
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

Browser = Callable[..., Client]
SOUND = Measure(n=20, evidence="sound", median=60.0, p90=100.0, interval=(30.0, 120.0))
FEW = Measure(n=2, evidence="too_few", dots=(60.0, 240.0))


def test_marks_stand_where_their_values_are() -> None:
    found = trend.of_months([(date(2026, 1, 1), SOUND), (date(2026, 2, 1), FEW), (date(2026, 3, 1), SOUND)])
    first, few, last = found.months
    assert found.most == 240.0
    assert (first.x, few.x, last.x) == (4.0, 50.0, 96.0)
    assert (first.y, first.whisker) == (71.0, (81.5, 50.0))
    assert (few.y, few.whisker, few.dots) == (None, None, [71.0, 8.0])


def test_two_years_are_shown_and_nothing_is_no_error() -> None:
    months = [(date(2020 + n // 12, 1 + n % 12, 1), SOUND) for n in range(40)]
    assert [one.month for one in trend.of_months(months).months] == [month for month, _ in months[-24:]]
    assert trend.of_months([]).months == []
    only = trend.of_months([(date(2026, 1, 1), Measure(n=0, evidence="too_few"))]).months[0]
    assert (only.x, only.y, only.dots) == (4.0, None, [])


def test_every_part_has_its_measure() -> None:
    assert {one.phase for one in rules.DEFINITIONS if one.phase} == set(rules.PHASES)


@pytest.mark.django_db
def test_the_page_and_the_file(cast: SimpleNamespace, signed_in: Browser) -> None:
    team = factories.team(slug="database", name="Database")
    service = factories.service(slug="payroll", name="Payroll", owner_team=team)
    for n in range(9):
        rows.incident(manager=cast.mia, service=service, detected_at=NOON - timedelta(hours=3, minutes=n))
    client = signed_in(cast.mia)
    page = client.get("/metrics/?team=database&measure=mi_ttr").content.decode()
    assert "Month by month: Time to restore under command" in page
    assert '<th scope="row">2026-11</th>' in page
    assert "No incident counts here" in client.get("/metrics/?service=payroll&priority=P3").content.decode()
    assert client.get("/metrics/?measure=nonsense&team=nobody").status_code == 200

    answer = client.get("/metrics/file/?team=database")
    assert answer["Content-Disposition"] == 'attachment; filename="metrics.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    by_code = {line["measure"]: line for line in lines if not line["audience"]}
    assert set(by_code) == {*rules.BY_CODE, "downtime_user_minutes"}
    assert by_code["tt_declare"] | {"definition": "", "name": ""} == {
        "measure": "tt_declare",
        "name": "",
        "audience": "",
        "unit": "duration",
        "n": "9",
        "invalid": "0",
        "evidence": "exploratory",
        "median": "240.0000",
        "p90": "432.0000",
        "rate": "",
        "definition": "",
        "low": "60.0000",
        "high": "420.0000",
    }
    assert by_code["ttm"]["median"] == ""


@pytest.mark.django_db
def test_months_by_rest(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    for n in range(3):
        rows.incident(manager=cast.mia, declared_at=NOON - timedelta(days=60 * n))
    client = api(cast.mia)
    found = client.get("/api/v1/metrics/mi_ttr/").json()
    assert [(one["month"], one["n"], one["evidence"]) for one in found["results"]] == [
        *(("2026-07-01", 1, "too_few"), ("2026-09-01", 1, "too_few")),
        ("2026-11-01", 1, "too_few"),
    ]
    assert found["results"][0]["dots"] == [pytest.approx(3600, rel=0.01)]
    assert client.get("/api/v1/metrics/nonsense/").status_code == 404
    assert client.get("/api/v1/metrics/mi_ttr/?team=no%20slug").status_code == 400
    assert api(cast.eve).get("/api/v1/metrics/mi_ttr/").status_code == 403
