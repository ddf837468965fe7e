"""Messages that left with what the checks had found: facts other than the record's (L08), language (L05)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.models import Finding, Update
from incidents.choices import EntryKind
from incidents.models import ImpactStatement, Incident
from reviews.consumers import lapses as consumer
from reviews.models import Lapse
from reviews.rendering import ledger
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return rows.incident(manager=cast.mia)


def codes() -> list[str]:
    return sorted(Lapse.objects.values_list("code", flat=True))


def sent(incident: Incident, cast: SimpleNamespace) -> Update:
    return rows.update(of=incident, author=cast.carla, at=NOON)


def finding(update: Update, rule: str, **fields: object) -> None:
    fields = {"severity": "error", "content_hash": update.published_hash, "message": "m", **fields}
    Finding.objects.create(update=update, rule=rule, **fields)


def left(incident: Incident, update: Update, *, kind: str = EntryKind.UPDATE_PUBLISHED) -> None:
    consumer.consume([rows.entry(of=incident, kind=kind, data={"update": update.pk})])


def test_other_facts_than_the_record(incident: Incident, cast: SimpleNamespace) -> None:
    """What contradicts it, not what it does not say; and once, though a version says so later."""
    update = sent(incident, cast)
    finding(update, "place", code="C11", severity="warning")
    left(incident, update)
    assert codes() == []
    update = sent(incident, cast)
    finding(update, "number", code="C11", text="1,500")
    left(incident, update)
    lapse = Lapse.objects.get()
    assert (lapse.code, ledger.sentence(lapse, now=NOON)) == (
        "L08",
        "Update 2 to end users said something else than the impact on record.",
    )
    ImpactStatement.objects.create(
        incident=incident,
        version=2,
        activity="submit timesheets",
        revision_reason="communicated_incorrectly",
        as_of=NOON + MINUTE,
    )
    consumer.consume([rows.entry(of=incident, kind=EntryKind.IMPACT_REVISED, data={"version": 2})])
    assert codes() == ["L08"]


def test_language_that_left_with_a_reason_until_somebody_showed_it(incident: Incident, cast: SimpleNamespace) -> None:
    update = sent(incident, cast)
    finding(update, "misspelling", code="C09", is_blocking=True, override_reason="It is our spelling.")
    left(incident, update)
    assert codes() == []
    Update.objects.filter(pk=update.pk).update(state="corrected")
    left(incident, update, kind=EntryKind.UPDATE_CORRECTED)
    assert codes() == ["L05"]
