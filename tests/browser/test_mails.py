"""The mails looked at: narrow, usual and wide, light and dark, with long words; axe finds nothing in their HTML."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from comms.rendering import calls, messages
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.browser import looks
from tests.comms import update_kit

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (320, 600, 1024)
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 3
BODY = (
    f"Store staff cannot submit timesheets.\n\n- One: {LONG}\n- Two\n\n"
    "| Site | Since |\n| --- | --- |\n| Cork | 09:10 |\n\n"
    f"```\nerror {LONG}\n```\n\n[How to use the paper form](https://help.example.org/paper/{LONG})."
)


@pytest.fixture
def mails(cast: SimpleNamespace) -> dict[str, str]:
    incident = update_kit.declared(cast.mia)
    Incident.objects.filter(pk=incident.pk).update(is_exercise=True)
    incident.refresh_from_db()
    update = update_kit.drafted(incident, cast.mia, "technical", "end_users", body=BODY)
    now = dbtime.now()
    update.published_at, update.sequence, update.incident = now, 1, incident
    sent, withdrawn = messages.of_update(update, now=now), messages.of_withdrawal(update, now=now)
    takeover = calls.for_takeover(incident, new=cast.omar, by=cast.dan, reason=LONG, is_yours=True)
    return {
        "technical": sent[0].html,
        "end users": sent[-1].html,
        "withdrawal": withdrawn[0].html,
        "takeover": takeover.html,
    }


def test_mails_can_be_read_everywhere(browser: Browser, mails: dict[str, str]) -> None:
    page = browser.new_page()
    wrong = []
    for name, body in mails.items():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.set_content(body)
                page.evaluate(AXE_SCRIPT)
                wrong += [f"{name} {scheme} {width}: {one}" for one in page.evaluate(looks.AXE, None)]
                if (over := page.evaluate(looks.OVER)) > 0:
                    wrong.append(f"{name} {width}: sideways by {over} px")
    assert wrong == []
