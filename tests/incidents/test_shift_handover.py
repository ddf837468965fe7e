"""A shift hands over all its incidents in one go: offered together, said back one by one, moved at one instant."""

import html
import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from incidents.choices import EntryKind, HandoverState
from incidents.models import CommandTenure, Handover, Incident, IncidentMember, ShiftHandover
from incidents.queries import command as queries
from incidents.services.accountability import command, people, shifts
from incidents.services.locking import UnknownIncident
from incidents.services.states import lifecycle
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.teams import rota_kit

pytestmark = pytest.mark.usefixtures("alone")
WORDS = "End users hear at 12:30, then the failover decision, then Dublin's callback."
Browser = Callable[[Person], Client]


@pytest.fixture
def two(cast: SimpleNamespace) -> list[Incident]:
    service = factories.service()
    return [kit.incident(manager=cast.mia, service=service, title=title) for title in ("Payroll", "Tills")]


@pytest.fixture
def offered(two: list[Incident], cast: SimpleNamespace) -> shifts.Outcome:
    return shifts.offer(person=cast.mia, to=cast.omar, now=NOON)


def said(incidents: list[Incident]) -> dict[str, str]:
    return {incident.reference: WORDS for incident in incidents}


def managers(incidents: list[Incident]) -> list[Person]:
    return [queries.current_manager(incident) for incident in incidents]


def test_everything_is_offered_and_nothing_moves(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace
) -> None:
    assert [each.incident for each in offered.handovers] == two
    assert managers(two) == [cast.mia, cast.mia]
    assert [each.brief["state_and_trend"] for each in offered.handovers] == ["Declared, P1"] * 2
    for incident in two:
        entry = incident.timeline.latest("seq")
        assert (entry.kind, entry.data["shift"]) == (EntryKind.HANDOVER_OFFERED, offered.shift.pk)
    assert list(queries.open_shifts(cast.omar)) == [offered.shift]
    assert len(queries.waiting_for(cast.omar)) == 2


def test_all_of_them_move_at_one_instant(two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace) -> None:
    done = shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two), now=NOON)
    assert managers(two) == [cast.omar, cast.omar]
    moved = set(CommandTenure.objects.filter(manager=cast.omar).values_list("started_at", flat=True))
    assert len(moved) == 1
    assert set(CommandTenure.objects.filter(manager=cast.mia).values_list("ended_at", flat=True)) == moved
    assert {each.answered_at for each in done.handovers} == moved
    assert {each.restatement for each in done.handovers} == {WORDS}
    assert [queries.gap_seconds(incident) for incident in two] == [0, 0]
    assert not queries.open_shifts(cast.omar).exists()
    said_now = queries.announcement_of(done.handovers[0], due="Update to End users, 12:30 (UTC+0)")
    assert said_now.startswith(f"Omar Example has command of {two[0].reference} (P1, Payroll) from Mia Example since ")
    assert said_now.endswith("Next: Update to End users, 12:30 (UTC+0).")


def test_those_chosen_are_taken_and_the_others_stay(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace
) -> None:
    shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two[:1]), now=NOON)
    assert managers(two) == [cast.omar, cast.mia]
    declined = shifts.decline(shift_id=offered.shift.pk, person=cast.omar, reason="On another P1", now=NOON)
    assert [each.incident for each in declined.handovers] == two[1:]
    assert two[1].timeline.latest("seq").text == "On another P1"
    with pytest.raises(command.HandoverRefused):
        shifts.withdraw(shift_id=offered.shift.pk, person=cast.mia, now=NOON)


def test_one_that_says_nothing_refuses_the_whole(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace
) -> None:
    with pytest.raises(Invalid) as refused:
        shifts.accept(
            shift_id=offered.shift.pk, person=cast.omar, now=NOON,
            restatements={two[0].reference: WORDS, two[1].reference: "ok"},
        )  # fmt: skip
    assert refused.value.field == f"restatements.{two[1].reference}"
    assert managers(two) == [cast.mia, cast.mia]


def test_what_meanwhile_went_elsewhere_is_left_with_its_reason(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace
) -> None:
    command.take_over(reference=two[0].reference, person=cast.dan, reason="No answer", now=NOON)
    done = shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two), now=NOON)
    assert [(left.reference, left.code) for left in done.left] == [(two[0].reference, "not_yours")]
    assert managers(two) == [cast.dan, cast.omar]
    with pytest.raises(command.HandoverRefused) as refused:
        shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two), now=NOON)
    assert [each["incident"] for each in refused.value.extra["refused"]] == [row.reference for row in two]


def test_a_technical_lead_hands_that_role_on_first(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace
) -> None:
    given = people.assign(reference=two[0].reference, role="technical_lead", to=cast.omar, person=cast.mia, now=NOON)
    people.assign(reference=two[1].reference, role="deputy_mim", to=cast.omar, person=cast.mia, now=NOON)
    done = shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two), now=NOON)
    assert [(left.reference, left.code) for left in done.left] == [(two[0].reference, "role_conflict")]
    assert managers(two) == [cast.mia, cast.omar]
    assert two[1].timeline.latest("seq").kind == EntryKind.ROLE_ENDED  # who commands is nobody's deputy
    people.end(assignment_id=given.pk, person=cast.omar, now=NOON)
    shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two[:1]), now=NOON)
    assert managers(two) == [cast.omar, cast.omar]


def test_what_is_offered_already_or_not_theirs_is_left(two: list[Incident], cast: SimpleNamespace) -> None:
    command.offer(reference=two[0].reference, person=cast.mia, to=cast.dan, fields={}, now=NOON)
    outcome = shifts.offer(
        person=cast.mia, to=cast.omar, references=[each.reference for each in two] + ["MI-1"], now=NOON
    )
    assert [(left.reference, left.code) for left in outcome.left] == [
        ("MI-1", "not_yours"),
        (two[0].reference, "already_offered"),
    ]
    assert [each.incident for each in outcome.handovers] == two[1:]
    with pytest.raises(command.HandoverRefused) as refused:
        shifts.offer(person=cast.mia, to=cast.omar, now=NOON)
    assert refused.value.code == "nothing_moved"
    assert ShiftHandover.objects.count() == 1
    with pytest.raises(command.HandoverRefused):
        shifts.offer(person=cast.dan, to=cast.omar, now=NOON)


def test_the_receiver_comes_from_the_rota(two: list[Incident], cast: SimpleNamespace) -> None:
    with pytest.raises(command.HandoverRefused) as refused:
        shifts.offer(person=cast.mia, to=None, now=NOON)
    assert refused.value.field == "to"
    rota = rota_kit.rota()
    rota_kit.shift(rota, cast.mia, -4, 4)
    rota_kit.shift(rota, cast.omar, 4, 12)
    outcome = shifts.offer(person=cast.mia, to=None, now=NOON, fields={two[0].reference: {"contingency": "Roll back"}})
    assert outcome.shift.offered_to == cast.omar
    assert [each.fields["contingency"] for each in outcome.handovers] == ["Roll back", "none"]


@pytest.mark.parametrize(("to", "fields", "code"), [("rosa", {}, "not_a_manager"), ("omar", {"mood": "x"}, "invalid")])
def test_offers_that_cannot_be(
    two: list[Incident], cast: SimpleNamespace, to: str, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        shifts.offer(person=cast.mia, to=getattr(cast, to), now=NOON, fields={two[0].reference: fields})
    assert refused.value.code == code


def test_only_giver_and_receiver_answer(two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace) -> None:
    pk = offered.shift.pk
    with pytest.raises(Forbidden):
        shifts.accept(shift_id=pk, person=cast.dan, restatements=said(two), now=NOON)
    with pytest.raises(Forbidden):
        shifts.decline(shift_id=pk, person=cast.mia, reason="", now=NOON)
    with pytest.raises(Forbidden):
        shifts.withdraw(shift_id=pk, person=cast.omar, now=NOON)
    with pytest.raises(UnknownIncident):
        shifts.withdraw(shift_id=0, person=cast.mia, now=NOON)
    shifts.withdraw(shift_id=pk, person=cast.mia, now=NOON, reason="Staying on")
    assert set(Handover.objects.values_list("state", flat=True)) == {HandoverState.WITHDRAWN}


def test_an_incident_that_ended_is_left(two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=two[0].reference, to="cancelled", person=cast.mia, now=NOON, reason="in error")
    done = shifts.accept(shift_id=offered.shift.pk, person=cast.omar, restatements=said(two), now=NOON)
    assert [left.reference for left in done.left] == [two[0].reference]
    assert [each.incident for each in done.handovers] == two[1:]


def test_whoever_is_offered_a_private_incident_may_see_it(cast: SimpleNamespace) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True)
    shifts.offer(person=cast.mia, to=cast.omar, now=NOON)
    assert IncidentMember.objects.filter(incident=hidden, person=cast.omar).exists()


def _at_once(*attempts: Callable[[], Any]) -> list[str]:
    """What became of deeds that begin together."""
    start, outcomes = threading.Barrier(len(attempts)), []

    def run(attempt: Callable[[], Any]) -> None:
        start.wait()
        try:
            attempt()
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive(), "still waiting: deadlock"
    return sorted(outcomes)


def _without_a_gap(incidents: list[Incident]) -> None:
    for incident in incidents:
        tenures = list(queries.tenures(incident))
        assert [row.ended_at for row in tenures[:-1]] == [row.started_at for row in tenures[1:]]
        assert tenures[-1].ended_at is None
        assert queries.gap_seconds(incident) == 0


@pytest.fixture
def crew(transactional_db: None) -> SimpleNamespace:
    made = {name: factories.manager(username=name) for name in ("mia", "omar", "dan")}
    incidents = [kit.incident(manager=made["mia"]) for _number in range(3)]
    return SimpleNamespace(incidents=incidents, **made)


def test_two_shift_handovers_at_once(crew: SimpleNamespace) -> None:
    outcomes = _at_once(
        lambda: shifts.offer(person=crew.mia, to=crew.omar, now=NOON),
        lambda: shifts.offer(person=crew.mia, to=crew.dan, now=NOON),
    )
    assert outcomes == ["done", "nothing_moved"]
    assert Handover.objects.count() == 3
    _without_a_gap(crew.incidents)


def test_accepting_twice_at_once(crew: SimpleNamespace) -> None:
    offered = shifts.offer(person=crew.mia, to=crew.omar, now=NOON)

    def take() -> None:
        shifts.accept(shift_id=offered.shift.pk, person=crew.omar, restatements=said(crew.incidents), now=NOON)

    assert _at_once(take, take) == ["done", "nothing_moved"]
    assert CommandTenure.objects.count() == 6
    _without_a_gap(crew.incidents)


def test_accepting_while_somebody_takes_over(crew: SimpleNamespace) -> None:
    offered = shifts.offer(person=crew.mia, to=crew.omar, now=NOON)
    last = crew.incidents[-1]
    outcomes = _at_once(
        lambda: shifts.accept(shift_id=offered.shift.pk, person=crew.omar, restatements=said(crew.incidents), now=NOON),
        lambda: command.take_over(reference=last.reference, person=crew.dan, reason="No answer", now=NOON),
    )
    assert outcomes == ["done", "done"]
    assert queries.current_manager(last) == crew.dan  # whoever came second: taking over is never refused
    _without_a_gap(crew.incidents)


def test_a_shift_while_each_incident_is_answered_alone_never_deadlocks(crew: SimpleNamespace) -> None:
    offered = shifts.offer(person=crew.mia, to=crew.omar, now=NOON)
    alone = [
        lambda pk=each.pk: command.accept(handover_id=pk, person=crew.omar, restatement=WORDS, now=NOON)
        for each in reversed(offered.handovers)
    ]
    whole = lambda: shifts.accept(  # noqa: E731
        shift_id=offered.shift.pk, person=crew.omar, restatements=said(crew.incidents), now=NOON
    )
    _at_once(whole, *alone)
    assert set(managers(crew.incidents)) == {crew.omar}
    assert CommandTenure.objects.count() == 6
    _without_a_gap(crew.incidents)


def test_by_the_api(two: list[Incident], cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    address = "/api/v1/shift-handovers/"
    mia, omar = api(cast.mia), api(cast.omar)
    first, second = (incident.reference for incident in two)
    made = mia.post(address, {"to": "omar", "fields": {first: {"contingency": "Roll back"}}})
    assert made.status_code == 201
    assert [each["incident"] for each in made.json()["handovers"]] == [first, second]
    assert made.json()["handovers"][0]["contingency"] == "Roll back"
    pk = made.json()["id"]
    assert mia.post(address, {"to": "omar"}).json()["refused"][0]["code"] == "already_offered"
    assert api(cast.dan).post(f"{address}{pk}/accept/", {"restatements": {first: WORDS}}).status_code == 404
    empty = omar.post(f"{address}{pk}/accept/", {"restatements": {first: " "}})
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (400, f"restatements.{first}")
    done = omar.post(f"{address}{pk}/accept/", {"restatements": {first: WORDS, "MI-1": WORDS}})
    assert done.status_code == 200
    assert [each["state"] for each in done.json()["handovers"]] == ["accepted"]
    assert done.json()["refused"][0]["incident"] == "MI-1"
    declined = omar.post(f"{address}{pk}/decline/", {"reason": "On another P1"})
    assert [each["answer_reason"] for each in declined.json()["handovers"]] == ["On another P1"]
    assert mia.post(f"{address}{pk}/withdraw/").status_code == 409
    assert len(omar.get(address).json()["results"]) == 1
    assert api(cast.dan).get(address).json()["results"] == []
    wrong = mia.post(address, {"to": "omar", "fields": {second: {"mood": "fine"}}})
    assert (wrong.status_code, wrong.headers["Ignored-Fields"]) == (201, "mood")


def test_on_pages(two: list[Incident], cast: SimpleNamespace, signed_in: Browser) -> None:
    mia, omar = signed_in(cast.mia), signed_in(cast.omar)
    first, second = (incident.reference for incident in two)
    text = mia.get("/handover/").content.decode()
    assert first in text
    assert "Nobody is planned after you on the rota" in text
    assert mia.post("/handover/", {"to": "omar"}).status_code == 422
    both = {f"take.{first}": "on", f"take.{second}": "on", f"contingency.{first}": "Roll back if it grows"}
    assert mia.post("/handover/", {"to": "", **both}).status_code == 422
    assert mia.post("/handover/", {"to": "omar", **both}).status_code == 302
    shift = ShiftHandover.objects.get()
    assert "Offered to Omar Example at" in mia.get("/handover/").content.decode()
    assert "Mia Example hands over to you: 2 waiting." in omar.get("/handover/").content.decode()
    page = omar.get(f"/handover/{shift.pk}/").content.decode()
    assert "Roll back if it grows" in page
    assert "submit timesheets" in page
    assert signed_in(cast.dan).get(f"/handover/{shift.pk}/").status_code == 404
    taken = {f"take.{first}": "on", f"restatements.{first}": WORDS}
    empty = omar.post(f"/handover/{shift.pk}/", {**taken, f"take.{second}": "on", f"restatements.{second}": "ok"})
    assert empty.status_code == 422
    assert WORDS in html.unescape(empty.content.decode())
    assert "Say in your own words" in empty.content.decode()
    assert omar.post(f"/handover/{shift.pk}/", {f"restatements.{first}": WORDS}).status_code == 422
    assert omar.post(f"/handover/{shift.pk}/", taken).status_code == 302
    after = omar.get(f"/handover/{shift.pk}/").content.decode()
    assert f"Omar Example has command of {first}" in after
    assert managers(two) == [cast.omar, cast.mia]
    assert "Take it back" in mia.get(f"/handover/{shift.pk}/").content.decode()
    mia.post(f"/handover/{shift.pk}/withdraw/", {"reason": "Staying on"})
    assert not queries.open_shifts(cast.omar).exists()
    again = mia.post(f"/handover/{shift.pk}/withdraw/", follow=True)
    assert "has been answered already" in again.content.decode()
    assert omar.post(f"/handover/{shift.pk}/steal/").status_code == 404


def test_a_refused_answer_keeps_what_was_typed(
    two: list[Incident], offered: shifts.Outcome, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = signed_in(cast.omar).post(f"/handover/{offered.shift.pk}/decline/", {"reason": "No. " * 100})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("No. " * 100).strip() in text
    assert "at most 300 characters" in text
    not_theirs = signed_in(cast.mia).post(f"/handover/{offered.shift.pk}/decline/", {"reason": "Mine"})
    assert not_theirs.status_code == 422
    assert "can decline" in not_theirs.content.decode()


def test_pages_cost_the_same_whatever_the_number(
    two: list[Incident], cast: SimpleNamespace, signed_in: Browser
) -> None:
    """Session, person, incidents, statements, what is due, open offers, receivers, the rota, clock."""
    mia, omar = signed_in(cast.mia), signed_in(cast.omar)

    def count(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    before = count(mia, "/handover/")
    for number in range(4):
        kit.incident(manager=cast.mia, title=f"More {number}", now=NOON + timedelta(minutes=number))
    assert count(mia, "/handover/") == before <= 19
    small = shifts.offer(person=cast.mia, to=cast.omar, references=[two[0].reference], now=NOON)
    large = shifts.offer(person=cast.mia, to=cast.omar, now=NOON)
    assert len(large.handovers) == 5
    costs = {count(omar, f"/handover/{each.shift.pk}/") for each in (small, large)}
    assert len(costs) == 1
    assert max(costs) <= 11
