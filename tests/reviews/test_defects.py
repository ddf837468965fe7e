"""An update that left unread and turned out to have a mistake is suggested as a lapse: privately and once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.models import Finding, Update
from incidents.choices import EntryKind
from incidents.models import CommandTenure, Incident, TimelineEntry
from reviews.choices import LapseCode, LapseState
from reviews.consumers import lapses as consumer
from reviews.models import Lapse
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services.suggesting import wrong
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def mistake(update: Update, *, is_blocking: bool = True, found_after_sending: bool = True) -> Finding:
    return Finding.objects.create(
        update=update,
        content_hash="x",
        code="C09",
        rule="misspelling",
        severity="error",
        text="canot",
        message="Possible spelling mistake found.",
        is_blocking=is_blocking,
        found_after_sending=found_after_sending,
    )


def told(incident: Incident, update: Update) -> TimelineEntry:
    return rows.entry(
        of=incident,
        kind=EntryKind.UPDATE_DEFECT_FOUND,
        source="system",
        data={"update": update.pk, "sequence": update.sequence, "audiences": [], "found": 1},
    )


@pytest.mark.parametrize(("mistakes", "words"), [(1, "a mistake of language"), (3, "3 mistakes of language")])
def test_one_update_is_suggested_once_however_much_is_wrong(cast: SimpleNamespace, mistakes: int, words: str) -> None:
    incident = rows.incident(manager=cast.mia)
    update = rows.update(of=incident, author=cast.carla, at=NOON, audiences=("end_users", "public"))
    for _ in range(mistakes):
        mistake(update)
    entry = told(incident, update)

    consumer.consume([entry])
    consumer.consume([entry, entry])

    lapse = Lapse.objects.get()
    assert (lapse.code, lapse.state, lapse.addressee) == (LapseCode.L05, LapseState.SUGGESTED, cast.mia)
    assert (lapse.source_key, lapse.occurred_at) == (f"update:{update.pk}", NOON)
    assert ledger.sentence(lapse, now=NOON) == f"Update 1 to end users, the public left with {words}."
    assert "Carla" not in str(lapse.facts), "the practice, never a person"


def test_what_advises_or_was_known_when_it_left_is_none(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    update = rows.update(of=incident, author=cast.mia, at=NOON)
    mistake(update, is_blocking=False)
    mistake(update, found_after_sending=False)
    consumer.consume([told(incident, update)])
    assert not Lapse.objects.exists()


def test_whoever_was_accountable_when_it_left_is_asked(cast: SimpleNamespace) -> None:
    """Handed over between sending and reading: the receiver had no part in it."""
    incident = rows.incident(manager=cast.mia, state="investigating")
    CommandTenure.objects.filter(incident=incident).update(ended_at=NOON)
    CommandTenure.objects.create(incident=incident, manager=cast.omar, started_at=NOON)
    before = rows.update(of=incident, author=cast.mia, at=NOON - MINUTE)
    after = rows.update(of=incident, author=cast.mia, at=NOON)
    for update in (before, after):
        mistake(update)
    consumer.consume([told(incident, before), told(incident, after)])
    addressees = dict(Lapse.objects.values_list("source_key", "addressee__username"))
    assert addressees == {f"update:{before.pk}": "mia", f"update:{after.pk}": "omar"}


def test_it_stays_out_of_the_room_and_is_private(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia, state="mitigating")
    update = rows.update(of=incident, author=cast.mia, at=NOON)
    mistake(update)
    consumer.consume([told(incident, update)])
    assert not lapse_queries.visible_lapses(cast.mia).exists()

    Incident.objects.filter(pk=incident.pk).update(state="monitoring")
    consumer.consume([rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, data={"to": "monitoring"})])
    assert lapse_queries.visible_lapses(cast.mia).get().code == LapseCode.L05
    for other in (cast.omar, cast.ada, cast.leo):
        assert not lapse_queries.visible_lapses(other).exists()


def test_an_answer_is_not_asked_for_again(cast: SimpleNamespace) -> None:
    incident = rows.incident(manager=cast.mia)
    update = rows.update(of=incident, author=cast.mia, at=NOON)
    mistake(update)
    (lapse,) = wrong.suggest_language(update_ids=[update.pk], now=NOON)
    Lapse.objects.filter(pk=lapse.pk).update(state=LapseState.DISMISSED, dismissal_reason="A name.")
    mistake(update)
    assert wrong.suggest_language(update_ids=[update.pk], now=NOON) == []
    assert Lapse.objects.get().state == LapseState.DISMISSED


def test_exercises_and_unsent_texts_have_none(cast: SimpleNamespace) -> None:
    drill = rows.incident(manager=cast.mia, is_exercise=True)
    sent = rows.update(of=drill, author=cast.mia, at=NOON)
    mistake(sent)
    assert wrong.suggest_language(update_ids=[sent.pk], now=NOON) == []
    assert wrong.suggest_language(update_ids=[], now=NOON) == []
    assert wrong.suggest_language(update_ids=[sent.pk + 1], now=NOON) == []
