"""After five minutes without an answer the desk lead declares, and the manager on shift is accountable."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Candidate, CommandTenure, Incident
from incidents.services.desk import candidates, clarifications
from incidents.services.states import declaration
from mim_portal.lib.refusals import Forbidden, Refusal
from teams.choices import Role
from teams.models import Person, Rota, RotaShift
from tests.factories import NOON
from tests.incidents import kit

Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def on_shift(person: Person, *, since: datetime = NOON) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    RotaShift.objects.create(
        rota=rota, person=person, starts_at=since - timedelta(hours=8), ends_at=since + timedelta(hours=8)
    )


def accept(raised: Candidate, person: Person, *, minutes: float) -> Incident:
    return declaration.accept(
        reference=str(raised.reference), person=person, impact=1, urgency=1, manager=None, now=at(minutes)
    )


@pytest.mark.usefixtures("alone")
def test_a_question_counts_as_an_answer(cast: SimpleNamespace) -> None:
    on_shift(cast.omar)
    raised = kit.candidate(by=cast.desmond, where="")
    asked = clarifications.ask(
        reference=str(raised.reference), field="where", question="Which?", person=cast.mia, now=at(3)
    )
    with pytest.raises(Forbidden) as owing:
        accept(raised, cast.dara, minutes=20)
    assert "Answer it" in owing.value.message
    clarifications.answer(request_id=asked.pk, answer="Dublin", person=cast.desmond, now=at(21))
    with pytest.raises(Forbidden) as early:
        accept(raised, cast.dara, minutes=25)
    assert early.value.extra == {"from": "2026-11-23T12:26:00.000Z"}
    incident = accept(raised, cast.dara, minutes=26)
    tenure = CommandTenure.objects.get(incident=incident)
    assert (tenure.manager, tenure.started_at) == (cast.omar, at(26))


@pytest.mark.usefixtures("alone")
def test_the_desk_itself_never_declares(cast: SimpleNamespace) -> None:
    with pytest.raises(Forbidden):
        accept(kit.candidate(by=cast.desmond), cast.desmond, minutes=30)


def raised_ago(cast: SimpleNamespace, minutes: float, **changes: object) -> Candidate:
    return kit.candidate(by=cast.desmond, now=timezone.now() - timedelta(minutes=minutes), **changes)


def test_before_five_minutes_the_page_says_from_when(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised = raised_ago(cast, 3)
    lead = signed_in(cast.dara)
    text = lead.get(f"/candidates/{raised.reference}/").content.decode()
    assert "you can declare it from" in text
    assert 'name="impact"' not in text
    refused = lead.post(f"/candidates/{raised.reference}/accept/", {"impact": "1", "urgency": "1"})
    assert refused.status_code == 422
    assert not Incident.objects.exists()
    assert "Without an answer you may declare it from" in lead.get("/candidates/").content.decode()


def test_after_five_minutes_the_page_declares_for_the_one_on_shift(cast: SimpleNamespace, signed_in: Browser) -> None:
    on_shift(cast.omar, since=timezone.now())
    raised = raised_ago(cast, 6)
    lead = signed_in(cast.dara)
    text = lead.get(f"/candidates/{raised.reference}/").content.decode()
    assert "Nobody has answered: declare it yourself" in text
    assert "Omar Example is on shift, becomes accountable at this instant" in text
    assert 'name="manager"' not in text
    answer = lead.post(f"/candidates/{raised.reference}/accept/", {"impact": "1", "urgency": "2"})
    incident = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{incident.reference}/"
    assert CommandTenure.objects.get().manager == cast.omar


def test_with_nobody_on_shift_the_lead_says_who(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised = raised_ago(cast, 6)
    lead = signed_in(cast.dara)
    empty = lead.post(f"/candidates/{raised.reference}/accept/", {"impact": "1", "urgency": "1"})
    assert empty.status_code == 422
    lead.post(f"/candidates/{raised.reference}/accept/", {"impact": "1", "urgency": "1", "manager": "mia"})
    assert CommandTenure.objects.get().manager == cast.mia


def test_a_service_in_no_catalogue_is_chosen_on_the_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    kit.facts()  # puts Payroll into the catalogue
    facts = {"cannot_do": "Staff cannot print", "contact": "x", "service": None, "service_text": "printers"}
    raised = candidates.raise_candidate(person=cast.desmond, facts=facts, now=timezone.now())
    manager = signed_in(cast.mia)
    assert "Affected service" in manager.get(f"/candidates/{raised.reference}/").content.decode()
    given = {"impact": "1", "urgency": "1", "manager": "mia"}
    assert manager.post(f"/candidates/{raised.reference}/accept/", given).status_code == 422
    manager.post(f"/candidates/{raised.reference}/accept/", given | {"service": "payroll"})
    assert Incident.objects.get().service.slug == "payroll"


def test_the_api_declares_for_the_one_on_shift(cast: SimpleNamespace, api: Api) -> None:
    on_shift(cast.omar, since=timezone.now())
    address = f"/api/v1/candidates/{raised_ago(cast, 6).reference}/accept/"
    answer = api(cast.dara).post(address, {"impact": 1, "urgency": 1})
    assert (answer.status_code, answer.json()["manager"]) == (201, "omar")
    second = api(cast.mia).post(address, {"impact": 1, "urgency": 1})
    assert (second.status_code, second.json()["decided_by"]) == (409, "dara")
    assert second.json()["incident_url"].endswith(f"/incidents/{answer.json()['reference']}/")


def test_the_page_of_the_second_links_to_what_the_first_opened(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised = raised_ago(cast, 1)
    given = {"impact": "1", "urgency": "1", "manager": "mia"}
    signed_in(cast.mia).post(f"/candidates/{raised.reference}/accept/", given)
    text = signed_in(cast.omar).post(f"/candidates/{raised.reference}/accept/", given).content.decode()
    assert "Mia Example accepted" in text
    assert f'href="/incidents/{Incident.objects.get().reference}/"' in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("alone")
def test_desk_lead_and_manager_at_the_same_moment(cast: SimpleNamespace) -> None:
    on_shift(cast.omar)
    raised = kit.candidate(by=cast.desmond)
    opened: list[Incident] = []
    refused: list[Refusal] = []

    def run(person: Person) -> None:
        try:
            opened.append(accept(raised, person, minutes=6))
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(person,)) for person in (cast.dara, cast.mia)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(opened), len(refused)) == (1, 1)
    assert refused[0].code == "already_decided"
    assert refused[0].extra["incident"] == opened[0].reference
    assert CommandTenure.objects.count() == 1
