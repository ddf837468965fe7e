"""The language checker is down or slow: the check says so, the text is kept and sent, and it is read later."""

import time
from collections.abc import Callable

import pytest

from comms.adapters import languagetool
from comms.models import Finding, Update
from comms.services.writing import checking
from mim_portal.lib import dbtime
from tests.faults.house import House
from tests.faults.proxy import Mode
from tests.faults.town import BODY, Town
from tests.faults.waiting import wait_until

# What a writer waits at most for a checker that does not answer.
PATIENCE = languagetool.PATIENCE_SECONDS + 3.0


@pytest.mark.parametrize(("mode", "seconds"), [(Mode.REFUSE, 3.0), (Mode.SWALLOW, PATIENCE)])
def test_the_checker_does_not_answer(
    house: House, town: Town, language_tool: str, counted: Callable[..., None], mode: Mode, seconds: float
) -> None:
    languagetool.forget()
    Update.objects.filter(language_checked=False).update(language_checked=True)  # those of other tests
    house.run("worker", "beat")
    body = f"{BODY.replace('the gateway', 'teh gateway')} We {mode.name.lower()} nothing."  # no paragraph read before
    update = town.draft(town.declare(), body=body)
    house.language_net.set(mode)

    started = time.monotonic()
    found = checking.check(update_id=update.pk, person=town.mia, now=dbtime.now())
    check_took = time.monotonic() - started
    assert [row.rule for row in found if row.code == checking.LANGUAGE] == [checking.UNAVAILABLE]
    started = time.monotonic()
    town.publish(update)
    publish_took = time.monotonic() - started
    sent = Update.objects.get(pk=update.pk)
    assert (sent.body, sent.state, sent.language_checked) == (body, "published", False)

    house.language_net.set(Mode.FORWARD)
    read_after = wait_until(
        lambda: Update.objects.get(pk=update.pk).language_checked, seconds=60, why=house.parts["worker"].last_lines
    )

    said = Finding.objects.filter(update=update, code=checking.LANGUAGE).values_list("text", flat=True)
    counted(check_s=round(check_took, 1), publish_s=round(publish_took, 1), read_s_after=round(read_after, 1))
    assert "teh" in said
    assert check_took <= seconds
    assert publish_took <= 2.0
