"""How often audiences hear: set in the browser and over REST, for incidents to come; what runs keeps its own."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.models import Audience, CadencePolicy, OwedAudience, ServiceAudience
from comms.queries.promises import cadences as queries
from comms.services.promises import cadences
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
Browser = Callable[..., Client]
PAGE = "/settings/cadence/"


def wanted(first: int | None, every: int | None, later: int | None, *, is_owed: bool = True) -> cadences.Wanted:
    minutes = {"first_minutes": first, "every_minutes": every, "later_minutes": later}
    return cadences.Wanted(priority="P1", audience="public", minutes=minutes, is_owed=is_owed)


def typed(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back."""
    given: dict[str, Any] = {}
    for row in queries.table():
        given |= {f"{row.key}-{name}": "" if value is None else value for name, value in row.minutes.items()}
        given |= {f"{row.key}-is_owed": "on"} if row.is_owed else {}
    return given | changes


class TestChange:
    def test_it_holds_for_incidents_declared_from_now_on(self, cast: SimpleNamespace) -> None:
        running = promise_kit.declare(manager=cast.mia, audiences=["public"])
        before = promise_kit.open_of(running)["public"].due_at

        assert cadences.change(person=cast.petra, rows=[wanted(10, 20, 40)]) == []

        assert promise_kit.open_of(running)["public"].due_at == before
        assert OwedAudience.objects.get(incident=running).every_minutes == 30
        fresh = promise_kit.declare(manager=cast.mia, audiences=["public"])
        assert OwedAudience.objects.get(incident=fresh).every_minutes == 20

    def test_the_live_incidents_that_keep_their_own_are_named(self, cast: SimpleNamespace) -> None:
        running = promise_kit.declare(manager=cast.mia)
        assert queries.kept(cast.ada) == []

        cadences.change(person=cast.ada, rows=[wanted(10, 20, 40)])

        [one] = queries.kept(cast.ada)
        assert (one.incident, one.manager) == (running, cast.mia)
        assert one.times == ("Public: 15, then 30, later 60 min",)

    def test_a_private_incident_is_named_to_nobody_outside(self, cast: SimpleNamespace) -> None:
        promise_kit.declare(manager=cast.mia, is_private=True)
        cadences.change(person=cast.ada, rows=[wanted(10, 20, 40)])
        assert queries.kept(cast.ada) == []

    def test_each_change_is_in_the_audit_and_no_change_is_none(self, cast: SimpleNamespace) -> None:
        cadences.change(person=cast.ada, rows=[wanted(15, 30, 60)])
        assert not AuditEntry.objects.filter(verb="cadence.changed").exists()
        cadences.change(person=cast.ada, rows=[wanted(None, None, None, is_owed=False)])
        entry = AuditEntry.objects.get(verb="cadence.changed")
        assert (entry.subject, entry.actor) == ("P1-public", cast.ada)
        assert entry.data["from"]["every_minutes"] == 30
        assert entry.data["to"] == {
            "first_minutes": None, "every_minutes": None, "later_minutes": None, "is_owed": False,
        }  # fmt: skip

    def test_what_is_unusual_is_said_and_saved(self, cast: SimpleNamespace) -> None:
        [advice] = cadences.change(person=cast.ada, rows=[wanted(15, 60, 30)])
        assert advice.startswith("P1, Public: After two hours they hear more often")
        assert CadencePolicy.objects.get(priority="P1", audience__code="public").later_minutes == 30

    def test_what_is_impossible_changes_nothing(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            cadences.change(person=cast.ada, rows=[wanted(15, 30, None)])
        assert refused.value.field == "P1-public-later_minutes"
        assert CadencePolicy.objects.get(priority="P1", audience__code="public").later_minutes == 60

    def test_only_by_whoever_sets_policies(self, cast: SimpleNamespace) -> None:
        for verb in (
            lambda: cadences.change(person=cast.mia, rows=[wanted(10, 20, 40)]),
            lambda: cadences.reset(person=cast.mia, priority="P1", audience="public"),
        ):
            with pytest.raises(Forbidden):
                verb()

    def test_an_audience_without_a_policy_gets_one(self, cast: SimpleNamespace) -> None:
        Audience.objects.create(code="partners", name="Partners", position=70)
        minutes = {"first_minutes": 20, "every_minutes": 40, "later_minutes": 80}
        row = cadences.Wanted(priority="P1", audience="partners", minutes=minutes, is_owed=True)
        cadences.change(person=cast.ada, rows=[row])
        assert "partners" in promise_kit.open_of(promise_kit.declare(manager=cast.mia))

    def test_reset_brings_the_usual_one_back(self, cast: SimpleNamespace) -> None:
        cadences.change(person=cast.ada, rows=[wanted(10, 20, 40, is_owed=False)])
        row = cadences.reset(person=cast.ada, priority="P1", audience="public")
        assert (row.is_default, row.minutes["every_minutes"], row.is_owed) == (True, 30, True)
        assert AuditEntry.objects.get(verb="cadence.reset").data["from"]["every_minutes"] == 20
        with pytest.raises(cadences.UnknownPolicy):
            cadences.reset(person=cast.ada, priority="P9", audience="public")
        with pytest.raises(cadences.UnknownPolicy):
            cadences.change(person=cast.ada, rows=[cadences.Wanted(
                priority="P1", audience="nobody", minutes=row.minutes, is_owed=True,
            )])  # fmt: skip


class TestServices:
    def test_set_again_and_taken_away(self, cast: SimpleNamespace) -> None:
        inner, public = factories.service(slug="ledger"), Audience.objects.get(code="public")
        for is_owed in (False, True, True, None):
            cadences.differ(person=cast.petra, service=inner, audience=public, is_owed=is_owed)
        assert not ServiceAudience.objects.exists()
        changes = (
            AuditEntry.objects.filter(verb="cadence.service_differs").order_by("pk").values_list("data", flat=True)
        )
        assert [(one["from"], one["to"]) for one in changes] == [(None, False), (False, True), (True, None)]


class TestPage:
    def test_a_fixed_number_of_queries(
        self, cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(3):
            promise_kit.declare(manager=cast.mia)
        cadences.change(person=cast.ada, rows=[wanted(10, 20, 40)])
        browser = signed_in(cast.ada)
        with django_assert_max_num_queries(12):
            page = browser.get(PAGE).content.decode()
        assert page.count("Mia Example can agree other times with them") == 3

    def test_saving_keeps_what_was_not_touched(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        answer = signed_in(cast.petra).post(PAGE, typed(**{"P1-public-every_minutes": "25"}), follow=True)
        assert "Those that run keep their own." in answer.content.decode()
        assert AuditEntry.objects.filter(verb="cadence.changed").count() == 1
        assert CadencePolicy.objects.get(priority="P1", audience__code="public").every_minutes == 25

    @pytest.mark.parametrize(("value", "words"), [("0", "greater than or equal to 1"), ("", "Give all three times")])
    def test_an_error_stands_at_its_field(
        self, cast: SimpleNamespace, signed_in: Browser, value: str, words: str
    ) -> None:
        answer = signed_in(cast.ada).post(PAGE, typed(**{"P1-public-every_minutes": value}))
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
        assert not AuditEntry.objects.filter(verb="cadence.changed").exists()

    def test_reset_and_services_from_it(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser, inner = signed_in(cast.ada), factories.service(slug="ledger")
        cadences.change(person=cast.ada, rows=[wanted(10, 20, 40)])
        assert "Back to the usual" in browser.get(PAGE).content.decode()
        browser.post(f"{PAGE}reset/", {"row": "P1-public"})
        assert CadencePolicy.objects.get(priority="P1", audience__code="public").every_minutes == 30
        assert browser.post(f"{PAGE}reset/", {"row": "P9-public"}).status_code == 302

        given = {"service": inner.slug, "audience": "public", "is_owed": "no"}
        browser.post(f"{PAGE}services/", given)
        assert ServiceAudience.objects.get().is_owed is False
        browser.post(f"{PAGE}services/", given | {"is_owed": ""})
        assert not ServiceAudience.objects.exists()
        assert browser.post(f"{PAGE}services/", given | {"service": "nothing"}).status_code == 422


class TestRest:
    def test_read_change_and_reset(self, cast: SimpleNamespace, api: Api) -> None:
        running = promise_kit.declare(manager=cast.mia)
        rows = api(cast.mia).get("/api/v1/cadence-policies/").json()
        assert len(rows) == 30
        address = "/api/v1/cadence-policies/P1/public/"
        changed = api(cast.ada).patch(address, {"every_minutes": 45, "later_minutes": 20}, format="json").json()
        assert (changed["every_minutes"], changed["first_minutes"], changed["is_default"]) == (45, 15, False)
        assert changed["not_touched"] == [running.reference]
        assert changed["advice"]
        wrong = api(cast.ada).patch(address, {"every_minutes": None}, format="json")
        assert wrong.status_code == 400
        assert api(cast.ada).delete(address).json()["is_default"] is True
        assert api(cast.ada).patch("/api/v1/cadence-policies/P1/none/", {}, format="json").status_code == 404
        assert api(cast.mia).patch(address, {}, format="json").status_code == 403

    def test_services(self, cast: SimpleNamespace, api: Api) -> None:
        inner, address = factories.service(slug="ledger"), "/api/v1/service-audiences/"
        given = {"service": inner.slug, "audience": "public", "is_owed": False}
        assert api(cast.petra).post(address, given).json() == [given]
        assert api(cast.petra).post(address, given | {"is_owed": None}).json() == []
