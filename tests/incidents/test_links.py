"""Links between incidents: made, told on both timelines, hidden where one end is, ended; and the recurrence."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.choices import UpdateKind
from comms.models import OwedAudience
from incidents.choices import EntryKind, IncidentState
from incidents.models import Incident, IncidentLink, IncidentMember
from incidents.queries import impact, timeline
from incidents.queries import links as queries
from incidents.services.record import details, links
from incidents.services.states import lifecycle, recurrence
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from tests.comms import promise_kit
from tests.incidents import kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]


@pytest.fixture
def pair(cast: SimpleNamespace) -> tuple[Incident, Incident]:
    now = dbtime.now() - timedelta(minutes=30)
    return kit.incident(manager=cast.mia, now=now), kit.incident(manager=cast.omar, title="Payroll is down", now=now)


def link(one: Incident, two: Incident, kind: str, by: Person, **options: Any) -> IncidentLink:
    return links.link(reference=one.reference, kind=kind, to=two.reference, person=by, now=dbtime.now(), **options)


def said(incident: Incident) -> str:
    return timeline.words(incident.timeline.latest("seq"))


def cancelled(incident: Incident) -> str:
    return timeline.words(incident.timeline.get(kind=EntryKind.CANCELLED))


def told(incident: Incident, by: Person) -> list[str]:
    return [f"{one.words} {one.other.reference}" for one in queries.shown(incident, by)]


def owed(incident: Incident) -> set[str]:
    return set(OwedAudience.objects.filter(incident=incident).values_list("audience__code", flat=True))


class TestLink:
    @pytest.mark.parametrize(
        ("kind", "from_here", "from_there"),
        [
            ("duplicate", "Duplicate of", "Has the duplicate"),
            ("child", "Part of", "Has the part"),
            ("caused_by", "Caused by", "Caused"),
            ("recurrence", "Recurrence of", "Came back as"),
        ],
    )
    def test_both_tell_it_each_from_its_side(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace, kind: str, from_here: str, from_there: str
    ) -> None:
        one, two = pair
        made = link(one, two, kind, cast.mia)
        assert told(one, cast.mia) == [f"{from_here} {two.reference}"]
        assert told(two, cast.mia) == [f"{from_there} {one.reference}"]
        assert said(one) == f"Linked: {from_here.lower()} {two.reference}."
        assert said(two) == f"Linked: {from_there.lower()} {one.reference}."
        links.end(link_id=made.pk, reference=two.reference, person=cast.omar, now=dbtime.now())
        assert told(one, cast.mia) == told(two, cast.mia) == []
        assert said(one) == f"Link ended: {from_here.lower()} {two.reference}."

    def test_the_other_way_round(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        one, two = pair
        assert link(one, two, "child", cast.mia, here=True).incident == two

    @pytest.mark.parametrize("kind", ["duplicate", "child"])
    def test_duplicates_and_parts_never_lead_back(self, cast: SimpleNamespace, kind: str) -> None:
        one, two, three = (kit.incident(manager=cast.mia) for _ in range(3))
        link(one, two, kind, cast.mia)
        link(two, three, kind, cast.mia)
        for back in ((two, one), (three, one), (three, two)):
            with pytest.raises(Refusal) as refused:
                link(*back, kind, cast.mia)
            assert refused.value.code in {"circle", "one_already"}
        with pytest.raises(Refusal) as refused:
            link(three, one, kind, cast.mia)
        assert refused.value.code == "circle"
        assert IncidentLink.objects.count() == 2

    def test_causes_may_go_in_a_circle(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        one, two = pair
        link(one, two, "caused_by", cast.mia)
        assert link(two, one, "caused_by", cast.mia).pk

    def test_an_incident_has_one_original(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        link(*pair, "duplicate", cast.mia)
        with pytest.raises(Refusal) as refused:
            link(pair[0], kit.incident(manager=cast.mia), "duplicate", cast.mia)
        assert refused.value.code == "one_already"

    def test_once_is_enough_and_after_its_end_it_can_be_made_again(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace
    ) -> None:
        made = link(*pair, "caused_by", cast.mia)
        with pytest.raises(Refusal) as refused:
            link(*pair, "caused_by", cast.mia)
        assert refused.value.code == "linked_already"
        links.end(link_id=made.pk, reference=pair[0].reference, person=cast.mia, now=dbtime.now())
        with pytest.raises(Refusal):
            links.end(link_id=made.pk, reference=pair[0].reference, person=cast.mia, now=dbtime.now())
        assert link(*pair, "caused_by", cast.mia).pk != made.pk

    @pytest.mark.parametrize(("to", "kind", "field"), [("self", "child", "to"), ("MI-2026-9999", "child", "to")])
    def test_what_cannot_be_linked_is_named(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace, to: str, kind: str, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            links.link(
                reference=pair[0].reference,
                kind=kind,
                to=pair[0].reference if to == "self" else to,
                person=cast.mia,
                now=dbtime.now(),
            )
        assert refused.value.field == field

    def test_an_unknown_kind_is_named(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            link(*pair, "sibling", cast.mia)
        assert refused.value.field == "kind"


class TestPrivate:
    def test_a_link_to_a_private_incident_does_not_exist_for_others(
        self, cast: SimpleNamespace, signed_in: Browser, api: Api
    ) -> None:
        public, private = kit.incident(manager=cast.mia), kit.incident(manager=cast.mia, is_private=True)
        before = public.timeline.count()
        made = link(public, private, "caused_by", cast.mia)
        assert told(public, cast.mia) == [f"Caused by {private.reference}"]
        assert told(public, cast.omar) == []
        assert public.timeline.count() == before  # its timeline is everybody's
        assert said(private) == f"Linked: caused {public.reference}."
        address = f"/api/v1/incidents/{public.reference}/links/"
        assert api(cast.omar).get(address).json() == {"results": []}
        assert (
            private.reference
            not in signed_in(cast.omar).get(f"/incidents/{public.reference}/details/").content.decode()
        )
        with pytest.raises(links.UnknownLink):
            links.end(link_id=made.pk, reference=public.reference, person=cast.omar, now=dbtime.now())

    def test_nobody_links_to_what_they_may_not_see(self, cast: SimpleNamespace, api: Api) -> None:
        public, private = kit.incident(manager=cast.omar), kit.incident(manager=cast.mia, is_private=True)
        address = f"/api/v1/incidents/{public.reference}/links/"
        hidden = api(cast.omar).post(address, {"kind": "child", "to": private.reference})
        missing = api(cast.omar).post(address, {"kind": "child", "to": "MI-2026-9999"})
        assert (hidden.status_code, missing.status_code) == (400, 400)
        assert hidden.content.decode().replace(private.reference, "MI-2026-9999") == missing.content.decode()

    def test_the_reason_of_a_cancelled_duplicate_names_no_private_one(self, cast: SimpleNamespace) -> None:
        public, private = kit.incident(manager=cast.mia), kit.incident(manager=cast.mia, is_private=True)
        link(public, private, "duplicate", cast.mia, cancel=True)
        assert cancelled(public) == "Cancelled. A duplicate."


class TestDuplicate:
    def test_it_can_be_cancelled_in_the_same_step(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        one, two = pair
        link(one, two, "duplicate", cast.omar, here=True, cancel=True)
        two.refresh_from_db()
        assert two.state == IncidentState.CANCELLED
        assert cancelled(two) == f"Cancelled. A duplicate of {one.reference}."

    def test_whoever_was_told_hears_first_and_until_then_nothing_happens(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace
    ) -> None:
        one, two = pair
        promise_kit.publish(one, "end_users", author=cast.mia, kind=UpdateKind.INITIAL)
        with pytest.raises(lifecycle.NotPossible) as refused:
            link(one, two, "duplicate", cast.mia, cancel=True)
        assert (refused.value.code, refused.value.extra["audiences"]) == ("retraction_not_sent", ["end_users"])
        assert not IncidentLink.objects.exists()
        promise_kit.publish(one, "end_users", author=cast.mia, kind=UpdateKind.CLOSURE)
        link(one, two, "duplicate", cast.mia, cancel=True)
        one.refresh_from_db()
        assert one.state == IncidentState.CANCELLED

    def test_other_links_cancel_nothing(self, pair: tuple[Incident, Incident], cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid) as refused:
            link(*pair, "child", cast.mia, cancel=True)
        assert refused.value.field == "cancel"


class TestRecurrence:
    @pytest.fixture
    def closed(self, cast: SimpleNamespace) -> Incident:
        made = kit.incident(manager=cast.mia, urgency=2, now=dbtime.now() - timedelta(hours=2))
        return lifecycle.transition(
            reference=made.reference, to="cancelled", person=cast.mia, reason="It went by itself.", now=dbtime.now()
        )

    def test_it_is_a_new_incident_with_what_the_closed_one_knows(self, closed: Incident, cast: SimpleNamespace) -> None:
        made = recurrence.declare(reference=closed.reference, person=cast.omar, now=dbtime.now())
        assert (made.title, made.service, made.priority, made.state) == (closed.title, closed.service, "P2", "declared")
        statement = impact.current(made)
        assert (statement.activity, statement.who) == ("submit timesheets", "store staff")
        assert (statement.count, statement.since) == ("", "")  # how many and since when is asked again
        assert told(made, cast.omar) == [f"Recurrence of {closed.reference}"]
        assert told(closed, cast.omar) == [f"Came back as {made.reference}"]

    def test_what_is_different_this_time_is_taken(self, closed: Incident, cast: SimpleNamespace) -> None:
        made = recurrence.declare(
            reference=closed.reference,
            person=cast.omar,
            title="Payroll again",
            impact=1,
            urgency=1,
            impact_statement={"count": "40", "since": "10:15 (UTC+0)"},
            manager=cast.dan,
            now=dbtime.now(),
        )
        assert (made.title, made.priority) == ("Payroll again", "P1")
        assert impact.current(made).count == "40"

    def test_one_that_has_not_ended_is_reopened_instead(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace
    ) -> None:
        with pytest.raises(recurrence.StillOpen):
            recurrence.declare(reference=pair[0].reference, person=cast.mia, now=dbtime.now())

    def test_the_page_of_one_that_has_not_ended_leads_to_its_states(
        self, pair: tuple[Incident, Incident], cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        answer = signed_in(cast.mia).get(f"/incidents/{pair[0].reference}/recurrence/")
        assert answer["Location"] == f"/incidents/{pair[0].reference}/state/"

    def test_of_a_private_one_it_is_private_with_the_same_members(self, cast: SimpleNamespace) -> None:
        private = kit.incident(manager=cast.mia, is_private=True, now=dbtime.now() - timedelta(hours=1))
        details.admit(reference=private.reference, person=cast.mia, member=cast.rosa, now=dbtime.now())
        lifecycle.transition(
            reference=private.reference, to="cancelled", person=cast.mia, reason="None.", now=dbtime.now()
        )
        made = recurrence.declare(reference=private.reference, person=cast.mia, now=dbtime.now())
        assert made.is_private
        assert set(IncidentMember.objects.filter(incident=made).values_list("person", flat=True)) >= {cast.rosa.pk}

    def test_one_button_declares_it(self, closed: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        client, address = signed_in(cast.mia), f"/incidents/{closed.reference}/recurrence/"
        assert address in client.get(f"/incidents/{closed.reference}/").content.decode()
        page = client.get(address).content.decode()
        assert closed.title in page
        answer = client.post(
            address, {"title": closed.title, "impact": "1", "urgency": "1", "activity": "submit timesheets"}
        )
        made = Incident.objects.latest("pk")
        assert answer["Location"] == f"/incidents/{made.reference}/"
        assert client.post(address, {"title": ""}).status_code == 422

    def test_whoever_declares_chooses_who_is_owed_updates(
        self, closed: Incident, cast: SimpleNamespace, signed_in: Browser, api: Api
    ) -> None:
        client, address = signed_in(cast.mia), f"/incidents/{closed.reference}/recurrence/"
        page = client.get(address).content.decode()
        assert "Tick none for the usual ones: " in page
        given = {"title": closed.title, "impact": "1", "urgency": "1", "activity": "submit timesheets"}
        client.post(address, {**given, "audiences": ["technical", "executives"]})
        assert owed(Incident.objects.latest("pk")) == {"technical", "executives"}
        client.post(address, given)
        assert len(owed(Incident.objects.latest("pk"))) > 2
        refused = client.post(address, {**given, "audiences": ["nobody"]})
        assert (refused.status_code, closed.title in refused.content.decode()) == (422, True)
        made = api(cast.mia).post(f"/api/v1{address}", {"audiences": ["public"]}).json()
        assert owed(Incident.objects.get(reference=made["reference"])) == {"public"}

    def test_by_api(self, closed: Incident, cast: SimpleNamespace, api: Api) -> None:
        client = api(cast.mia)
        answer = client.post(f"/api/v1/incidents/{closed.reference}/recurrence/", {}, format="json")
        assert answer.status_code == 201
        assert answer["Location"].endswith(f"{answer.json()['reference']}/")
        open_one = client.post(f"/api/v1/incidents/{answer.json()['reference']}/recurrence/", {}, format="json")
        assert (open_one.status_code, open_one.json()["code"]) == (409, "still_open")


class TestApi:
    def test_made_listed_and_ended(self, pair: tuple[Incident, Incident], cast: SimpleNamespace, api: Api) -> None:
        one, two = pair
        client, address = api(cast.mia), f"/api/v1/incidents/{one.reference}/links/"
        made = client.post(address, {"kind": "child", "to": two.reference})
        assert made.status_code == 201
        (row,) = client.get(address).json()["results"]
        assert row == made.json()
        assert (row["kind"], row["to"], row["here"], row["words"], row["linked_by"]) == (
            "child", two.reference, False, "Part of", "mia",
        )  # fmt: skip
        (there,) = client.get(f"/api/v1/incidents/{two.reference}/links/").json()["results"]
        assert (there["here"], there["words"], there["id"]) == (True, "Has the part", row["id"])
        again = client.post(address, {"kind": "child", "to": two.reference})
        assert (again.status_code, again.json()["code"]) == (409, "linked_already")
        assert client.post(f"{address}{row['id']}/end/").json() == {"results": []}
        assert client.post(f"{address}{row['id']}/end/").status_code == 409
        assert client.post(f"{address}987654/end/").status_code == 404
        third = kit.incident(manager=cast.mia)
        assert client.post(f"/api/v1/incidents/{third.reference}/links/{row['id']}/end/").status_code == 404

    def test_members_are_read_and_let_in(self, cast: SimpleNamespace, api: Api) -> None:
        private = kit.incident(manager=cast.mia, is_private=True)
        address = f"/api/v1/incidents/{private.reference}/members/"
        assert api(cast.omar).get(address).status_code == 404
        assert api(cast.mia).post(address, {"person": "omar"}).json()["results"][0]["person"] == "omar"
        assert api(cast.omar).get(address).status_code == 200
        assert api(cast.mia).post(address, {"person": "nobody"}).status_code == 400
        assert private.timeline.filter(kind=EntryKind.DETAILS_CHANGED).count() == 1
