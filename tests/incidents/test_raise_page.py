"""The desk's form: three answers raise a candidate, and nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.choices import CandidateState
from incidents.models import Attachment, Candidate
from teams.models import Person
from tests import factories
from tests.incidents import kit

Browser = Callable[[Person], Client]


@pytest.fixture
def desk(cast: SimpleNamespace, signed_in: Browser) -> Client:
    factories.service(slug="payroll", name="Payroll")
    return signed_in(cast.desmond)


def answers(**changes: str) -> dict[str, str]:
    return {
        "service": "payroll",
        "cannot_do": "Store staff cannot submit timesheets",
        "contact": "Niamh Walsh, +353 1 555 0199",
        **changes,
    }


def test_the_form_asks_every_fact_with_its_reason(desk: Client) -> None:
    page = desk.get("/raise/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "How many people are affected?" in text
    assert "Incidents and candidates that look the same will stand here as you type." in text


def test_the_form_costs_a_fixed_number_of_queries(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        factories.service(slug=f"more-{number}")
    desk.get("/raise/")
    # session, person, services, draft, clock; similar incidents are looked for once something is typed
    with django_assert_num_queries(5):
        desk.get("/raise/")


def test_three_answers_raise(desk: Client, cast: SimpleNamespace) -> None:
    answer = desk.post("/raise/", answers())
    candidate = Candidate.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/candidates/{candidate.reference}/"
    assert candidate.state == CandidateState.OPEN
    assert candidate.raised_by == cast.desmond
    assert candidate.intake_score is not None


def test_what_is_missing_is_said_and_what_was_typed_is_kept(desk: Client) -> None:
    answer = desk.post("/raise/", answers(contact="", where="Dublin <b>only</b>"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This one is needed: whom can we call?" in text
    assert "Dublin &lt;b&gt;only&lt;/b&gt;" in text
    assert Candidate.objects.count() == 0


def test_a_service_that_is_not_listed_is_raised_in_the_desks_words(desk: Client) -> None:
    desk.post("/raise/", answers(service="-", service_text="Badge printers"))
    assert Candidate.objects.get().service_text == "Badge printers"
    answer = desk.post("/raise/", answers(service="-"))
    assert "Say in your own words which service it is." in answer.content.decode()


def test_a_draft_survives_a_reload_and_is_used_up_by_raising(desk: Client) -> None:
    first = desk.post("/raise/drafts/", {"service": "payroll", "cannot_do": "submit time"})
    address = first.json()["autosave_url"]
    desk.post(address, {"service": "payroll", "cannot_do": "enter hours in Zurich"})
    draft = Candidate.objects.get()
    assert draft.state == CandidateState.DRAFT
    page = desk.get("/raise/").content.decode()
    assert "enter hours in Zurich" in page
    assert f'name="draft" value="{draft.pk}"' in page
    desk.post("/raise/", answers(draft=str(draft.pk), cannot_do="Staff cannot enter hours in Zurich"))
    assert Candidate.objects.get().state == CandidateState.OPEN
    assert "enter hours in Zurich" not in desk.get("/raise/").content.decode()


def test_a_draft_belongs_to_its_author(desk: Client, cast: SimpleNamespace, signed_in: Browser) -> None:
    desk.post("/raise/drafts/", {"cannot_do": "secret of Desmond"})
    other = signed_in(cast.dara)
    assert "secret of Desmond" not in other.get("/raise/").content.decode()


def test_advice_names_what_helps_next_in_words_never_in_numbers(desk: Client) -> None:
    text = desk.post("/raise/advice/", answers()).content.decode()
    assert "how many people" in text.lower()
    assert "/100" not in text
    assert "of 100" not in text


def test_live_incidents_that_look_the_same_stand_beside_the_form(desk: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted")
    text = desk.post("/raise/advice/", answers()).content.decode()
    assert incident.reference in text


def test_similar_incidents_keep_private_ones_to_themselves(desk: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted", is_private=True)
    assert incident.reference not in desk.post("/raise/advice/", answers()).content.decode()


@pytest.mark.parametrize("username", ["eve", "olaf", "audra", "ada"])
def test_others_may_not_raise(username: str, cast: SimpleNamespace, signed_in: Browser) -> None:
    assert signed_in(getattr(cast, username)).get("/raise/").status_code == 403


@pytest.mark.django_db
def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/raise/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_not_known_asked_now_becomes_an_answer_in_words(desk: Client, cast: SimpleNamespace) -> None:
    """Without JavaScript a tick does it, in the agent's own zone, with the time by which an answer is expected."""
    Person.objects.filter(pk=cast.desmond.pk).update(time_zone="Asia/Kolkata")
    ticked = {"unknown": ["where", "basis", "affected_count"], "expected_where": "23:30", "affected_count": "31"}
    desk.post("/raise/", {**answers(), **ticked})
    candidate = Candidate.objects.get()
    assert re.fullmatch(r"Unknown, asked at \d\d:\d\d \(UTC\+5:30\), answer expected 23:30", candidate.where), (
        candidate.where
    )
    assert candidate.basis.startswith("Unknown, asked at ")
    assert candidate.affected_count == "31", "what was typed is never replaced"
    grades = {item["code"]: item["grade"] for item in candidate.intake_detail["items"]}
    assert grades["where"] == "half"


def test_a_tick_stays_answered_when_the_form_comes_back(desk: Client) -> None:
    first = desk.post("/raise/", {**answers(contact=""), "unknown": ["where"]}).content.decode()
    said = re.search(r'name="where" value="(Unknown, asked at [^"]+)"', first)
    assert said is not None
    again = desk.post("/raise/", {**answers(contact=""), "unknown": ["where"], "where": said[1]}).content.decode()
    assert f'value="{said[1]}"' in again


def test_looking_for_similar_without_javascript_keeps_everything(desk: Client, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, title="Timesheets cannot be submitted", now=timezone.now())
    answer = desk.post("/raise/", {**answers(contact="", external_ref="INC9"), "look": "1"}, follow=True)
    draft = Candidate.objects.get()
    text = answer.content.decode()
    assert answer.redirect_chain == [(f"/raise/?draft={draft.pk}", 302)]
    assert incident.reference in text
    assert "same words: store, submitted, timesheets" in text
    assert f'formaction="/incidents/{incident.reference}/desk-reports/"' in text
    assert 'value="INC9"' in text
    assert "This one is needed" not in text


def test_a_second_window_is_told_and_both_texts_are_reachable(desk: Client) -> None:
    first = desk.post("/raise/drafts/", {"cannot_do": "submit", "window": "a"}).json()
    old = {**first["fields"], "window": "b"}
    desk.post(first["autosave_url"], {"cannot_do": "submit timesheets", "window": "a", **first["fields"]})
    second = desk.post(first["autosave_url"], {"cannot_do": "pay wages", **old}).json()
    assert second["notice"].startswith("Another window has a newer draft, saved ")
    assert second["other_url"] == f"/raise/?draft={first['draft']}"
    assert second["draft"] != first["draft"]
    assert "submit timesheets" in desk.get(second["other_url"]).content.decode()
    page = desk.get("/raise/").content.decode()
    assert "pay wages</textarea>" in page.replace("\n", "")
    assert "Another unfinished form:" in page
    assert "submit timesheets" in page


def test_one_of_several_forms_is_discarded_and_an_empty_one_begun(desk: Client) -> None:
    kept = desk.post("/raise/drafts/", {"cannot_do": "keep me"}).json()["draft"]
    gone = desk.post("/raise/drafts/", {"cannot_do": "forget me"}).json()["draft"]
    assert desk.post(f"/raise/drafts/{gone}/discard/").status_code == 302
    assert desk.post(f"/raise/drafts/{gone}/discard/").status_code == 404
    assert [draft.pk for draft in Candidate.objects.all()] == [kept]
    empty = desk.get("/raise/?draft=new").content.decode()
    assert 'name="draft" value=""' in empty
    assert "keep me" in empty


def test_a_draft_of_somebody_else_is_neither_opened_nor_discarded(
    desk: Client, cast: SimpleNamespace, signed_in: Browser
) -> None:
    theirs = signed_in(cast.dara).post("/raise/drafts/", {"cannot_do": "of Dara"}).json()["draft"]
    assert "of Dara" not in desk.get(f"/raise/?draft={theirs}").content.decode()
    assert desk.post(f"/raise/drafts/{theirs}/discard/").status_code == 404
    assert Candidate.objects.count() == 1


def test_what_was_sent_from_another_window_is_not_raised_twice(desk: Client) -> None:
    saved = desk.post("/raise/drafts/", answers(window="a")).json()
    sent = answers(window="a", **saved["fields"])
    desk.post("/raise/", sent)
    raised = Candidate.objects.get()
    answer = desk.post("/raise/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"This form was already sent as {raised.reference}" in text
    assert f'<a href="/candidates/{raised.reference}/">' in text
    assert 'name="draft" value=""' in text, "sent again on purpose it raises a second one"
    assert Candidate.objects.count() == 1


def test_a_start_that_cannot_be_is_said_and_blocks_nothing(desk: Client) -> None:
    tomorrow = f"{timezone.now() + timedelta(days=1):%Y-%m-%d} 09:00"
    assert "is still to come" in desk.post("/raise/advice/", answers(since_when=tomorrow)).content.decode()
    page = desk.post("/raise/", answers(since_when=tomorrow), follow=True).content.decode()
    assert "is still to come" in page
    assert Candidate.objects.get().state == CandidateState.OPEN


def test_the_form_with_drafts_costs_a_fixed_number_of_queries(
    desk: Client, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        kit.incident(manager=cast.mia, title=f"Timesheets {number}", now=timezone.now())
        desk.post("/raise/drafts/", {"cannot_do": f"submit timesheets {number}"})
    # session, person, services, drafts, incidents, candidates that look the same, files, clock
    with django_assert_num_queries(8):
        assert "Add to this one" in desk.get("/raise/").content.decode()


def test_no_score_stands_on_the_desks_pages(desk: Client) -> None:
    desk.post("/raise/drafts/", answers())
    text = desk.get("/raise/").content.decode()
    assert "score" not in text.lower().replace("underscore", "")
    assert not re.search(r"\d+ (?:of|/) ?100", text)


def text_file(name: str = "log.txt", content: bytes = b"E-4012 at 09:10") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_a_file_is_kept_on_the_draft_at_once_and_goes_with_it(desk: Client) -> None:
    draft = desk.post("/raise/drafts/", answers(window="a")).json()
    address = f"{draft['autosave_url']}files/"
    listed = desk.post(address, {"file": text_file()})
    assert (listed.status_code, "log.txt" in listed.content.decode()) == (200, True)
    refused = desk.post(address, {"file": text_file("setup.exe", b"MZ\x90\x00")})
    assert refused.status_code == 422
    assert "setup.exe" in refused.content.decode()
    assert "log.txt" in desk.get("/raise/").content.decode()
    desk.post("/raise/", answers(window="a", **draft["fields"]))
    assert Attachment.objects.get().candidate == Candidate.objects.get(state=CandidateState.OPEN)


def test_a_file_of_a_draft_is_removed_by_its_author_alone(
    desk: Client, cast: SimpleNamespace, signed_in: Browser
) -> None:
    address = desk.post("/raise/drafts/", answers()).json()["autosave_url"] + "files/"
    desk.post(address, {"file": text_file()})
    file = Attachment.objects.get()
    other = signed_in(cast.dara)
    assert other.post(address, {"remove_file": str(file.pk)}).status_code == 404
    theirs = other.post("/raise/drafts/", answers()).json()["autosave_url"] + "files/"
    assert other.post(theirs, {"remove_file": str(file.pk)}).status_code == 422
    assert "log.txt" not in desk.post(address, {"remove_file": str(file.pk)}).content.decode()
    file.refresh_from_db()
    assert file.removed_at is not None


def test_files_of_a_form_that_comes_back_are_not_lost(desk: Client) -> None:
    answer = desk.post("/raise/", {**answers(contact=""), "file": text_file()})
    assert answer.status_code == 422
    assert "log.txt" in answer.content.decode()
    assert Attachment.objects.get().candidate == Candidate.objects.get(state=CandidateState.DRAFT)


def test_files_that_come_with_the_form_go_to_what_was_raised(desk: Client, cast: SimpleNamespace) -> None:
    desk.post("/raise/", {**answers(), "file": text_file()})
    assert Attachment.objects.get().candidate == Candidate.objects.get()
    incident = kit.incident(manager=cast.mia, now=timezone.now())
    draft = desk.post("/raise/drafts/", answers()).json()
    desk.post(f"{draft['autosave_url']}files/", {"file": text_file("early.txt")})
    desk.post(
        f"/incidents/{incident.reference}/desk-reports/",
        {**answers(**draft["fields"]), "file": text_file("late.txt")},
    )
    names = Attachment.objects.filter(incident=incident).order_by("name").values_list("name", flat=True)
    assert list(names) == ["early.txt", "late.txt"]
