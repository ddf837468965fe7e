"""“Add to this one”: one more caller and site, the totals, and what two agents at once do to them."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from incidents.choices import CandidateState, EntryKind
from incidents.models import Candidate, DeskReport, Incident, IncidentMember
from incidents.queries import impact
from incidents.queries import reports as queries
from incidents.services.desk import candidates, reports
from incidents.services.locking import UnknownIncident
from incidents.services.states import declaration, lifecycle
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from tests import factories
from tests.cast import ROLES
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.fixture
def raised(cast: SimpleNamespace) -> Candidate:
    return kit.candidate(by=cast.desmond, where="Dublin")


def accepted(candidate: Candidate, cast: SimpleNamespace) -> Incident:
    return declaration.accept(
        reference=candidate.reference or "", person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=LATER
    )


def test_one_more_caller_stands_on_the_timeline_with_the_totals(incident: Incident, cast: SimpleNamespace) -> None:
    before = impact.current(incident).count
    for where, callers in (("Dublin", 1), ("Cork", 5)):
        added = reports.add_to_incident(
            reference=incident.reference, person=cast.desmond, now=LATER, callers=callers, where=where, note="same text"
        )
    entry = incident.timeline.latest("seq")
    assert (entry.kind, entry.actor, entry.text) == (EntryKind.DESK_REPORT_ADDED, cast.desmond, "Cork")
    assert entry.data == {"report": added.pk, "callers": 5, "callers_so_far": 6, "sites_so_far": 2}
    so_far = queries.totals(incident)
    assert (so_far.words, so_far.latest_at) == ("6 callers, 2 sites", LATER)
    assert so_far.basis == "6 callers at 2 sites reported to the desk by 12:03 (UTC+0)"
    assert impact.current(incident).count == before, "tickets are not users: the count stays the manager's"


def test_nobody_called_is_said_by_silence(incident: Incident) -> None:
    so_far = queries.totals(incident)
    assert (so_far.reports, so_far.words, so_far.basis, so_far.latest_at) == (0, "", "", None)


def test_callers_without_a_place_have_a_basis_too(incident: Incident, cast: SimpleNamespace) -> None:
    reports.add_to_incident(reference=incident.reference, person=cast.desmond, now=LATER)
    assert queries.totals(incident).words == "1 caller"
    assert queries.totals(incident).basis == "1 caller reported to the desk by 12:03 (UTC+0)"


def test_a_candidates_callers_come_with_it_to_its_incident(raised: Candidate, cast: SimpleNamespace) -> None:
    reports.add_to_candidate(
        reference=raised.reference or "", person=cast.dara, now=LATER, callers=2, where="Cork", contact="Aoife 0199"
    )
    assert queries.totals_of_candidate(raised).words == "3 callers, 2 sites"
    assert AuditEntry.objects.get(verb="candidate.desk_report_added").actor == cast.dara
    incident = accepted(raised, cast)
    assert queries.totals(incident).words == "3 callers, 2 sites"
    other = kit.candidate(by=cast.dara, service=raised.service, where="Galway")
    candidates.merge(reference=other.reference or "", into=incident.reference, person=cast.dara, now=LATER)
    assert queries.totals(incident).words == "4 callers, 3 sites"
    assert incident.timeline.latest("seq").data["callers_so_far"] == 4


def test_an_alert_is_no_caller(cast: SimpleNamespace) -> None:
    alert = candidates.raise_candidate(
        person=None, facts={"service": factories.service(), "title": "Disk full"}, now=NOON, source="system"
    )
    assert queries.totals_of_candidate(alert).callers == 0


def test_what_was_decided_meanwhile_is_found_again(raised: Candidate, cast: SimpleNamespace) -> None:
    incident = accepted(raised, cast)
    added = reports.add_to_candidate(reference=raised.reference or "", person=cast.desmond, now=LATER, where="Cork")
    assert (added.incident, added.candidate) == (incident, None)
    assert incident.timeline.latest("seq").kind == EntryKind.DESK_REPORT_ADDED


def test_nothing_is_added_to_what_was_rejected(raised: Candidate, cast: SimpleNamespace) -> None:
    candidates.reject(reference=raised.reference or "", person=cast.mia, reason="One user only", now=LATER)
    with pytest.raises(candidates.AlreadyDecided, match="rejected"):
        reports.add_to_candidate(reference=raised.reference or "", person=cast.desmond, now=LATER)
    assert not DeskReport.objects.exists()


def test_nothing_is_added_to_what_has_ended(incident: Incident, cast: SimpleNamespace) -> None:
    lifecycle.transition(reference=incident.reference, to="cancelled", person=cast.mia, now=LATER, reason="a test")
    with pytest.raises(Refusal, match="Raise it as a new one") as refused:
        reports.add_to_incident(reference=incident.reference, person=cast.desmond, now=LATER)
    assert refused.value.code == "ended"


def test_a_private_incident_takes_reports_of_its_members_alone(cast: SimpleNamespace) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True)
    with pytest.raises(UnknownIncident):
        reports.add_to_incident(reference=hidden.reference, person=cast.desmond, now=LATER)
    IncidentMember.objects.create(incident=hidden, person=cast.desmond)
    assert reports.add_to_incident(reference=hidden.reference, person=cast.desmond, now=LATER).callers == 1


def test_a_candidate_that_became_private_is_not_betrayed(raised: Candidate, cast: SimpleNamespace) -> None:
    hidden = accepted(raised, cast)
    Incident.objects.filter(pk=hidden.pk).update(is_private=True)
    with pytest.raises(Refusal) as refused:
        reports.add_to_candidate(reference=raised.reference or "", person=cast.dara, now=LATER)
    assert hidden.reference not in refused.value.message
    assert not DeskReport.objects.exists()


@pytest.mark.parametrize("callers", [0, -1, 100_001])
def test_a_number_of_callers_is_a_number_of_callers(incident: Incident, cast: SimpleNamespace, callers: int) -> None:
    with pytest.raises(Invalid) as refused:
        reports.add_to_incident(reference=incident.reference, person=cast.desmond, now=LATER, callers=callers)
    assert refused.value.field == "callers"


def test_words_that_are_too_long_are_named(incident: Incident, cast: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as refused:
        reports.add_to_incident(reference=incident.reference, person=cast.desmond, now=LATER, where="x" * 501)
    assert refused.value.field == "where"


def test_the_form_that_it_replaces_is_gone(incident: Incident, cast: SimpleNamespace) -> None:
    mine = candidates.save_draft(person=cast.desmond, facts={"cannot_do": "pay"}, draft_id=None, now=NOON)
    theirs = candidates.save_draft(person=cast.dara, facts={"cannot_do": "pay"}, draft_id=None, now=NOON)
    for draft in (mine, theirs):
        reports.add_to_incident(reference=incident.reference, person=cast.desmond, now=LATER, draft_id=draft.pk)
    assert list(Candidate.objects.filter(state=CandidateState.DRAFT)) == [theirs]


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_both_count() -> None:
    people = {name: factories.person(username=name, roles=ROLES[name]) for name in ("mia", "desmond", "dara")}
    incident = kit.incident(manager=people["mia"])
    barrier, wrong = threading.Barrier(2), []

    def add(name: str) -> None:
        try:
            barrier.wait(5)
            for _ in range(5):
                reports.add_to_incident(
                    reference=incident.reference, person=people[name], now=LATER, callers=2, where=name
                )
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(name,)) for name in ("desmond", "dara")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert wrong == []
    entries = incident.timeline.filter(kind=EntryKind.DESK_REPORT_ADDED).order_by("seq")
    assert [entry.data["callers_so_far"] for entry in entries] == list(range(2, 22, 2)), "each saw all before it"
    assert queries.totals(incident).words == "20 callers, 2 sites"


@pytest.mark.django_db(transaction=True)
def test_a_caller_who_is_added_while_a_manager_accepts_is_not_lost() -> None:
    people = {name: factories.person(username=name, roles=ROLES[name]) for name in ("mia", "desmond")}
    raised = kit.candidate(by=people["desmond"], where="Dublin")
    barrier, wrong = threading.Barrier(2), []

    def run(verb: str) -> None:
        try:
            barrier.wait(5)
            if verb == "accept":
                accepted(raised, SimpleNamespace(**people))
            else:
                for _ in range(5):
                    reports.add_to_candidate(reference=raised.reference or "", person=people["desmond"], now=LATER)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in ("accept", "add")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert wrong == []
    assert queries.totals(Incident.objects.get()).callers == 6


def test_a_site_whose_name_holds_the_word_and_counts_once(cast: SimpleNamespace) -> None:
    factories.site(slug="returns", name="Returns and Repairs")
    incident = kit.incident(manager=cast.mia)
    for where in ("returns and repairs", "Returns & Repairs and Leeds", "Trinidad and Tobago"):
        reports.add_to_incident(reference=incident.reference, person=cast.desmond, where=where, now=NOON)
    assert queries.totals(incident).sites == (
        "returns and repairs",
        "Returns & Repairs",
        "Leeds",
        "Trinidad and Tobago",
    )
