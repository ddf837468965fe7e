"""Reading links: the four lines for a named reader without an account, until it ends or is taken back; counts only."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.models import Delivery, ReadingCount, ReadingLink
from comms.queries import reading_links as queries
from comms.services import reading_links
from incidents.models import Incident, TimelineEntry
from incidents.services.record import details
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from mim_portal.models import AuditEntry, IdempotencyKey
from teams.models import Person
from tests.constraints.kit import refused
from tests.incidents import kit, work_kit

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia, now=dbtime.now())


def make(by: Person, **fields: Any) -> ReadingLink:
    given: dict[str, Any] = {"name": "Frieda Board", "email": "frieda@example.org", "now": dbtime.now()} | fields
    return reading_links.make(person=by, **given)


def path(made: ReadingLink) -> str:
    return f"/four-lines/{reading_links.token(made)}/"


def test_a_reader_without_an_account_reads_the_four_lines(
    incident: Incident, cast: SimpleNamespace, client: Client
) -> None:
    made = make(cast.mia)
    page = client.get(path(made))
    text = page.content.decode()
    assert page.status_code == 200
    for words in (incident.title, "So what", "Size", "Being done", "No estimate.", "For Frieda Board, until"):
        assert words in text
    assert "/incidents/" not in text  # nothing leads into the room
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert (made.reader.is_active, made.reader.has_usable_password()) == (False, False)


def test_nothing_private_no_exercise_and_no_other_incident(
    incident: Incident, cast: SimpleNamespace, client: Client
) -> None:
    hidden = kit.incident(manager=cast.mia, title="Zebra at the gate", is_private=True, now=dbtime.now())
    kit.incident(manager=cast.mia, title="Yak drill", is_exercise=True, now=dbtime.now())
    other = kit.incident(manager=cast.mia, title="Xerus in the mail", now=dbtime.now())
    every = client.get(path(make(cast.mia))).content.decode()
    assert "Xerus" in every
    assert "Zebra" not in every
    assert "Yak" not in every
    one = client.get(path(make(cast.mia, reference=incident.reference))).content.decode()
    assert incident.title in one
    assert "Xerus" not in one
    with pytest.raises(Refusal, match="private incident"):
        make(cast.mia, reference=hidden.reference)
    alone = make(cast.mia, reference=other.reference)
    details.edit(reference=other.reference, person=cast.mia, changes={"is_private": True}, now=dbtime.now())
    assert client.get(path(alone)).status_code == 410
    assert "Xerus" not in client.get(path(alone)).content.decode()


def test_one_tap_answers_in_the_readers_name(incident: Incident, cast: SimpleNamespace, client: Client) -> None:
    asked, made = work_kit.for_executives(incident, cast.mia), make(cast.mia)
    page = client.get(path(made)).content.decode()
    assert f'action="{path(made)}"' in page
    answer = client.post(path(made), {"decision": asked.pk, "chosen": "Roll back"})
    assert "Decided. The incident manager has been told." in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.chosen, asked.decided_by) == ("Roll back", made.reader)
    assert TimelineEntry.objects.get(incident=incident, kind="decision").actor == made.reader
    second = client.post(path(make(cast.mia, email="gina@example.org", name="Gina Board")), {
        "decision": asked.pk, "chosen": "Wait until 12:00",
    })  # fmt: skip
    assert second.status_code == 409
    assert "Frieda Board decided at" in second.content.decode()


def test_a_question_comes_by_mail_with_the_readers_link(
    incident: Incident, cast: SimpleNamespace, client: Client
) -> None:
    made, other = make(cast.mia), make(cast.mia, email="gina@example.org", reference=incident.reference)
    elsewhere = kit.incident(manager=cast.mia, now=dbtime.now())
    work_kit.for_executives(elsewhere, cast.mia, question="Close the shops?")
    mails = Delivery.objects.filter(message__subject__contains="Close the shops?").select_related("message")
    texts = {row.address: row.message.text for row in mails}
    assert set(texts) == {cast.eve.email, made.reader.email}  # Gina's link is for another incident
    assert reading_links.address(made) in texts[made.reader.email]
    assert reading_links.token(made) not in texts[cast.eve.email]
    reading_links.revoke(link_id=made.pk, person=cast.mia, now=dbtime.now())
    work_kit.for_executives(incident, cast.mia, question="Open them again?")
    mails = Delivery.objects.filter(message__subject__contains="Open them again?")
    assert set(mails.values_list("address", flat=True)) == {cast.eve.email, other.reader.email}


def test_what_is_no_executives_question_is_not_answered(
    incident: Incident, cast: SimpleNamespace, client: Client
) -> None:
    made, asked = make(cast.mia), work_kit.decision(incident, cast.mia)
    for decision in (str(asked.pk), "0", "", "x", "9" * 30):
        assert client.post(path(made), {"decision": decision, "chosen": "Roll back"}).status_code == 409
    asked.refresh_from_db()
    assert asked.state == "needed"


def test_it_ends_and_is_taken_back(
    incident: Incident, cast: SimpleNamespace, client: Client, time_machine: Any
) -> None:
    asked = work_kit.for_executives(incident, cast.mia)
    made, other = make(cast.mia, days=1), make(cast.mia, email="gina@example.org")
    reading_links.revoke(link_id=other.pk, person=cast.ada, now=dbtime.now())
    reading_links.revoke(link_id=other.pk, person=cast.ada, now=dbtime.now())
    assert AuditEntry.objects.filter(verb="reading_link.revoked").count() == 1
    for each in (client.get(path(other)), client.post(path(other), {"decision": asked.pk, "chosen": "Roll back"})):
        assert each.status_code == 410
        assert incident.title not in each.content.decode()
    assert client.get(path(made)).status_code == 200
    time_machine.move_to(dbtime.now() + timedelta(days=1, minutes=1))
    assert client.get(path(made)).status_code == 410
    assert client.get(path(made)[:-4] + "xxx/").status_code == 404
    assert client.get("/four-lines/none/").status_code == 404


def test_receipts_are_counts_and_nothing_of_the_reader(
    incident: Incident, cast: SimpleNamespace, client: Client
) -> None:
    made = make(cast.mia)
    for _ in range(2):
        client.get(path(made))
    client.head(path(made))
    client.get(path(make(cast.mia, email="gina@example.org")))
    assert queries.opened(now=dbtime.now()) == {"today": 3, "week": 3}
    assert {field.name for field in ReadingCount._meta.get_fields()} == {"day", "opened"}
    kept = {field.name for field in ReadingLink._meta.get_fields()}
    assert not {name for name in kept if "open" in name or "seen" in name or "read_at" in name}


def test_who_may_and_what_is_refused(cast: SimpleNamespace) -> None:
    for person in (cast.carla, cast.rosa, cast.eve, cast.audra):
        with pytest.raises(Refusal, match="manager or an administrator"):
            make(person)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"name": " "}, "Name the reader"),
        ({"email": "nobody"}, "e-mail address"),
        ({"days": 0}, "1 to 90 days"),
        ({"days": 91}, "1 to 90 days"),
        ({"email": cast.rosa.email}, "another role"),
        ({"reference": "MI-1999-0001"}, "no incident"),
    ]
    for fields, message in wrong:
        with pytest.raises(Refusal, match=message):
            make(cast.mia, **fields)
    assert not ReadingLink.objects.exists()
    assert make(cast.ada, email=cast.eve.email).reader == cast.eve  # an executive with an account reads as they are


def test_the_page_of_links(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mia = signed_in(cast.mia)
    assert "Nobody reads by a link." in mia.get("/reading-links/").content.decode()
    given = {"name": "Frieda Board", "email": "frieda@example.org", "days": 14, "reference": ""}
    wrong = mia.post("/reading-links/", given | {"days": 400})
    assert wrong.status_code == 422
    assert 'value="Frieda Board"' in wrong.content.decode()
    unknown = mia.post("/reading-links/", given | {"reference": "MI-1999-0001"})
    assert (unknown.status_code, "There is no incident MI-1999-0001." in unknown.content.decode()) == (422, True)
    assert 'value="Frieda Board"' in unknown.content.decode()
    page = mia.post("/reading-links/", given).content.decode()
    made = ReadingLink.objects.get()
    assert reading_links.address(made) in page
    assert reading_links.token(made) not in mia.get("/reading-links/").content.decode()  # shown once
    with django_assert_num_queries(6):
        mia.get("/reading-links/")
    assert "opens nothing any more" in mia.post(f"/reading-links/{made.pk}/revoke/", follow=True).content.decode()
    assert mia.post("/reading-links/0/revoke/").status_code == 404


def test_the_api(incident: Incident, cast: SimpleNamespace, api: Callable[..., APIClient], client: Client) -> None:
    body = {"name": "Frieda Board", "email": "frieda@example.org", "incident": incident.reference}
    made = api(cast.mia).post("/api/v1/reading-links/", body, format="json")
    assert made.status_code == 201
    assert client.get(urlsplit(made.json()["url"]).path).status_code == 200
    listed = api(cast.ada).get("/api/v1/reading-links/").json()
    assert (listed["opened_today"], listed["links"][0]["reader"]) == (1, "Frieda Board")
    assert "url" not in listed["links"][0]
    answer = api(cast.ada).post(f"/api/v1/reading-links/{made.json()['id']}/revoke/")
    assert answer.json()["revoked_at"]
    assert api(cast.ada).get("/api/v1/reading-links/").json()["links"] == []


def test_an_answer_that_is_given_again_has_no_address(
    cast: SimpleNamespace, api: Callable[..., APIClient], client: Client
) -> None:
    """Whoever holds the address answers in the reader's name: no row of the database holds it."""
    body = {"name": "Frieda Board", "email": "frieda@example.org"}
    first, again = (
        api(cast.mia).post("/api/v1/reading-links/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1") for _ in range(2)
    )
    assert client.get(urlsplit(first.json()["url"]).path).status_code == 200
    assert "Idempotent-Left-Out" not in first
    assert (again.status_code, again["Idempotent-Left-Out"]) == (201, "url")
    assert again.json() == first.json() | {"url": ""}
    assert reading_links.token(ReadingLink.objects.get()) not in str(IdempotencyKey.objects.values().get())


def test_readers_are_listed_by_themselves(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    """They have no account: nobody has deactivated them."""
    reader, ada = make(cast.mia).reader, Client()
    Person.objects.filter(pk=cast.omar.pk).update(is_active=False)
    ada.force_login(cast.ada, backend="mim_portal.signed_in.Password")

    def shown(chosen: str) -> tuple[bool, bool]:
        page = ada.get(f"/settings/people/?active={chosen}").content.decode()
        return reader.email in page, cast.omar.email in page

    assert [shown(chosen) for chosen in ("", "no", "readers", "all")] == [
        (False, False), (False, True), (True, False), (True, True),
    ]  # fmt: skip
    assert "reads by a link" in ada.get(f"/settings/people/{reader.username}/").content.decode()
    listed = api(cast.ada).get("/api/v1/people/?readers=true").json()["results"]
    assert [one["username"] for one in listed] == [reader.username]
    assert reader.email not in api(cast.ada).get("/api/v1/people/?active=false").content.decode()


def test_what_the_database_refuses(cast: SimpleNamespace) -> None:
    now = dbtime.now()
    row = {"reader": cast.eve, "made_by": cast.mia, "made_at": now}
    with refused("reading_link_ends_later"):
        ReadingLink.objects.create(**row, expires_at=now)
    for fields in ({"revoked_at": now}, {"revoked_by": cast.mia}):
        with refused("reading_link_revoked_by_somebody"):
            ReadingLink.objects.create(**row, expires_at=now + timedelta(days=1), **fields)


def test_reading_costs_the_same_whatever_runs(
    incident: Incident, cast: SimpleNamespace, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make(cast.mia)
    client.get(path(made))
    with django_assert_num_queries(12):
        client.get(path(made))
    for _ in range(3):
        kit.incident(manager=cast.mia, now=dbtime.now())
    with django_assert_num_queries(12):
        client.get(path(made))
