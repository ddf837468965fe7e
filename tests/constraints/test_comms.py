"""What the database refuses of audiences, promises, updates, the outbox and status pages."""

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from comms.models import (
    ApprovalPolicy,
    Audience,
    CadencePolicy,
    Component,
    Delivery,
    DraftVersion,
    Message,
    NoticePreference,
    OptOut,
    OwedAudience,
    PageSnapshot,
    Recipient,
    Reply,
    ServiceAudience,
    StatusPage,
    Suppression,
    Update,
    UpdateDeadline,
    WaitingFor,
)
from incidents.models import Incident
from tests import factories, status_pages
from tests.constraints.kit import refused, refuses
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


@pytest.mark.parametrize("flag", ["is_public", "is_executive"])
def test_a_customers_page_is_neither_public_nor_of_executives(db: None, flag: str) -> None:
    page = status_pages.page(is_public=False)
    with refused("customer_page_is_private"):
        StatusPage.objects.filter(pk=page.pk).update(only_its_services=True, **{flag: True})


def test_an_audience_has_one_cadence_a_priority(db: None) -> None:
    policy = CadencePolicy.objects.order_by("pk")[0]
    with refused("one_policy_per_priority_and_audience"):
        CadencePolicy.objects.create(priority=policy.priority, audience=policy.audience, every_minutes=5)


def test_who_reads_what_is_said_once_a_kind_and_audience(db: None) -> None:
    public = Audience.objects.get(code="public")
    ApprovalPolicy.objects.create(kind="update", audience=public, reading="gate")
    with refused("one_approval_per_kind_and_audience"):
        ApprovalPolicy.objects.create(kind="update", audience=public, reading="alone")
    with refused("approval_reading_known"):
        ApprovalPolicy.objects.create(kind="closure", audience=public, reading="nobody")


@pytest.mark.parametrize("kind", ["initial", "holding"])
def test_no_policy_makes_initial_and_holding_updates_wait(db: None, kind: str) -> None:
    with refused("fast_kinds_wait_for_nobody"):
        ApprovalPolicy.objects.create(kind=kind, audience=Audience.objects.get(code="public"), reading="alone")


def test_an_update_is_scheduled_by_a_person(incident: Incident, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"incident": incident, "kind": "update", "author": cast.mia, "publish_at": NOON}
    for missing in ({"scheduled_hash": "x"}, {"scheduled_by": cast.mia}):
        with refused("scheduled_by_a_person"):
            Update.objects.create(**given, **missing)
    Update.objects.create(**given, scheduled_by=cast.mia, scheduled_hash="x")


def test_what_is_held_says_why(incident: Incident, cast: SimpleNamespace) -> None:
    given: dict[str, Any] = {"incident": incident, "kind": "update", "author": cast.mia, "held_at": NOON}
    with refused("held_update_says_why"):
        Update.objects.create(**given, held_reasons=["The priority changed."])
    with refused("held_update_says_why"):
        Update.objects.create(**given, publish_at=NOON, scheduled_by=cast.mia, scheduled_hash="x")


def test_an_audience_is_known_by_one_code(db: None) -> None:
    with refused("comms_audience_code_key"):
        Audience.objects.create(code="public", name="Another public")


def test_an_incident_owes_an_audience_once(incident: Incident) -> None:
    owed = {"incident": incident, "audience": Audience.objects.get(code="public"), "owed_since": NOON}
    OwedAudience.objects.create(**owed)
    with refused("audience_owed_once"):
        OwedAudience.objects.create(**owed, owed_until=NOON)


@pytest.mark.parametrize("narrowed", ["", "service", "site", "both"])
def test_an_address_is_listed_once_for_the_same_service_and_site(db: None, narrowed: str) -> None:
    given: dict[str, Any] = {}
    if narrowed in {"service", "both"}:
        given["service"] = factories.service()
    if narrowed in {"site", "both"}:
        given["site"] = factories.site()
    factories.recipient(audience="public", address="all@example.org", **given)
    with refused("recipient_once"):
        factories.recipient(audience="public", address="all@example.org", **given)
    factories.recipient(audience="executives", address="all@example.org", **given)
    factories.recipient(audience="public", address="all@example.org", used_for="exercises", **given)
    assert Recipient.objects.count() == 3


def test_a_service_decides_once_about_an_audience(db: None) -> None:
    given = {"service": factories.service(), "audience": Audience.objects.get(code="public")}
    ServiceAudience.objects.create(**given, is_owed=False)
    with refused("service_decides_once_per_audience"):
        ServiceAudience.objects.create(**given, is_owed=True)


@pytest.mark.parametrize("ends", [{"quiet_from": time(22)}, {"quiet_until": time(7)}])
def test_quiet_hours_have_both_ends(cast: SimpleNamespace, ends: dict[str, time]) -> None:
    with refused("quiet_hours_have_both_ends"):
        NoticePreference.objects.create(person=cast.mia, **ends)


def test_an_incident_waits_for_one_thing(incident: Incident, cast: SimpleNamespace) -> None:
    waits = {"incident": incident, "what": "parts", "said_by": cast.mia, "said_at": NOON}
    WaitingFor.objects.create(**waits, until_at=NOON + timedelta(hours=1), ended_at=NOON)
    WaitingFor.objects.create(**waits, until_at=NOON + timedelta(hours=1))
    with refused("waits_for_one_thing"):
        WaitingFor.objects.create(**waits, until_at=NOON + timedelta(hours=2))


def test_it_waits_for_a_time_to_come(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("waits_for_a_later_time"):
        WaitingFor.objects.create(incident=incident, what="parts", said_by=cast.mia, said_at=NOON, until_at=NOON)


def test_one_promise_is_open_for_an_audience(incident: Incident) -> None:
    rows.deadline(of=incident, audience="public", ended_at=NOON)
    rows.deadline(of=incident, audience="public")
    with refused("one_open_deadline"):
        rows.deadline(of=incident, audience="public", due_at=NOON + timedelta(minutes=30))
    rows.deadline(of=incident, audience="executives")


@pytest.mark.parametrize("fields", [{"ended_at": NOON, "end_reason": ""}, {"end_reason": "resolved"}])
def test_a_promise_ends_for_a_reason(incident: Incident, fields: dict[str, Any]) -> None:
    with refused("ended_deadline_has_reason"):
        UpdateDeadline.objects.create(
            incident=incident, audience=Audience.objects.get(code="public"), opened_at=NOON, due_at=NOON, **fields
        )


def test_a_promise_is_kept_by_an_update_only(incident: Incident) -> None:
    with refused("kept_by_an_update"):
        rows.deadline(of=incident, kept_at=NOON)


def test_a_promise_is_kept_or_ended(incident: Incident, cast: SimpleNamespace) -> None:
    sent = rows.update(of=incident, author=cast.mia, at=NOON)
    with refused("kept_or_ended_never_both"):
        rows.deadline(of=incident, kept_at=NOON, kept_by=sent, ended_at=NOON)


def test_updates_are_numbered_without_a_number_given_twice(incident: Incident, cast: SimpleNamespace) -> None:
    rows.update(of=incident, author=cast.mia, at=NOON)
    with refused("update_sequence_once"):
        Update.objects.create(
            incident=incident, kind="update", state="published", author=cast.mia, sequence=1, published_at=NOON
        )
    for _ in range(2):
        Update.objects.create(incident=incident, kind="update", author=cast.mia)


def test_a_revision_of_a_draft_is_kept_once(incident: Incident, cast: SimpleNamespace) -> None:
    draft = Update.objects.create(incident=incident, kind="update", author=cast.mia)
    values = {"update": draft, "author": cast.mia, "began_at": NOON, "saved_at": NOON, "content": {}}
    DraftVersion.objects.create(revision=1, **values)
    with refused("one_version_of_a_revision"):
        DraftVersion.objects.create(revision=1, **values)
    DraftVersion.objects.create(revision=2, **values)


def test_adapted_words_are_fixed_with_the_rest(incident: Incident, cast: SimpleNamespace) -> None:
    sent = rows.update(of=incident, author=cast.mia, at=NOON)
    with refused("published_update_is_fixed"):
        Update.objects.filter(pk=sent.pk).update(texts={"public": {"subject": "", "body": "other words"}})


@pytest.mark.parametrize("state", ["published", "corrected", "withdrawn"])
def test_what_was_sent_has_a_time(incident: Incident, cast: SimpleNamespace, state: str) -> None:
    with refused("published_update_has_time"):
        Update.objects.create(incident=incident, kind="update", author=cast.mia, state=state)


@pytest.mark.parametrize("state", ["draft", "checked", "approved"])
def test_what_was_not_sent_has_none(incident: Incident, cast: SimpleNamespace, state: str) -> None:
    with refused("published_update_has_time"):
        Update.objects.create(incident=incident, kind="update", author=cast.mia, state=state, published_at=NOON)


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'other'",
        "body = 'other'",
        "kind = 'holding'",
        "next_update_at = now()",
        "published_at = now() + interval '1 hour'",
        "published_at = NULL, state = 'draft'",
        "sequence = 9",
        "published_hash = 'x'",
    ],
)
def test_a_sent_update_is_fixed_in_the_database(incident: Incident, cast: SimpleNamespace, change: str) -> None:
    sent = rows.update(of=incident, author=cast.mia, at=NOON)
    refuses(f"UPDATE comms_update SET {change} WHERE id = {sent.pk}", because="published")


def test_a_sent_update_is_never_deleted(incident: Incident, cast: SimpleNamespace) -> None:
    sent = rows.update(of=incident, author=cast.mia, at=NOON)
    draft = Update.objects.create(incident=incident, kind="update", author=cast.mia)
    sent.audiences.clear()
    refuses(f"DELETE FROM comms_update WHERE id = {sent.pk}", because="Cannot delete")
    assert draft.delete()[0] == 1


def test_one_message_reaches_an_address_once(db: None) -> None:
    message = Message.objects.create(subject="Payroll", text="Text.", thread="MI-1")
    Delivery.objects.create(message=message, address="all@example.org")
    with refused("one_delivery_per_address"):
        Delivery.objects.create(message=message, address="all@example.org", position=4)
    other = Message.objects.create(subject="Payroll", text="Text.", thread="MI-1")
    Delivery.objects.create(message=other, address="all@example.org")


def test_a_service_stands_once_on_a_page(db: None) -> None:
    page, service = status_pages.page(slug="public"), factories.service()
    status_pages.component(of=page, service=service)
    with refused("service_once_per_page"):
        Component.objects.create(page=page, service=service, name="Another name")


def test_a_page_has_an_address_of_its_own(db: None) -> None:
    page = status_pages.page(slug="public")
    with refused("comms_statuspage_slug_key"):
        StatusPage.objects.create(slug="public", name="Another", audience=page.audience)


def test_a_boundary_of_a_snapshot_is_rendered_once(db: None) -> None:
    page = status_pages.page(slug="public")
    given: dict[str, Any] = {
        "page": page,
        "path": "",
        "version": 7,
        "valid_from": NOON,
        "content_type": "text/html",
        "body": b"<p>",
        "etag": "x",
        "modified_at": NOON,
    }
    PageSnapshot.objects.create(**given)
    with refused("snapshot_boundary_once"):
        PageSnapshot.objects.create(**given)
    PageSnapshot.objects.create(**given | {"path": "feed.atom"})
    PageSnapshot.objects.create(**given | {"version": 8})


def test_an_address_opts_out_once_and_in_small_letters(db: None) -> None:
    audience = Audience.objects.get(code="end_users")
    OptOut.objects.create(audience=audience, address="a@example.org")
    with refused("opted_out_once"):
        OptOut.objects.create(audience=audience, address="a@example.org")
    with refused("opt_out_in_small_letters"):
        OptOut.objects.create(audience=audience, address="B@example.org")


def test_an_address_is_kept_from_updates_once_and_lifted_by_somebody(cast: SimpleNamespace) -> None:
    made = Suppression.objects.create(address="a@example.org", reason="hard", delivery_id=7)
    with refused("suppressed_once"):
        Suppression.objects.create(address="a@example.org", reason="complaint")
    with refused("suppressed_once_by_a_copy"):
        Suppression.objects.create(address="b@example.org", reason="hard", delivery_id=7)
    with refused("suppression_in_small_letters"):
        Suppression.objects.create(address="B@example.org", reason="hard")
    with refused("suppression_reason_known"):
        Suppression.objects.create(address="b@example.org", reason="soft")
    made.lifted_at = made.suppressed_at
    with refused("lifted_by_somebody_for_a_reason"):
        made.save()


def test_a_reply_is_kept_once_and_marked_by_somebody(cast: SimpleNamespace) -> None:
    made = Reply.objects.create(message_id="<1@example.org>", sender="a@example.org", text="Still broken.")
    with refused("reply_once"):
        Reply.objects.create(message_id="<1@example.org>", sender="b@example.org")
    with refused("reply_sender_in_small_letters"):
        Reply.objects.create(message_id="<2@example.org>", sender="B@example.org")
    with refused("reply_state_known"):
        Reply.objects.create(
            message_id="<2@example.org>", sender="b@example.org", state="lost", marked_at=NOON, marked_by=cast.mia
        )
    with refused("folded_reply_keeps_nothing"):
        Reply.objects.create(message_id="<2@example.org>", sender="b@example.org", is_folded=True, text="More.")
    made.state = "read"
    with refused("reply_marked_by_somebody"):
        made.save()
