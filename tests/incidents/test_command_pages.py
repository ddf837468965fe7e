"""Command on pages: the brief and what is due beside the box, the sentence to announce, the history without a gap."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.models import Commitment, Handover, Incident
from incidents.queries import command as queries
from incidents.queries import impact
from incidents.services.accountability import command, commitments
from incidents.services.work import engagements
from mim_portal.lib import dbtime
from teams.models import Person
from tests import factories
from tests.factories import NOON
from tests.incidents import kit
from tests.teams import rota_kit

Browser = Callable[[Person], Client]
WORDS = "End users hear at 12:30, then the failover decision, then the callback."


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=dbtime.now() - timedelta(minutes=5))


def address(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def test_only_who_is_accountable_is_asked_to_offer(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    omar, mia = signed_in(cast.omar), signed_in(cast.mia)
    seen = omar.get(address(incident, "handover/")).content.decode()
    assert f"{cast.mia.name} is accountable and is the one who hands over" in seen
    assert address(incident, "take-over/") in seen
    assert "Offer the handover" not in seen
    refused = omar.post(address(incident, "handover/"), {"to": "mia", "contingency": "If it fails, Rosa decides."})
    assert refused.status_code == 422
    assert "If it fails, Rosa decides." in refused.content.decode()  # nothing typed is lost
    assert mia.post(address(incident, "handover/"), {"to": "omar"}).status_code == 302
    waiting = mia.get(address(incident, "handover/")).content.decode()
    assert f"Offered to {cast.omar.name} by {cast.mia.name}" in waiting
    assert address(incident, "handover/accept/") in waiting


def test_the_brief_says_which_version_of_the_impact_it_is(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    seen = signed_in(cast.mia).get(address(incident, "handover/")).content.decode()
    assert f"Version 1: {impact.sentence(impact.current(incident))}" in unescape(seen)


def test_the_giver_sees_the_brief_and_the_next_on_the_rota(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    now = dbtime.now()
    rota = rota_kit.rota()
    for person, start in ((cast.mia, -1), (cast.omar, 1)):
        rota.shifts.create(
            person=person, starts_at=now + timedelta(hours=start), ends_at=now + timedelta(hours=start + 2)
        )
    factories.team(slug="database", name="Database")
    mia = signed_in(cast.mia)
    text = mia.get(address(incident, "handover/")).content.decode()
    assert '<option value="omar" selected>' in text
    assert "Update to" not in text  # what is due is said back by the receiver, not by the giver
    assert "Updates promised" in text
    refused = mia.post(address(incident, "handover/"), {"to": "omar", "promise_text": "Relief at six."})
    assert refused.status_code == 422
    assert "Choose the team to which it was promised." in refused.content.decode()
    half = mia.post(address(incident, "handover/"), {"to": "omar", "promise_team": "database"})
    assert "Say what was promised" in half.content.decode()
    given = {"to": "omar", "trend": "worse", "promise_team": "database", "promise_text": "Relief at six."}
    assert mia.post(address(incident, "handover/"), given).status_code == 302
    offered = Handover.objects.get()
    assert offered.fields["trend"] == "worse"
    assert Commitment.objects.get().text == "Relief at six."
    assert offered.brief["commitments"][0]["team"] == "Database"


def test_the_receiver_sees_what_is_due_and_gets_the_sentence_to_announce(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    omar = signed_in(cast.omar)
    text = omar.get(address(incident, "handover/accept/")).content.decode()
    assert "Due next (open or hide while you say it back)" in text
    assert "Update to Technical teams" in text
    assert "Decline" in text
    assert omar.post(address(incident, "handover/accept/"), {"restatement": "ok"}).status_code == 422
    done = omar.post(address(incident, "handover/accept/"), {"restatement": WORDS})
    assert done["Location"] == address(incident, "command/")
    page = omar.get(done["Location"]).content.decode()
    assert f"Omar Example has command of {incident.reference} (P1, Payroll" in page
    assert "Next: Update to" in page
    assert "0 s without a manager" in page
    assert WORDS in page
    panel = omar.get(address(incident, "panels/roles/")).content.decode()
    assert "Say it on the bridge" in panel
    assert "Say it on the bridge" not in signed_in(cast.mia).get(address(incident, "panels/roles/")).content.decode()


def test_declining_on_the_page_says_why(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    offered = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    signed_in(cast.omar).post(address(incident, f"handover/{offered.pk}/decline/"), {"reason": "On another P1"})
    offered.refresh_from_db()
    assert offered.answer_reason == "On another P1"
    assert "On another P1" in signed_in(cast.audra).get(address(incident, "command/")).content.decode()


def test_a_refused_answer_keeps_the_reason_and_the_brief(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    offered = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    reason = "On another P1, call Kenji. " * 12
    refused = signed_in(cast.omar).post(address(incident, f"handover/{offered.pk}/decline/"), {"reason": reason})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert reason.strip() in text
    assert "at most 300 characters" in text
    assert "Brief from the record" in text
    assert '<details class="disclosure" id="answer" open' in text
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_whoever_answers_second_reads_what_happened(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    offered = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    command.withdraw(handover_id=offered.pk, person=cast.mia, now=dbtime.now())
    answer = signed_in(cast.omar).post(address(incident, f"handover/{offered.pk}/decline/"), {"reason": "On a P1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This handover is withdrawn already." in text
    assert "Accept: I am accountable" not in text
    nowhere = signed_in(cast.omar).post(address(incident, "handover/999999/decline/"), {"reason": "On a P1"})
    assert nowhere.status_code == 404


def test_the_giver_takes_it_back_and_others_only_read(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    offered = command.offer(reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=dbtime.now())
    mia, dan = signed_in(cast.mia), signed_in(cast.dan)
    for where in (address(incident), "/handover/"):
        assert address(incident, "handover/accept/") in mia.get(where).content.decode(), where
    assert address(incident, "handover/accept/") not in dan.get(address(incident)).content.decode()
    for reader, button in ((mia, "Take it back"), (dan, "")):
        text = reader.get(address(incident, "handover/accept/")).content.decode()
        assert "Accept: I am accountable" not in text
        assert ("<button" in text.partition("<main")[2].partition("</main>")[0]) == bool(button)
        assert button in text
    done = mia.post(address(incident, f"handover/{offered.pk}/withdraw/"), {"reason": "Chosen by mistake"}, follow=True)
    assert "Taken back. You stay accountable." in done.content.decode()
    offered.refresh_from_db()
    assert (offered.state, offered.answer_reason) == ("withdrawn", "Chosen by mistake")


def test_a_manager_takes_over_and_an_administrator_appoints(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    dan, ada = signed_in(cast.dan), signed_in(cast.ada)
    assert "Who becomes accountable?" not in dan.get(address(incident, "take-over/")).content.decode()
    assert dan.post(address(incident, "take-over/"), {"reason": "Mia cannot be reached"}).status_code == 302
    assert queries.current_manager(incident) == cast.dan
    assert "Appoint another manager" in ada.get(address(incident)).content.decode()
    assert ada.post(address(incident, "take-over/"), {"reason": "x"}).status_code == 422
    done = ada.post(address(incident, "take-over/"), {"reason": "Dan is on a train", "manager": "omar"})
    assert done.status_code == 302
    assert queries.current_manager(incident) == cast.omar
    text = ada.get(address(incident, "command/")).content.decode()
    assert text.index("Mia Example") < text.index("0 s without a manager")


def test_the_history_costs_the_same_whatever_happened(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    """Session, person, incident, what is due (6), tenures, handovers, roles, the gap, the announcement, clock."""
    command.take_over(reference=incident.reference, person=cast.dan, reason="No answer", now=NOON)
    client = signed_in(cast.mia)
    client.get(address(incident, "command/"))
    with django_assert_num_queries(15):
        client.get(address(incident, "command/"))
    for person in (cast.mia, cast.omar, cast.dan):
        command.take_over(reference=incident.reference, person=person, reason="No answer", now=NOON)
    with django_assert_num_queries(15):
        client.get(address(incident, "command/"))


def test_relief_is_due_at_a_time(incident: Incident, cast: SimpleNamespace, settings: Any) -> None:
    settings.RELIEF_AFTER = timedelta(hours=3)
    team = factories.team(slug="database", name="Database", members=(cast.rosa,))
    engaged = engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=NOON)
    engagements.join(engagement_id=engaged.pk, person=cast.rosa, now=NOON + timedelta(minutes=5))
    made = commitments.make(reference=incident.reference, team=team, text="No calls.", person=cast.mia, now=NOON)
    offered = command.offer(
        reference=incident.reference, person=cast.mia, to=cast.omar, fields={}, now=NOON + timedelta(hours=1)
    )
    assert offered.brief["teams_engaged"] == [
        {"team": "Database", "state": "Joined", "for": "55 min", "relief_due": "relief due 15:05 (UTC+0)"}
    ]
    assert offered.brief["commitments"] == [{"team": "Database", "text": made.text, "due": "no time given"}]
    assert offered.brief["approvals"] == []
