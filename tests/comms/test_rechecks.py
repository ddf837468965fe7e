"""What left before the checker could read it is read when the checker answers again."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Delivery, Finding, Message, Update
from comms.queries import panels
from comms.rules.checking.wording.language import LanguageMatch
from comms.services.writing import approval, publishing, rechecks
from comms.tasks import rechecks as tasks
from incidents.choices import EntryKind
from incidents.models import TimelineEntry
from incidents.queries import wording
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

WRONG = update_kit.BODY + " They canot pay."


@pytest.fixture
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={"canot": "cannot"}, down=True)
    monkeypatch.setattr(languagetool, "check", twin.check)
    return twin


@pytest.fixture
def unread(cast: SimpleNamespace, language: memory.Language) -> Update:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", kind=UpdateKind.INITIAL, body=WRONG)
    return update_kit.published(made, cast.mia, send_now=True)


def test_while_the_checker_is_down_nothing_happens(unread: Update) -> None:
    assert rechecks.recheck(now=dbtime.now()).read == 0
    unread.refresh_from_db()
    assert not unread.language_checked


def test_a_defect_is_found_after_sending_and_nothing_is_sent_or_changed(
    unread: Update, language: memory.Language
) -> None:
    language.down = False
    result = rechecks.recheck(now=dbtime.now())
    assert (result.read, result.defective) == (1, 1)
    unread.refresh_from_db()
    assert (unread.language_checked, unread.body) == (True, WRONG)
    (found,) = Finding.objects.filter(update=unread, found_after_sending=True)
    assert (found.code, found.text, found.content_hash) == ("C09", "canot", unread.published_hash)
    assert not Finding.objects.filter(update=unread, rule="unavailable").exists()
    assert rechecks.recheck(now=dbtime.now()).read == 0


def test_the_record_and_the_sender_hear_of_a_mistake_once(
    cast: SimpleNamespace, unread: Update, language: memory.Language
) -> None:
    language.down = False
    rechecks.recheck(now=dbtime.now())
    rechecks.recheck(now=dbtime.now())
    entry = TimelineEntry.objects.get(incident=unread.incident_id, kind=EntryKind.UPDATE_DEFECT_FOUND)
    assert (entry.source, entry.actor, entry.text) == ("system", None, "")
    assert entry.data == {"update": unread.pk, "sequence": 1, "audiences": ["end_users"], "found": 1}
    said = wording.words(entry, names=wording.Names(people={}, teams={}))
    assert said == "Update 1 left unread; the language checker has read it now and found 1 mistake."
    mail = Message.objects.get(subject__contains="Please correct")
    assert mail.subject == f"Please correct: a mistake in update 1 · {unread.incident.reference}"
    assert "“canot”: Possible spelling mistake found." in mail.text
    assert f"/updates/{unread.pk}/" in mail.text
    assert list(Delivery.objects.filter(message=mail).values_list("address", flat=True)) == [cast.mia.email]


def test_what_only_advises_is_kept_and_told_nobody(unread: Update, monkeypatch: pytest.MonkeyPatch) -> None:
    advice = LanguageMatch(
        offset=len(update_kit.SUBJECT) + 2,
        length=5,
        message="Consider another word.",
        rule_id="STYLE",
        category="STYLE",
        issue_type="style",
        replacements=(),
    )
    monkeypatch.setattr(languagetool, "check", lambda text, language: [advice])
    assert rechecks.recheck(now=dbtime.now()) == rechecks.Rechecked(read=1, defective=0)
    assert Finding.objects.get(update=unread, found_after_sending=True).text == "Store"
    assert not TimelineEntry.objects.filter(kind=EntryKind.UPDATE_DEFECT_FOUND).exists()
    assert not Message.objects.filter(subject__contains="Please correct").exists()


def test_the_room_and_the_page_lead_to_the_correction(
    cast: SimpleNamespace, unread: Update, language: memory.Language, signed_in: Callable[..., Client]
) -> None:
    language.down = False
    rechecks.recheck(now=dbtime.now())
    browser = signed_in(cast.mia)
    (line,) = panels.sent_lines(unread.incident)
    assert line.to_correct
    room = browser.get(f"/incidents/{unread.incident.reference}/panels/updates/").content.decode()
    assert "mistake found" in room
    page = browser.get(f"/updates/{unread.pk}/").content.decode()
    assert page.index("Found after sending: “canot”") < page.index("Correct it") < page.index("Who got it")

    right = publishing.correct(
        update_id=unread.pk,
        person=cast.mia,
        subject="",
        body="We wrote a word wrongly. That was wrong: they cannot pay. We are sorry. Please keep your hours on paper.",
        next_update_at=unread.next_update_at,
        now=dbtime.now(),
    )
    page = browser.get(f"/updates/{unread.pk}/").content.decode()
    assert page.index("A correction is being written") < page.index("Who got it")
    assert page.index("Who got it") < page.index("Go on with the correction")
    assert "Correct it" not in page
    update_kit.checked(right, cast.mia)
    approval.approve(update_id=right.pk, person=cast.carla, now=dbtime.now())
    update_kit.published(right, cast.mia)
    assert not any(line.to_correct for line in panels.sent_lines(unread.incident))


def test_what_is_too_old_to_matter_is_left_alone(unread: Update, language: memory.Language) -> None:
    language.down = False
    assert rechecks.recheck(now=dbtime.now() + timedelta(days=8)).read == 0


@pytest.mark.usefixtures("language_tool")
def test_the_task_reads_with_the_real_checker(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", kind=UpdateKind.HOLDING, body=WRONG)
    sent = update_kit.published(made, cast.mia, send_now=True)
    tasks.deliver_rechecks()
    assert [row.text for row in Finding.objects.filter(update=sent, found_after_sending=True)] == ["canot"]
