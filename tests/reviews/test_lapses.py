"""The steps of the ledger, as people take them."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mim_portal.lib.refusals import Forbidden, Invalid
from reviews.choices import LapseState
from reviews.models import Lapse, PreventionPlan
from reviews.services import lapses
from teams.models import Person
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def suggested(cast: SimpleNamespace) -> Lapse:
    return rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)


def plan(lapse: Lapse, person: Person, **fields: Any) -> PreventionPlan:
    given: dict[str, Any] = {
        "text": "Reminder at two thirds of the interval",
        "strength": "intermediate",
        "owner": person,
        "due_date": TODAY,
        "measure": "No repeat in 20 chances",
        "now": NOON,
    }
    return lapses.plan(lapse_id=lapse.pk, person=person, **given | fields)


def test_confirmed(cast: SimpleNamespace, suggested: Lapse) -> None:
    lapse = lapses.confirm(lapse_id=suggested.pk, person=cast.mia, now=NOON)
    assert (lapse.state, lapse.decided_at, lapse.version) == (LapseState.CONFIRMED, NOON, 2)


def test_dismissed_needs_a_reason(cast: SimpleNamespace, suggested: Lapse) -> None:
    with pytest.raises(Invalid) as refused:
        lapses.dismiss(lapse_id=suggested.pk, person=cast.mia, reason="  ", now=NOON)
    assert refused.value.field == "reason"
    lapse = lapses.dismiss(lapse_id=suggested.pk, person=cast.mia, reason="The bridge was told", now=NOON)
    assert (lapse.state, lapse.dismissal_reason) == (LapseState.DISMISSED, "The bridge was told")


def test_owning_a_suggestion_confirms_it(cast: SimpleNamespace, suggested: Lapse) -> None:
    lapse = lapses.own(
        lapse_id=suggested.pk, person=cast.mia, acknowledgement="We did not keep the 12:00 promise.", now=NOON
    )
    assert (lapse.state, lapse.owned_at, lapse.decided_at) == (LapseState.OWNED, NOON, NOON)


def test_owning_takes_words(cast: SimpleNamespace, suggested: Lapse) -> None:
    with pytest.raises(Invalid) as refused:
        lapses.own(lapse_id=suggested.pk, person=cast.mia, acknowledgement="", now=NOON)
    assert refused.value.field == "acknowledgement"


def test_the_whole_way_to_watching(cast: SimpleNamespace, suggested: Lapse) -> None:
    lapses.confirm(lapse_id=suggested.pk, person=cast.mia, now=NOON)
    lapses.own(lapse_id=suggested.pk, person=cast.mia, acknowledgement="We were late.", now=NOON)
    lapses.correct(lapse_id=suggested.pk, person=cast.mia, correction="Sent at 12:06.", now=NOON)
    made = plan(suggested, cast.mia, owner=cast.omar)
    assert (made.owner, made.sample_target) == (cast.omar, 20)
    lapses.put_in_place(lapse_id=suggested.pk, person=cast.omar, now=NOON + timedelta(days=1))
    suggested.refresh_from_db()
    made.refresh_from_db()
    assert (suggested.state, made.in_place_at) == (LapseState.WATCHING, NOON + timedelta(days=1))


def test_a_plan_may_be_written_again_until_it_is_in_place(cast: SimpleNamespace, suggested: Lapse) -> None:
    lapses.own(lapse_id=suggested.pk, person=cast.mia, acknowledgement="We were late.", now=NOON)
    plan(suggested, cast.mia)
    plan(suggested, cast.petra, text="Beat shared by all audiences")
    assert suggested.plans.count() == 2
    lapses.put_in_place(lapse_id=suggested.pk, person=cast.petra, now=NOON)
    with pytest.raises(lapses.StepRefused):
        plan(suggested, cast.mia)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "plan"),
        ({"measure": " "}, "measure"),
        ({"due_date": None}, "due_date"),
        ({"owner": None}, "owner"),
        ({"due_date": TODAY - timedelta(days=1)}, "due_date"),
        ({"strength": "heroic"}, "strength"),
    ],
)
def test_a_plan_says_everything(cast: SimpleNamespace, suggested: Lapse, fields: dict[str, Any], field: str) -> None:
    lapses.own(lapse_id=suggested.pk, person=cast.mia, acknowledgement="We were late.", now=NOON)
    with pytest.raises(Invalid) as refused:
        plan(suggested, cast.mia, **fields)
    assert refused.value.field == field
    assert not suggested.plans.exists()


def test_steps_follow_each_other(cast: SimpleNamespace, suggested: Lapse) -> None:
    with pytest.raises(lapses.StepRefused) as refused:
        plan(suggested, cast.mia)
    assert refused.value.extra == {"allowed": ["confirmed", "dismissed"]}
    with pytest.raises(lapses.StepRefused):
        lapses.correct(lapse_id=suggested.pk, person=cast.mia, correction="Sent", now=NOON)
    with pytest.raises(lapses.StepRefused):
        lapses.put_in_place(lapse_id=suggested.pk, person=cast.mia, now=NOON)
    lapses.confirm(lapse_id=suggested.pk, person=cast.mia, now=NOON)
    with pytest.raises(lapses.StepRefused):
        lapses.confirm(lapse_id=suggested.pk, person=cast.mia, now=NOON)


ANSWERS: dict[str, Callable[[int, Person], object]] = {
    "confirm": lambda number, person: lapses.confirm(lapse_id=number, person=person, now=NOON),
    "dismiss": lambda number, person: lapses.dismiss(lapse_id=number, person=person, reason="No", now=NOON),
    "own": lambda number, person: lapses.own(lapse_id=number, person=person, acknowledgement="Yes", now=NOON),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", ["omar", "petra", "audra", "ada", "rosa"])
def test_a_suggestion_does_not_exist_for_others(
    cast: SimpleNamespace, suggested: Lapse, answer: str, name: str
) -> None:
    with pytest.raises(lapses.UnknownLapse):
        ANSWERS[answer](suggested.pk, getattr(cast, name))


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_practice_lead_answers_once_told(cast: SimpleNamespace, suggested: Lapse, answer: str) -> None:
    Lapse.objects.update(lead_told_at=NOON)
    ANSWERS[answer](suggested.pk, cast.petra)
    suggested.refresh_from_db()
    assert suggested.state != LapseState.SUGGESTED


def test_a_confirmed_lapse_is_owned_by_its_addressee(cast: SimpleNamespace, suggested: Lapse) -> None:
    lapses.confirm(lapse_id=suggested.pk, person=cast.mia, now=NOON)
    with pytest.raises(Forbidden):
        lapses.own(lapse_id=suggested.pk, person=cast.omar, acknowledgement="Mine", now=NOON)
    lapses.own(lapse_id=suggested.pk, person=cast.mia, acknowledgement="Mine", now=NOON)
    with pytest.raises(Forbidden):
        plan(suggested, cast.omar)


def test_no_plan_to_put_in_place(cast: SimpleNamespace) -> None:
    lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.OWNED)
    with pytest.raises(lapses.StepRefused) as refused:
        lapses.put_in_place(lapse_id=lapse.pk, person=cast.mia, now=NOON)
    assert refused.value.code == "no_plan"
