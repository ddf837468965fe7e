"""“Add to this one” on pages: from the desk's form in one press, and from the page of an incident's callers."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.choices import CandidateState
from incidents.models import Candidate, DeskReport, Incident
from incidents.services.desk import candidates
from teams.models import Person
from tests import factories
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=timezone.now())


def at(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/desk-reports/"


def test_the_desks_form_becomes_the_report(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={"cannot_do": "submit"}, draft_id=None, now=timezone.now())
    typed = {
        "draft": str(draft.pk),
        "service": incident.service.slug,
        "cannot_do": "Staff cannot submit timesheets",
        "where": "Dublin",
        "since_when": "09:40 (UTC+0), call",
        "contact": "Niamh Walsh, 0199",
        "external_ref": "INC42",
    }
    answer = signed_in(cast.desmond).post(at(incident), typed, follow=True)
    report = DeskReport.objects.get()
    assert (report.callers, report.where, report.contact, report.external_ref) == (
        1,
        "Dublin",
        "Niamh Walsh, 0199",
        "INC42",
    )
    assert report.note == (
        "What were people trying to do? Staff cannot submit timesheets\n"
        "Since when, and how do we know? 09:40 (UTC+0), call"
    )
    assert not Candidate.objects.filter(state=CandidateState.DRAFT).exists()
    text = answer.content.decode()
    assert f"Added to {incident.reference}. Desk reports so far: 1 caller, 1 site." in text
    assert "Niamh Walsh" in text


def test_the_room_shows_the_totals(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(cast.mia)
    assert "Desk reports so far" not in browser.get(f"/incidents/{incident.reference}/").content.decode()
    browser.post(at(incident), {"callers": "7", "where": "Dublin; Cork; Galway"})
    text = browser.get(f"/incidents/{incident.reference}/").content.decode()
    assert "7 callers, 3 sites" in text
    assert "7 more callers at the service desk; Dublin; Cork; Galway; so far 7 callers, 3 sites." in text


def test_a_candidates_page_shows_them_before_it_is_accepted(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised = kit.candidate(by=cast.desmond, where="Dublin", now=timezone.now())
    answer = signed_in(cast.dara).post(
        f"/candidates/{raised.reference}/desk-reports/", {"callers": "2", "where": "Cork"}, follow=True
    )
    assert answer.redirect_chain == [(f"/candidates/{raised.reference}/", 302)]
    text = signed_in(cast.mia).get(f"/candidates/{raised.reference}/").content.decode()
    assert "Desk reports so far: 3 callers, 2 sites." in text


def test_what_was_typed_stays_where_it_is_refused(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = signed_in(cast.desmond).post(at(incident), {"callers": "0", "where": "<b>Dublin</b>"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Say how many called" in text
    assert "&lt;b&gt;Dublin&lt;/b&gt;" in text


def test_what_has_ended_sends_the_desk_to_raise_it(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    Incident.objects.filter(pk=incident.pk).update(state="closed", closed_at=timezone.now())
    answer = signed_in(cast.desmond).post(at(incident), {"where": "Dublin"})
    assert answer.status_code == 422
    assert "Raise it as a new one: it may be back." in answer.content.decode()


def test_the_page_costs_a_fixed_number_of_queries(
    incident: Incident,
    cast: SimpleNamespace,
    signed_in: Browser,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = signed_in(cast.desmond)
    factories.site(slug="dublin")
    for number in range(5):
        browser.post(at(incident), {"where": f"Site {number}"})
    browser.get(at(incident))
    # session, person, incident, totals, names of sites, reports, sites, statement, last word to the desk, its next one,
    # clock
    with django_assert_num_queries(11):
        browser.get(at(incident))


def test_a_private_incident_is_not_found(cast: SimpleNamespace, signed_in: Browser) -> None:
    hidden = kit.incident(manager=cast.mia, is_private=True)
    browser = signed_in(cast.desmond)
    assert browser.get(at(hidden)).status_code == 404
    assert browser.post(at(hidden), {}).status_code == 404


def test_who_only_reads_sees_no_form(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    text = signed_in(cast.audra).get(at(incident)).content.decode()
    assert "One more caller" not in text
    assert signed_in(cast.audra).post(at(incident), {}).status_code == 403


def test_the_desk_may_merge_on_the_page_as_by_the_api(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    raised = kit.candidate(by=cast.desmond, now=timezone.now())
    browser = signed_in(cast.desmond)
    page = f"/candidates/{raised.reference}/"
    assert "It belongs to a live incident" in browser.get(page).content.decode()
    assert "It belongs to a live incident" not in signed_in(cast.rosa).get(page).content.decode()
    mistyped = browser.post(f"{page}merge/", {"into": "MI-2026-9999"})
    assert mistyped.status_code == 422
    assert "There is no incident MI-2026-9999." in mistyped.content.decode()
    assert browser.post(f"{page}merge/", {"into": incident.reference}).status_code == 302
    raised.refresh_from_db()
    assert (raised.state, raised.incident) == (CandidateState.MERGED, incident)
