"""Searching incidents: title at once, notes and updates a second later, for those who may read them."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.choices import UpdateKind
from incidents.choices import EntryKind
from incidents.consumers import search
from incidents.models import CommandTenure, Incident, IncidentMember, IncidentSearch, TimelineEntry
from incidents.queries import finding, finding_questions, incidents, visibility
from incidents.queries.incidents import Filters
from incidents.services.accountability import command
from incidents.services.finding import search_documents
from incidents.services.record import details, notes
from mim_portal.lib import keys, merged
from teams.models import Person
from tests import factories
from tests.comms import promise_kit, update_kit
from tests.factories import NOON
from tests.incidents import kit


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, title="Payroll: staff cannot submit timesheets", external_ref="INC0012345")


def found(person: Any, text: str) -> list[str]:
    return [row.reference for row in incidents.listing(person, Filters(q=text))[:20]]


def read_the_log(of: Incident) -> None:
    search.consume(list(TimelineEntry.objects.filter(incident=of).order_by("seq")))


@pytest.mark.parametrize(
    "text",
    ["payroll", "PAYROLL staff", "time", "timesheets payroll", "inc0012345", "INC0012345", "mi 2026 1", "MI-2026-0001"],
)
def test_it_is_found_by_its_title_and_numbers_at_once(incident: Incident, cast: SimpleNamespace, text: str) -> None:
    assert found(cast.audra, text) == [incident.reference]


@pytest.mark.parametrize(
    "text", ["roll", "payroll shop", "ti", "CA-2026-0001", "…", "' & | ! :*", "%_", "\\", "x" * 10_000]
)
def test_what_does_not_fit_is_not_found(incident: Incident, cast: SimpleNamespace, text: str) -> None:
    assert found(cast.audra, text) == []


def test_notes_are_found_once_the_log_was_read(incident: Incident, cast: SimpleNamespace) -> None:
    notes.note(reference=incident.reference, person=cast.mia, text="The <b>certificate</b> had expired", now=NOON)
    assert found(cast.audra, "certificate") == []
    read_the_log(incident)
    assert found(cast.audra, "certificate payroll") == [incident.reference]
    (line,) = finding.snippets(finding.shown([incident.pk]), "certificate", cast.audra).values()
    assert [(piece.text, piece.is_found) for piece in line][:2] == [("The <b>", False), ("certificate", True)]


def test_updates_are_found_once_published_and_drafts_never(incident: Incident, cast: SimpleNamespace) -> None:
    sent, _kept, _opened = promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.INITIAL)
    draft = update_kit.drafted(incident, cast.mia, "service_desk", body="Zebras are late.")
    for update in (sent, draft):
        promise_kit.append(incident, EntryKind.UPDATE_PUBLISHED, data={"update": update.pk, "audiences": ["end_users"]})
    read_the_log(incident)
    assert found(cast.audra, "counters refused payroll") == [incident.reference]
    assert found(cast.audra, "zebras") == []


def test_a_new_title_is_found_and_the_old_one_too(incident: Incident, cast: SimpleNamespace) -> None:
    details.edit(reference=incident.reference, person=cast.mia, changes={"title": "Wages are late"}, now=NOON)
    read_the_log(incident)
    assert found(cast.audra, "wages") == found(cast.audra, "timesheets") == [incident.reference]
    assert found(cast.eve, "wages") == [incident.reference]
    assert found(cast.eve, "timesheets") == []


def test_executives_search_titles_alone(incident: Incident, cast: SimpleNamespace) -> None:
    notes.note(reference=incident.reference, person=cast.mia, text="Rosa restarts node seven", now=NOON)
    read_the_log(incident)
    assert found(cast.eve, "payroll") == [incident.reference]
    assert found(cast.eve, "restarts") == []
    assert finding.snippets(finding.shown([incident.pk]), "restarts", cast.eve) == {}


def test_what_was_read_is_not_read_again(incident: Incident, cast: SimpleNamespace) -> None:
    notes.note(reference=incident.reference, person=cast.mia, text="Once", now=NOON)
    for _ in range(3):
        read_the_log(incident)
    document = IncidentSearch.objects.get(incident=incident)
    incident.refresh_from_db()
    assert (document.body.count("Once"), document.last_seq) == (1, incident.last_seq)


def test_a_document_can_be_made_again(incident: Incident, cast: SimpleNamespace) -> None:
    notes.note(reference=incident.reference, person=cast.mia, text="Certificate", now=NOON)
    IncidentSearch.objects.all().delete()
    search_documents.rebuild([incident.pk])
    assert found(cast.audra, "certificate payroll") == [incident.reference]
    search_documents.follow([])


def test_reading_the_log_costs_the_same_for_many(cast: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    many = [kit.incident(manager=cast.mia) for _ in range(6)]
    with django_assert_max_num_queries(8):
        search_documents.follow([each.pk for each in many])


def test_a_word_that_is_too_long_for_an_index(incident: Incident, cast: SimpleNamespace) -> None:
    text = f"{'y' * 3_000} {' '.join(f'w{n}' for n in range(1_200))}"
    notes.note(reference=incident.reference, person=cast.mia, text=text, now=NOON)
    read_the_log(incident)
    assert found(cast.audra, "y" * 60) == found(cast.audra, "w1199") == [incident.reference]


@pytest.fixture(params=[4, 1_000], ids=["planned", "asked for"])
def many(request: pytest.FixtureRequest, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[Incident]:
    """Forty: every third has the common word, every tenth the one between, two the rare one; five at one instant."""
    sizes = {"NEWEST": 4, "RARE": 3, "MANY": request.param, "SHORT": 2, "LONG": 5}
    for name, size in sizes.items():
        monkeypatch.setattr(finding, name, size)
    service = factories.service()
    made = []
    for n in range(40):
        words = ["common"] * (n % 3 == 0) + ["between"] * (n % 10 == 0) + ["rare"] * (n in {1, 20})
        made.append(
            kit.incident(
                manager=cast.mia,
                service=service,
                title=" ".join(["Trouble", *words]),
                now=NOON + timedelta(hours=min(n, 35)),
                is_private=n % 8 == 7,
            )
        )
    return made[::-1]


@pytest.mark.parametrize("text", ["common", "between", "rare", "common between", "trouble", "nobody"])
@pytest.mark.parametrize("who", ["mia", "audra"])
def test_every_way_of_looking_finds_the_same(many: list[Incident], cast: SimpleNamespace, text: str, who: str) -> None:
    expected = [
        row.pk
        for row in many
        if all(word in row.title.lower().split() for word in text.split()) and (who == "mia" or not row.is_private)
    ]
    listed = incidents.listing(getattr(cast, who), Filters(q=text))
    assert [row.pk for row in listed] == expected
    for size in (1, 3, 7):
        assert [row.pk for chunk in merged.chunks(listed, size) for row in chunk] == expected
        assert [row.pk for page in _pages(getattr(cast, who), Filters(q=text), size) for row in page] == expected
    backwards = listed.order_by(*keys.reversed_order(incidents.ORDERING))
    for size in (2, 5):
        assert [row.pk for chunk in merged.chunks(backwards, size) for row in chunk] == expected[::-1]


def _pages(person: Person, filters: Filters, size: int) -> Iterator[list[Incident]]:
    """The list as its page shows it, from the last row of each page on."""
    rows: list[Incident] = []
    while True:
        rows = incidents.first_rows(person, filters, count=size, after=rows[-1] if rows else None)
        yield rows
        if len(rows) < size:
            return


def test_words_and_filters_together(many: list[Incident], cast: SimpleNamespace) -> None:
    until = NOON + timedelta(hours=20)
    listed = incidents.listing(cast.mia, Filters(q="common", declared_to=until, live=True))
    assert list(listed) == [row for row in many if "common" in row.title and row.declared_at < until]
    assert list(listed) == next(_pages(cast.mia, Filters(q="common", declared_to=until, live=True), 50))
    assert next(_pages(cast.mia, Filters(q="common", service="payroll", live=False), 50)) == []
    assert listed.exists()
    assert not incidents.listing(cast.mia, Filters(q="common", live=False)).exists()


def test_a_common_word_costs_three_queries_and_a_rare_one_five(many: list[Incident], cast: SimpleNamespace) -> None:
    def cost(text: str, count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            incidents.listing(cast.mia, Filters(q=text))[:count]
        with CaptureQueriesContext(connection) as kept:
            incidents.first_rows(cast.mia, Filters(q=text), count=count)
        assert len(kept) <= len(captured)
        return len(kept)

    assert cost("trouble", 3) == 3  # whether any are private, the newest, the rows
    assert cost("rare", 3) == 5  # and the index of words of either half


def test_nobody_reads_documents_that_are_private_to_others(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nearly everything is private: a word of many is looked for among the public ones, and among one's own."""
    for name, size in (("NEWEST", 3), ("RARE", 1), ("SHORT", 2), ("LONG", 3)):
        monkeypatch.setattr(finding, name, size)
    service = factories.service()
    made = [
        kit.incident(
            manager=cast.mia,
            service=service,
            title="Trouble common" if n % 3 else "Trouble",
            now=NOON + timedelta(hours=n),
            is_private=n % 6 != 0,
        )
        for n in range(48)
    ]

    def asked(who: Any, text: str) -> tuple[list[Incident], list[str]]:
        with CaptureQueriesContext(connection) as captured:
            found = incidents.listing(who, Filters(q=text))[:9]
        return found, [query["sql"] for query in captured]

    few, how = asked(cast.audra, "trouble")
    assert few == [one for one in reversed(made) if not one.is_private][:9]
    documents = 'FROM "incidents_incidentsearch" WHERE '
    stretches = [
        sql for sql in how if documents in sql and f'{documents}"incidents_incidentsearch"."incident_id" IN' not in sql
    ]
    assert stretches
    assert all('NOT "incidents_incidentsearch"."is_private"' in sql for sql in stretches)
    assert asked(cast.audra, "common")[0] == []
    every, how = asked(cast.mia, "common")
    assert every == [one for one in reversed(made) if "common" in one.title][:9]


def test_words_are_looked_up_in_the_index_of_their_half(cast: SimpleNamespace, incident: Incident) -> None:
    """Of a table of one row it hardly matters which index is read, so that the planner is left one at a time."""
    words = finding_questions.Words("'payroll':*")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    stretch = IncidentSearch.objects.filter(is_private=False, declared_at__lte=NOON).order_by("-declared_at")
    assert "search_public_by_time" in stretch.values("pk")[:9].explain()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = on")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("DROP INDEX search_public_by_time")  # taken back with the test's transaction
    halves = {
        ("words", False): "search_public",
        ("words", True): "search_private",
        ("title_words", False): "search_pub_titles",
        ("title_words", True): "search_priv_titles",
    }
    for (column, is_private), index in halves.items():
        asked = IncidentSearch.objects.filter(**{column: words}, is_private=is_private)
        assert f"on {index} " in asked.values("pk").explain()


@pytest.mark.parametrize("declared_private", [False, True])
def test_documents_are_as_private_as_their_incident(cast: SimpleNamespace, declared_private: bool) -> None:
    """Declared, changed by the verb, changed past it, made again: never apart."""
    incident = kit.incident(manager=cast.mia, is_private=declared_private)

    def is_private() -> bool:
        return IncidentSearch.objects.get(incident=incident).is_private

    assert is_private() is declared_private
    changes = {"is_private": not declared_private}
    details.edit(reference=incident.reference, person=cast.mia, changes=changes, now=NOON)
    assert is_private() is not declared_private
    search_documents.rebuild([incident.pk])
    assert is_private() is not declared_private
    Incident.objects.filter(pk=incident.pk).update(is_private=declared_private)
    assert is_private() is declared_private


def test_a_document_cannot_be_put_in_the_other_half(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, is_private=True)
    IncidentSearch.objects.all().delete()
    made = IncidentSearch.objects.create(incident=incident, declared_at=NOON, title_words="", words="")
    made.refresh_from_db()
    assert made.is_private


def test_parts_and_the_one_visibility_query_agree(many: list[Incident], cast: SimpleNamespace) -> None:
    """Members, managers of private incidents then and now, and outsiders see the same by either."""
    private = [row for row in many if row.is_private]
    IncidentMember.objects.create(incident=private[0], person=cast.rosa)
    IncidentMember.objects.create(incident=private[1], person=cast.mia)
    IncidentMember.objects.create(incident=private[2], person=cast.omar)
    command.take_over(reference=private[2].reference, person=cast.omar, reason="Mia is off shift", now=NOON)
    for who in ("mia", "omar", "rosa", "audra", "olaf"):
        person = getattr(cast, who)
        expected = visibility.visible_incidents(person).order_by(*incidents.ORDERING)
        assert list(incidents.listing(person)) == list(expected), who


def test_what_becomes_private_or_public_is_seen_by_its_manager(cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia)
    for is_private in (True, False):
        Incident.objects.filter(pk=incident.pk).update(is_private=is_private)
        assert CommandTenure.objects.get(incident=incident).of_private is is_private
        assert [row.pk for row in incidents.listing(cast.mia)] == [incident.pk]
    assert CommandTenure.objects.get(incident=kit.incident(manager=cast.mia, is_private=True)).of_private
