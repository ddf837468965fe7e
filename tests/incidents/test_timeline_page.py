"""The timeline in the room: filtered, by day, backwards, with notes that mention people."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.choices import EntryKind
from incidents.models import Incident, IncidentMember, TimelineEntry
from incidents.queries import timeline as queries
from incidents.services import timeline as services
from incidents.services.record import notes
from incidents.services.timeline import Entry
from teams.models import Person
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=timezone.now())


def room(incident: Incident, query: str = "") -> str:
    return f"/incidents/{incident.reference}/{query}"


def panel(incident: Incident, query: str = "") -> str:
    return f"/incidents/{incident.reference}/panels/timeline/{query}"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def note(incident: Incident, by: Person, words: str, **options: Any) -> TimelineEntry:
    return notes.note(reference=incident.reference, person=by, text=words, now=timezone.now(), **options)


def many(incident: Incident, by: Person, count: int) -> None:
    """So many notes at once, all of this minute."""
    entries = [Entry(kind=EntryKind.NOTE, at=timezone.now(), actor_id=by.pk, text=f"Note {n}.") for n in range(count)]
    services.append(incident=Incident.objects.get(pk=incident.pk), entries=entries)


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_kinds_stand_in_exactly_one_group() -> None:
    grouped = [kind for group in queries.GROUPS for kind in queries.kinds(group)]
    assert sorted(grouped) == sorted(EntryKind.values)
    assert "task_opened" in queries.kinds("work")
    assert queries.kinds("notes") == ["note"]


def test_a_filter_is_an_address_that_stays_live(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    note(incident, cast.rosa, "Failover done.")
    note(incident, cast.mia, "Thanks.")
    page = text(signed_in(cast.omar).get(room(incident, "?show=notes&by=rosa")))
    assert "Failover done." in page
    assert "Thanks." not in page
    assert "Declared as P1" not in page
    assert '<option value="notes" selected>' in page
    assert '<option value="rosa" selected>Rosa Example</option>' in page
    live = f'data-panel-url="{panel(incident, "?show=notes&amp;by=rosa")}"'
    assert live in page
    fetched = text(signed_in(cast.omar).get(panel(incident, "?show=notes&by=rosa")))
    assert "Failover done." in fetched
    assert "Thanks." not in fetched


def test_a_changed_filter_fetches_the_box_and_names_the_address(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = signed_in(cast.mia).get(panel(incident, "?part=box&show=command&by="))
    assert answer["HX-Replace-Url"] == room(incident, "?show=command#timeline")
    assert "Mia Example is accountable." in text(answer)
    assert "Impact stated" not in text(answer)


@pytest.mark.parametrize(
    "query", ["?show=gossip", "?by=nobody", "?before=x", "?from=-1", "?before=9999999999999999999"]
)
def test_an_address_that_means_nothing_is_still_a_page(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, query: str
) -> None:
    assert signed_in(cast.mia).get(room(incident, query)).status_code == 200
    assert signed_in(cast.mia).get(panel(incident, query)).status_code == 200


def test_everybody_who_acted_can_be_chosen(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    note(incident, cast.rosa, "One.")
    page = text(signed_in(cast.mia).get(room(incident)))
    assert '<option value="mia" >Me</option>' in page
    assert '<option value="rosa" >Rosa Example</option>' in page
    assert "Nils" not in page
    assert [person.username for person in queries.people(incident)] == ["mia", "rosa"]


def test_days_are_told_apart_once_there_are_two(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    Incident.objects.filter(pk=incident.pk).update(impact_started_at=timezone.now())
    assert "timeline-day" not in text(signed_in(cast.mia).get(panel(incident)))
    yesterday = timezone.now() - timedelta(days=1)
    note(incident, cast.mia, "First signs.", at=yesterday)
    note(incident, cast.mia, "Today.")
    page = text(signed_in(cast.mia).get(panel(incident)))
    days = [part.split(">")[1].split("<")[0] for part in page.split('class="timeline-day"><time')[1:]]
    assert days == [f"{at:%a} {at.day} {at:%b} {at.year}" for at in (timezone.now(), yesterday, timezone.now())]


def test_each_time_carries_the_offset_of_its_own_moment(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    """The clocks went back in Dublin on 25 October 2026 at 02:00 summer time."""
    Person.objects.filter(pk=cast.mia.pk).update(time_zone="Europe/Dublin")
    for hour in (0, 1):
        note(incident, cast.mia, f"At {hour}.", at=datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
    cast.mia.refresh_from_db()
    page = text(signed_in(cast.mia).get(panel(incident)))
    assert "01:30 (UTC+1)</time>" in page
    assert "01:30 (UTC+0)</time>" in page
    rows = queries.page(incident)
    assert [day.on.isoformat() for day in queries.days(rows, ZoneInfo("Pacific/Auckland"))].count("2026-10-25") == 1


# --- backwards -------------------------------------------------------------------------------------------------------


def test_older_entries_follow_without_a_gap(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    many(incident, cast.mia, 250)
    total = TimelineEntry.objects.filter(incident=incident).count()
    browser = signed_in(cast.mia)
    page = text(browser.get(room(incident)))
    assert page.count('class="timeline-entry"') == queries.PAGE
    lowest = total - queries.PAGE + 1
    assert f'data-panel-url="{panel(incident, f"?from={lowest}")}"' in page
    assert f'hx-get="{panel(incident, f"?before={lowest}&amp;day=")}' in page
    note(incident, cast.mia, "One more.")
    refreshed = text(browser.get(panel(incident, f"?from={lowest}")))
    assert refreshed.count('class="timeline-entry"') == queries.PAGE + 1
    seen = page.count('class="timeline-entry"')
    before = lowest
    while before > 1:
        older = text(browser.get(panel(incident, f"?before={before}&day={timezone.now().date()}")))
        assert "timeline-day" not in older
        count = older.count('class="timeline-entry"')
        seen, before = seen + count, before - count
        assert f'"entry-{before}"' in older
        assert ("timeline-more" in older) == (count == queries.PAGE)
    assert seen == total


def test_without_scripts_older_pages_have_an_address_and_a_way_back(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    many(incident, cast.mia, 120)
    page = text(signed_in(cast.mia).get(room(incident, "?before=10")))
    assert 'id="entry-9"' in page
    assert 'id="entry-10"' not in page
    assert f'href="{room(incident)}#timeline">Jump to now</a>' in page
    assert 'data-panel="timeline"' not in page


def test_five_thousand_entries_cost_what_a_hundred_cost(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.mia)
    many(incident, cast.mia, 100)
    browser.get(room(incident))
    with CaptureQueriesContext(connection) as few:
        browser.get(room(incident))
    many(incident, cast.rosa, 4_900)
    with django_assert_num_queries(len(few.captured_queries)):
        browser.get(room(incident))


def test_the_whole_record_is_one_page_for_paper(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    many(incident, cast.mia, 150)
    note(incident, cast.rosa, "Failover **done**.")
    page = text(signed_in(cast.audra).get(f"/incidents/{incident.reference}/record/"))
    total = TimelineEntry.objects.filter(incident=incident).count()
    assert page.count('class="timeline-entry"') == total
    assert f"{total} entries, as of" in page
    assert page.index('id="entry-1"') < page.index(f'id="entry-{total}"')
    assert "<strong>done</strong>" in page


# --- notes -----------------------------------------------------------------------------------------------------------


def test_a_note_reads_as_its_writer_set_it(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    note(incident, cast.rosa, "**Rolled back** at `10:40`\n\n- db\n- cache\n\n<b>raw</b> [x](javascript:alert(1))")
    page = signed_in(cast.mia).get(panel(incident)).content.decode()
    assert "<strong>Rolled back</strong> at <code>10:40</code>" in page
    assert "<li>cache</li>" in page
    assert "&lt;b&gt;raw&lt;/b&gt;" in page
    assert "javascript:" not in page.replace("[x](javascript:alert(1))", "")


def test_a_mention_is_a_reference_and_reads_as_the_name_of_today(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    team = factories.team(slug="database", name="Database")
    entry = note(incident, cast.mia, "@rosa and @database: **look** please, mail a@rosa too.")
    assert entry.text == f"@{{p{cast.rosa.pk}}} and @{{t{team.pk}}}: **look** please, mail a@rosa too."
    assert entry.data == {"mentions": {"people": [cast.rosa.pk], "teams": [team.pk]}}
    Person.objects.filter(pk=cast.rosa.pk).update(first_name="Rosa <i>", last_name="Married")
    page = signed_in(cast.mia).get(panel(incident)).content.decode()
    assert '<b class="mention">@Rosa &lt;i&gt; Married</b> and <b class="mention">@Database</b>' in page
    assert "<strong>look</strong>" in page
    (worded,) = queries.worded([entry])
    assert worded.words == "@Rosa <i> Married and @Database: **look** please, mail a@rosa too."


def test_only_readers_can_be_mentioned(incident: Incident, cast: SimpleNamespace) -> None:
    factories.team(slug="database", name="Database")
    assert note(incident, cast.mia, "@eve @olaf @nobody").data == {}
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    IncidentMember.objects.create(incident=incident, person=cast.nils)
    entry = note(incident, cast.mia, "@rosa @nils @mia @database")
    assert entry.data == {"mentions": {"people": [cast.nils.pk, cast.mia.pk], "teams": []}}
    assert entry.text.startswith("@rosa @{p")


def test_marks_of_our_own_in_a_note_name_nobody(incident: Incident, cast: SimpleNamespace) -> None:
    entry = note(incident, cast.mia, f"@rosa \ue0000\ue001 and @{{p{cast.nils.pk}}}")
    (worded,) = queries.worded([entry])
    assert str(worded.html).count("mention") == 1
    assert "Nils" not in str(worded.html)


@pytest.mark.parametrize(
    ("typed", "handles"),
    [("", 8), ("ro", 1), ("Exam", 8), ("data", 1), ("zzz", 0), ("%", 0), ("eve", 0), ("olaf", 0)],
)
def test_names_are_offered_as_somebody_types(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, typed: str, handles: int
) -> None:
    factories.team(slug="database", name="Database")
    page = signed_in(cast.rosa).get(f"/incidents/{incident.reference}/mentions/", {"q": typed}).content.decode()
    assert page.count('role="option"') == handles


def test_a_private_incident_offers_its_members_only(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    factories.team(slug="database", name="Database")
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    page = text(signed_in(cast.mia).get(f"/incidents/{incident.reference}/mentions/?q="))
    assert page.count('role="option"') == 1
    assert 'data-handle="mia"' in page
    assert signed_in(cast.rosa).get(f"/incidents/{incident.reference}/mentions/?q=").status_code == 404


def test_a_note_sent_in_place_answers_with_little(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    browser, notes_url = signed_in(cast.mia), f"/incidents/{incident.reference}/notes/"
    sent = browser.post(notes_url, {"text": "Done."}, headers={"HX-Request": "true"})
    assert (sent.status_code, text(sent)) == (200, "")
    unheard = browser.post(notes_url, {"text": "@rosalind look"}, headers={"HX-Request": "true"})
    assert "there is no @rosalind who may read this incident" in text(unheard)
    refused = browser.post(notes_url, {"text": " "}, headers={"HX-Request": "true"})
    assert (refused.status_code, "Type the note first." in text(refused)) == (422, True)
    assert "<html" not in text(refused)
    plain = browser.post(notes_url, {"text": "@rosalind look"}, follow=True)
    assert "there is no @rosalind who may read this incident" in text(plain)
