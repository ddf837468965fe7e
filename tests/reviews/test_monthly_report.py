"""The report of a month: as a document with every measure, and once by mail to whoever leads the practice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from comms.models import Delivery, Message
from incidents.models import Incident
from reviews.adapters import typesetting
from reviews.adapters.typesetting import NotMade
from reviews.models import MonthlyReport
from reviews.queries.metrics import monthly
from reviews.rendering import report as rendering
from reviews.rules import metrics as rules
from reviews.services import reporting
from teams.models import Person
from tests import factories
from tests.reviews import files, rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
NOVEMBER = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def october(cast: SimpleNamespace) -> None:
    """Nine incidents in October, ten in the summer before, one that only Mia sees, one exercise."""
    service = factories.service(slug="payroll", name="Payroll")
    for n in range(9):
        at = datetime(2026, 10, 3 + n, 9, tzinfo=UTC)
        made = rows.incident(manager=cast.mia, service=service, declared_at=at, service_restored_at=at + (1 + n) * HOUR)
        rows.deadline(of=made, due_at=at + HOUR)
    for n in range(10):
        rows.incident(manager=cast.mia, service=service, declared_at=datetime(2026, 7, 3 + n, 9, tzinfo=UTC))
    rows.incident(manager=cast.mia, service=service, declared_at=datetime(2026, 10, 20, 9, tzinfo=UTC), is_private=True)
    rows.incident(manager=cast.mia, service=service, declared_at=datetime(2026, 10, 21, tzinfo=UTC), is_exercise=True)


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2025, 12, 1)),
        (datetime(2024, 3, 31, tzinfo=UTC), date(2024, 2, 1)),
    ],
)
def test_the_last_full_month(now: datetime, month: date) -> None:
    assert monthly.last_full(now) == month


def test_a_month_beside_the_year_before(cast: SimpleNamespace, october: None) -> None:
    found = monthly.of_month(cast.petra, month=date(2026, 10, 1), now=NOVEMBER)
    (restored, *_rest) = rendering.lines(found)
    assert restored == rendering.Line(
        name="Time to restore service", said="5 h 10 min, n = 9", before="1 h 10 min, n = 10"
    )
    assert [(f"{month:%Y-%m}", measure.n) for month, measure in found.months] == [("2026-07", 10), ("2026-10", 9)]
    own = monthly.of_month(cast.mia, month=date(2026, 10, 1), now=NOVEMBER)
    assert own.found[0].total.n == 10  # what she may see


def test_the_document_has_every_measure(cast: SimpleNamespace, signed_in: Browser, october: None) -> None:
    answer = signed_in(cast.petra).get("/metrics/report/?month=2026-10")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="major-incidents-2026-10.pdf"'
    text = files.pdf_text(answer.content)
    assert "Major incidents in 2026-10" in text
    assert all(definition.name in text for definition in rules.DEFINITIONS)
    assert "5 h 10 min, n = 9" in text
    assert "too few to say (0)" in text
    assert "known of 9 of 9 restored incidents." in text
    assert "End users" in text
    assert not [person.last_name for person in Person.objects.all() if f" {person.last_name} " in text]


def test_an_empty_month_is_a_document_too(cast: SimpleNamespace, signed_in: Browser) -> None:
    text = files.pdf_text(signed_in(cast.mia).get("/metrics/report/?month=2001-02").content)
    assert "Major incidents in 2001-02" in text
    assert "month by month" not in text
    assert "No service was restored in this time." in text


@pytest.mark.parametrize("month", ["2999-01", "1999-12", "october", "2026-13", "2026-10-01"])
def test_a_month_that_is_none_is_said(cast: SimpleNamespace, signed_in: Browser, month: str) -> None:
    answer = signed_in(cast.mia).get("/metrics/report/", {"month": month}, follow=True)
    assert "There is a report of every month that is over" in answer.content.decode()


def test_a_press_that_fails_is_said(cast: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise NotMade("The file could not be made.")

    monkeypatch.setattr(typesetting, "file", fails)
    answer = signed_in(cast.mia).get("/metrics/report/", follow=True)
    assert "The file could not be made." in answer.content.decode()


def test_it_is_mailed_once(cast: SimpleNamespace, october: None) -> None:
    assert reporting.send(now=datetime(2026, 11, 1, 5, 59, tzinfo=UTC)) == 0  # not in the night
    assert reporting.send(now=datetime(2026, 11, 1, 6, tzinfo=UTC)) == 1
    assert reporting.send(now=NOVEMBER) == 0
    message = Message.objects.get()
    assert message.subject == "Major incidents in 2026-10: the figures"
    assert "Time to restore service: 5 h 10 min, n = 9 (the twelve months before: 1 h 10 min, n = 10)" in message.text
    assert "/metrics/report/?month=2026-10" in message.text
    assert "5 h 10 min" in message.html
    assert Delivery.objects.get().address == cast.petra.email
    assert MonthlyReport.objects.get().month == date(2026, 10, 1)


def test_a_quiet_month_and_people_who_left_get_none(cast: SimpleNamespace, october: None) -> None:
    Person.objects.filter(pk=cast.petra.pk).update(is_active=False)
    assert reporting.send(now=NOVEMBER) == 0
    Person.objects.filter(pk=cast.petra.pk).update(is_active=True)
    MonthlyReport.objects.all().delete()
    Incident.objects.update(is_exercise=True)
    assert reporting.send(now=NOVEMBER) == 0
    assert not Message.objects.exists()
