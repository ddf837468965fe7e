"""The mails looked at: narrow, usual and wide, light and dark, with long words; axe finds nothing in their HTML."""

import copy
from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

from comms.choices import UpdateKind
from comms.models import Update
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


# Each kind, with the language in which it is written.
KINDS = (
    (UpdateKind.INITIAL, "en-GB"),
    (UpdateKind.HOLDING, "de-DE"),
    (UpdateKind.UPDATE, "en-GB"),
    (UpdateKind.UPDATE, "fr"),
    (UpdateKind.WORKAROUND, "es"),
    (UpdateKind.CORRECTION, "de-DE"),
    (UpdateKind.RESTORED, "en-GB"),
)


@pytest.fixture
def mails(cast: SimpleNamespace) -> dict[str, str]:
    incident = update_kit.declared(cast.mia)
    wrong = update_kit.drafted(incident, cast.mia, "technical", "end_users", body=BODY)
    wrong.published_at, wrong.sequence = dbtime.now(), 1
    found: dict[str, str] = {}
    for number, (kind, language) in enumerate(KINDS, start=2):
        update = written(wrong, kind=kind, language=language, number=number)
        first, *_between, last = messages.of_update(update, now=dbtime.now())
        found |= {f"{kind} {language} technical": first.html, f"{kind} {language} end users": last.html}
    Incident.objects.filter(pk=incident.pk).update(is_exercise=True)
    incident.refresh_from_db()
    wrong.incident = incident
    exercise = messages.of_update(wrong, now=dbtime.now())[0]
    withdrawn = messages.of_withdrawal(wrong, now=dbtime.now())[0]
    takeover = calls.for_takeover(incident, new=cast.omar, by=cast.dan, reason=LONG, is_yours=True)
    return found | {"exercise": exercise.html, "withdrawal": withdrawn.html, "takeover": takeover.html}


def written(wrong: Update, *, kind: UpdateKind, language: str, number: int) -> Update:
    """An update as it is when it leaves; nothing is stored, since only its look is tried."""
    is_over = kind == UpdateKind.RESTORED
    update = copy.copy(wrong)
    update.kind, update.language, update.sequence = kind, language, number
    update.corrects = wrong if kind == UpdateKind.CORRECTION else None
    update.next_update_at, update.no_further_updates = None if is_over else wrong.next_update_at, is_over
    return update


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
