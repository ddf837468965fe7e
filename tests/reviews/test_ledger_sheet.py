"""One entry on one A3 sheet, for whoever may see it, with roles instead of names."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reviews.choices import LapseState
from reviews.models import EffectivenessCheck, Lapse
from teams.models import GlossaryTerm
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
HEADINGS = ("Background", "Current state", "Goal", "Cause and conditions", "Countermeasures", "Plan", "Follow-up")


@pytest.fixture
def watched(cast: SimpleNamespace) -> Lapse:
    made = rows.lapse(
        of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.WATCHING, cause_category="handover",
        acknowledgement="Mia Example and I did not keep the 12:00 promise.", conditions="Two handovers in an hour.",
        correction="Mia sent it at 12:06.",
    )  # fmt: skip
    rows.plan(of=made, owner=cast.petra, in_place_at=NOON)
    return made


def sheet(client: Client, lapse: Lapse, *, status: int = 200) -> str:
    answer = client.get(f"/ledger/{lapse.pk}/a3/")
    assert answer.status_code == status
    page = html.unescape(answer.content.decode())
    return page[page.find('id="main"') :]


def test_the_change_of_the_portal_stands_there(cast: SimpleNamespace, signed_in: Browser, watched: Lapse) -> None:
    watched.plans.update(change="word", change_word="Kantine")
    words = "In the portal: A word for the language check: Kantine."
    assert f"{words} Not made yet." in sheet(signed_in(cast.omar), watched)
    GlossaryTerm.objects.create(term="Kantine", added_by=cast.mia, added_at=NOON)
    page = sheet(signed_in(cast.omar), watched)
    assert f"{words} Made Mon 23 Nov, 12:00 (UTC+0)." in page
    assert cast.mia.name not in page


def test_all_of_it_stands_there(cast: SimpleNamespace, signed_in: Browser, watched: Lapse) -> None:
    plan = watched.plans.get()
    EffectivenessCheck.objects.create(
        plan=plan, checked_at=NOON + timedelta(days=30), chances=12, repeats=0, upper_bound=0.22
    )
    page = sheet(signed_in(cast.omar), watched)
    for heading in HEADINGS:
        assert f"<h2>{heading}</h2>" in page
    for words in (
        f"{watched.incident.reference}: Staff cannot submit timesheets",
        "An update promised to end users was 6 min late.",
        "L02 Update late, Mon 23 Nov, 12:00 (UTC+0).",
        "A handover",
        "Two handovers in an hour.",
        "From now on: The portal reminds at two thirds of the interval.",
        "No late update to end users in 20 chances.",
        "Who: the practice lead.",
        "In place since Mon 23 Nov, 12:00 (UTC+0).",
        "No repeat in 12 chances",
    ):
        assert words in page, words


def test_its_times_are_those_of_whoever_looks_at_it(cast: SimpleNamespace, signed_in: Browser, watched: Lapse) -> None:
    cast.omar.time_zone = "Europe/Berlin"
    cast.omar.save(update_fields=["time_zone"])
    page = sheet(signed_in(cast.omar), watched)
    assert "In place since Mon 23 Nov, 13:00 (UTC+1)." in page
    assert "(UTC+0)" not in page


def test_it_names_nobody(cast: SimpleNamespace, signed_in: Browser, watched: Lapse) -> None:
    page = sheet(signed_in(cast.omar), watched)
    assert "The incident manager and I did not keep the 12:00 promise." in page
    assert "Put right: The incident manager sent it at 12:06." in page
    for person in (cast.mia, cast.petra):
        assert person.name not in page
        assert person.name.split()[0] not in page


def test_what_is_still_to_come_is_said(cast: SimpleNamespace, signed_in: Browser) -> None:
    lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)
    page = sheet(signed_in(cast.mia), lapse)
    assert page.count('class="unknown"') == 5
    assert "Nothing is planned yet." in page
    Lapse.objects.update(state=LapseState.PLANNED)
    rows.plan(of=lapse, owner=cast.omar)
    assert "Not in place yet." in sheet(signed_in(cast.mia), lapse)


def test_a_suggestion_has_no_sheet_for_others(cast: SimpleNamespace, signed_in: Browser) -> None:
    lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)
    for person in (cast.omar, cast.petra, cast.audra, cast.carla):
        sheet(signed_in(person), lapse, status=404)
    for person in (cast.ada, cast.rosa, cast.eve):
        assert signed_in(person).get(f"/ledger/{lapse.pk}/a3/").status_code == 403


def test_the_entry_leads_to_it(cast: SimpleNamespace, signed_in: Browser, watched: Lapse) -> None:
    page = signed_in(cast.omar).get(f"/ledger/{watched.pk}/").content.decode()
    assert f'href="/ledger/{watched.pk}/a3/"' in page


def test_what_it_costs(
    cast: SimpleNamespace, signed_in: Browser, watched: Lapse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.omar)
    sheet(client, watched)
    # session, person, entry, plan, chances, repeats, managers, teams, actors, the review, people, checks, the clock
    with django_assert_num_queries(13):
        sheet(client, watched)
