"""Who is owed updates, chosen on the form that accepts a candidate."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.models import Audience, ServiceAudience
from incidents.models import Candidate, Incident
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, impact=1, urgency=1)


def accept(raised: Candidate, browser: Client, **changes: Any) -> Incident:
    given = {"impact": "1", "urgency": "1", "manager": "mia", **changes}
    answer = browser.post(f"/candidates/{raised.reference}/accept/", given)
    assert answer.status_code == 302, answer.content
    return Incident.objects.get()


def test_the_form_names_the_usual_ones(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    page = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    usual = "Service desk, Technical teams, Service owners, Executives, End users, Public"
    assert f"Tick none for the usual ones: {usual}." in page

    ServiceAudience.objects.create(
        service=raised.service,
        audience=Audience.objects.get(code="public"),
        is_owed=False,  # type: ignore[misc]
    )
    page = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    assert f"Tick none for the usual ones: {usual.removesuffix(', Public')}." in page


def test_without_a_proposed_priority_it_names_the_rule(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised = kit.candidate(by=cast.desmond)
    page = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    assert "Tick none for those that this service and the priority usually owe." in page


def test_none_ticked_owes_the_usual_ones(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert len(promise_kit.open_of(accept(raised, signed_in(cast.mia)))) == 6


def test_those_ticked_are_owed_and_no_other(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = accept(raised, signed_in(cast.mia), audiences=["service_desk", "public"])
    assert set(promise_kit.open_of(made)) == {"service_desk", "public"}


def test_nobody_is_owed_where_nothing_is_usual(raised: Candidate, cast: SimpleNamespace, signed_in: Browser) -> None:
    for audience in Audience.objects.all():
        ServiceAudience.objects.create(service=raised.service, audience=audience, is_owed=False)  # type: ignore[misc]
    page = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    assert "Tick none for the usual ones: nobody." in page
