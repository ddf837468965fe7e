"""The ledger in the browser: a late promise from its detection to held, and one that came back and is linked.

Only the passing of three months is written by hand: everything else is done by sweeps and by people on pages.
"""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from comms.models import UpdateDeadline
from comms.services.promises import sweep
from incidents.models import Incident
from incidents.services import dispatch
from incidents.services.states import declaration, lifecycle
from reviews import tasks
from reviews.models import Lapse, PreventionPlan
from tests import factories
from tests.browser import looks
from tests.browser.journey import fill, press
from tests.reviews import rows

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OWN_WORDS = "We did not keep the first promise to end users."
PLAN = "The first update is drafted at declaration."


@pytest.fixture
def mia(browser: Browser, live_server: LiveServer, cast: SimpleNamespace, signed_in: Callable[..., Any]) -> Page:
    return looks.opened(browser, live_server, signed_in(cast.mia))


def late(manager: Any, *, slug: str) -> Incident:
    """Declared, its first update overdue, and restored: the sweeps find it by themselves."""
    now = timezone.now()
    incident = declaration.declare(
        person=manager, title="Staff cannot submit timesheets", manager=manager, impact=1, urgency=1,
        service=factories.service(slug=slug, name="Payroll"), audiences=["end_users"], now=now,
        impact_statement={"who": "store staff", "activity": "submit timesheets"},
    )  # fmt: skip
    UpdateDeadline.objects.filter(incident=incident).update(
        opened_at=now - 20 * MINUTE, due_at=now - MINUTE, warned_at=now - 5 * MINUTE, next_action_at=now - MINUTE
    )
    sweep.sweep_deadlines(by="test")
    dispatch.sweep()
    return incident


def restore(incident: Incident, manager: Any) -> None:
    for to in ("investigating", "identified", "mitigating", "monitoring"):
        lifecycle.transition(
            reference=incident.reference, to=to, person=manager, reason="seen", now=timezone.now(), confirmed_by="desk"
        )
    dispatch.sweep()


def answered(page: Page, site: LiveServer) -> str:
    """Owned, planned and in place, by its addressee on the pages; its address."""
    page.goto(f"{site.url}/ledger/")
    page.locator(".ledger-sentence a").first.click()
    page.wait_for_url("**/ledger/*/")
    address = page.url
    fill(page, **{"own-acknowledgement": OWN_WORDS, "own-conditions": "Writing began when the time was up."})
    press(page, "Own it")
    expect(page.locator("#so-far")).to_contain_text(OWN_WORDS)
    fill(page, **{"correct-correction": "The update left four minutes later."})
    press(page, "Save", page.locator("#correct"))
    expect(page.locator("#so-far")).to_contain_text("four minutes later")
    planned(page)
    assert looks.faults(page) == []
    return address


def planned(page: Page, words: str = PLAN) -> None:
    due = (date.today() + 5 * DAY).isoformat()  # noqa: DTZ011
    fill(page, **{"plan-plan": words, "plan-measure": "No repeat in 20 chances.", "plan-due_date": due})
    asked = page.locator("[name^=plan-change_]:visible")
    expect(asked).to_have_count(0)  # only what the chosen change needs
    page.locator("[name=plan-change]").select_option("word")
    expect(asked).to_have_attribute("name", "plan-change_word")
    page.locator("[name=plan-change]").select_option("")
    press(page, "Save the plan")
    expect(page.locator("#so-far")).to_contain_text(words)
    press(page, "It is in place")
    expect(page.locator("main")).to_contain_text("Watching")


def months_pass(lapse: Lapse, *, chances: int) -> None:
    """As if the plan had been put in place a hundred days ago, with so many promises since."""
    begun = timezone.now() - 100 * DAY
    PreventionPlan.objects.filter(lapse=lapse).update(in_place_at=begun)
    Lapse.objects.filter(pk=lapse.pk).update(occurred_at=begun - DAY)
    UpdateDeadline.objects.filter(incident=lapse.incident).update(opened_at=begun - 2 * DAY, due_at=begun - DAY)
    for number in range(chances):
        at = begun + (number + 1) * DAY
        rows.deadline(of=lapse.incident, due_at=at, opened_at=at - DAY, is_first=True, missed_at=at, ended_at=at + DAY)


def test_from_detection_to_held(mia: Page, live_server: LiveServer, cast: SimpleNamespace, settings: Settings) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)
    incident = late(cast.mia, slug="payroll")
    mia.goto(f"{live_server.url}/ledger/")
    expect(mia.locator("main")).to_contain_text("Nothing is being followed.")  # it stays out of the incident
    restore(incident, cast.mia)
    address = answered(mia, live_server)
    lapse = Lapse.objects.get()
    months_pass(lapse, chances=20)
    assert tasks.settle_plans() == 1
    mia.goto(address)
    expect(mia.locator("main")).to_contain_text("Held")
    expect(mia.locator("#so-far")).to_contain_text("No repeat in 20 chances; true rate may still be up to 14 %.")
    assert looks.faults(mia) == []


def test_it_came_back(
    mia: Page,
    browser: Browser,
    live_server: LiveServer,
    cast: SimpleNamespace,
    signed_in: Callable[..., Any],
    settings: Settings,
) -> None:
    settings.WATCH_MINUTES = dict.fromkeys(settings.WATCH_MINUTES, 0)
    restore(late(cast.mia, slug="payroll"), cast.mia)
    address = answered(mia, live_server)
    first = Lapse.objects.get()
    months_pass(first, chances=3)

    again = late(cast.omar, slug="till")
    restore(again, cast.omar)
    assert tasks.settle_plans() == 0  # nobody has confirmed the second yet
    omar = looks.opened(browser, live_server, signed_in(cast.omar))
    omar.goto(f"{live_server.url}/ledger/")
    omar.locator("[data-needs] .ledger-sentence a").first.click()
    press(omar, "Confirm", omar.locator("#confirm"))
    expect(omar.locator("#before")).to_contain_text(first.incident.reference)
    assert tasks.settle_plans() == 1

    mia.goto(address)
    expect(mia.locator("main")).to_contain_text("Recurred")
    expect(mia.locator("#came-back")).to_contain_text(again.reference)
    assert looks.faults(mia) == []
    planned(mia, "Nobody can declare without a first draft.")
    mia.locator("#came-back a").first.click()
    expect(mia.locator("main")).to_contain_text(again.reference)
    expect(mia.locator("#before")).to_contain_text(first.incident.reference)
