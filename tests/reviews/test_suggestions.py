"""Lapses are suggested from late promises, out of the room, to the manager of that moment."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from comms.models import OwedAudience
from incidents.choices import EntryKind
from incidents.models import CommandTenure, Incident
from reviews import tasks
from reviews.choices import LapseCode, LapseState
from reviews.consumers import lapses as consumer
from reviews.models import Lapse
from reviews.queries import promises
from reviews.rendering import ledger
from reviews.services.suggesting import late_updates, showing
from teams.models import Rota, RotaAbsence, RotaShift
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_missed_promise_is_suggested_once(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="investigating")
    due_at = timezone.now() - MINUTE
    late = rows.deadline(of=incident, due_at=due_at, missed_at=due_at)
    entry = rows.missed(of=incident, deadlines=[late])

    consumer.consume([entry])
    consumer.consume([entry, entry])

    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.state, lapse.addressee) == (LapseCode.L02, LapseState.SUGGESTED, cast.mia)
    assert lapse.source_key == f"deadline:{late.pk}"
    assert lapse.occurred_at == due_at
    assert lapse.facts["audience"] == "end_users"
    assert "Mia" not in str(lapse.facts)


def test_a_late_first_update_is_l01(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    late = rows.deadline(of=incident, is_first=True, missed_at=NOON)
    (lapse,) = late_updates.suggest(deadline_ids=[late.pk], now=NOON + MINUTE)
    assert lapse.code == LapseCode.L01


def test_a_late_publication_alone_is_enough(cast: SimpleNamespace) -> None:
    """Where the sweep never saw the miss, the publication's entry tells of it."""
    incident = rows.incident(manager=cast.mia)
    late = rows.deadline(of=incident, due_at=NOON, ended_at=NOON + 6 * MINUTE)
    entry = rows.entry(of=incident, kind=EntryKind.UPDATE_PUBLISHED, data={"kept": [late.pk]})
    consumer.consume([entry])
    assert Lapse.objects.get().facts["due_at"] == "2026-11-23T12:00:00.000Z"


@pytest.mark.parametrize("ended_after", [-10, 0])
def test_what_ended_in_time_is_no_lapse(cast: SimpleNamespace, ended_after: int) -> None:
    incident = rows.incident(manager=cast.mia)
    ended = rows.deadline(of=incident, due_at=NOON, ended_at=NOON + ended_after * MINUTE)
    assert late_updates.suggest(deadline_ids=[ended.pk], now=NOON + timedelta(hours=1)) == []


def test_nothing_to_do_makes_nothing() -> None:
    assert late_updates.suggest(deadline_ids=[], now=NOON) == []
    assert showing.show_after_restoration(incident_ids=[], now=NOON) == 0


def test_exercises_have_no_lapses(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, is_exercise=True)
    late = rows.deadline(of=incident, missed_at=NOON)
    assert late_updates.suggest(deadline_ids=[late.pk], now=NOON + MINUTE) == []


def test_imported_entries_are_skipped(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    late = rows.deadline(of=incident, missed_at=NOON)
    entry = rows.entry(of=incident, kind=EntryKind.DEADLINE_MISSED, source="import", data={"deadlines": [late.pk]})
    consumer.consume([entry])
    assert not Lapse.objects.exists()


def test_the_addressee_is_the_manager_of_that_moment(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="investigating")
    CommandTenure.objects.filter(incident=incident).update(ended_at=NOON - MINUTE)
    CommandTenure.objects.create(incident=incident, manager=cast.omar, started_at=NOON - MINUTE)
    before = rows.deadline(of=incident, audience="executives", due_at=NOON - 2 * MINUTE, missed_at=NOON)
    after = rows.deadline(of=incident, due_at=NOON, missed_at=NOON)

    late_updates.suggest(deadline_ids=[before.pk, after.pk], now=NOON + MINUTE)

    addressees = dict(Lapse.objects.values_list("source_key", "addressee__username"))
    assert addressees == {f"deadline:{before.pk}": "mia", f"deadline:{after.pk}": "omar"}


def test_it_stays_out_of_the_room_until_restored(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="mitigating")
    late = rows.deadline(of=incident, missed_at=NOON)
    consumer.consume([rows.missed(of=incident, deadlines=[late])])
    assert Lapse.objects.get().shown_after is None

    consumer.consume([rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, data={"to": "identified"})])
    assert Lapse.objects.get().shown_after is None

    Incident.objects.filter(pk=incident.pk).update(state="monitoring")
    consumer.consume([rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, data={"to": "monitoring"})])
    assert Lapse.objects.get().shown_after is not None


def test_restored_and_reopened_before_the_log_was_read_shows_nothing(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="investigating")
    lapse = rows.lapse(of=incident, addressee=cast.mia, shown_after=None)
    consumer.consume([rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, data={"to": "monitoring"})])
    lapse.refresh_from_db()
    assert lapse.shown_after is None


def test_a_row_learns_how_the_promise_went_on(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    late = rows.deadline(of=incident, due_at=NOON, missed_at=NOON)
    (lapse,) = late_updates.suggest(deadline_ids=[late.pk], now=NOON + MINUTE)
    assert lapse.code == LapseCode.L02

    late.ended_at, late.end_reason = NOON + timedelta(hours=2), "resolved"
    late.save(update_fields=["ended_at", "end_reason"])
    assert late_updates.suggest(deadline_ids=[late.pk], now=NOON + timedelta(hours=3)) == []
    lapse.refresh_from_db()
    assert lapse.code == LapseCode.L03
    assert lapse.facts["ended_at"] == "2026-11-23T14:00:00.000Z"


def test_an_answered_row_keeps_its_code(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    late = rows.deadline(of=incident, due_at=NOON, missed_at=NOON)
    (lapse,) = late_updates.suggest(deadline_ids=[late.pk], now=NOON + MINUTE)
    Lapse.objects.filter(pk=lapse.pk).update(state=LapseState.CONFIRMED)
    late_updates.suggest(deadline_ids=[late.pk], now=NOON + timedelta(hours=3))
    lapse.refresh_from_db()
    assert (lapse.code, lapse.state) == (LapseCode.L02, LapseState.CONFIRMED)


def test_unanswered_goes_to_the_practice_lead_after_two_worked_shifts(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    lapse = rows.lapse(of=incident, addressee=cast.mia, shown_after=NOON)
    rota = Rota.objects.create(name="Managers", role="incident_manager")
    for day in (0, 3):
        starts_at = NOON + timedelta(days=day, hours=1)
        RotaShift.objects.create(
            rota=rota, person=cast.mia, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8)
        )

    assert showing.pass_on_unanswered(now=NOON + timedelta(days=3)) == 0
    assert showing.pass_on_unanswered(now=NOON + timedelta(days=3, hours=9)) == 1
    lapse.refresh_from_db()
    assert lapse.lead_told_at == NOON + timedelta(days=3, hours=9)
    assert showing.pass_on_unanswered(now=NOON + timedelta(days=4)) == 0


@pytest.mark.parametrize("how", ["away", "somebody stands in"])
def test_a_shift_that_was_not_worked_does_not_count(cast: SimpleNamespace, how: str) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, shown_after=NOON)
    rota = Rota.objects.create(name="Managers", role="incident_manager")
    times = [(NOON + timedelta(days=day, hours=1), NOON + timedelta(days=day, hours=9)) for day in (0, 3, 6)]
    for starts_at, ends_at in times:
        RotaShift.objects.create(rota=rota, person=cast.mia, starts_at=starts_at, ends_at=ends_at)
    starts_at, ends_at = times[1]
    if how == "away":
        RotaAbsence.objects.create(rota=rota, person=cast.mia, starts_at=starts_at, ends_at=ends_at)
    else:
        fields = {"is_override": True, "instead_of": cast.mia, "starts_at": starts_at, "ends_at": ends_at}
        RotaShift.objects.create(rota=rota, person=cast.omar, **fields)
    assert showing.pass_on_unanswered(now=NOON + timedelta(days=3, hours=9)) == 0
    assert showing.pass_on_unanswered(now=NOON + timedelta(days=6, hours=9)) == 1


def test_without_a_rota_two_days_count(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    rows.lapse(of=incident, addressee=cast.mia, shown_after=NOON)
    assert showing.pass_on_unanswered(now=NOON + timedelta(hours=47)) == 0
    assert showing.pass_on_unanswered(now=NOON + timedelta(hours=48)) == 1


@pytest.mark.parametrize("fields", [{"state": "confirmed"}, {"shown_after": None}])
def test_only_suggestions_that_were_shown_are_passed_on(cast: SimpleNamespace, fields: dict[str, object]) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, **fields)
    assert showing.pass_on_unanswered(now=NOON + timedelta(days=30)) == 0


def test_a_late_update_is_told_with_its_length(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    in_time = rows.kept(of=incident, author=cast.carla, due_at=NOON, at=NOON)
    late = rows.kept(of=incident, author=cast.carla, due_at=NOON + 30 * MINUTE, at=NOON + 36 * MINUTE)
    OwedAudience.objects.create(
        incident=incident, audience=late.audience, every_minutes=30, owed_since=incident.declared_at
    )
    consumer.consume([rows.entry(of=incident, kind=EntryKind.UPDATE_PUBLISHED, data={"kept": [in_time.pk, late.pk]})])
    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.facts["interval"]) == (LapseCode.L02, 1800.0)
    assert ledger.sentence(lapse, now=NOON) == "An update promised to end users was 6 min late."


def test_the_clock_passes_on_what_nobody_answered(cast: SimpleNamespace) -> None:
    rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, shown_after=NOON - timedelta(days=30))
    assert tasks.sweep_unanswered_lapses() == 1


def test_a_lapse_whose_manager_is_unknown_asks_nobody(cast: SimpleNamespace) -> None:
    """Imported incidents have tenures of nobody in particular; one without any tenure has no addressee."""
    assert promises.managers_at([(0, NOON)]) == {}
