"""A text that a person approved leaves at its time: as it stands, once, or held with a notice; never in silence."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction

from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Message, Update, UpdateDeadline
from comms.queries.promises import promises
from comms.queries.writing import updates as update_queries
from comms.services.writing import approval, publishing, scheduling, updates
from incidents.choices import EntryKind, RevisionReason
from incidents.models import Incident, TimelineEntry
from incidents.queries import timeline
from incidents.services import locking
from incidents.services.record import details, impact
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from teams.models import Person
from tests import factories
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    factories.recipient(audience="service_owners", address="owner@example.org")
    return update_kit.declared(cast.mia)


def scheduled(incident: Incident, person: Person, *codes: str, minutes: float = 5, **fields: Any) -> Update:
    made = update_kit.drafted(incident, person, *(codes or ("service_owners",)), **{"minutes": 30, **fields})
    return scheduling.schedule(
        update_id=made.pk, person=person, publish_at=dbtime.now() + timedelta(minutes=minutes), now=dbtime.now()
    )


def comes(update: Update, *, ago: float = 1) -> None:
    """Its time comes."""
    Update.objects.filter(pk=update.pk).update(publish_at=dbtime.now() - timedelta(seconds=ago))


def sent_to(update: Update) -> set[str]:
    return set(Delivery.objects.filter(message__update=update).values_list("address", flat=True))


def sentences(incident: Incident) -> list[str]:
    rows = TimelineEntry.objects.filter(incident=incident, kind__startswith="update_").order_by("seq")
    return [said.words for said in timeline.worded(list(rows))]


def held(update: Update) -> list[str]:
    update.refresh_from_db()
    assert (update.published_at, Delivery.objects.filter(message__update=update).count()) == (None, 0)
    assert (update.held_at is None) == (not update.held_reasons)
    return update.held_reasons


def test_it_leaves_at_its_time_and_not_before(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    assert scheduling.send_due() == 0
    comes(made)
    assert scheduling.send_due() == 1
    made.refresh_from_db()
    assert (made.state, made.published_by, made.sequence) == (UpdateState.PUBLISHED, cast.mia, 1)
    assert made.published_hash == made.scheduled_hash
    assert "owner@example.org" in sent_to(made)
    assert UpdateDeadline.objects.filter(kept_by=made, audience__code="service_owners").count() == 1
    assert scheduling.send_due() == 0  # nothing twice
    said = sentences(incident)
    assert said[0].startswith("An update to service owners was approved to leave at ")
    assert said[1].startswith("Update 1 (update) published to ")


@pytest.mark.parametrize("kind", [UpdateKind.INITIAL, UpdateKind.HOLDING])
def test_what_says_how_things_stand_is_not_written_ahead(
    cast: SimpleNamespace, incident: Incident, kind: UpdateKind
) -> None:
    with pytest.raises(scheduling.CannotWait):
        scheduled(incident, cast.mia, kind=kind)


def test_only_what_could_leave_now_is_given_a_time(cast: SimpleNamespace, incident: Incident) -> None:
    with pytest.raises(approval.NeedsSecondReader):
        scheduled(incident, cast.mia, "end_users")
    with pytest.raises(publishing.Blocked):
        scheduled(incident, cast.mia, body="The team is TBC.")
    assert not Update.objects.filter(publish_at__isnull=False).exists()


def test_an_approved_text_waits_approved(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users", minutes=30)
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.rita, now=dbtime.now())
    at = dbtime.now() + timedelta(minutes=5)
    scheduling.schedule(update_id=made.pk, person=cast.carla, publish_at=at, now=dbtime.now())
    comes(made)
    scheduling.send_due()
    made.refresh_from_db()
    assert (made.approved_by, made.published_by, made.release_reason) == (cast.rita, cast.carla, "")


def test_a_release_by_the_timer_is_kept_with_its_reason(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, "end_users", minutes=30)
    approval.submit(update_id=made.pk, person=cast.mia, now=dbtime.now() - timedelta(seconds=200))
    at = dbtime.now() + timedelta(minutes=5)
    scheduling.schedule(update_id=made.pk, person=cast.mia, publish_at=at, now=dbtime.now())
    comes(made)
    scheduling.send_due()
    made.refresh_from_db()
    assert made.published_at is not None
    assert "did not answer within three minutes" in made.release_reason


def test_a_time_after_the_promise_is_refused_unless_said(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, "service_owners", minutes=90)
    later, now = dbtime.now() + timedelta(minutes=60), dbtime.now()
    with pytest.raises(Invalid) as refused:
        scheduling.schedule(update_id=made.pk, person=cast.mia, publish_at=later, now=now)
    assert (refused.value.field, "were promised word by" in refused.value.message) == ("publish_at", True)
    with pytest.raises(Invalid):
        scheduling.schedule(update_id=made.pk, person=cast.mia, publish_at=now - timedelta(minutes=1), now=now)
    agreed = {"update_id": made.pk, "person": cast.mia, "publish_at": later, "after_deadline": True, "now": now}
    assert scheduling.schedule(**agreed).publish_at == later


def test_the_next_time_counts_from_when_it_leaves(cast: SimpleNamespace, incident: Incident) -> None:
    early = update_kit.drafted(incident, cast.mia, "service_owners", minutes=34)
    assert "C01" in update_kit.checked(early, cast.mia)
    at, now = dbtime.now() + timedelta(minutes=5), dbtime.now()
    assert scheduling.schedule(update_id=early.pk, person=cast.mia, publish_at=at, now=now).publish_at == at
    beyond = update_kit.drafted(incident, cast.mia, "service_owners", minutes=50)
    with pytest.raises(publishing.Blocked):
        scheduling.schedule(update_id=beyond.pk, person=cast.mia, publish_at=at, now=now)


def revise(incident: Incident, person: Person) -> None:
    impact.state(
        reference=incident.reference,
        person=person,
        fields={"count": "about 300"},
        revision_reason=RevisionReason.SITUATION_CHANGED,
        now=dbtime.now(),
    )


def lower(incident: Incident, person: Person) -> None:
    Incident.objects.filter(pk=incident.pk).update(priority="P2", override_reason="Works again in Ireland.")


def hide(incident: Incident, person: Person) -> None:
    details.edit(reference=incident.reference, person=person, changes={"is_private": True}, now=dbtime.now())


def say_more(incident: Incident, person: Person) -> None:
    update_kit.published(update_kit.drafted(incident, person, "service_owners"), person)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (revise, "The impact was revised"),
        (lower, "The priority changed"),
        (hide, "Who may see the incident changed"),
        (say_more, "These readers were sent another update"),
    ],
)
def test_where_facts_moved_it_is_held_and_told(
    cast: SimpleNamespace, incident: Incident, change: Callable[[Incident, Person], None], words: str
) -> None:
    made = scheduled(incident, cast.mia)
    change(incident, cast.mia)
    made = updates.find(update_id=made.pk, person=cast.mia)
    assert words in " ".join(scheduling.moved(made))  # the composer says so before the time comes
    comes(made)
    assert scheduling.send_due() == 1
    assert any(words in reason for reason in held(made))
    message = Message.objects.get(subject__contains="was held")
    assert words in message.text
    assert set(Delivery.objects.filter(message=message).values_list("address", flat=True)) == {"mia@example.org"}
    assert sentences(incident)[-1].startswith("The scheduled update to service owners was not sent.")
    assert scheduling.send_due() == 0  # told once


def test_a_holding_update_in_between_holds_nothing(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    update_kit.published(
        update_kit.drafted(incident, cast.mia, "service_owners", kind=UpdateKind.HOLDING), cast.mia, send_now=True
    )
    comes(made)
    scheduling.send_due()
    made.refresh_from_db()
    assert made.published_at is not None


def test_the_text_passes_the_gate_again_at_its_time(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia, minutes=5)
    Update.objects.filter(pk=made.pk).update(next_update_at=dbtime.now() - timedelta(minutes=1))
    Update.objects.filter(pk=made.pk).update(
        scheduled_hash=update_queries.content_hash(updates.find(update_id=made.pk, person=cast.mia))
    )
    comes(made)
    scheduling.send_due()
    assert held(made)


def test_words_that_nobody_scheduled_do_not_leave(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    Update.objects.filter(pk=made.pk).update(body="Something else.")
    comes(made)
    scheduling.send_due()
    assert held(made) == ["The text is not the one that was scheduled."]


def test_whoever_chose_the_time_may_still_send(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.carla)
    Person.objects.filter(pk=cast.carla.pk).update(roles=["responder"])
    comes(made)
    scheduling.send_due()
    assert held(made) == ["Whoever chose the time may not send updates of this incident any more."]


def test_an_edit_stops_it_and_says_so(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    fields = {"body": f"{update_kit.BODY} Thank you."}
    edited = updates.edit(update_id=made.pk, person=cast.omar, revision=1, fields=fields, now=dbtime.now())
    assert (edited.publish_at, edited.scheduled_by, edited.scheduled_hash) == (None, None, "")
    assert sentences(incident)[-1] == "The update to service owners no longer leaves by itself."


def test_saving_it_unchanged_stops_nothing(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    fields = {"body": made.body}
    same = updates.edit(update_id=made.pk, person=cast.mia, revision=1, fields=fields, now=dbtime.now())
    assert same.publish_at == made.publish_at


def test_it_can_be_stopped_and_given_another_time(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    stopped = scheduling.cancel(update_id=made.pk, person=cast.carla, now=dbtime.now())
    assert stopped.publish_at is None
    with pytest.raises(Refusal) as refused:
        scheduling.cancel(update_id=made.pk, person=cast.carla, now=dbtime.now())
    assert refused.value.code == "not_scheduled"
    at = dbtime.now() + timedelta(minutes=7)
    assert scheduling.schedule(update_id=made.pk, person=cast.mia, publish_at=at, now=dbtime.now()).publish_at == at


def test_what_was_held_can_be_sent_by_hand_or_scheduled_again(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    revise(incident, cast.mia)
    comes(made)
    scheduling.send_due()
    at = dbtime.now() + timedelta(minutes=2)
    again = scheduling.schedule(update_id=made.pk, person=cast.mia, publish_at=at, now=dbtime.now())
    assert (again.held_at, again.held_reasons) == (None, [])
    comes(again)
    scheduling.send_due()
    made.refresh_from_db()
    assert made.published_at is not None


def test_discarding_it_is_on_the_timeline(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    updates.discard(update_id=made.pk, person=cast.mia)
    assert sentences(incident)[-1] == "The update to service owners no longer leaves by itself."


def test_one_that_fails_unforeseen_is_held_and_the_others_leave(
    cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = scheduled(incident, cast.mia)
    fine = scheduled(update_kit.declared(cast.omar, slug="tills"), cast.omar)
    comes(broken, ago=9)
    comes(fine)
    send = publishing.publish_scheduled

    def fail(update: Update, *, person: Person) -> Update:
        if update.pk == broken.pk:
            raise ValueError("unforeseen")
        return send(update, person=person)

    monkeypatch.setattr(publishing, "publish_scheduled", fail)
    assert scheduling.send_due() == 2
    assert held(broken) == ["Something went wrong in the portal. Send it by hand, or choose another time."]
    fine.refresh_from_db()
    assert fine.published_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_it_once(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    comes(made)
    settled: list[int] = []

    def sweep() -> None:
        try:
            settled.append(scheduling.send_due())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(settled) == 1
    assert TimelineEntry.objects.filter(incident=incident, kind=EntryKind.UPDATE_PUBLISHED).count() == 1
    assert Delivery.objects.filter(message__update=made, address="owner@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_incident_that_somebody_holds_is_left_for_the_next_tick(cast: SimpleNamespace, incident: Incident) -> None:
    made = scheduled(incident, cast.mia)
    comes(made)
    holds, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                locking.lock_by_id(incident.pk)
                holds.set()
                done.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(20)
    assert scheduling.send_due() == 0
    done.set()
    thread.join(20)
    assert scheduling.send_due() == 1


def test_a_tick_with_nothing_to_do_is_one_short_statement(
    cast: SimpleNamespace, incident: Incident, django_assert_num_queries: Any
) -> None:
    scheduled(incident, cast.mia)
    with django_assert_num_queries(3):  # a savepoint, the claim, its end
        scheduling.send_due()
    assert connection.in_atomic_block


def test_whoever_takes_over_reads_what_leaves_by_itself_and_what_was_held(
    cast: SimpleNamespace, incident: Incident
) -> None:
    made = scheduled(incident, cast.mia)
    (said,) = promises.brief(incident)["approvals"]
    assert said.startswith("Update leaves by itself at ")
    assert said.endswith(", as Mia Example decided")
    assert "An approved update leaves by itself" in [str(due.what) for due in promises.due([incident.pk])[incident.pk]]
    revise(incident, cast.mia)
    comes(made)
    scheduling.send_due()
    (said,) = promises.brief(incident)["approvals"]
    assert said.startswith("Scheduled update held since ")
    assert any("was held" in str(due.what) for due in promises.due([incident.pk])[incident.pk])
