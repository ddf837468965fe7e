"""The queue: the oldest first with its age, what is missing, who is on shift, what is asked, and one click to ask."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Candidate, ClarificationRequest
from incidents.services.desk import clarifications
from incidents.services.states import declaration
from teams.choices import Role
from teams.models import Person, Rota, RotaShift
from tests.incidents import kit

Browser = Callable[[Person], Client]


def raised(cast: SimpleNamespace, minutes: float, **changes: Any) -> Candidate:
    return kit.candidate(by=cast.desmond, now=timezone.now() - timedelta(minutes=minutes), **changes)


@pytest.mark.parametrize(("minutes", "words"), [(1, "new"), (6, "over 5 min"), (12, "over 10 min")])
def test_age_is_a_word_and_a_shape(cast: SimpleNamespace, signed_in: Browser, minutes: float, words: str) -> None:
    raised(cast, minutes)
    text = signed_in(cast.mia).get("/candidates/").content.decode()
    assert words in text
    assert ("data-moves-at" in text) is (minutes < 10)


def test_who_is_on_shift_is_named(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "Nobody is on the managers’ rota" in signed_in(cast.desmond).get("/candidates/").content.decode()
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    now = timezone.now()
    RotaShift.objects.create(
        rota=rota, person=cast.omar, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    text = signed_in(cast.desmond).get("/candidates/").content.decode()
    assert "On shift as incident manager" in text
    assert "Omar Example" in text


def test_the_queue_says_what_is_missing_and_asks_with_one_click(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 2, affected_count="many", safety_or_security="")
    manager = signed_in(cast.mia)
    text = manager.get("/candidates/").content.decode()
    assert "Not known: is safety, security or personal data involved; how many people" in text
    answer = manager.post(
        f"/candidates/{one.reference}/ask-these/", {"wanted": ["safety_or_security", "affected_count"]}
    )
    assert answer.status_code == 302
    assert ClarificationRequest.objects.count() == 2
    text = manager.get("/candidates/").content.decode()
    assert "not answered: How many people are affected?" in text
    assert "Chase" not in text


def test_a_question_without_an_answer_is_chased_with_one_click(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 9, where="")
    asked = clarifications.ask(
        reference=str(one.reference), field="where", question="Which sites?", person=cast.mia,
        now=timezone.now() - timedelta(minutes=6),
    )  # fmt: skip
    manager = signed_in(cast.mia)
    for page in ("/candidates/", f"/candidates/{one.reference}/"):
        text = manager.get(page).content.decode()
        assert "6 min ago" in text
        assert f"/candidates/{one.reference}/chase/{asked.pk}/" in text
    answer = manager.post(f"/candidates/{one.reference}/chase/{asked.pk}/", follow=True)
    assert "Asked again, by mail too." in answer.content.decode()
    answer = manager.post(f"/candidates/{one.reference}/chase/{asked.pk}/", follow=True)
    assert "then you can chase it" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.chase_count == 1
    assert manager.post(f"/candidates/{one.reference}/chase/404/").status_code == 404


def test_the_candidates_page_prompts_with_the_first_two(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 1, affected_count="", where="")
    text = signed_in(cast.mia).get(f"/candidates/{one.reference}/").content.decode()
    assert "Ask these" in text
    assert text.count('name="wanted"') == 2
    assert text.count("checked") >= 2
    desk = signed_in(cast.desmond).get(f"/candidates/{one.reference}/").content.decode()
    assert "Ask these" not in desk


def test_the_desk_is_led_to_what_it_is_asked(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 1, where="")
    address = f"/candidates/{one.reference}/"
    desk = signed_in(cast.desmond)
    assert "A manager asks you" not in desk.get(address).content.decode()
    clarifications.ask_for(reference=str(one.reference), fields=["where", "basis"], person=cast.mia, now=timezone.now())
    assert "A manager asks you 2 things." in desk.get(address).content.decode()
    assert "A manager asks you" not in signed_in(cast.mia).get(address).content.decode()


def test_nothing_chosen_says_so(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 1, where="")
    answer = signed_in(cast.mia).post(f"/candidates/{one.reference}/ask-these/", {})
    assert answer.status_code == 422
    assert "Choose at least one question." in answer.content.decode()


def test_an_answer_goes_on_the_record_where_the_desk_wants_it(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 3, affected_count="many")
    asked = clarifications.ask(
        reference=str(one.reference), field="affected_count", question="How many?", person=cast.mia, now=timezone.now()
    )
    desk = signed_in(cast.desmond)
    address = f"/candidates/{one.reference}/answer/{asked.pk}/"
    assert desk.post(address, {"answer": " ", "on_record": "on"}).status_code == 422
    desk.post(address, {"answer": "1,240", "on_record": "on"})
    text = desk.get(f"/candidates/{one.reference}/").content.decode()
    assert "It stands on the record." in text
    assert "Before: many" in text
    manager = signed_in(cast.mia).get(f"/candidates/{one.reference}/").content.decode()
    assert "with the answers since" in manager
    assert "with the answers since" not in text


def test_an_error_stands_at_the_question_that_was_answered(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 3)
    first, second = (
        clarifications.ask(reference=str(one.reference), field=code, question=code, person=cast.mia, now=timezone.now())
        for code in ("where", "basis")
    )
    answer = signed_in(cast.desmond).post(f"/candidates/{one.reference}/answer/{second.pk}/", {"answer": ""})
    text = answer.content.decode()
    assert f'id="errors-{second.pk}"' in text
    assert f'id="errors-{first.pk}"' not in text


def test_merging_chooses_from_what_looks_the_same(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 1)
    incident = kit.incident(manager=cast.mia, service=one.service)
    manager = signed_in(cast.mia)
    text = manager.get(f"/candidates/{one.reference}/").content.decode()
    assert f"Merge into {incident.reference}" in text
    manager.post(f"/candidates/{one.reference}/merge/", {"into": incident.reference})
    one.refresh_from_db()
    assert one.incident == incident


def test_questions_stay_after_acceptance(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 8)
    asked = clarifications.ask(
        reference=str(one.reference), field="where", question="Which sites?", person=cast.mia,
        now=timezone.now() - timedelta(minutes=7),
    )  # fmt: skip
    declaration.accept(
        reference=str(one.reference), person=cast.mia, impact=1, urgency=1, manager=None, now=timezone.now()
    )
    text = signed_in(cast.mia).get(f"/candidates/{one.reference}/").content.decode()
    assert f"/chase/{asked.pk}/" in text
    assert "Ask the desk something" in text


@pytest.mark.parametrize("name", ["state", "facts", "questions", "decide"])
def test_each_part_has_an_address(cast: SimpleNamespace, signed_in: Browser, name: str) -> None:
    one = raised(cast, 1)
    browser = signed_in(cast.mia)
    assert browser.get(f"/candidates/{one.reference}/panels/{name}/").status_code == 200
    assert browser.get(f"/candidates/{one.reference}/panels/secret/").status_code == 404


def test_the_stream_has_a_ticket_for_whoever_may_see_the_candidate(cast: SimpleNamespace, signed_in: Browser) -> None:
    one = raised(cast, 1)
    assert "ticket=" in signed_in(cast.mia).get("/candidates/ticket/").json()["url"]
    assert "ticket=" in signed_in(cast.mia).get(f"/candidates/{one.reference}/ticket/").json()["url"]
    assert signed_in(cast.mia).get("/candidates/CA-2026-0404/ticket/").status_code == 404


def test_the_queue_costs_the_same_for_one_and_for_many(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    one = raised(cast, 1, where="")
    browser = signed_in(cast.mia)
    browser.get("/candidates/")
    for minutes in (3, 7, 12):
        more = raised(cast, minutes, service=one.service, where="")
        clarifications.ask(
            reference=str(more.reference), field="where", question="?", person=cast.mia, now=timezone.now()
        )
    with django_assert_num_queries(8):  # session, person, waiting, their questions, shift, holders, decided, clock
        assert browser.get("/candidates/").status_code == 200


def test_the_candidates_page_has_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    one = raised(cast, 1, where="")
    browser = signed_in(cast.mia)
    browser.get(f"/candidates/{one.reference}/")
    for code in ("where", "basis", "evidence"):
        clarifications.ask(reference=str(one.reference), field=code, question="?", person=cast.mia, now=timezone.now())
    # session, person, candidate, questions 2, shift, holders, files, reports and names of sites
    # for the page and for callers, disputes, similar, managers, clock
    with django_assert_num_queries(15):
        assert browser.get(f"/candidates/{one.reference}/").status_code == 200
