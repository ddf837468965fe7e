"""What left before the checker could read it is read when the checker answers again."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Finding, Update
from comms.services import rechecks
from comms.tasks import rechecks as tasks
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


def test_what_is_too_old_to_matter_is_left_alone(unread: Update, language: memory.Language) -> None:
    language.down = False
    assert rechecks.recheck(now=dbtime.now() + timedelta(days=8)).read == 0


@pytest.mark.usefixtures("language_tool")
def test_the_task_reads_with_the_real_checker(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", kind=UpdateKind.HOLDING, body=WRONG)
    sent = update_kit.published(made, cast.mia, send_now=True)
    tasks.deliver_rechecks()
    assert [row.text for row in Finding.objects.filter(update=sent, found_after_sending=True)] == ["canot"]
