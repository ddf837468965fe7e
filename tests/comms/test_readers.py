"""Who is asked to read, by mail at once; what is sent back; and the gate that no timer opens."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.choices import Reading, UpdateKind, UpdateState
from comms.models import ApprovalPolicy, Audience, Delivery, Message, Update
from comms.queries.writing import policies
from comms.services.writing import approval, holding, updates
from incidents.models import Incident, IncidentMember
from incidents.services.record import details
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid, Refusal
from teams.choices import Role
from teams.models import Person, Rota, RotaShift
from tests import factories
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def submit(update: Update, person: Person, *, ago: float = 0) -> Update:
    at = dbtime.now() - timedelta(seconds=ago)
    return approval.submit(update_id=update.pk, person=person, now=at)


def told(subject: str) -> set[str]:
    """The addresses that a mail with these words in its subject goes to."""
    rows = Delivery.objects.filter(message__in=Message.objects.filter(subject__contains=subject))
    return set(rows.values_list("address", flat=True))


def asked(update: Update) -> set[str]:
    return set(update.asked.values_list("username", flat=True))


def on_shift(*people: Person, role: str = Role.SECOND_READER) -> None:
    rota = Rota.objects.create(name=f"Rota of {role}", role=role)
    now = dbtime.now()
    for person in people:
        RotaShift.objects.create(
            rota=rota, person=person, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
        )


def mark(incident: Incident, by: Person, *marks: str) -> None:
    details.edit(reference=incident.reference, person=by, changes={"marks": list(marks)}, now=dbtime.now())


def test_whoever_is_on_the_rota_is_asked_at_once_with_one_link(cast: SimpleNamespace, incident: Incident) -> None:
    other = factories.person(username="ruth", roles=(Role.SECOND_READER,))
    on_shift(other)
    made = submit(update_kit.drafted(incident, cast.carla, "end_users"), cast.carla)
    assert asked(made) == {"ruth"}
    message = Message.objects.get(subject__contains="Please read an update")
    assert told("Please read an update") == {"ruth@example.org"}
    assert message.text.count("http") == 1
    assert f"/updates/{made.pk}/read/" in message.text
    assert f"/updates/{made.pk}/read/" in message.html
    assert message.thread == incident.reference


def test_the_rota_only_says_who_is_asked(cast: SimpleNamespace, incident: Incident) -> None:
    on_shift(cast.rita)
    made = submit(update_kit.drafted(incident, cast.carla, "end_users"), cast.carla)
    update_kit.checked(made, cast.carla)
    approved = approval.approve(update_id=made.pk, person=cast.petra, now=dbtime.now())
    assert (approved.state, approved.approved_by) == (UpdateState.APPROVED, cast.petra)


def test_with_nobody_on_the_rota_its_holders_are_asked_then_communications(
    cast: SimpleNamespace, incident: Incident
) -> None:
    first = submit(update_kit.drafted(incident, cast.carla, "end_users"), cast.carla)
    assert asked(first) == {"rita"}
    Person.objects.filter(pk=cast.rita.pk).update(is_active=False)
    second = submit(update_kit.drafted(incident, cast.mia, "end_users"), cast.mia)
    assert asked(second) == {"carla"}
    third = submit(update_kit.drafted(incident, cast.carla, "end_users"), cast.carla)
    assert asked(third) == {"mia", "omar"}  # never the author


def test_nobody_is_asked_about_what_they_may_not_see(cast: SimpleNamespace) -> None:
    private = update_kit.declared(cast.mia, is_private=True)
    made = submit(update_kit.drafted(private, cast.mia, "executives"), cast.mia)
    assert asked(made) == set()
    IncidentMember.objects.create(incident=private, person=cast.omar)
    again = submit(update_kit.drafted(private, cast.mia, "executives"), cast.mia)
    assert asked(again) == {"omar"}
    assert told("Please read an update") == {"omar@example.org"}


def test_asking_twice_tells_nobody_twice(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    submit(made, cast.carla)
    submit(made, cast.mia)
    assert Message.objects.filter(subject__contains="Please read an update").count() == 1


def test_a_text_that_needs_no_reader_wakes_nobody(cast: SimpleNamespace, incident: Incident) -> None:
    submit(update_kit.drafted(incident, cast.carla, "technical"), cast.carla)
    assert told("Please") == set()


def test_a_policy_decides_by_kind_and_audience(cast: SimpleNamespace, incident: Incident) -> None:
    technical, end_users = (Audience.objects.get(code=code) for code in ("technical", "end_users"))
    ApprovalPolicy.objects.create(kind="update", audience=technical, reading=Reading.SECOND_READER)
    ApprovalPolicy.objects.create(kind="update", audience=end_users, reading=Reading.ALONE)
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(update_kit.drafted(incident, cast.mia, "technical"), cast.mia)
    assert update_kit.published(update_kit.drafted(incident, cast.mia, "end_users"), cast.mia).sequence == 1


def test_a_reader_sends_a_text_back_with_a_word(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    submit(made, cast.carla)
    back = approval.send_back(update_id=made.pk, person=cast.rita, comment=" Say which stores. ", now=dbtime.now())
    assert (back.state, back.submitted_at, back.approved_by) == (UpdateState.DRAFT, None, None)
    assert (back.returned_by, back.return_comment) == (cast.rita, "Say which stores.")
    assert told("Your update came back") == {"carla@example.org"}
    assert "Say which stores." in Message.objects.get(subject__contains="came back").text
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.mia)
    made.refresh_from_db()
    assert (made.returned_at, made.return_comment) == (None, "")  # asked again


def test_sending_back_takes_an_approval_away(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.rita, now=dbtime.now())
    approval.send_back(update_id=made.pk, person=cast.omar, comment="The site is wrong.", now=dbtime.now())
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.mia)


def test_who_may_send_back_and_with_what(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    now = dbtime.now()
    with pytest.raises(Forbidden):
        approval.send_back(update_id=made.pk, person=cast.rosa, comment="No.", now=now)
    with pytest.raises(Refusal) as own:
        approval.send_back(update_id=made.pk, person=cast.carla, comment="No.", now=now)
    assert own.value.code == "own_update"
    with pytest.raises(Invalid) as empty:
        approval.send_back(update_id=made.pk, person=cast.rita, comment="  ", now=now)
    assert empty.value.field == "comment"


def test_words_outside_about_a_marked_incident_wait_for_the_gate(cast: SimpleNamespace, incident: Incident) -> None:
    mark(incident, cast.mia, "personal_data")
    made = update_kit.drafted(incident, cast.carla, "end_users", "public")
    with pytest.raises(approval.NeedsGate) as refused:
        update_kit.published(made, cast.mia)
    assert refused.value.extra["reason"] == "waiting_for_gate"
    assert refused.value.extra["neutral_words"] == policies.neutral_words()
    assert asked(made) == {"leo"}
    assert told("Please clear an update") == {"leo@example.org"}
    assert "Personal data" in Message.objects.get(subject__contains="Please clear").text
    Update.objects.filter(pk=made.pk).update(submitted_at=dbtime.now() - timedelta(hours=1))
    with pytest.raises(approval.NeedsGate):
        update_kit.published(made, cast.mia)  # no timer opens it
    half = approval.approve(update_id=made.pk, person=cast.rita, now=dbtime.now())
    assert (half.state, half.cleared_by) == (UpdateState.CHECKED, None)
    with pytest.raises(approval.NeedsGate):
        update_kit.published(made, cast.mia)
    let_out = approval.approve(update_id=made.pk, person=cast.leo, now=dbtime.now())
    assert (let_out.state, let_out.cleared_by) == (UpdateState.APPROVED, cast.leo)
    sent = update_kit.published(made, cast.mia)
    assert (sent.cleared_hash, sent.release_reason) == (sent.published_hash, "")


def test_what_was_let_out_is_one_text(cast: SimpleNamespace, incident: Incident) -> None:
    mark(incident, cast.mia, "security")
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.leo, now=dbtime.now())
    fields = {"body": f"{update_kit.BODY} Thank you."}
    edited = updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
    assert (edited.cleared_by, edited.cleared_hash) == (None, "")
    with pytest.raises(approval.NeedsGate):
        update_kit.published(made, cast.mia)


def test_insiders_and_executives_hear_without_the_gate(cast: SimpleNamespace, incident: Incident) -> None:
    mark(incident, cast.mia, "security")
    assert update_kit.published(update_kit.drafted(incident, cast.mia, "service_desk"), cast.mia).sequence == 1
    with pytest.raises(approval.NeedsSecondReader) as refused:
        update_kit.published(update_kit.drafted(incident, cast.mia, "executives"), cast.mia)
    assert refused.value.code == "second_reader"


def test_a_gate_that_nobody_keeps_is_no_wall(cast: SimpleNamespace, incident: Incident) -> None:
    mark(incident, cast.mia, "security")
    Person.objects.filter(pk=cast.leo.pk).update(is_active=False)
    with pytest.raises(approval.NeedsSecondReader) as refused:
        update_kit.published(update_kit.drafted(incident, cast.mia, "end_users"), cast.mia)
    assert refused.value.code == "second_reader"


def test_nobody_of_the_gate_lets_out_their_own_words(cast: SimpleNamespace, incident: Incident) -> None:
    lawyer = factories.person(username="lena", roles=(Role.LEGAL_SECURITY, Role.COMMUNICATIONS))
    mark(incident, cast.mia, "security")
    made = update_kit.drafted(incident, lawyer, "end_users")
    update_kit.checked(made, lawyer)
    with pytest.raises(Refusal) as refused:
        approval.approve(update_id=made.pk, person=lawyer, now=dbtime.now())
    assert refused.value.code == "own_update"
    assert asked(submit(made, lawyer)) == {"leo"}


@pytest.mark.parametrize("kind", [UpdateKind.INITIAL, UpdateKind.HOLDING])
def test_the_promise_is_never_broken_by_the_gate(cast: SimpleNamespace, incident: Incident, kind: UpdateKind) -> None:
    mark(incident, cast.mia, "safety")
    words = policies.neutral_words()
    sent = update_kit.published(
        update_kit.drafted(incident, cast.mia, "end_users", "public", kind=kind, body=words), cast.mia
    )
    assert sent.approved_by is None
    assert told("in its own words") == set()


def test_first_words_of_ones_own_leave_and_the_gate_hears_afterwards(cast: SimpleNamespace, incident: Incident) -> None:
    mark(incident, cast.mia, "safety")
    update_kit.published(update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL), cast.mia)
    assert told("in its own words") == {"leo@example.org"}
    assert update_kit.BODY in Message.objects.get(subject__contains="in its own words").text


def test_no_change_about_a_marked_incident_is_the_neutral_words(cast: SimpleNamespace, incident: Incident) -> None:
    plain = holding.prepare(reference=incident.reference, person=cast.mia, now=dbtime.now())
    assert "\n\nNo change since" in plain.body
    mark(incident, cast.mia, "media")
    for row in (plain,):
        updates.discard(update_id=row.pk, person=cast.mia)
    late = dbtime.now() + timedelta(minutes=12)
    neutral = holding.prepare(reference=incident.reference, person=cast.mia, now=late)
    assert {"end_users", "public"} & {audience.code for audience in neutral.audiences.all()}
    assert neutral.body == policies.neutral_words()
    assert update_kit.published(neutral, cast.mia).sequence == 1


def test_an_exercise_says_so_to_its_readers(cast: SimpleNamespace) -> None:
    drill = update_kit.declared(cast.mia, is_exercise=True)
    submit(update_kit.drafted(drill, cast.carla, "end_users"), cast.carla)
    message = Message.objects.get(subject__contains="Please read an update")
    assert message.subject.startswith("EXERCISE EXERCISE EXERCISE ")
    assert message.text.startswith("EXERCISE EXERCISE EXERCISE.")
