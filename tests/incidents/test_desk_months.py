"""The months of the desk: three deficits with their trend, figures from five people on, one fix measured again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Candidate, Incident, IntakeFix
from incidents.queries import desk_months
from incidents.rules import intake_trends
from incidents.services.desk import candidates, clarifications, disputes, intake_fixes
from mim_portal.lib.refusals import Invalid, Refusal
from teams.choices import Role
from teams.models import Person, Service
from tests import factories
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]
Api = Callable[..., APIClient]
THIS = intake_trends.first_of(NOON.date())


@pytest.fixture
def desk(db: None) -> list[Person]:
    return [factories.person(roles=(Role.SERVICE_DESK,)) for _ in range(5)]


@pytest.fixture
def payroll(db: None) -> Service:
    return factories.service(slug="payroll", name="Payroll")


def raise_many(
    desk: list[Person], payroll: Service, count: int, *, now: datetime = NOON, **facts: Any
) -> list[Candidate]:
    return [
        kit.candidate(by=desk[number % len(desk)], now=now + timedelta(minutes=number), service=payroll, **facts)
        for number in range(count)
    ]


def this_month() -> datetime:
    """Half an hour ago, or when this month began."""
    now = timezone.now()
    return max(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0), now - timedelta(minutes=30))


def test_a_month_of_five_people(desk: list[Person], payroll: Service, cast: SimpleNamespace) -> None:
    raise_many(desk, payroll, 6)
    gaps = raise_many(desk, payroll, 4, where="", affected_count="many")
    clarifications.ask(
        reference=str(gaps[0].reference), field="where", question="?", person=cast.mia, now=NOON + timedelta(minutes=2)
    )
    month = desk_months.months(cast.petra, last=THIS)[-1]
    assert (month.too_few, month.records) == ("", 10)
    assert month.first_time_right == intake_trends.Share(hits=6, n=10)
    assert month.deficits["where_missing"] == intake_trends.Share(hits=4, n=10)
    assert month.asked_in_time is None  # only four needed a question


def test_a_corrected_score_counts(desk: list[Person], payroll: Service, cast: SimpleNamespace) -> None:
    raised = raise_many(desk, payroll, 9, where="Ireland", workaround="", checks_done="")
    before = desk_months.months(cast.petra, last=THIS)[-1].median
    for one in raised:
        made = disputes.dispute(reference=str(one.reference), item="", reason="x", person=desk[0], now=NOON)
        disputes.answer(dispute_id=made.pk, answer="Yes", corrections={"where": "full"}, person=cast.petra, now=NOON)
    after = desk_months.months(cast.petra, last=THIS)[-1].median
    assert before is not None
    assert after is not None
    assert after > before


def test_what_was_merged_was_a_duplicate(desk: list[Person], payroll: Service, cast: SimpleNamespace) -> None:
    incident = kit.incident(manager=cast.mia, service=payroll)
    one, *_others = raise_many(desk, payroll, 8)
    candidates.merge(reference=str(one.reference), into=incident.reference, person=cast.mia, now=NOON)
    month = desk_months.months(cast.petra, last=THIS)[-1]
    assert month.deficits["duplicate_not_linked"].hits == 1


def test_private_exercises_imports_and_drafts_do_not_count(
    desk: list[Person], payroll: Service, cast: SimpleNamespace
) -> None:
    raised = raise_many(desk, payroll, 12)
    secret = kit.incident(manager=cast.mia, is_private=True, service=payroll)
    drill = kit.incident(manager=cast.mia, is_exercise=True, service=payroll)
    hidden: list[dict[str, Any]] = [
        {"state": "merged", "incident": secret}, {"state": "merged", "incident": drill}, {"source": "import"},
    ]  # fmt: skip
    for one, changes in zip(raised, hidden, strict=False):
        Candidate.objects.filter(pk=one.pk).update(**changes)
    candidates.save_draft(person=desk[0], facts=kit.facts(service=payroll), draft_id=None, now=NOON)
    assert desk_months.months(cast.petra, last=THIS)[-1].records == 9
    assert desk_months.months(cast.mia, last=THIS)[-1].records == 10


def test_the_page_shows_counts_and_no_names(
    desk: list[Person], payroll: Service, cast: SimpleNamespace, signed_in: Browser
) -> None:
    raise_many(desk, payroll, 10, where="", now=this_month())
    for person in (cast.desmond, cast.dara, cast.mia, cast.petra, cast.audra):
        text = signed_in(person).get("/desk/").content.decode()
        assert "No place" in text
        assert "10 of 10" in text
        assert not [one.name for one in desk if one.name in text]


def test_a_month_of_four_people_says_too_few(
    desk: list[Person], payroll: Service, cast: SimpleNamespace, signed_in: Browser
) -> None:
    raise_many(desk[:4], payroll, 20, where="", now=this_month())
    text = signed_in(cast.petra).get("/desk/").content.decode()
    assert "Too few to show: fewer than five people raised something in this month." in text
    assert "No place" not in text.split('id="fixes"')[0]


@pytest.mark.parametrize("month", ["2025-01", "2199-12", "nonsense", "2026-13"])
def test_other_months_by_address(cast: SimpleNamespace, signed_in: Browser, month: str) -> None:
    assert signed_in(cast.petra).get("/desk/", {"month": month}).status_code == 200


def test_no_filter_by_agent_exists(desk: list[Person], payroll: Service, cast: SimpleNamespace, api: Api) -> None:
    raise_many(desk, payroll, 10)
    client = api(cast.petra)
    whole = client.get("/api/v1/desk/months/", {"month": "2026-11"}).json()
    assert client.get("/api/v1/desk/months/", {"month": "2026-11", "raised_by": desk[0].username}).json() == whole
    assert desk[0].username not in str(whole)


def test_the_api_tells_the_months(desk: list[Person], payroll: Service, cast: SimpleNamespace, api: Api) -> None:
    raise_many(desk, payroll, 10, where="")
    found = api(cast.audra).get("/api/v1/desk/months/", {"month": "2026-11"}).json()["results"]
    assert [one["month"] for one in found] == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert found[0] == {
        "month": "2026-06", "too_few": "people", "records": None, "median": None, "first_time_right": None,
        "asked_in_time": None, "deficits": [],
    }  # fmt: skip
    assert found[-1]["deficits"][0] == {"code": "where_missing", "words": "No place", "hits": 10, "n": 10}
    assert api(cast.audra).get("/api/v1/desk/months/", {"month": "soon"}).status_code == 400
    assert api(cast.rosa).get("/api/v1/desk/months/").status_code == 403


def agree(person: Person, **changes: Any) -> IntakeFix:
    given: dict[str, Any] = {
        "month": NOON.date(), "deficit": "where_missing", "text": "The form asks for the place first.",
        "owner_role": Role.SERVICE_DESK_LEAD, "now": NOON + timedelta(hours=1),
    }  # fmt: skip
    return intake_fixes.agree(person=person, **(given | changes))


def test_one_fix_a_month(cast: SimpleNamespace) -> None:
    assert agree(cast.petra).month == THIS
    with pytest.raises(Refusal) as second:
        agree(cast.dara)
    assert second.value.code == "already_agreed"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deficit": "laziness"}, "deficit"), ({"text": " "}, "text"), ({"owner_role": Role.EXECUTIVE}, "owner_role"),
        ({"month": datetime(2027, 1, 1, tzinfo=UTC).date()}, "month"), ({"text": "Desmond fills it in"}, "text"),
    ],
)  # fmt: skip
def test_what_is_no_fix(cast: SimpleNamespace, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        agree(cast.petra, **changes)
    assert refused.value.field == field


def test_a_fix_is_measured_again_after_ten_handovers(
    desk: list[Person], payroll: Service, cast: SimpleNamespace
) -> None:
    raise_many(desk, payroll, 10, where="")
    agree(cast.petra)
    raise_many(desk, payroll, 9, now=NOON + timedelta(hours=2))
    (fix,) = desk_months.fixes(cast.petra)
    assert (fix.result.state, fix.result.left) == ("waiting", 1)
    raise_many(desk, payroll, 1, now=NOON + timedelta(hours=3))
    (fix,) = desk_months.fixes(cast.petra)
    assert (fix.result.before, fix.result.after) == (
        intake_trends.Share(hits=10, n=10),
        intake_trends.Share(hits=0, n=10),
    )


def test_desk_lead_and_practice_lead_agree_on_the_page(cast: SimpleNamespace, signed_in: Browser) -> None:
    lead = signed_in(cast.dara)
    assert "Agree on the fix of this month" in lead.get("/desk/").content.decode()
    assert "Agree on the fix of this month" not in signed_in(cast.desmond).get("/desk/").content.decode()
    given = {"deficit": "no_contact", "text": "", "owner_role": "service_desk_lead"}
    assert lead.post("/desk/fixes/", given).status_code == 422
    assert lead.post("/desk/fixes/", given | {"text": "The form asks for name and number apart."}).status_code == 302
    text = lead.get("/desk/").content.decode()
    assert "The form asks for name and number apart." in text
    assert "Measured again after 10 more handovers." in text
    assert "Agree on the fix of this month" not in text


def test_fixes_by_the_api(cast: SimpleNamespace, api: Api) -> None:
    given = {"deficit": "no_contact", "text": "Name and number apart.", "owner_role": "practice_lead"}
    assert api(cast.desmond).post("/api/v1/desk/fixes/", given).status_code == 403
    assert api(cast.petra).post("/api/v1/desk/fixes/", given).status_code == 201
    assert api(cast.petra).post("/api/v1/desk/fixes/", given).status_code == 409
    (row,) = api(cast.audra).get("/api/v1/desk/fixes/").json()
    assert (row["fix"]["agreed_by"], row["result"]["state"], row["result"]["left"]) == ("petra", "waiting", 10)


def test_the_page_has_a_fixed_number_of_queries(
    desk: list[Person], payroll: Service, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.petra)
    browser.get("/desk/")
    raise_many(desk, payroll, 12)
    with django_assert_num_queries(7):  # session, person, records, ratings, fixes, feedback, clock
        browser.get("/desk/")
    assert not Incident.objects.exists()
