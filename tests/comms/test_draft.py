"""Writing an update: what a draft starts with, and that nobody's words are lost."""

from types import SimpleNamespace

import pytest

from comms.choices import UpdateKind, UpdateState
from comms.models import Update
from comms.services.writing import updates
from incidents.services import locking
from incidents.services.states import lifecycle
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


def test_a_draft_keeps_what_was_written(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    made = update_kit.drafted(incident, cast.carla, "end_users", "service_desk", subject="  till cards  ")
    made.refresh_from_db()
    assert (made.state, made.subject, made.author, made.revision) == (UpdateState.DRAFT, "till cards", cast.carla, 1)
    assert {audience.code for audience in made.audiences.all()} == {"end_users", "service_desk"}
    assert made.sequence is None


def test_without_audiences_it_is_for_all_that_are_owed_updates(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, audiences=["technical", "service_desk"])
    made = updates.draft(
        reference=incident.reference,
        person=cast.mia,
        kind=UpdateKind.INITIAL,
        audiences=None,
        subject="",
        body="",
        next_update_at=None,
        now=dbtime.now(),
    )
    assert {audience.code for audience in made.audiences.all()} == {"technical", "service_desk"}
    assert made.subject == incident.title


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"audiences": []}, "audiences"),
        ({"audiences": ["martians"]}, "audiences"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": UpdateKind.CORRECTION}, "kind"),
        ({"component_state": "broken"}, "component_state"),
        ({"subject": "x" * 201}, "subject"),
    ],
)
def test_what_cannot_be_used_is_named(cast: SimpleNamespace, fields: dict[str, object], field: str) -> None:
    incident = update_kit.declared(cast.mia)
    with pytest.raises(Invalid) as refused:
        updates.draft(
            **{
                "reference": incident.reference,
                "person": cast.mia,
                "kind": UpdateKind.UPDATE,
                "audiences": ["technical"],
                "subject": "",
                "body": "",
                "next_update_at": None,
                "now": dbtime.now(),
                **fields,
            }
        )
    assert refused.value.field == field
    assert not Update.objects.exists()


def test_a_private_incident_does_not_exist_for_others(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, is_private=True)
    with pytest.raises(locking.UnknownIncident):
        update_kit.drafted(incident, cast.carla)
    made = update_kit.drafted(incident, cast.mia)
    with pytest.raises(updates.UnknownUpdate):
        updates.find(update_id=made.pk, person=cast.carla)
    with pytest.raises(updates.UnknownUpdate):
        updates.discard(update_id=made.pk, person=cast.carla)


def test_once_ended_only_closure_and_correction_remain(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    lifecycle.transition(
        reference=incident.reference, to="cancelled", person=cast.mia, now=dbtime.now(), reason="A false alarm."
    )
    with pytest.raises(Refusal) as refused:
        update_kit.drafted(incident, cast.mia)
    assert refused.value.code == "ended"
    assert update_kit.drafted(incident, cast.mia, kind=UpdateKind.CLOSURE, minutes=None).no_further_updates


def test_a_restored_message_without_a_next_time_says_that_none_follows(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    last = update_kit.drafted(incident, cast.mia, kind=UpdateKind.RESTORED, minutes=None)
    watching = update_kit.drafted(incident, cast.mia, kind=UpdateKind.RESTORED, minutes=20)
    plain = update_kit.drafted(incident, cast.mia, minutes=None, no_further_updates=True)
    assert (last.no_further_updates, watching.no_further_updates, plain.no_further_updates) == (True, False, False)


def test_the_second_editor_is_told_and_sees_both_texts(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.carla)
    fields = {"body": "Carla's second text."}
    updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
    with pytest.raises(updates.ChangedMeanwhile) as refused:
        updates.edit(update_id=made.pk, person=cast.mia, revision=1, fields={"body": "Mia's."}, now=dbtime.now())
    assert (refused.value.status, refused.value.extra["revision"]) == (412, 2)
    assert refused.value.extra["body"] == "Carla's second text."
    made.refresh_from_db()
    assert made.body == "Carla's second text."


def test_whoever_changes_the_text_is_its_author(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.carla)
    same = updates.edit(update_id=made.pk, person=cast.mia, revision=1, fields={"body": made.body}, now=dbtime.now())
    assert (same.author, same.revision) == (cast.carla, 1)
    other = updates.edit(
        update_id=made.pk,
        person=cast.mia,
        revision=None,
        fields={"subject": "new", "audiences": ["public"]},
        now=dbtime.now(),
    )
    assert (other.author, other.revision) == (cast.mia, 2)
    assert [audience.code for audience in other.audiences.all()] == ["public"]


def test_what_was_sent_is_neither_edited_nor_discarded(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    sent = update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING)
    update_kit.published(sent, cast.mia, send_now=True)
    with pytest.raises(updates.AlreadySent):
        updates.edit(update_id=sent.pk, person=cast.mia, revision=None, fields={"body": "x"}, now=dbtime.now())
    with pytest.raises(updates.AlreadySent):
        updates.discard(update_id=sent.pk, person=cast.mia)


def test_a_draft_is_discarded_with_its_findings(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia)
    updates.discard(update_id=made.pk, person=cast.carla)
    assert not Update.objects.exists()
