"""The second reader: who may be one, what they stand for, and what happens when nobody comes."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from comms.adapters import memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Update
from comms.services.writing import approval, checking, updates
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Refusal
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def approve(update: Update, person: object) -> Update:
    return approval.approve(update_id=update.pk, person=person, now=dbtime.now())  # type: ignore[arg-type]


def ask(update: Update, person: object, *, ago: float = 0) -> datetime:
    at = dbtime.now() - timedelta(seconds=ago)
    asked = approval.submit(update_id=update.pk, person=person, now=at)  # type: ignore[arg-type]
    assert asked.submitted_at is not None
    return asked.submitted_at


@pytest.mark.parametrize("audience", ["end_users", "executives", "public"])
def test_later_updates_to_plain_audiences_need_a_second_reader(
    cast: SimpleNamespace, incident: Incident, audience: str
) -> None:
    made = update_kit.drafted(incident, cast.carla, audience)
    with pytest.raises(approval.NeedsSecondReader) as refused:
        update_kit.published(made, cast.mia)
    assert refused.value.extra["reason"] == "waiting"  # being refused is what asked for one
    assert refused.value.extra["release_at"] is not None
    update_kit.checked(made, cast.carla)
    approved = approve(made, cast.omar)
    assert (approved.state, approved.approved_by) == (UpdateState.APPROVED, cast.omar)
    sent = update_kit.published(made, cast.mia)
    assert (sent.approved_hash, sent.release_reason) == (sent.published_hash, "")


@pytest.mark.parametrize(
    ("kind", "audience"),
    [(UpdateKind.INITIAL, "public"), (UpdateKind.HOLDING, "end_users"), (UpdateKind.UPDATE, "technical")],
)
def test_others_need_none(cast: SimpleNamespace, incident: Incident, kind: UpdateKind, audience: str) -> None:
    made = update_kit.drafted(incident, cast.carla, audience, kind=kind)
    assert update_kit.published(made, cast.carla).approved_by is None


def test_nobody_reads_their_own_text(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    with pytest.raises(Refusal) as refused:
        approve(made, cast.carla)
    assert refused.value.code == "own_update"
    updates.edit(
        update_id=made.pk, person=cast.omar, revision=1, fields={"body": update_kit.BODY + " Thanks."}, now=dbtime.now()
    )
    update_kit.checked(made, cast.carla)
    with pytest.raises(Refusal):
        approve(made, cast.omar)
    assert approve(made, cast.carla).approved_by == cast.carla


def test_only_second_readers_approve(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    with pytest.raises(Forbidden):
        approve(made, cast.rosa)
    assert approve(made, cast.petra).approved_by == cast.petra


def test_an_approval_holds_for_one_text(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    approve(made, cast.omar)
    fields = {"next_update_at": dbtime.now() + timedelta(minutes=20)}
    edited = updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
    assert (edited.state, edited.approved_by, edited.approved_hash) == (UpdateState.DRAFT, None, "")
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.mia)


def test_an_unchecked_text_is_not_approved(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    with pytest.raises(approval.NotChecked):
        approve(made, cast.omar)


def test_a_text_that_is_stopped_is_not_approved(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    language.misspelt["hours"] = "ours"
    made = update_kit.drafted(incident, cast.carla, "end_users")
    update_kit.checked(made, cast.carla)
    with pytest.raises(Refusal) as refused:
        approve(made, cast.omar)
    assert [found["code"] for found in refused.value.extra["findings"]] == ["C09"]
    checking_rows = checking.check(update_id=made.pk, person=cast.carla, now=dbtime.now())
    assert [row.code for row in checking_rows if row.is_blocking] == ["C09"]


def test_a_refused_attempt_asks_for_a_reader(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.carla)
    made.refresh_from_db()
    assert made.submitted_at is not None
    with pytest.raises(approval.NeedsSecondReader) as refused:
        update_kit.published(made, cast.carla)
    assert refused.value.extra["reason"] == "waiting"
    assert refused.value.extra["release_at"] is not None


def test_asking_again_does_not_start_the_timer_again(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    first = ask(made, cast.carla, ago=100)
    assert ask(made, cast.carla) == first


def test_after_three_minutes_the_manager_releases_and_the_reason_is_kept(
    cast: SimpleNamespace, incident: Incident
) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    asked_at = ask(made, cast.carla, ago=181)
    with pytest.raises(approval.NeedsSecondReader) as refused:
        update_kit.published(made, cast.omar)
    assert "accountable manager" in refused.value.message
    sent = update_kit.published(made, cast.mia)
    assert sent.approved_by is None
    assert f"{asked_at:%H:%M} (UTC+0)" in sent.release_reason


def test_a_deputy_may_release_too(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    ask(made, cast.carla, ago=200)
    assert update_kit.published(made, cast.dan).release_reason


def test_an_edit_starts_the_timer_again(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    ask(made, cast.carla, ago=200)
    fields = {"body": update_kit.BODY + " Thank you."}
    updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.mia)


def test_with_the_checker_down_every_later_update_needs_a_reader(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    language.down = True
    made = update_kit.drafted(incident, cast.carla, "technical")
    with pytest.raises(approval.NeedsSecondReader):
        update_kit.published(made, cast.carla)
    approve(made, cast.omar)
    sent = update_kit.published(made, cast.carla)
    assert (sent.language_checked, sent.approved_by) == (False, cast.omar)


def test_with_the_checker_down_initial_and_holding_leave(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    language.down = True
    made = update_kit.drafted(incident, cast.carla, "public", kind=UpdateKind.INITIAL)
    assert update_kit.published(made, cast.carla).language_checked is False
