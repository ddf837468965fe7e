"""What the composer's scripts ask: findings of unsaved text, saving, versions, the dictionary, several texts."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import DraftVersion, Finding, Update
from comms.services.writing import updates
from comms.views.writing import writing
from incidents.choices import RevisionReason
from incidents.models import Incident
from incidents.services.record import impact
from mim_portal.lib import buckets, dbtime
from mim_portal.models import AuditEntry
from teams.models import GlossaryTerm
from tests.comms import update_kit
from tests.comms.test_composer_page import form_of, page, text_of
from tests.naughty import texts

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> memory.Language:
    twin = memory.Language(misspelt={"canot": "cannot"})
    monkeypatch.setattr(languagetool, "check", twin.check)
    monkeypatch.setattr(writing, "RATE", buckets.Buckets(burst=1000, per_second=1))
    return twin


@pytest.fixture
def made(cast: SimpleNamespace, incident: Incident) -> Update:
    return update_kit.drafted(incident, cast.mia, "end_users", "executives")


def state(update: Update) -> Any:
    return Update.objects.filter(pk=update.pk).values().get()


def test_unsaved_text_is_checked_and_nothing_is_stored(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    browser = signed_in(cast.mia)
    before = state(made)
    typed = form_of(
        made, body="🔴 They canot pay.", **{"body--executives": "See db-prod-01.", "subject--executives": ""}
    )
    with django_assert_max_num_queries(39):
        answer = browser.post(f"{page(made)}findings/", typed)
    assert answer.status_code == 200, answer.content
    found = {(each["code"], each["audience"], each["text"]): each for each in answer.json()["findings"]}
    assert found["C09", "", "canot"]["start"] == 7
    assert found["C09", "", "canot"]["suggestions"] == ["cannot"]
    assert ("C05", "executives", "db-prod-01") in found
    assert answer.json()["language_checked"] is True
    assert 'data-fix="cannot"' in answer.json()["html"]
    assert state(made) == before
    assert not Finding.objects.filter(update=made).exists()


def test_a_reason_that_was_given_still_stands_while_typing(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.mia)
    typed = form_of(made, body=update_kit.BODY + " They canot pay.")
    browser.post(page(made), {**typed, "deed": "check"})
    Finding.objects.filter(update=made, code="C09").update(override_reason="It is a name or a quotation.")
    answer = browser.post(f"{page(made)}findings/", {**typed, "revision": 2}).json()
    assert [each["blocking"] for each in answer["findings"] if each["code"] == "C09"] == [False]


def test_the_checker_that_is_down_is_said(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn, language: memory.Language
) -> None:
    language.down = True
    answer = signed_in(cast.mia).post(f"{page(made)}findings/", form_of(made)).json()
    assert answer["language_checked"] is False
    assert "did not answer" in answer["html"]


def test_asking_is_limited_in_rate_and_size(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "RATE", buckets.Buckets(burst=2, per_second=0.25))
    browser = signed_in(cast.mia)
    answers = [browser.post(f"{page(made)}findings/", form_of(made)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) in (3, 4)
    monkeypatch.setattr(writing, "RATE", buckets.Buckets(burst=99, per_second=1))
    assert browser.post(f"{page(made)}findings/", form_of(made, body="x" * 2_000_001)).status_code == 413
    assert browser.post(f"{page(made)}findings/", form_of(made, body="x" * 20_001)).status_code == 422


def test_no_string_breaks_the_fields(cast: SimpleNamespace, made: Update, signed_in: SignedIn) -> None:
    browser = signed_in(cast.mia)
    for text in (*texts.OWN.values(), texts.NUL, *texts.big_list()[::25]):
        own = {"body--executives": text, "subject--executives": text[:150]}
        typed = form_of(made, subject=text[:150], body=text, **own)
        found = browser.post(f"{page(made)}findings/", typed)
        saved = browser.post(f"{page(made)}draft/", typed)
        assert (found.status_code, saved.status_code) in {(200, 200), (422, 422)}, text
        if saved.status_code == 200:
            made.refresh_from_db()
            assert made.texts.get("executives", {}).get("body", "") == text.replace("\r\n", "\n").strip()
    shown = browser.get(page(made)).content.decode()
    assert "<script>alert" not in shown


def test_a_draft_is_kept_as_it_is_typed(cast: SimpleNamespace, made: Update, signed_in: SignedIn) -> None:
    browser = signed_in(cast.mia)
    answer = browser.post(f"{page(made)}draft/", form_of(made, body="Half a thought"))
    assert answer.json()["fields"]["revision"] == "2"
    made.refresh_from_db()
    assert (made.body, made.revision) == ("Half a thought", 2)
    again = browser.post(f"{page(made)}draft/", form_of(made, body="Half a thought"))
    assert again.json()["fields"]["revision"] == "2"


def test_two_editors_never_overwrite_each_other(cast: SimpleNamespace, made: Update, signed_in: SignedIn) -> None:
    mias, carlas = form_of(made, body="Mia says this."), form_of(made, body="Carla says that.")
    assert signed_in(cast.carla).post(f"{page(made)}draft/", carlas).status_code == 200
    clash = signed_in(cast.mia).post(f"{page(made)}draft/", mias)
    assert clash.status_code == 409
    told = clash.json()
    assert told["revision"] == 2
    assert "Carla" in told["html"]
    assert re.search(r"<del>.*Mia.*</del>", told["html"], re.DOTALL)
    made.refresh_from_db()
    assert made.body == "Carla says that."
    assert signed_in(cast.mia).post(f"{page(made)}draft/", {**mias, "revision": 2}).status_code == 200


def test_a_page_that_was_just_saving_does_not_meet_itself(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn
) -> None:
    browser, typed = signed_in(cast.mia), form_of(made, body=update_kit.BODY + " Paper forms work.")
    assert browser.post(f"{page(made)}draft/", typed).status_code == 200
    assert browser.post(page(made), {**typed, "deed": "check"}).status_code == 302


def test_a_draft_that_was_sent_meanwhile_is_said(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.mia, kind=UpdateKind.INITIAL)
    typed = form_of(made, body="Too late.")
    update_kit.published(made, cast.mia)
    answer = signed_in(cast.mia).post(f"{page(made)}draft/", typed)
    assert (answer.status_code, answer.json()["url"]) == (410, page(made))
    for part in ("findings", "words"):
        assert signed_in(cast.mia).post(f"{page(made)}{part}/", typed).status_code == 404
    for part in ("facts", "versions"):
        assert signed_in(cast.mia).get(f"{page(made)}{part}/").status_code == 404


def test_versions_are_looked_at_and_brought_back(cast: SimpleNamespace, made: Update, signed_in: SignedIn) -> None:
    later = dbtime.now() + timedelta(minutes=5)
    fields = {
        "body": "All is different.",
        "texts": {"executives": {"body": "Four lines."}},
        "audiences": ["executives"],
    }
    updates.edit(update_id=made.pk, person=cast.carla, revision=None, fields=fields, now=later)
    browser = signed_in(cast.mia)
    words = text_of(browser.get(f"{page(made)}versions/?revision=1"))
    assert "Mia Example" in words
    assert "Bring this version back" in words
    assert "[in:" in words
    answer = browser.post(f"{page(made)}versions/", {"revision": 1})
    assert answer["Location"] == page(made)
    made.refresh_from_db()
    assert (made.body, made.texts, made.revision) == (update_kit.BODY, {}, 3)
    assert {one.code for one in made.audiences.all()} == {"end_users", "executives"}
    assert list(DraftVersion.objects.filter(update=made).order_by("revision").values_list("revision", flat=True)) == [
        1,
        2,
        3,
    ]
    assert browser.get(f"{page(made)}versions/?revision=9").status_code == 404
    assert browser.post(f"{page(made)}versions/", {"revision": "x"}).status_code == 404


def test_typing_on_leaves_one_version_and_deleting_another(cast: SimpleNamespace, made: Update) -> None:
    now = dbtime.now()
    for seconds, body in ((1, update_kit.BODY + " More."), (2, update_kit.BODY + " More words."), (3, "Gone.")):
        updates.edit(
            update_id=made.pk,
            person=cast.mia,
            revision=None,
            fields={"body": body},
            now=now + timedelta(seconds=seconds),
        )
    rows = DraftVersion.objects.filter(update=made).order_by("revision")
    assert [(row.revision, row.content["body"][-6:]) for row in rows] == [(3, "words."), (4, "Gone.")]


def test_versions_go_when_the_update_is_sent(cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.drafted(incident, cast.mia, kind=UpdateKind.INITIAL)
    assert DraftVersion.objects.filter(update=made).count() == 1
    update_kit.published(made, cast.mia)
    assert not DraftVersion.objects.filter(update=made).exists()


def test_a_word_joins_the_dictionary_and_is_found_no_more(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.mia)
    typed = form_of(made, body=update_kit.BODY + " canot")
    assert browser.post(f"{page(made)}words/", {"term": "canot"}).json() == {
        "said": "“canot” is in the dictionary now."
    }
    assert browser.post(f"{page(made)}words/", {"term": "Canot"}).status_code == 200  # there already
    assert GlossaryTerm.objects.get().added_by_id in (None, cast.mia.pk)
    assert AuditEntry.objects.filter(verb="word.added", actor=cast.mia).count() == 1
    found = browser.post(f"{page(made)}findings/", typed).json()["findings"]
    assert not [each for each in found if each["code"] == "C09"]
    for wrong in ("", "x" * 61):
        assert browser.post(f"{page(made)}words/", {"term": wrong}).status_code == 422


def test_a_word_joins_the_dictionary_without_scripts(cast: SimpleNamespace, made: Update, signed_in: SignedIn) -> None:
    browser = signed_in(cast.mia)
    browser.post(page(made), form_of(made, body=update_kit.BODY + " canot", deed="check"))
    found = Finding.objects.get(update=made, code="C09")
    assert "Add to the dictionary" in browser.get(page(made)).content.decode()
    browser.post(page(made), form_of(made, deed=f"learn-{found.pk}"))
    assert GlossaryTerm.objects.filter(term="canot").exists()
    assert not Finding.objects.filter(update=made, code="C09").exists()
    assert browser.post(page(made), form_of(made, deed="learn-0")).status_code == 404


def test_words_for_one_audience_begin_as_the_core_text(
    cast: SimpleNamespace, made: Update, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.mia)
    assert "Adapt for Executives" in browser.get(page(made)).content.decode()
    answer = browser.post(page(made), form_of(made, deed="adapt-executives"))
    assert answer["Location"] == f"{page(made)}?adapt=executives#text-executives"
    made.refresh_from_db()
    assert made.texts == {"executives": {"subject": "", "body": update_kit.BODY}}
    words = text_of(browser.get(answer["Location"]))
    assert "Everybody else" in words
    assert "of 120 words" in words
    browser.post(
        page(made), form_of(made, deed="save", **{"body--executives": "Four lines.", "subject--executives": "So"})
    )
    made.refresh_from_db()
    assert made.texts == {"executives": {"subject": "So", "body": "Four lines."}}
    read = text_of(signed_in(cast.petra).get(page(made)))
    assert "Executives: So" in read
    browser.post(page(made), form_of(made, deed="whole-executives"))
    made.refresh_from_db()
    assert made.texts == {}


def test_an_empty_draft_is_adapted_too(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    made = update_kit.drafted(incident, cast.mia, "end_users", "executives", body="")
    browser = signed_in(cast.mia)
    answer = browser.post(page(made), form_of(made, deed="adapt-executives"))
    assert 'name="body--executives"' in browser.get(answer["Location"]).content.decode()


def test_a_revised_impact_is_said_while_one_writes(
    cast: SimpleNamespace, incident: Incident, made: Update, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.mia)
    address = re.search(r'data-panel-url="([^"]*facts/[^"]*)"', browser.get(page(made)).content.decode())
    assert address is not None
    assert "while you were writing" not in browser.get(address[1]).content.decode()
    impact.state(
        reference=incident.reference,
        person=cast.mia,
        fields={**update_kit.IMPACT, "where": "Ireland and Scotland"},
        revision_reason=RevisionReason.SITUATION_CHANGED,
        now=dbtime.now(),
    )
    shown = text_of(browser.get(address[1]))
    assert "The impact changed at" in shown
    assert "Scotland" in shown


def test_two_adapted_texts_are_kept_as_they_are_typed(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.mia, "technical", "end_users", "executives")
    browser = signed_in(cast.mia)
    for code in ("technical", "executives"):
        browser.post(page(made), form_of(made, deed=f"adapt-{code}", **shown_texts(made)))
    typed = form_of(made, **{**shown_texts(made), "body--executives": "Four lines."})
    answer = browser.post(f"{page(made)}draft/", typed)
    assert answer.status_code == 200, answer.content
    made.refresh_from_db()
    assert made.texts["executives"]["body"] == "Four lines."
    assert made.texts["technical"]["body"] == update_kit.BODY


def shown_texts(made: Update) -> dict[str, str]:
    """The adapted texts as the page has them in its fields."""
    made.refresh_from_db()
    return {f"{part}--{code}": own[part] for code, own in made.texts.items() for part in ("subject", "body")}


def test_an_impact_that_nobody_looked_at_for_long_is_one_click_away(
    cast: SimpleNamespace, incident: Incident, made: Update, signed_in: SignedIn
) -> None:
    update_kit.checked(made, cast.mia)
    made.refresh_from_db()
    Finding.objects.create(update=made, content_hash=made.checked_hash, code="C25", severity="warning", part="body")
    shown = signed_in(cast.mia).get(page(made)).content.decode()
    assert f'href="/incidents/{incident.reference}/impact/?back={made.pk}"' in shown
    assert "Confirm or revise the impact" in shown
    assert "Confirm or revise the impact" not in signed_in(cast.carla).get(page(made)).content.decode()
