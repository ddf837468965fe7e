"""Checking a text as it stands, with the real language checker, and what happens when it does not answer."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Finding, Update
from comms.rules.checking.wording.language import LanguageMatch
from comms.services.writing import checking, updates
from mim_portal.embedded.ports import free_port
from mim_portal.lib import dbtime
from teams.models import GlossaryTerm
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


def spelt(update: Update) -> list[Finding]:
    return list(Finding.objects.filter(update=update, code="C09").order_by("start"))


@pytest.mark.usefixtures("language_tool")
def test_a_clean_text_has_no_finding_that_stops_it(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", "public")
    rows = checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert [row.code for row in rows if row.is_blocking] == []
    made.refresh_from_db()
    assert (made.state, made.language_checked) == (UpdateState.CHECKED, True)
    assert len(made.checked_hash) == 64


@pytest.mark.usefixtures("language_tool")
def test_a_misspelling_is_found_where_it_stands_and_can_be_put_right(cast: SimpleNamespace) -> None:
    body = "🔴 Staff canot submit timesheets. " + update_kit.BODY
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", body=body)
    checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    (found,) = spelt(made)
    assert body[found.start : found.end] == found.text == "canot"
    assert "cannot" in found.suggestions
    assert (found.part, found.severity, found.is_blocking) == ("body", "error", True)


@pytest.mark.usefixtures("language_tool")
def test_a_misspelt_subject_is_found_in_the_subject(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(
        update_kit.declared(cast.mia), cast.mia, "end_users", subject="staff cannot submitt timesheets"
    )
    checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    (found,) = spelt(made)
    assert (found.part, found.text, found.start) == ("subject", "submitt", 13)


@pytest.mark.usefixtures("language_tool")
def test_words_of_the_organisation_are_known(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    GlossaryTerm.objects.create(term="Zyxtime", meaning="the time clock at the till")
    factories.site(slug="ballyhaunis-qx", name="Ballyhauniqx")
    body = "The Zyxtime screens in Ballyhauniqx do not open. Grblfx does not open either."
    made = update_kit.drafted(incident, cast.mia, "end_users", body=body)
    checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert [row.text for row in spelt(made)] == ["Grblfx"]


@pytest.mark.usefixtures("language_tool")
def test_grammar_is_found_and_warns_technical_teams_only(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    body = "The tills has stopped and staff cannot submit timesheets."
    plain = update_kit.drafted(incident, cast.mia, "end_users", body=body)
    technical = update_kit.drafted(incident, cast.mia, "technical", body=body)
    for made in (plain, technical):
        checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert [row.is_blocking for row in spelt(plain)] == [True]
    assert [(row.severity, row.is_blocking) for row in spelt(technical)] == [("warning", False)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minutes": None}, "C01"),
        ({"minutes": 400}, "C01"),
        ({"body": update_kit.BODY + " It works again at 14:30."}, "C20"),
        ({"body": update_kit.BODY + " We hope to be back shortly."}, "C02"),
        ({"body": update_kit.BODY + " [NAME] looks after it."}, "C10"),
        ({"body": update_kit.BODY + " This was caused by human error."}, "C07"),
        ({"body": update_kit.BODY + " Rosa Example is on it."}, "C07"),
        ({"body": update_kit.BODY + " See db-prod-01.corp.local for more."}, "C05"),
        ({"body": ""}, "C08"),
    ],
)
def test_what_a_professional_would_stop_is_stopped(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object], code: str
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users", **fields)  # type: ignore[arg-type]
    rows = checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert code in [row.code for row in rows if row.is_blocking]


def test_a_private_incident_never_goes_public(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia, is_private=True)
    made = update_kit.drafted(incident, cast.mia, "public")
    assert "C27" in update_kit.checked(made, cast.mia)


def test_a_checker_that_is_down_costs_no_text_and_is_said_in_words(cast: SimpleNamespace, settings: Settings) -> None:
    settings.LANGUAGETOOL_URL = f"http://127.0.0.1:{free_port()}"
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users")
    rows = checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    (said,) = [row for row in rows if row.code == "C09"]
    assert "did not answer" in said.message
    assert not said.is_blocking
    made.refresh_from_db()
    assert (made.language_checked, made.body) == (False, update_kit.BODY)


def test_a_portal_without_a_checker_says_the_same(cast: SimpleNamespace, settings: Settings) -> None:
    settings.LANGUAGETOOL_URL = ""
    with pytest.raises(languagetool.LanguageUnavailable):
        languagetool.check("Teh text.", language="en-GB")
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "technical")
    assert "C09" in update_kit.checked(made, cast.mia)


def test_a_silent_checker_is_not_waited_for_twice(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def silent(text: str, *, language: str) -> list[LanguageMatch]:
        asked.append(text)
        raise languagetool.LanguageUnavailable("slow")

    monkeypatch.setattr(languagetool, "check", silent)
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "technical")
    now = dbtime.now()
    for seconds in (0, 30, 90):
        found = updates.find(update_id=made.pk, person=cast.mia)
        checking.ensure_checked(update=found, person=cast.mia, now=now + timedelta(seconds=seconds))
    assert len(asked) == 2


def test_a_text_that_changes_while_it_is_read_is_not_taken_as_checked(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia)

    def meanwhile(text: str, *, language: str) -> list[LanguageMatch]:
        fields = {"body": "Another text."}
        updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
        return []

    monkeypatch.setattr(languagetool, "check", meanwhile)
    with pytest.raises(updates.ChangedMeanwhile):
        checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
    made.refresh_from_db()
    assert (made.checked_hash, made.body) == ("", "Another text.")


@pytest.mark.django_db(transaction=True)
def test_the_checker_is_asked_outside_any_transaction(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []

    def watching(text: str, *, language: str) -> list[LanguageMatch]:
        inside.append(connection.in_atomic_block)
        return []

    monkeypatch.setattr(languagetool, "check", watching)
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia)
    update_kit.checked(made, cast.mia)
    update_kit.published(made, cast.mia)
    assert inside == [False]


def test_a_second_check_replaces_the_first_and_keeps_given_reasons(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language(misspelt={"engineers": "engines"}).check)
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.mia, "end_users")
    update_kit.checked(made, cast.mia)
    Finding.objects.filter(update=made, code="C09", part="body").update(
        override_reason="Our word.", overridden_by=cast.mia
    )
    update_kit.checked(made, cast.mia)
    assert [row.override_reason for row in spelt(made)] == ["Our word."]


def test_the_third_holding_in_a_row_asks_and_still_may_leave(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    incident = update_kit.declared(cast.mia)
    for _ in range(2):
        update_kit.published(update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING), cast.mia, send_now=True)
    third = update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING)
    with django_assert_max_num_queries(48):
        rows = checking.check(update_id=third.pk, person=cast.mia, now=dbtime.now())
    (asked,) = [row for row in rows if row.rule == "holding_again"]
    assert (asked.severity, asked.is_blocking) == ("advice", False)
    assert update_kit.published(third, cast.mia, send_now=True).sequence == 3
