"""From a passed promise to an owned lapse and a signed review, through the real verbs, sweeps and readers."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.models import UpdateDeadline
from comms.services.promises import sweep
from incidents.services import dispatch
from incidents.services.states import declaration, lifecycle
from reviews.models import Lapse, Review
from reviews.queries import lapses
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_late_promise_and_a_resolved_incident(
    cast: SimpleNamespace, api: Callable[..., APIClient], settings: Settings
) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)
    now = timezone.now()
    incident = declaration.declare(
        person=cast.mia,
        title="Staff cannot submit timesheets",
        service=factories.service(slug="payroll", name="Payroll"),
        impact=1,
        urgency=1,
        impact_statement={"who": "store staff", "activity": "submit timesheets"},
        manager=cast.mia,
        audiences=["end_users"],
        now=now,
    )
    first = UpdateDeadline.objects.get(incident=incident)
    UpdateDeadline.objects.update(
        opened_at=now - 20 * MINUTE, due_at=now - MINUTE, warned_at=now - 5 * MINUTE, next_action_at=now - MINUTE
    )
    sweep.sweep_deadlines(by="test")
    dispatch.sweep()

    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.source_key, lapse.addressee) == ("L01", f"deadline:{first.pk}", cast.mia)
    assert not lapses.visible_lapses(cast.mia).exists()  # the room shows the late promise, the ledger stays out of it

    for to in ("investigating", "identified", "mitigating"):
        lifecycle.transition(reference=incident.reference, to=to, person=cast.mia, reason="seen", now=timezone.now())
    lifecycle.transition(
        reference=incident.reference, to="monitoring", person=cast.mia, confirmed_by="desk", now=timezone.now()
    )
    dispatch.sweep()
    assert [lapse.pk for lapse in lapses.visible_lapses(cast.mia)] == [lapse.pk]
    assert not lapses.visible_lapses(cast.petra).exists()

    lifecycle.transition(
        reference=incident.reference, to="resolved", person=cast.mia, reason="certificate", now=timezone.now()
    )
    dispatch.sweep()
    dispatch.sweep()
    review = Review.objects.get(incident=incident)
    assert "could not submit timesheets" in review.sections["summary"]

    mia, url = api(cast.mia), f"/api/v1/lapses/{lapse.pk}/"
    assert mia.post(f"{url}own/", {"acknowledgement": "We did not keep the first promise."}).status_code == 200
    plan = {"plan": "Draft ready at declaration", "due_date": "2999-01-01", "measure": "No repeat in 20 chances"}
    assert mia.post(f"{url}plan/", plan).json()["state"] == "planned"

    url = f"/api/v1/reviews/{incident.reference}/"
    mia.post(f"{url}factors/", {"statement": "No alert", "kind": "enabling", "layer": "tool", "evidence": "log"})
    action = {"title": "Alert", "owner": "rosa", "due_date": "2999-01-01", "done_means": "Seen in a test"}
    assert mia.post(f"{url}actions/", action).status_code == 201
    mia.post(f"{url}submit/")
    assert api(cast.petra).post(f"{url}sign-off/").json()["state"] == "published"
