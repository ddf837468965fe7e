"""Publishing: what it writes in one transaction, and what the gate stops on the way."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from comms.adapters import memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Finding, Message, Update, UpdateDeadline
from comms.models.deadline import OPEN
from comms.services.writing import approval, checking, publishing, updates
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Invalid, Refusal
from tests import factories
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def stops(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    assert refused.value.code == "blocked"
    return [found["code"] for found in refused.value.extra["findings"]]


def test_one_transaction_keeps_the_promise_and_fills_the_outbox(cast: SimpleNamespace, incident: Incident) -> None:
    factories.recipient(audience="service_owners", address="owner@example.org")
    made = update_kit.drafted(incident, cast.carla, "service_desk", "service_owners")
    owed = UpdateDeadline.objects.get(incident=incident, audience__code="service_desk")
    sent = update_kit.published(made, cast.carla)
    sent.refresh_from_db()
    owed.refresh_from_db()
    assert (sent.state, sent.sequence, sent.published_by) == (UpdateState.PUBLISHED, 1, cast.carla)
    assert sent.published_hash == sent.checked_hash
    assert sent.impact_statement is not None
    assert (sent.incident_state, sent.priority) == (incident.state, incident.priority)
    assert (owed.kept_by, owed.kept_at) == (sent, sent.published_at)
    following = UpdateDeadline.objects.get(incident=incident, audience__code="service_desk", kept_at=None)
    assert following.due_at == sent.next_update_at
    assert {row.address for row in Delivery.objects.all()} == {
        cast.desmond.email,
        cast.dara.email,
        "owner@example.org",
    }
    entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.UPDATE_PUBLISHED)
    assert entry.actor == cast.carla
    assert entry.data == {
        "update": sent.pk,
        "sequence": 1,
        "kind": "update",
        "audiences": ["service_desk", "service_owners"],
        "kept": sorted(sent.kept_deadlines.values_list("pk", flat=True)),
        "opened": entry.data["opened"],
    }
    assert following.pk in entry.data["opened"]


def test_each_audience_reads_one_message_with_the_whole_subject(cast: SimpleNamespace, incident: Incident) -> None:
    sent = update_kit.published(update_kit.drafted(incident, cast.mia, "service_desk", "technical"), cast.mia)
    desk, technical = Message.objects.filter(update=sent).order_by("audience__position")
    assert sent.next_update_at is not None
    assert sent.published_at is not None
    time = times.due_time(sent.next_update_at, now=sent.published_at)
    assert desk.subject == (
        f"[P1] [UPDATE 1] Payroll: staff cannot submit timesheets | next {time} | {incident.reference}"
    )
    assert (desk.thread, technical.subject) == (incident.reference, desk.subject)
    for part in (desk.text, desk.html):
        assert "Please keep your hours on paper" in part
        assert f"{sent.next_update_at:%H:%M} (UTC+0)" in part
    assert f"/incidents/{incident.reference}/" in technical.text


def test_plain_audiences_get_no_way_into_the_room(cast: SimpleNamespace, incident: Incident) -> None:
    initial = update_kit.drafted(incident, cast.mia, "end_users", "executives", kind=UpdateKind.INITIAL)
    for message in Message.objects.filter(update=update_kit.published(initial, cast.mia)):
        assert "/incidents/" not in message.text + message.html
        assert message.subject.startswith("[P1] [INITIAL] ")


def test_markup_in_a_text_reaches_readers_as_words(cast: SimpleNamespace, incident: Incident) -> None:
    body = update_kit.BODY + " <script>alert(1)</script> Tom & Ann agree."
    sent = update_kit.published(update_kit.drafted(incident, cast.mia, "service_desk", body=body), cast.mia)
    message = Message.objects.get(update=sent)
    assert "<script>" not in message.html
    assert "Tom & Ann agree" in message.text


def test_a_text_with_an_error_is_stopped_and_nothing_is_written(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " We hope for the best shortly.")
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(made, cast.mia)
    assert stops(refused) == ["C02"]
    made.refresh_from_db()
    assert (made.published_at, made.sequence) == (None, None)
    assert not Message.objects.exists()
    assert not TimelineEntry.objects.filter(kind=EntryKind.UPDATE_PUBLISHED).exists()


def test_a_misspelling_stops_later_updates_until_it_is_right(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    language.misspelt["canot"] = "cannot"
    made = update_kit.drafted(incident, cast.mia, "end_users", body=update_kit.BODY + " They canot pay.")
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(made, cast.mia, send_now=True)
    assert stops(refused) == ["C09"]


def test_a_reason_lets_an_error_pass_and_is_kept(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " The shop opens shortly.")
    reason = {"code": "C02", "reason": "Quoted from the shop's own notice."}
    sent = update_kit.published(made, cast.mia, overrides=[reason])
    kept = Finding.objects.get(update=sent, code="C02")
    assert (kept.override_reason, kept.overridden_by) == (reason["reason"], cast.mia)


@pytest.mark.parametrize("overrides", [[{"code": "C02", "reason": " "}], [{"reason": "So."}], [{}]])
def test_an_override_without_a_reason_is_none(
    cast: SimpleNamespace, incident: Incident, overrides: list[dict[str, str]]
) -> None:
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " The shop opens shortly.")
    with pytest.raises(Invalid) as refused:
        update_kit.published(made, cast.mia, overrides=overrides)
    assert refused.value.field == "overrides"


@pytest.mark.parametrize("kind", [UpdateKind.INITIAL, UpdateKind.HOLDING])
def test_send_now_covers_what_may_be_put_right_later(
    cast: SimpleNamespace, incident: Incident, language: memory.Language, kind: UpdateKind
) -> None:
    language.misspelt["canot"] = "cannot"
    body = update_kit.BODY + " They canot pay, and we think it is the network."
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=kind, body=body)
    with pytest.raises(publishing.Blocked):
        update_kit.published(made, cast.mia)
    sent = update_kit.published(made, cast.mia, send_now=True)
    assert sent.sent_now
    assert sent.release_reason == ""


def test_send_now_does_not_wait_for_the_language_checker(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    made = update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING)
    sent = update_kit.published(made, cast.mia, send_now=True)
    assert (language.checked, sent.language_checked, sent.sent_now) == ([], False, True)


@pytest.mark.parametrize(
    ("body", "minutes", "code"),
    [
        (update_kit.BODY + " TBC.", 14, "C10"),
        (update_kit.BODY + " See https://teams.microsoft.com/l/meetup-join/1.", 14, "C23"),
        (update_kit.BODY + " db-prod-01.corp.local is down.", 14, "C05"),
        (update_kit.BODY + " Write to jane.doe@example.com.", 14, "C17"),
        (update_kit.BODY, None, "C01"),
        ("", 14, "C08"),
    ],
)
def test_send_now_never_covers_what_may_not_leave(
    cast: SimpleNamespace, incident: Incident, body: str, minutes: float | None, code: str
) -> None:
    made = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL, body=body, minutes=minutes)
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(made, cast.mia, send_now=True)
    assert code in stops(refused)


def test_no_reason_makes_a_private_incident_public(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, is_private=True)
    made = update_kit.drafted(incident, cast.mia, "public", kind=UpdateKind.INITIAL)
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(made, cast.mia, send_now=True, overrides=[{"code": "C27", "reason": "The press knows."}])
    assert stops(refused) == ["C27"]
    assert not Delivery.objects.exists()


def test_a_later_update_cannot_be_sent_unchecked_when_its_text_changed(
    cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = update_kit.drafted(incident, cast.mia)
    ensure = checking.ensure_checked

    def then_somebody_edits(*, update: Update, person: Any, now: Any) -> None:
        ensure(update=update, person=person, now=now)
        updates.edit(update_id=update.pk, person=cast.carla, revision=1, fields={"body": "Other."}, now=now)

    monkeypatch.setattr(checking, "ensure_checked", then_somebody_edits)
    with pytest.raises(updates.ChangedMeanwhile):
        update_kit.published(made, cast.mia)
    assert not Message.objects.exists()


def test_sequences_have_no_gaps(cast: SimpleNamespace, incident: Incident) -> None:
    numbers = []
    for body in ("one", "two", "three"):
        made = update_kit.drafted(incident, cast.mia, body=f"{update_kit.BODY} Till {body} is open.")
        numbers.append(update_kit.published(made, cast.mia).sequence)
    assert numbers == [1, 2, 3]


def test_a_closure_promises_nothing_and_ends_what_is_owed(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(
        incident, cast.mia, kind=UpdateKind.CLOSURE, minutes=None, body="Timesheets work again. We are sorry."
    )
    sent = update_kit.published(made, cast.mia)
    assert not UpdateDeadline.objects.filter(audience__code="service_desk", kept_at=None, ended_at=None).exists()
    assert Message.objects.get(update=sent).subject.endswith(f"| final | {incident.reference}")


def test_resolving_waits_for_the_restored_message(cast: SimpleNamespace, incident: Incident, settings: Any) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)
    update_kit.published(update_kit.drafted(incident, cast.mia, "service_desk", "technical"), cast.mia)

    def move(to: str, **fields: Any) -> None:
        lifecycle.transition(reference=incident.reference, to=to, person=cast.mia, now=dbtime.now(), **fields)

    move("monitoring", confirmed_by="desk")
    with pytest.raises(Refusal) as refused:
        move("resolved")
    assert refused.value.code == "restored_not_sent"
    assert "Technical teams" in refused.value.message
    body = "Timesheets work again. We are watching, and write when that is over. Enter your paper hours now."
    made = update_kit.drafted(
        incident, cast.mia, "service_desk", "technical", kind=UpdateKind.RESTORED, body=body, minutes=None
    )
    update_kit.published(made, cast.mia)
    move("resolved")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_send_at_once_one_does(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    made = update_kit.drafted(incident, cast.mia)
    update_kit.checked(made, cast.mia)
    together, outcomes = threading.Barrier(2), []

    def send() -> None:
        together.wait()
        try:
            outcomes.append(str(update_kit.published(made, cast.mia).state))
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_sent", "published"]
    assert Message.objects.filter(update=made).count() == 1
    assert Update.objects.filter(incident=incident, sequence=1).count() == 1


def test_publishing_costs_a_fixed_number_of_statements(
    cast: SimpleNamespace, incident: Incident, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(200):
        factories.recipient(audience="service_desk", address=f"agent{number}@example.org")
    made = update_kit.drafted(incident, cast.mia)
    update_kit.checked(made, cast.mia)
    with django_assert_max_num_queries(75):
        update_kit.published(made, cast.mia)
    assert Delivery.objects.count() == 202


@pytest.mark.parametrize(
    ("due_in", "why"),
    [(2, "Less than three minutes to the promised time."), (-2, "The promised time had passed.")],
)
def test_three_minutes_before_the_promise_nobody_waits_for_a_reader(
    cast: SimpleNamespace, incident: Incident, due_in: int, why: str
) -> None:
    UpdateDeadline.objects.filter(incident=incident, audience__code="end_users").update(
        due_at=dbtime.now() + timedelta(minutes=due_in)
    )
    made = update_kit.drafted(incident, cast.carla, "end_users")
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.carla)
    sent = update_kit.published(made, cast.mia)
    assert sent.release_reason == why


@pytest.mark.parametrize(
    "part", ["deadlines.keep_and_open", "outbox.enqueue_update", "messages.of_update", "timeline.append"]
)
def test_where_one_part_fails_nothing_of_it_happened(
    cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    made = update_kit.drafted(incident, cast.mia)
    update_kit.checked(made, cast.mia)
    open_before = set(UpdateDeadline.objects.filter(OPEN, incident=incident).values_list("pk", flat=True))
    entries = TimelineEntry.objects.filter(incident=incident).count()

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(f"comms.services.writing.publishing.{part}", fail)
    with pytest.raises(RuntimeError):
        update_kit.published(made, cast.mia)
    made.refresh_from_db()
    assert (made.published_at, made.sequence) == (None, None)
    assert set(UpdateDeadline.objects.filter(OPEN, incident=incident).values_list("pk", flat=True)) == open_before
    assert not Message.objects.filter(update=made).exists()
    assert not Delivery.objects.filter(message__update=made).exists()
    assert TimelineEntry.objects.filter(incident=incident).count() == entries
