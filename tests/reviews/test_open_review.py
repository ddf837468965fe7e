"""A review opens by itself when an incident is resolved, with its clocks and what the record says."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from incidents.choices import EntryKind
from incidents.models import ImpactStatement, TimelineEntry
from reviews.consumers import reviews as consumer
from reviews.models import Review
from reviews.services import reviews
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_resolved_opens_the_review_once(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    entry = rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, at=NOON, data={"to": "resolved"})
    consumer.consume([entry])
    consumer.consume([entry])

    review = Review.objects.get()
    assert (review.incident, review.state) == (incident, "draft")
    assert review.draft_due_date == date(2026, 11, 30)  # five working days after Monday 23 November
    assert review.publish_due_date == date(2026, 12, 7)
    opened = TimelineEntry.objects.get(incident=incident, kind=EntryKind.REVIEW_OPENED)
    assert (opened.data, opened.actor) == ({"review": review.pk}, None)


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": EntryKind.STATE_CHANGED, "data": {"to": "monitoring"}},
        {"kind": EntryKind.STATE_CHANGED, "data": {"to": "closed"}},
        {"kind": EntryKind.NOTE},
        {"kind": EntryKind.STATE_CHANGED, "data": {"to": "resolved"}, "source": "import"},
    ],
)
def test_nothing_else_opens_one(cast: SimpleNamespace, entry: dict[str, object]) -> None:
    incident = rows.incident(manager=cast.mia)
    consumer.consume([rows.entry(of=incident, **entry)])  # type: ignore[arg-type]
    assert not Review.objects.exists()


def test_resolved_again_starts_a_drafts_clocks_again(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    review = reviews.open_review(incident_id=incident.pk, resolved_at=NOON, now=NOON)
    review.sections["summary"] = "Written by people."
    review.save(update_fields=["sections"])

    again = reviews.open_review(incident_id=incident.pk, resolved_at=NOON + timedelta(days=1), now=NOON)
    assert (again.pk, again.draft_due_date) == (review.pk, date(2026, 12, 1))
    assert again.sections["summary"] == "Written by people."

    Review.objects.update(state="in_review")
    later = reviews.open_review(incident_id=incident.pk, resolved_at=NOON + timedelta(days=9), now=NOON)
    assert later.draft_due_date == date(2026, 12, 1)


def test_sections_start_from_the_record(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    statement = ImpactStatement.objects.get(incident=incident)
    statement.pk, statement.version, statement.revision_reason = None, 2, "captured_incorrectly"
    statement._state.adding = True
    statement.save()
    rows.deadline(of=incident, due_at=NOON, missed_at=NOON, ended_at=NOON + 12 * MINUTE)
    database = factories.team(name="Database", members=(cast.rosa,))
    rows.engagement(
        of=incident,
        team=database,
        asked_by=cast.mia,
        acknowledged_at=incident.declared_at + 8 * MINUTE,
        joined_at=incident.declared_at + 14 * MINUTE,
    )

    review = reviews.open_review(incident_id=incident.pk, resolved_at=NOON, now=NOON)

    summary = review.sections["summary"]
    assert "could not submit timesheets" in summary
    assert "Service was restored at Mon 23 Nov, 10:00 (UTC+0), after 1 h 10 min." in summary
    assert "Promised updates on time: 0 of 1." in summary
    assert "2 versions" in review.sections["impact"]
    assert "1 of them corrected" in review.sections["impact"]
    assert "- Declared: Mon 23 Nov, 09:00 (UTC+0)" in review.sections["detection"]
    assert "End users: 0 of 1 on time, the latest 12 min late" in review.sections["response"]
    assert "Database: asked 09:05 (UTC+0), answered after 3 min, joined after 9 min" in review.sections["response"]
    everything = " ".join(review.sections.values())
    assert not [person for person in ("Mia", "Rosa") if person in everything]


def test_an_empty_record_says_little(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, impact_started_at=None, detected_at=None)
    review = reviews.open_review(incident_id=incident.pk, resolved_at=NOON, now=NOON)
    assert review.sections["response"] == ""
    assert review.sections["communications"] == ""


def test_what_was_said_and_kept(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="monitoring", service_restored_at=None)
    start = incident.declared_at
    rows.kept(of=incident, author=cast.carla, due_at=start + 15 * MINUTE, at=start + 9 * MINUTE, is_first=True)
    late = rows.kept(of=incident, author=cast.carla, due_at=start + 45 * MINUTE, at=start + 47 * MINUTE)
    rows.kept(of=incident, author=cast.carla, due_at=start + 20 * MINUTE, at=start + 10 * MINUTE, audience="executives")
    assert late.kept_by is not None
    type(late.kept_by).objects.filter(pk=late.kept_by.pk).update(state="corrected")
    rows.engagement(of=incident, team=factories.team(name="Network"), asked_by=cast.mia)

    sections = reviews.open_review(incident_id=incident.pk, resolved_at=NOON, now=NOON).sections

    assert "Promised updates on time: 2 of 3." in sections["summary"]
    assert "Service was restored" not in sections["summary"]
    assert "- End users: 1 of 2 on time, the latest 2 min late" in sections["response"]
    assert "- Executives: 1 of 1 on time" in sections["response"]
    assert "- Network: asked 09:05 (UTC+0)" in sections["response"]
    assert sections["communications"].splitlines() == [
        "- #1 09:09 (UTC+0) Update: End users",
        "- #2 09:47 (UTC+0) Update: End users (corrected later)",
        "- #3 09:10 (UTC+0) Update: Executives",
    ]
