"""The ledger's pages: sentences about the practice, private until confirmed."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from mim_portal.lib.refusals import Refusal
from reviews.choices import LapseState
from reviews.models import Lapse
from reviews.services import lapses
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
SENTENCE = "An update promised to end users was 6 min late."


@pytest.fixture
def suggested(cast: SimpleNamespace) -> Lapse:
    return rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    page = html.unescape(answer.content.decode())
    return page[page.find('id="main"') :]


def test_the_addressee_is_asked(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    page = text_of(signed_in(cast.mia), "/ledger/")
    assert SENTENCE in page
    assert "Waiting for you" in page
    assert "data-needs" in page
    assert "Mia" not in page


@pytest.mark.parametrize("name", ["omar", "petra", "dan", "carla", "audra"])
def test_to_others_it_does_not_exist(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse, name: str) -> None:
    client = signed_in(getattr(cast, name))
    assert SENTENCE not in text_of(client, "/ledger/")
    assert client.get(f"/ledger/{suggested.pk}/").status_code == 404
    assert client.post(f"/ledger/{suggested.pk}/confirm/").status_code in {403, 404}


@pytest.mark.parametrize("name", ["ada", "rosa", "desmond", "eve", "olaf"])
def test_who_has_no_ledger(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse, name: str) -> None:
    client = signed_in(getattr(cast, name))
    assert client.get("/ledger/").status_code == 403
    assert client.get(f"/ledger/{suggested.pk}/").status_code == 403
    assert client.post(f"/ledger/{suggested.pk}/confirm/").status_code == 403


def test_the_practice_lead_sees_what_was_passed_on(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    Lapse.objects.update(lead_told_at=NOON)
    assert SENTENCE in text_of(signed_in(cast.petra), "/ledger/")
    assert "passed on to you" in text_of(signed_in(cast.petra), f"/ledger/{suggested.pk}/")


def test_from_suggested_to_watched(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    client, url = signed_in(cast.mia), f"/ledger/{suggested.pk}/"
    page = text_of(client, url)
    assert "Only you see this" in page
    assert "In your own words" in page
    refused = client.post(f"{url}own/", {"own-acknowledgement": "", "own-conditions": "Two incidents at once"})
    assert refused.status_code == 422
    assert "Two incidents at once" in refused.content.decode()
    client.post(f"{url}own/", {"own-acknowledgement": "We did not keep the 12:00 promise."})
    assert "We did not keep the 12:00 promise." in text_of(client, url)
    client.post(f"{url}correct/", {"correct-correction": "Sent at 12:06."})
    plan = {
        "plan-plan": "Reminder at two thirds",
        "plan-strength": "intermediate",
        "plan-owner": str(cast.omar.pk),
        "plan-due_date": "2999-01-01",
        "plan-measure": "No repeat in 20 chances",
    }
    past = client.post(f"{url}plan/", plan | {"plan-due_date": "2001-01-01"})
    assert past.status_code == 422
    assert "Choose a later one" in past.content.decode()
    client.post(f"{url}plan/", plan)
    page = text_of(client, "/ledger/")
    assert "Plan: Reminder at two thirds (intermediate, due 1 Jan)." in page
    signed_in(cast.omar).post(f"{url}in-place/")
    suggested.refresh_from_db()
    assert suggested.state == LapseState.WATCHING
    assert "No chance to repeat it yet." in text_of(client, "/ledger/")


def test_confirmed_and_dismissed(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    client = signed_in(cast.mia)
    client.post(f"/ledger/{suggested.pk}/confirm/")
    assert SENTENCE in text_of(signed_in(cast.audra), "/ledger/")
    page = text_of(signed_in(cast.audra), f"/ledger/{suggested.pk}/")
    assert "<form" not in page
    other = rows.lapse(of=suggested.incident, addressee=cast.mia)
    client.post(f"/ledger/{other.pk}/dismiss/", {"dismiss-reason": "Agreed by phone"})
    assert "Agreed by phone" in text_of(client, f"/ledger/{other.pk}/")
    assert client.post(f"/ledger/{other.pk}/confirm/").status_code == 422
    assert client.post(f"/ledger/{other.pk}/forget/").status_code == 404


@pytest.mark.parametrize(
    ("step", "given", "state"),
    [
        ("own", {"own-acknowledgement": "We began to write when it was due."}, LapseState.OWNED),
        ("confirm", {}, LapseState.CONFIRMED),
        ("dismiss", {"dismiss-reason": "The clock of the page was wrong."}, LapseState.DISMISSED),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_message_for_three_audiences_is_answered_once(
    cast: SimpleNamespace, signed_in: Browser, suggested: Lapse, step: str, given: dict[str, str], state: str,
    together: bool,
) -> None:  # fmt: skip
    others = [
        rows.lapse(of=suggested.incident, addressee=cast.mia, facts={**suggested.facts, "audience": audience})
        for audience in ("executives", "service_desk")
    ]
    elsewhere = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia)
    mia = signed_in(cast.mia)
    assert "The same for executives, the service desk, who" in text_of(mia, f"/ledger/{suggested.pk}/")
    answer = mia.post(f"/ledger/{suggested.pk}/{step}/", given | ({"same": "yes"} if together else {}))
    assert answer.status_code == 302
    for lapse in (suggested, *others, elsewhere):
        lapse.refresh_from_db()
    assert suggested.state == state
    assert elsewhere.state == LapseState.SUGGESTED
    expected = LapseState.DISMISSED if together else LapseState.SUGGESTED
    assert {lapse.state for lapse in others} == {expected}
    if together:
        as_part = f"The same message, late once: answered as entry {suggested.pk}."
        assert {lapse.dismissal_reason for lapse in others} == {given.get("dismiss-reason", as_part)}


def test_an_answer_for_all_is_given_whole_or_not_at_all(
    cast: SimpleNamespace, signed_in: Browser, suggested: Lapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_given: object) -> int:
        raise Refusal("Somebody else answered one of them.")

    monkeypatch.setattr(lapses, "answer_same", refuse)
    answer = signed_in(cast.mia).post(f"/ledger/{suggested.pk}/confirm/", {"same": "yes"})
    assert answer.status_code == 422
    assert "Somebody else answered one of them." in answer.content.decode()
    suggested.refresh_from_db()
    assert suggested.state == LapseState.SUGGESTED


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (LapseState.CONFIRMED, "Next, the manager who was accountable owns it in their own words."),
        (LapseState.OWNED, "Next, the accountable manager or the practice lead writes down what prevents another one."),
        (LapseState.PLANNED, "Next, the plan is put in place."),
    ],
)
def test_who_reads_along_is_told_what_comes_next(
    cast: SimpleNamespace, signed_in: Browser, suggested: Lapse, state: str, words: str
) -> None:
    Lapse.objects.update(state=state)
    assert words in text_of(signed_in(cast.omar), f"/ledger/{suggested.pk}/")
    assert words not in text_of(signed_in(cast.mia), f"/ledger/{suggested.pk}/")
    Lapse.objects.update(state=LapseState.HELD)
    assert "Next," not in text_of(signed_in(cast.omar), f"/ledger/{suggested.pk}/")


def test_an_answer_that_is_refused_answers_nothing_else(
    cast: SimpleNamespace, signed_in: Browser, suggested: Lapse
) -> None:
    other = rows.lapse(of=suggested.incident, addressee=cast.mia, facts={**suggested.facts, "audience": "executives"})
    answer = signed_in(cast.mia).post(f"/ledger/{suggested.pk}/dismiss/", {"dismiss-reason": "", "same": "yes"})
    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.state == LapseState.SUGGESTED


def test_chances_and_repeats(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    Lapse.objects.update(state=LapseState.WATCHING)
    rows.plan(of=suggested, owner=cast.mia, in_place_at=NOON)
    for number in range(12):
        rows.deadline(
            of=suggested.incident,
            due_at=NOON + timedelta(hours=number + 1),
            missed_at=NOON + timedelta(hours=number + 1),
            ended_at=NOON + timedelta(hours=number + 2),
        )
    rows.deadline(of=suggested.incident, due_at=NOON + timedelta(hours=1), is_first=True, ended_at=NOON)
    page = text_of(signed_in(cast.mia), "/ledger/")
    assert "No repeat in 12 chances; true rate may still be up to 22 %." in page
    rows.lapse(
        of=suggested.incident, addressee=cast.omar, state=LapseState.CONFIRMED, occurred_at=NOON + timedelta(hours=3)
    )
    assert "1 repeat in 12 chances" in text_of(signed_in(cast.mia), "/ledger/")


def test_a_plan_that_is_due_needs_somebody(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    Lapse.objects.update(state=LapseState.PLANNED)
    plan = rows.plan(of=suggested, owner=cast.omar, due_date=NOON.date() + timedelta(days=9999))
    client = signed_in(cast.omar)
    assert "data-needs" not in text_of(client, "/ledger/")
    plan.due_date = NOON.date() - timedelta(days=1)
    plan.save(update_fields=["due_date"])
    assert "The plan is due. Is it in place?" in text_of(client, "/ledger/")


def test_other_lapses_have_sentences_too(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    Lapse.objects.update(code="L07", facts={"sentence": "The site count was wrong in one update."})
    assert "The site count was wrong in one update." in text_of(signed_in(cast.mia), "/ledger/")
    Lapse.objects.update(facts={})
    assert "Impact recorded wrongly." in text_of(signed_in(cast.mia), "/ledger/")


def test_filters_and_empty_states(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    client = signed_in(cast.omar)
    assert "Nothing is being followed" in text_of(client, "/ledger/")
    assert "Narrow the list" not in text_of(client, "/ledger/")  # there is nothing to narrow
    assert "Narrow the list" in text_of(client, "/ledger/?state=held")
    Lapse.objects.update(state=LapseState.WATCHING)
    assert SENTENCE in text_of(client, "/ledger/?state=watching&code=L02")
    assert "Nothing fits these filters" in text_of(client, "/ledger/?state=held")
    assert "Nothing fits these filters" in text_of(client, "/ledger/?code=L01")


def test_a_long_ledger_goes_on(cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: Any) -> None:
    incident = rows.incident(manager=cast.mia, service=factories.service(slug="mail"))
    made = []
    for _ in range(27):
        lapse = rows.lapse(of=incident, addressee=cast.mia, state=LapseState.WATCHING)
        rows.plan(of=lapse, owner=cast.mia, in_place_at=NOON)
        made.append(lapse)
    client = signed_in(cast.omar)
    with django_assert_max_num_queries(
        10
    ):  # session, person, waiting, rest, plans, chances, repeats, numbers (2), the clock
        page = text_of(client, "/ledger/")
    assert page.count("ledger-entry") == 25
    assert f"before={made[2].pk}" in page
    assert text_of(client, f"/ledger/?before={made[2].pk}").count("ledger-entry") == 2


def test_confirmed_is_owned_next(cast: SimpleNamespace, signed_in: Browser, suggested: Lapse) -> None:
    Lapse.objects.update(state=LapseState.CONFIRMED)
    page = text_of(signed_in(cast.mia), f"/ledger/{suggested.pk}/")
    assert "Own it, in your own words." in page
    assert "Dismiss" not in page
    assert "<form" not in text_of(signed_in(cast.omar), f"/ledger/{suggested.pk}/")
