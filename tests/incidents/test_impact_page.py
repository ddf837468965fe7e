"""Revising the impact on its page: the sentence beside the form, gaps in one click, hints, versions, two at once."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.choices import EntryKind
from incidents.models import ImpactStatement, Incident
from incidents.queries import impact_page, reports
from incidents.services import timeline as timelines
from incidents.services.desk import candidates
from incidents.services.record import impact
from teams.models import Person
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")
Browser = Callable[[Person], Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(
        manager=cast.mia,
        now=timezone.now(),
        impact_statement={
            "who": "store staff",
            "activity": "submit timesheets",
            "count": "about 1,200",
            "count_basis": "headcount",
            "since": "09:10 (UTC+0)",
            "confidence": "estimated",
        },
    )


def at(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/impact/{rest}"


def filled(incident: Incident, **changes: str) -> dict[str, str]:
    """The form as a browser would send it, but for the changes."""
    current = ImpactStatement.objects.filter(incident=incident).latest("version")
    return {
        "version": str(current.version),
        "who": current.who,
        "activity": current.activity,
        "count": current.count,
        "count_basis": current.count_basis,
        "since": f"{incident.impact_started_at:%Y-%m-%d %H:%M} (UTC+0)",
        "confidence": "estimated",
        "revision_reason": "new_information",
        **changes,
    }


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def newest(incident: Incident) -> ImpactStatement:
    return ImpactStatement.objects.filter(incident=incident).latest("version")


def test_the_form_shows_what_stands_and_costs_a_fixed_number_of_queries(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.mia)
    browser.get(at(incident))
    for _ in range(3):
        kit.incident(manager=cast.mia, now=timezone.now(), service=incident.service)
    # Session, person, incident, statement, older statements, reports, first message, the desk's count and the
    # names of sites, clock.
    with django_assert_num_queries(11):
        page = text(browser.get(at(incident)))
    assert f"{incident.impact_started_at:%Y-%m-%d} 09:10 (UTC+0)" in page
    assert "About 1,200 store staff cannot submit timesheets" in page
    assert "Enough for the first message." in page


def test_a_version_with_confidence_and_source_by_fact(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    sent = filled(
        incident,
        where="Ireland",
        data_state="delayed",
        sure_where="confirmed",
        source_where="Dublin desk",
        source_count="payroll headcount",
        evidence_at="2026-11-20T09:00",
    )
    answer = signed_in(cast.mia).post(at(incident), sent)
    assert answer.status_code == 302
    made = newest(incident)
    assert (made.version, made.where, made.data_state) == (2, "Ireland", "delayed")
    assert made.confidence == {
        **dict.fromkeys(("who", "activity", "count", "count_basis", "since", "data_state"), "estimated"),
        "where": "confirmed",
    }
    assert made.sources == {"where": "Dublin desk", "count": "payroll headcount"}
    assert made.since == ImpactStatement.objects.get(incident=incident, version=1).since
    entry = incident.timeline.get(kind=EntryKind.IMPACT_REVISED)
    assert entry.data["evidence_at"].startswith("2026-11-20T09:00")
    room = text(signed_in(cast.mia).get(f"/incidents/{incident.reference}/panels/impact/"))
    assert "confirmed, Dublin desk" in room


def test_an_open_gate_is_filled_in_one_click(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(cast.mia)
    page = text(browser.post(at(incident), filled(incident, fill="workaround", consequence="typed before")))
    assert "typed before" in page
    assert 'value="not yet known, being checked, by ' in page
    assert newest(incident).version == 1
    gap = "not yet known, being checked, by 10:45 (UTC+0)"
    browser.post(at(incident), filled(incident, workaround=gap, where=gap, consequence=gap))
    assert [gate.code for gate in impact_page.readiness(newest(incident)).lacking] == []
    assert newest(incident).confidence == {"all": "estimated"}


def test_the_desks_count_becomes_the_basis_in_one_click(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    browser = signed_in(cast.mia)
    assert "Take the desk’s count" not in text(browser.get(at(incident)))
    raised = kit.candidate(by=cast.desmond, service=incident.service)
    candidates.merge(reference=str(raised.reference), into=incident.reference, person=cast.mia, now=timezone.now())
    basis = reports.totals(incident).basis
    assert basis.startswith("1 caller")
    assert f'data-fill-text="{basis}"' in text(browser.get(at(incident)))
    assert f'value="{basis}"' in text(browser.post(at(incident), filled(incident, fill="count_basis", count="31")))


def test_the_second_message_expects_all_seven(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    panel = f"/incidents/{incident.reference}/panels/impact/"
    assert "still needs" not in text(signed_in(cast.mia).get(panel))
    published = timelines.Entry(kind=EntryKind.UPDATE_PUBLISHED, at=timezone.now(), actor_id=cast.mia.pk)
    timelines.append(incident=incident, entries=[published])
    page = text(signed_in(cast.mia).get(panel))
    assert "Not said yet: where, and where not; is there a workaround, or none yet; what is lost, and by when." in page


def test_the_sentence_follows_what_is_typed(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.mia).post(
        at(incident, "preview/"),
        filled(incident, activity="log in due to the db01 restart", count="many", evidence_at="2020-01-01T10:00"),
    )
    page = text(answer)
    assert answer.status_code == 200
    assert "Many store staff cannot log in due to the db01 restart" in page
    assert [code for code in ("component_as_impact", "cause_as_impact", "vague_quantity") if code in page] == [
        "component_as_impact",
        "cause_as_impact",
        "vague_quantity",
    ]
    assert "speaks for “We recorded it wrongly”" in page
    assert "<html" not in page
    assert newest(incident).version == 1


@pytest.mark.parametrize("typed", [{}, {"activity": "", "count": "x" * 999}, {"sure_count": "never", "since": "\x00"}])
def test_a_preview_of_anything_is_a_page(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, typed: dict[str, str]
) -> None:
    assert signed_in(cast.mia).post(at(incident, "preview/"), typed).status_code == 200


def test_without_scripts_a_button_shows_the_sentence(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    page = text(signed_in(cast.mia).post(at(incident), filled(incident, activity="print payslips", look="1")))
    assert "cannot print payslips" in page
    assert newest(incident).version == 1


def test_hints_never_stop_anybody(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    sent = filled(incident, count="many", activity="the database is down")
    assert signed_in(cast.mia).post(at(incident), sent).status_code == 302


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"activity": ""}, "Say what people cannot do"),
        ({"revision_reason": ""}, "Say which of the four it is."),
        ({"until": "2000-01-01 09:00 (UTC+0)"}, "The end is before the start."),
        ({"since": "2999-01-01 09:00 (UTC+0)"}, "This time has not come yet."),
        ({"count": "x" * 121}, "at most 120 characters"),
    ],
)
def test_an_error_stands_at_its_field_and_keeps_what_was_typed(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, changes: dict[str, str], message: str
) -> None:
    answer = signed_in(cast.mia).post(at(incident), filled(incident, consequence="typed before", **changes))
    assert answer.status_code == 422
    assert message in text(answer)
    assert "typed before" in text(answer)


def test_statements_like_older_ones_are_noticed_but_never_from_hidden_incidents(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    long = {"activity": "submit timesheets or see last month's payslips", "where": "all stores of Ireland and Scotland"}
    older = kit.incident(
        manager=cast.omar, service=incident.service, now=timezone.now(), impact_statement={"who": "store staff", **long}
    )
    page = text(signed_in(cast.mia).post(at(incident, "preview/"), filled(incident, **long)))
    assert f"Reads like {older.reference}" in page
    Incident.objects.filter(pk=older.pk).update(is_private=True)
    page = text(signed_in(cast.mia).post(at(incident, "preview/"), filled(incident, **long)))
    assert "Reads like" not in page


def test_reports_of_the_desk_overtake_the_impact(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, settings: Any
) -> None:
    settings.INCIDENT_FACETS = ["tests.incidents.test_impact_page.promised_by_the_second"]
    later = timezone.now()
    entry = timelines.Entry(kind=EntryKind.DESK_REPORT_ADDED, at=later, data={"candidate": "CA-2026-0009"})
    timelines.append(incident=incident, entries=[entry])
    page = text(signed_in(cast.mia).get(f"/incidents/{incident.reference}/panels/impact/"))
    assert "1 report of the desk came in since" in page


def promised_by_the_second(incident_ids: list[int]) -> dict[int, dict[str, Any]]:
    now = timezone.now()
    return {pk: {"deadlines": [{"state": "open", "opened_at": now, "due_at": now}]} for pk in incident_ids}


def test_versions_are_compared_word_by_word(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    browser = signed_in(cast.mia)
    browser.post(at(incident), filled(incident, count="about 340", where="Ireland"))
    browser.post(
        at(incident), filled(incident, count="about 340", where="Ireland and Scotland", confidence="confirmed")
    )
    page = text(signed_in(cast.audra).get(at(incident, "versions/")))
    assert '<del class="change"><span aria-hidden="true">− </span>' in page
    assert "</span>1,200</del>" in page
    assert "</span>340</ins>" in page
    assert "</span>and Scotland</ins>" in page
    assert "</span>confirmed</ins>" in page
    between = text(signed_in(cast.audra).get(at(incident, "versions/?from=1&to=3")))
    assert "From version 1 to 3" in between
    assert "</span>Ireland and Scotland</ins>" in between
    assert text(signed_in(cast.audra).get(at(incident, "versions/?from=7&to=x"))).count("From version") == 0
    assert "They say the same." in text(signed_in(cast.audra).get(at(incident, "versions/?from=2&to=2")))


# --- two at once ---------------------------------------------------------------------------------------------------


@pytest.fixture
def overtaken(incident: Incident, cast: SimpleNamespace) -> dict[str, str]:
    """What Mia typed from version 1 while Omar wrote version 2."""
    typed = filled(incident, count="about 900", consequence="wages are late", source_count="Mia counted")
    impact.state(
        reference=incident.reference,
        person=cast.omar,
        fields={"count": "1,500", "where": "Ireland", "confidence": "confirmed", "sources": {"count": "till log"}},
        revision_reason="new_information",
        now=timezone.now(),
    )
    return typed


def test_both_stand_side_by_side_and_nothing_is_lost(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, overtaken: dict[str, str]
) -> None:
    answer = signed_in(cast.mia).post(at(incident), overtaken)
    page = text(answer)
    assert answer.status_code == 422
    assert "Omar Example wrote version 2" in page
    assert "<b>Keep mine:</b> about 900" in page
    assert "<b>Take theirs:</b> 1,500" in page
    assert "Only they changed it, so theirs stands: Ireland" in page
    assert "Only you changed it, so yours stands: wages are late" in page
    assert newest(incident).version == 2


@pytest.mark.parametrize(
    ("pick", "count", "source"), [("mine", "about 900", "Mia counted"), ("theirs", "1,500", "till log")]
)
def test_each_fact_is_decided_and_carries_its_ground(
    incident: Incident,
    cast: SimpleNamespace,
    signed_in: Browser,
    overtaken: dict[str, str],
    pick: str,
    count: str,
    source: str,
) -> None:
    answer = signed_in(cast.mia).post(at(incident), overtaken | {"theirs": "2", "pick_count": pick})
    assert answer.status_code == 302
    made = newest(incident)
    assert (made.version, made.count, made.where, made.consequence) == (3, count, "Ireland", "wages are late")
    assert made.sources["count"] == source
    assert made.confidence["count"] == ("estimated" if pick == "mine" else "confirmed")
    assert made.confidence["where"] == "confirmed"


def test_an_undecided_fact_is_asked_again(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, overtaken: dict[str, str]
) -> None:
    answer = signed_in(cast.mia).post(at(incident), overtaken | {"theirs": "2"})
    assert answer.status_code == 422
    assert "Choose for each fact which of the two stands." in text(answer)


def test_a_third_version_is_shown_before_it_is_overwritten(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, overtaken: dict[str, str]
) -> None:
    impact.state(
        reference=incident.reference,
        person=cast.dan,
        fields={"count": "2,000"},
        revision_reason="situation_changed",
        now=timezone.now(),
    )
    answer = signed_in(cast.mia).post(at(incident), overtaken | {"theirs": "2", "pick_count": "mine"})
    assert answer.status_code == 422
    assert "<b>Take theirs:</b> 2,000" in text(answer)
    assert newest(incident).version == 3


def test_a_version_written_between_reading_and_writing_is_shown_too(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    raced: list[bool] = []
    real = impact.state

    def state(**given: Any) -> Any:
        if not raced:
            raced.append(True)
            real(
                reference=incident.reference,
                person=cast.omar,
                fields={"count": "77"},
                revision_reason="new_information",
                now=timezone.now(),
            )
        return real(**given)

    monkeypatch.setattr(impact, "state", state)
    answer = signed_in(cast.mia).post(at(incident), filled(incident, count="88"))
    assert answer.status_code == 422
    assert "<b>Take theirs:</b> 77" in text(answer)
    assert newest(incident).count == "77"


def test_the_same_from_both_is_no_conflict(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    typed = filled(incident, count="1,500", confidence="confirmed")
    impact.state(
        reference=incident.reference,
        person=cast.omar,
        fields={"count": "1,500"},
        revision_reason="new_information",
        now=timezone.now(),
    )
    page = text(signed_in(cast.mia).post(at(incident), typed))
    assert "You both wrote the same: 1,500" in page
    assert signed_in(cast.mia).post(at(incident), typed | {"theirs": "2"}).status_code == 302
