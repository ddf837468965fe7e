"""Owners are reminded of an action's day, once a step; the practice lead hears of what is a week late."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.models import Delivery
from incidents.models import Incident
from mim_portal.lib import dbtime
from reviews import tasks
from reviews.models import ImprovementAction
from reviews.services import actions, reminding
from teams.models import Person
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture
def action(cast: SimpleNamespace) -> ImprovementAction:
    review = rows.review(of=rows.incident(manager=cast.mia))
    return rows.action(of=review, owner=cast.rosa, due_date=TODAY + 3 * DAY)


def mailed() -> list[tuple[str, str]]:
    found = Delivery.objects.order_by("pk").values_list("address", "message__subject")
    return [(address, subject.split(":")[0]) for address, subject in found]


def test_each_step_is_said_once(action: ImprovementAction, cast: SimpleNamespace) -> None:
    said = []
    for days in range(-1, 13):
        said.append(reminding.remind(now=NOON + days * DAY))
        assert reminding.remind(now=NOON + days * DAY) == 0
    assert [days for days, spoken in zip(range(-1, 13), said, strict=True) if spoken] == [0, 4, 11]
    rosa = cast.rosa.email
    assert mailed() == [
        (rosa, "Due Thu 26 Nov 2026"),
        (rosa, "Past its day"),
        (rosa, "Past its day"),
        (cast.petra.email, "Past its day"),
    ]


def test_the_words_are_for_whoever_reads_them(action: ImprovementAction, cast: SimpleNamespace) -> None:
    reminding.remind(now=NOON + 11 * DAY)
    own, lead = Delivery.objects.select_related("message").order_by("pk")
    assert "You own this action; its day was Thu 26 Nov 2026." in own.message.text
    assert action.done_means in own.message.text
    assert f"/reviews/{Incident.objects.get().reference}/#actions" in own.message.html
    assert "more than a week past its day" in lead.message.text
    assert "You own" not in lead.message.text


def test_another_day_is_spoken_of_anew(action: ImprovementAction, cast: SimpleNamespace) -> None:
    assert reminding.remind(now=NOON) == 1
    actions.change(action_id=action.pk, person=cast.mia, fields={"due_date": TODAY + 20 * DAY}, now=NOON)
    assert reminding.remind(now=NOON) == 0
    assert reminding.remind(now=NOON + 17 * DAY) == 1


def test_other_changes_are_not(action: ImprovementAction, cast: SimpleNamespace) -> None:
    assert reminding.remind(now=NOON) == 1
    actions.change(action_id=action.pk, person=cast.mia, fields={"measure": "No alert in a month."}, now=NOON)
    assert reminding.remind(now=NOON) == 0


@pytest.mark.parametrize("change", ["done", "far off", "left", "private"])
def test_nobody_hears_of(change: str, action: ImprovementAction, cast: SimpleNamespace) -> None:
    if change == "done":
        ImprovementAction.objects.update(state="done", done_at=NOON)
    elif change == "far off":
        ImprovementAction.objects.update(due_date=TODAY + 4 * DAY)
    elif change == "left":
        Person.objects.filter(pk=cast.rosa.pk).update(is_active=False)
    else:
        Incident.objects.update(is_private=True)
    reminding.remind(now=NOON)
    assert mailed() == []


def test_the_clock_runs_it(action: ImprovementAction) -> None:
    ImprovementAction.objects.update(due_date=dbtime.now().date() - DAY)
    assert tasks.remind_owners() == 1
    assert tasks.remind_owners() == 0
