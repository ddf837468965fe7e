"""Redis away: texts are still read, slower, never passed over in silence, and nobody gets an error page."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from comms.adapters import language_memory, languagetool, memory
from comms.models import Finding
from comms.rules.checking.wording.language import LanguageMatch
from comms.services.writing import checking, publishing
from mim_portal.embedded.ports import free_port
from mim_portal.lib import dbtime, nudge
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

ANSWER = LanguageMatch(offset=0, length=5, message="m", rule_id="R", category="TYPOS", issue_type="misspelling")


@pytest.fixture(autouse=True)
def away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    monkeypatch.setattr(nudge, "circuit", type(nudge.circuit)())


def test_what_was_read_is_remembered_in_this_process_alone() -> None:
    language_memory.remember({"one": (ANSWER,)})
    assert nudge.circuit.failures == 1
    assert language_memory.recall(["one", "two"]) == {"one": (ANSWER,)}
    language_memory.forget()
    assert language_memory.recall(["one"]) == {}


def test_redis_is_asked_once_and_then_left_alone_for_a_while() -> None:
    for number in range(20):
        language_memory.recall([str(number)])
        language_memory.remember({str(number): ()})
    assert nudge.circuit.failures == 1


def test_after_the_pause_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    language_memory.recall(["one"])
    monkeypatch.setattr(nudge.circuit, "_closed_again_at", 0.0)
    language_memory.recall(["two"])
    assert nudge.circuit.failures == 2


@pytest.mark.usefixtures("language_tool")
def test_a_text_is_read_all_the_same(cast: SimpleNamespace) -> None:
    body = f"Staff canot submit timesheets. {update_kit.BODY}"
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", body=body)
    found = checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert [each.text for each in found if each.code == checking.LANGUAGE] == ["canot"]
    made.refresh_from_db()
    assert made.language_checked


def test_it_is_read_and_sent_over_the_api(
    cast: SimpleNamespace, api: Callable[..., APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language(misspelt={"timesheets": "time sheets"}).check)
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users")
    answer = api(cast.mia).post(f"/api/v1/incidents/{made.incident.reference}/updates/{made.pk}/check/")
    assert answer.status_code == 200
    assert [each["text"] for each in answer.json()["findings"] if each["code"] == "C09"]
    with pytest.raises(publishing.Blocked):
        update_kit.published(made, cast.mia)


def test_with_the_checker_away_too_it_is_said_that_nobody_read_it(cast: SimpleNamespace, settings: Settings) -> None:
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{free_port()}"
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users")
    checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    made.refresh_from_db()
    assert not made.language_checked
    assert [row.rule for row in Finding.objects.filter(update=made, code=checking.LANGUAGE)] == [checking.UNAVAILABLE]
