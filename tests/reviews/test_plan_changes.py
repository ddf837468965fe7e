"""From a plan to the change of the portal that makes it hold, and back: done at …, by …."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.queries.promises import cadences as cadence_queries
from comms.services.promises import cadences
from comms.services.writing import required_parts, templates
from incidents.services.record import required_facts
from mim_portal.lib import dbtime
from reviews.choices import LapseState, PlanChange
from reviews.models import Lapse, PreventionPlan
from reviews.queries import changes
from teams.models import GlossaryTerm
from teams.services import catalogue
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
DAY = timedelta(days=1)


@pytest.fixture
def owned(cast: SimpleNamespace) -> Lapse:
    return rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.OWNED)


def planned(lapse: Lapse, cast: SimpleNamespace, change: str, **fields: Any) -> PreventionPlan:
    Lapse.objects.filter(pk=lapse.pk).update(state=LapseState.PLANNED)
    return rows.plan(of=lapse, owner=cast.mia, change=change, created_at=dbtime.now(), **fields)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def entry(client: Client, lapse: Lapse) -> str:
    return page(client, f"/ledger/{lapse.pk}/")


def form(**fields: str) -> dict[str, str]:
    plan = {"plan": "The check knows it", "strength": "strong", "due_date": "2999-01-01", "measure": "No repeat"}
    return {f"plan-{name}": value for name, value in (plan | fields).items()}


def test_a_plan_says_which_change_makes_it_hold(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    client, at = signed_in(cast.mia), f"/ledger/{owned.pk}/"
    given = form(owner=str(cast.mia.pk), change="word")
    refused = client.post(f"{at}plan/", given)
    assert refused.status_code == 422
    assert "Say which word the language check should know." in refused.content.decode()
    assert client.post(f"{at}plan/", given | {"plan-change_word": " Kantine Nord "}).status_code == 302
    plan = PreventionPlan.objects.get()
    assert (plan.change, plan.change_word) == ("word", "Kantine Nord")
    shown = entry(client, owned)
    assert "A word for the language check: Kantine Nord." in shown
    assert f'action="/ledger/{owned.pk}/word/"' in shown
    assert client.post(f"{at}word/").status_code == 302  # one press from the plan to the change
    assert GlossaryTerm.objects.filter(term="Kantine Nord", added_by=cast.mia).exists()
    assert f"by {cast.mia.name}" in entry(client, owned)
    assert "/settings/words/+new/?term=Kantine+Nord" not in entry(client, owned)


def test_the_api_takes_it_too(cast: SimpleNamespace, api: Callable[..., APIClient], owned: Lapse) -> None:
    client, at = api(cast.mia), f"/api/v1/lapses/{owned.pk}/plan/"
    given = {"plan": "It knows it", "due_date": "2999-01-01", "measure": "No repeat", "change": "word"}
    assert client.post(at, given).status_code == 400
    assert client.post(at, given | {"change": "magic"}).status_code == 400
    answer = client.post(at, given | {"change_word": "Kantine"})
    assert answer.status_code == 200
    assert (answer.json()["plan"]["change"], answer.json()["plan"]["change_word"]) == ("word", "Kantine")


def test_a_word_is_filled_in_and_linked_back(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    planned(owned, cast, PlanChange.WORD, change_word="Kantine  & Co")
    found = changes.of(owned, owned.plans.get(), person=cast.mia)
    assert found is not None
    assert (found.done_at, found.may_open) == (None, False)
    new = page(signed_in(cast.ada), found.address)
    assert 'value="Kantine  & Co"' in new
    added = catalogue.add(of="words", by=cast.ada, values={"term": "KANTINE & Co"})
    found = changes.of(owned, owned.plans.get(), person=cast.mia)
    assert found is not None
    assert (found.done_at, found.done_by) == (GlossaryTerm.objects.get(pk=added.pk).added_at, cast.ada.name)
    shown = entry(signed_in(cast.mia), owned)
    assert f"by {cast.ada.name}" in shown
    assert "/settings/words/+new/" not in shown


def test_the_template_of_the_message_that_it_was_about(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    body = {"subject": "", "body": "Users cannot work."}
    templates.save(kind="update", audience="end_users", parts=body, by=cast.ada, now=dbtime.now())
    plan = planned(owned, cast, PlanChange.TEMPLATE)
    PreventionPlan.objects.update(created_at=dbtime.now() + DAY)
    plan.refresh_from_db()
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert (found.address, found.done_at) == ("/settings/templates/update/end_users/", None)  # saved before the plan
    assert signed_in(cast.ada).get(found.address).status_code == 200
    assert signed_in(cast.petra).get(found.address).status_code == 200  # who leads the practice keeps its words
    assert f'href="{found.address}"' in entry(signed_in(cast.petra), owned)
    assert signed_in(cast.mia).post(f"/ledger/{owned.pk}/word/").status_code == 422
    PreventionPlan.objects.update(created_at=dbtime.now() - DAY)
    plan.refresh_from_db()
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert found.done_by == cast.ada.name


def test_the_cadence_of_its_readers(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    plan = planned(owned, cast, PlanChange.CADENCE)
    PreventionPlan.objects.update(created_at=dbtime.now() - DAY)
    plan.refresh_from_db()
    (row,) = [one for one in cadence_queries.table() if one.key == "P1-end_users"]
    found = changes.of(owned, plan, person=cast.petra)
    assert found is not None
    assert (found.address, found.may_open, found.done_at) == ("/settings/cadence/#p1", True, None)
    assert 'id="p1"' in page(signed_in(cast.petra), "/settings/cadence/")
    minutes = {name: (value or 60) - 1 for name, value in row.minutes.items()}
    wanted = cadences.Wanted(priority="P1", audience="end_users", minutes=minutes, is_owed=row.is_owed)
    cadences.change(person=cast.petra, rows=[wanted])
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert found.done_by == cast.petra.name
    other = [one for one in cadence_queries.table() if one.key == "P2-end_users"]
    assert other, "another row is no change of this plan"


def test_a_fact_of_the_impact_is_required_in_one_click(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    client, at = signed_in(cast.mia), f"/ledger/{owned.pk}/"
    given = form(owner=str(cast.mia.pk), change="fact")
    refused = client.post(f"{at}plan/", given)
    assert refused.status_code == 422
    assert "Say which fact the impact has to state." in refused.content.decode()
    assert client.post(f"{at}plan/", given | {"plan-change_fact": "count"}).status_code == 302
    plan = PreventionPlan.objects.get()
    assert (plan.change, plan.change_word) == ("fact", "count")
    shown = entry(signed_in(cast.petra), owned)
    assert "A fact that the impact has to state: “How many, and what is the number based on?”." in shown
    service = owned.incident.service
    address = f"/settings/facts/?fact=count&service={service.slug}"
    assert address in shown
    assert signed_in(cast.petra).post(address, {"fact": "count", "service": service.slug}).status_code == 302
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert (found.done_by, found.may_open) == (cast.petra.name, False)
    required_facts.release(person=cast.petra, fact="count", service=service)
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert found.done_at is None
    required_facts.require(person=cast.ada, fact="count")  # of every service
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert found.done_by == cast.ada.name


def test_a_part_of_messages_is_asked_for_in_one_click(cast: SimpleNamespace, signed_in: Browser, owned: Lapse) -> None:
    client, at = signed_in(cast.mia), f"/ledger/{owned.pk}/"
    given = form(owner=str(cast.mia.pk), change="part")
    refused = client.post(f"{at}plan/", given)
    assert refused.status_code == 422
    assert "Say which messages have to say what." in refused.content.decode()
    assert client.post(f"{at}plan/", given | {"plan-change_part": "update:data"}).status_code == 302
    plan = PreventionPlan.objects.get()
    assert (plan.change, plan.change_word) == ("part", "update:data")
    petra = signed_in(cast.petra)
    shown = entry(petra, owned)
    assert "What messages of a kind have to say: “Update: whether data was lost”." in shown
    address = "/settings/parts/?part=update%3Adata"
    assert address in shown
    assert petra.post(address, {"part": "update:data"}).status_code == 302
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert (found.done_by, found.may_open) == (cast.petra.name, False)
    required_parts.release(person=cast.petra, kind="update", part="data")
    found = changes.of(owned, plan, person=cast.mia)
    assert found is not None
    assert found.done_at is None
    plan.change_word = "update:doing"  # asked for by itself since
    assert changes.of(owned, plan, person=cast.mia) is None


def test_whoever_may_not_open_it_gets_the_address_to_pass_on(
    cast: SimpleNamespace, signed_in: Browser, owned: Lapse
) -> None:
    planned(owned, cast, PlanChange.CADENCE)
    assert "Make it" in entry(signed_in(cast.petra), owned)
    shown = entry(signed_in(cast.mia), owned)
    assert "Make it" not in shown
    assert "Whoever keeps the settings makes it here:" in shown


def test_a_plan_without_a_change_leads_nowhere_and_asks_nothing(
    cast: SimpleNamespace, owned: Lapse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = planned(owned, cast, "")
    with django_assert_num_queries(0):
        assert changes.of(owned, plain, person=cast.mia) is None
        assert changes.of(owned, None, person=cast.mia) is None
    asking = planned(owned, cast, PlanChange.TEMPLATE)
    with django_assert_num_queries(1):
        changes.of(owned, asking, person=cast.mia)
