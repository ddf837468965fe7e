"""A fact of the impact that the organisation requires: set, asked for by the gate, and no longer."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.queries.writing import recorded
from comms.services.writing import publishing
from incidents.models import Incident
from incidents.queries import required_facts as queries
from incidents.services.record import impact, required_facts
from mim_portal.api import bodies
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
PAGE = "/settings/facts/"
CONSEQUENCE = "What is lost, and by when?"


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """Of payroll, whose impact does not say what is lost."""
    return update_kit.declared(cast.mia)


def test_it_is_required_once_and_audited(cast: SimpleNamespace) -> None:
    payroll = factories.service(slug="payroll", name="Payroll")
    assert required_facts.require(person=cast.petra, fact="count", service=payroll)
    assert not required_facts.require(person=cast.ada, fact="count", service=payroll)
    assert required_facts.require(person=cast.ada, fact="where")
    assert queries.of(payroll) == {"count", "where"}
    assert queries.of(factories.service(slug="tills")) == {"where"}
    assert [(row.fact, row.service) for row in queries.every()] == [("count", payroll), ("where", None)]
    assert required_facts.release(person=cast.petra, fact="count", service=payroll)
    assert not required_facts.release(person=cast.petra, fact="count", service=payroll)
    assert queries.of(payroll) == {"where"}
    found = AuditEntry.objects.filter(verb__startswith="fact.").order_by("pk")
    assert [(row.actor, row.verb, row.subject) for row in found] == [
        (cast.petra, "fact.required", "fact count payroll"),
        (cast.ada, "fact.required", "fact where"),
        (cast.petra, "fact.released", "fact count payroll"),
    ]


def test_who_may_not_and_what_is_no_fact(cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        required_facts.require(person=cast.mia, fact="count")
    with pytest.raises(Invalid) as refused:
        required_facts.require(person=cast.petra, fact="cause")
    assert refused.value.field == "fact"
    assert queries.every() == []


def test_the_record_says_what_is_required_until_it_is_answered(cast: SimpleNamespace, incident: Incident) -> None:
    assert CONSEQUENCE in recorded.of(incident).lacking
    required_facts.require(person=cast.petra, fact="consequence", service=incident.service)
    found = recorded.of(incident)
    assert (CONSEQUENCE in found.lacking, found.required) == (False, (CONSEQUENCE,))
    stated(incident, cast, consequence="not yet known, being checked, by 10:45")
    assert recorded.of(incident).required == ()


def stated(incident: Incident, cast: SimpleNamespace, **fields: str) -> None:
    given: dict[str, Any] = {"reference": incident.reference, "person": cast.mia, "now": dbtime.now()}
    impact.state(fields=fields, revision_reason="new_information", **given)


def test_a_later_update_waits_for_it_and_a_holding_one_does_not(
    cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    required_facts.require(person=cast.petra, fact="consequence", service=incident.service)
    for kind in (UpdateKind.INITIAL, UpdateKind.HOLDING):
        update_kit.published(update_kit.drafted(incident, cast.mia, kind=kind), cast.mia)
    later = update_kit.drafted(incident, cast.mia)
    with pytest.raises(publishing.Blocked) as stopped:
        update_kit.published(later, cast.mia)
    assert [(one["code"], one["severity"]) for one in stopped.value.extra["findings"]] == [("C08", "error")]
    assert CONSEQUENCE in stopped.value.extra["findings"][0]["message"]
    stated(incident, cast, consequence="pay is late on Friday")
    assert update_kit.published(later, cast.mia).published_at


def test_the_form_of_the_impact_says_what_the_next_update_waits_for(
    cast: SimpleNamespace, incident: Incident, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    required_facts.require(person=cast.ada, fact="consequence", service=incident.service)
    mia, words = signed_in(cast.mia), "The next update waits for what is required here:"
    address = f"/incidents/{incident.reference}/impact/"
    assert words not in mia.get(address).content.decode()  # nothing was said yet
    update_kit.published(update_kit.drafted(incident, cast.mia, kind=UpdateKind.INITIAL), cast.mia)
    page = mia.get(address).content.decode()
    assert page.split(words)[1].split("</p>")[0].strip() == "what is lost, and by when."
    required_facts.release(person=cast.ada, fact="consequence", service=incident.service)
    assert words not in mia.get(address).content.decode()


def test_the_page(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    factories.service(slug="payroll", name="Payroll")
    petra = signed_in(cast.petra)
    led = petra.get(f"{PAGE}?fact=count&service=payroll").content.decode()
    assert '<option value="count" selected>' in led
    assert '<option value="payroll" selected>' in led
    assert petra.post(PAGE, {"fact": "cause"}).status_code == 422
    assert petra.post(PAGE, {"fact": "count", "service": "payroll"}).status_code == 302
    shown = petra.get(PAGE).content.decode()
    assert "No longer" in shown
    assert "How many, and what is the number based on?</b> Payroll" in shown
    petra.post(f"{PAGE}release/", {"fact": "cause"})
    assert petra.post(f"{PAGE}release/", {"fact": "count", "service": "nothing"}).status_code == 404
    assert len(queries.every()) == 1
    petra.post(f"{PAGE}release/", {"fact": "count", "service": "payroll"})
    assert queries.every() == []
    assert signed_in(cast.mia).get(PAGE).status_code == 403


def test_by_the_api(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    factories.service(slug="payroll", name="Payroll")
    petra, at = api(cast.petra), "/api/v1/required-facts/"
    for _time in range(2):
        answer = petra.put(f"{at}count/payroll/")
        assert answer.json()["results"] == [{"fact": "count", "service": "payroll"}]
    petra.put(f"{at}where/")
    assert petra.get(at).json()["results"][1] == {"fact": "where", "service": None}
    assert petra.put(f"{at}cause/").json()["errors"][0]["field"] == "fact"
    assert petra.put(f"{at}count/nothing/").status_code == 404
    assert petra.put(f"{at}count/", {"fact": "who"})[bodies.HEADER] == "fact"
    assert petra.delete(f"{at}count/").status_code == 204
    assert petra.delete(f"{at}count/payroll/").status_code == 204
    assert petra.delete(f"{at}count/payroll/").status_code == 204
    assert queries.held() == {("where", "")}
    assert api(cast.mia).put(f"{at}count/").status_code == 403
