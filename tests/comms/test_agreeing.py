"""Long incidents: agreed times of the day or a longer interval, and what is waited for; never a silence."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.forms.promises import TimesField
from comms.models import OwedAudience, UpdateDeadline, WaitingFor
from comms.models.deadline import OPEN
from comms.queries.promises import owing as queries
from comms.queries.promises import promises as briefs
from comms.services.promises import agreeing, owing, waiting
from comms.services.writing import checking, holding
from incidents.choices import EntryKind
from incidents.models import Incident, TimelineEntry
from incidents.queries import wording
from mim_portal.lib import dbtime, times
from mim_portal.lib.refusals import Invalid, Refusal
from tests.comms import promise_kit, update_kit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
Browser = Callable[..., Client]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    """A P1 of three hours ago whose users were told just now: due in an hour."""
    made = promise_kit.declare(
        manager=cast.mia, at=dbtime.now() - timedelta(hours=3), audiences=["end_users", "technical"]
    )
    promise_kit.publish(made, "end_users", "technical", author=cast.mia)
    return made


def agree(incident: Incident, cast: SimpleNamespace, **changes: Any) -> list[datetime]:
    given: dict[str, Any] = {
        "audiences": ["end_users"], "local_times": [time(7), time(19)], "zone": BERLIN, "days": 4,
        "reason": "Parts come tomorrow.",
    }  # fmt: skip
    return agreeing.timetable(reference=incident.reference, person=cast.mia, now=dbtime.now(), **(given | changes))


class TestTimetable:
    def test_what_was_promised_stays_and_the_next_is_due_at_an_agreed_time(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        before = promise_kit.open_of(incident)
        far = min(at for at in agree(incident, cast) if at > dbtime.now())
        after = promise_kit.open_of(incident)
        assert after["end_users"].due_at == min(before["end_users"].due_at, far)
        assert after["technical"].due_at == before["technical"].due_at

        promise_kit.publish(incident, "end_users", author=cast.mia)

        due = promise_kit.open_of(incident)["end_users"].due_at
        assert due.astimezone(BERLIN).strftime("%H:%M") in {"07:00", "19:00"}
        assert due - dbtime.now() > timedelta(minutes=30)

    def test_an_earlier_agreed_time_moves_the_open_deadline(self, incident: Incident, cast: SimpleNamespace) -> None:
        soon = (dbtime.now() + timedelta(minutes=20)).replace(second=0, microsecond=0)
        agree(incident, cast, local_times=[soon.time()], zone=ZoneInfo("UTC"))
        assert promise_kit.open_of(incident)["end_users"].due_at == soon

    def test_an_audience_that_hears_of_changes_gets_a_time(self, cast: SimpleNamespace) -> None:
        made = promise_kit.declare(
            manager=cast.mia, priority="P3", at=dbtime.now() - timedelta(hours=2), audiences=["executives"]
        )
        [first, *_rest] = agree(made, cast, audiences=["executives"])
        assert promise_kit.open_of(made)["executives"].due_at == first

    def test_it_stands_on_the_timeline_in_words(self, incident: Incident, cast: SimpleNamespace) -> None:
        last = agree(incident, cast)[-1]
        entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.CADENCE_CHANGED)
        words = wording.words(entry, names=wording.Names(people={}, teams={}))
        assert words.startswith("Agreed with end users: updates at 07:00, 19:00 (Europe/Berlin) until ")
        assert words.endswith("Parts come tomorrow.")
        assert entry.data["until"] == last.isoformat()

    def test_only_from_an_hour_after_declaration_on(self, cast: SimpleNamespace) -> None:
        fresh = promise_kit.declare(manager=cast.mia, audiences=["end_users"])
        with pytest.raises(agreeing.TooEarly, match="an hour after the declaration"):
            agree(fresh, cast)

    @pytest.mark.parametrize(("changes", "field"), [
        ({"local_times": []}, "times"), ({"days": 0}, "days"), ({"days": 15}, "days"),
        ({"from_day": date(2020, 1, 1)}, "times"), ({"from_day": date(2099, 1, 1)}, "times"),
        ({"audiences": ["public"]}, "audiences"), ({"reason": ""}, "reason"),
    ])  # fmt: skip
    def test_what_cannot_be_agreed(
        self, incident: Incident, cast: SimpleNamespace, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            agree(incident, cast, **changes)
        assert refused.value.field == field

    def test_it_ends_with_a_reason_and_the_interval_holds_again(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        agree(incident, cast)
        promise_kit.publish(incident, "end_users", author=cast.mia)
        at = dbtime.now()
        agreeing.end_timetable(
            reference=incident.reference, audiences=["end_users"], reason="It got worse.", person=cast.mia, now=at
        )
        assert promise_kit.open_of(incident)["end_users"].due_at - at <= timedelta(minutes=61)
        assert OwedAudience.objects.get(incident=incident, audience__code="end_users").agreed_times == []
        with pytest.raises(Refusal, match="No times are agreed"):
            agreeing.end_timetable(
                reference=incident.reference, audiences=["end_users"], reason="Again.", person=cast.mia, now=at
            )

    def test_an_event_is_still_told_within_ten_minutes(self, incident: Incident, cast: SimpleNamespace) -> None:
        agree(incident, cast)
        promise_kit.publish(incident, "end_users", author=cast.mia)
        promise_kit.append(incident, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})
        assert promise_kit.open_of(incident)["end_users"].due_at - dbtime.now() <= timedelta(minutes=10)

    def test_a_higher_priority_keeps_what_was_agreed(self, cast: SimpleNamespace) -> None:
        made = promise_kit.declare(
            manager=cast.mia, priority="P2", at=dbtime.now() - timedelta(hours=3), audiences=["end_users"]
        )
        agree(made, cast)
        promise_kit.set_priority(made, "P1")
        promise_kit.publish(made, "end_users", author=cast.mia)
        assert f"{promise_kit.open_of(made)['end_users'].due_at.astimezone(BERLIN):%M}" == "00"

    def test_a_handover_reads_it(self, incident: Incident, cast: SimpleNamespace) -> None:
        agree(incident, cast)
        [users] = [row for row in briefs.brief(incident)["promises"] if row["audience"] == "End users"]
        assert "agreed times until" in users["state"]


class TestInterval:
    def test_it_holds_from_the_next_update_on(self, incident: Incident, cast: SimpleNamespace) -> None:
        before = promise_kit.open_of(incident)["end_users"].due_at
        agreeing.interval(
            reference=incident.reference, audiences=["end_users"], minutes=180, reason="Quiet night.",
            person=cast.mia, now=dbtime.now(),
        )  # fmt: skip
        assert promise_kit.open_of(incident)["end_users"].due_at == before
        promise_kit.publish(incident, "end_users", author=cast.mia)
        assert round(promise_kit.minutes_from(dbtime.now(), incident)["end_users"]) == 180

    @pytest.mark.parametrize("minutes", [0, 1441])
    def test_within_a_day(self, incident: Incident, cast: SimpleNamespace, minutes: int) -> None:
        with pytest.raises(Invalid, match="1440"):
            agreeing.interval(
                reference=incident.reference, audiences=["end_users"], minutes=minutes, reason="r", person=cast.mia,
                now=dbtime.now(),
            )  # fmt: skip


def wait(
    incident: Incident, cast: SimpleNamespace, what: str = "the supplier's part.", minutes: int = 45
) -> WaitingFor:
    until = dbtime.now() + timedelta(minutes=minutes)
    return waiting.wait(reference=incident.reference, what=what, until_at=until, person=cast.mia, now=dbtime.now())


class TestWaiting:
    def test_it_stands_in_the_holding_update(self, cast: SimpleNamespace) -> None:
        incident = update_kit.declared(cast.mia)
        until = wait(incident, cast).until_at
        now = dbtime.now()
        made = holding.prepare(reference=incident.reference, person=cast.mia, now=now)
        assert f"We are waiting for the supplier's part until {times.due_time(until, now=now)}." in made.body

    def test_a_time_that_passed_is_not_repeated(self, cast: SimpleNamespace) -> None:
        incident = update_kit.declared(cast.mia)
        later = wait(incident, cast).until_at + timedelta(minutes=1)
        made = holding.prepare(reference=incident.reference, person=cast.mia, now=later)
        assert "waiting" not in made.body

    def test_a_newer_one_takes_its_place_and_it_ends(self, incident: Incident, cast: SimpleNamespace) -> None:
        wait(incident, cast)
        newer = wait(incident, cast, "a decision of the owners")
        assert queries.waiting(incident) == newer
        waiting.end(reference=incident.reference, person=cast.mia, now=dbtime.now())
        assert queries.waiting(incident) is None
        kinds = TimelineEntry.objects.filter(incident=incident, kind__startswith="waiting").order_by("seq")
        words = [wording.words(entry, names=wording.Names(people={}, teams={})) for entry in kinds]
        assert words[0].startswith("Waiting until ")
        assert words[-1] == "No longer waiting for: a decision of the owners"
        with pytest.raises(Refusal, match="Nothing is being waited for"):
            waiting.end(reference=incident.reference, person=cast.mia, now=dbtime.now())

    @pytest.mark.parametrize(("what", "minutes", "field"), [(" ", 5, "what"), ("parts", -1, "until_at")])
    def test_what_is_missing(
        self, incident: Incident, cast: SimpleNamespace, what: str, minutes: int, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            wait(incident, cast, what, minutes)
        assert refused.value.field == field


class TestThirdHolding:
    @pytest.fixture
    def quiet(self, incident: Incident, cast: SimpleNamespace) -> Incident:
        for _ in range(2):
            promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.HOLDING)
        return incident

    def test_it_is_asked_and_a_fact_answers_it(self, quiet: Incident, cast: SimpleNamespace) -> None:
        assert "number 3 in a row" in queries.question(quiet, now=dbtime.now())
        wait(quiet, cast)
        assert queries.question(quiet, now=dbtime.now()) == ""
        assert queries.question(quiet, now=dbtime.now() + timedelta(hours=2)) != ""

    def test_a_longer_interval_answers_it(self, quiet: Incident, cast: SimpleNamespace) -> None:
        agreeing.interval(
            reference=quiet.reference, audiences=["end_users"], minutes=120, reason="Quiet.", person=cast.mia,
            now=dbtime.now(),
        )  # fmt: skip
        assert queries.question(quiet, now=dbtime.now()) == ""

    def test_one_agreed_before_the_silence_does_not(self, incident: Incident, cast: SimpleNamespace) -> None:
        agree(incident, cast)
        for _ in range(2):
            promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.HOLDING)
        assert queries.question(incident, now=dbtime.now()) != ""

    def test_the_page_asks_it_and_offers_both(self, quiet: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser, address = signed_in(cast.mia), f"/incidents/{quiet.reference}/promises/"
        page = browser.get(address).content.decode()
        assert "number 3 in a row" in page
        until = (dbtime.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
        answer = browser.post(f"{address}waiting/", {"what": "the part", "until_at": until, "back": "77"})
        assert answer.headers["Location"] == "/updates/77/"
        assert "number 3 in a row" not in browser.get(address).content.decode()
        room = browser.get(f"/incidents/{quiet.reference}/panels/next/").content.decode()
        assert "Waiting for the part until" in room
        later = dbtime.now() + timedelta(hours=12)
        agreeing.timetable(
            reference=quiet.reference, audiences=["end_users", "technical"], local_times=[time(later.hour)],
            zone=ZoneInfo("UTC"), days=1, reason="Quiet.", person=cast.mia, now=dbtime.now(), from_day=later.date(),
        )  # fmt: skip
        room = browser.get(f"/incidents/{quiet.reference}/panels/next/").content.decode()
        assert "Times agreed with Technical teams, End users until" in room
        browser.post(f"{address}waiting-end/")
        assert queries.waiting(quiet) is None

    def test_the_composer_leads_there_and_back(
        self, cast: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(languagetool, "check", memory.Language().check)
        incident = update_kit.declared(cast.mia)
        for _ in range(2):
            promise_kit.publish(incident, "end_users", author=cast.mia, kind=UpdateKind.HOLDING)
        made = holding.prepare(reference=incident.reference, person=cast.mia, now=dbtime.now())
        checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
        page = signed_in(cast.mia).get(f"/updates/{made.pk}/").content.decode()
        assert f'href="/incidents/{incident.reference}/promises/?back={made.pk}"' in page

    def test_nothing_to_end_is_said(self, quiet: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        answer = signed_in(cast.mia).post(f"/incidents/{quiet.reference}/promises/waiting-end/")
        assert answer.status_code == 422
        assert "Nothing is being waited for." in answer.content.decode()

    def test_rest_asks_it_too(self, quiet: Incident, cast: SimpleNamespace, api: Api) -> None:
        client, address = api(cast.carla), f"/api/v1/incidents/{quiet.reference}/waiting/"
        assert "number 3 in a row" in client.get(address).json()["question"]
        until = (dbtime.now() + timedelta(hours=1)).isoformat()
        made = client.post(address, {"what": "the part", "until_at": until})
        assert (made.status_code, made.json()["question"]) == (201, "")
        assert client.post(f"{address}end/").json()["waiting_for"] is None


def test_agreed_by_rest_and_ended(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    client, address = api(cast.carla), f"/api/v1/incidents/{incident.reference}/"
    given = {"audiences": ["end_users"], "reason": "Night."}
    agreed = client.post(
        f"{address}timetable/", given | {"times": ["07:00", "19:00"], "time_zone": "Europe/Berlin", "days": 2}
    )
    assert agreed.status_code == 200, agreed.content
    rows = {row["audience"]: row for row in agreed.json()}
    assert rows["end_users"]["agreed_times"]
    ended = client.post(f"{address}timetable/end/", given).json()
    assert not any(row["agreed_times"] for row in ended)
    slower = client.post(f"{address}interval/", given | {"minutes": 90}).json()
    assert {row["audience"]: row["every_minutes"] for row in slower}["end_users"] == 90
    wrong = client.post(f"{address}timetable/", given | {"times": ["07:00"], "time_zone": "Europe/Nowhere", "days": 2})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "time_zone")


def test_agreed_on_the_page_in_the_viewers_zone(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    cast.mia.time_zone = "Europe/Berlin"
    cast.mia.save()
    browser, address = signed_in(cast.mia), f"/incidents/{incident.reference}/promises/"
    given = {"audiences": ["end_users"], "times": "7:00 and 19.00", "days": "3", "reason": "Night."}
    assert browser.post(f"{address}timetable/", given).status_code == 302
    times = OwedAudience.objects.get(incident=incident, audience__code="end_users").agreed_times
    assert {f"{at.astimezone(BERLIN):%H:%M}" for at in times} <= {"07:00", "19:00"}
    assert browser.post(f"{address}timetable/", given | {"times": "soon"}).status_code == 422
    wrong = browser.post(f"{address}timetable/", given | {"times": "07:00, 25:00"})
    assert (wrong.status_code, 'value="07:00, 25:00"' in wrong.content.decode()) == (422, True)
    browser.post(f"{address}timetable-end/", {"audiences": ["end_users"], "reason": "Worse."})
    browser.post(f"{address}interval/", {"audiences": ["end_users"], "minutes": "45", "reason": "Better."})
    row = OwedAudience.objects.get(incident=incident, audience__code="end_users")
    assert (row.agreed_times, row.every_minutes) == ([], 45)


STEPS = ("P1", "P2", "update", "holding", "stop", "start", "timetable", "timetable-end", "interval", "wait", "impact")


@given(steps=st.lists(st.sampled_from(STEPS), max_size=10))
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_whatever_is_agreed_every_owed_audience_has_one_next_time(cast: SimpleNamespace, steps: list[str]) -> None:
    """Invariant 3 over every verb of promises: one open deadline for each owed audience, none for the others, and no
    verb but a published update ever moves one later.
    """
    point = transaction.savepoint()
    made = promise_kit.declare(
        manager=cast.mia, at=dbtime.now() - timedelta(hours=2), audiences=["end_users", "technical"]
    )
    who = {"reference": made.reference, "person": cast.mia, "now": dbtime.now(), "reason": "r"}
    for step in steps:
        before = dict(UpdateDeadline.objects.filter(OPEN).values_list("pk", "due_at"))
        _take(step, made, cast, who)
        owed = OwedAudience.objects.filter(incident=made, owed_until=None).values_list("audience_id", flat=True)
        rows = list(UpdateDeadline.objects.filter(OPEN, incident=made))
        assert sorted(row.audience_id for row in rows) == sorted(owed)
        assert all(row.due_at <= before.get(row.pk, datetime.max.replace(tzinfo=UTC)) for row in rows)
    transaction.savepoint_rollback(point)


def _take(step: str, made: Incident, cast: SimpleNamespace, who: dict[str, Any]) -> None:
    users: dict[str, Any] = {"audiences": ["end_users"]}
    try:
        with transaction.atomic():
            if step.startswith("P"):
                promise_kit.set_priority(made, step)
            elif step in {"update", "holding"}:
                promise_kit.publish(made, "end_users", "technical", author=cast.mia, kind=UpdateKind(step))
            elif step == "impact":
                promise_kit.append(made, EntryKind.IMPACT_REVISED, data={"revision_reason": "situation_changed"})
            elif step == "wait":
                wait(made, cast)
            elif step == "timetable":
                agree(made, cast)
            elif step == "timetable-end":
                agreeing.end_timetable(**users, **who)
            elif step == "interval":
                agreeing.interval(minutes=240, **users, **who)
            else:
                (owing.stop if step == "stop" else owing.start)(**users, **who)
    except Refusal:
        pass  # not possible now, which is an answer too


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("07:00 and 19:00", ["07:00", "19:00"]),
        ("19.30, 7:00", ["07:00", "19:30"]),
        ("7h30; 12:00.", ["07:30", "12:00"]),
        ("07:00, 07:00", ["07:00"]),
    ],
)
def test_times_as_people_list_them(typed: str, read: list[str]) -> None:
    assert [f"{one:%H:%M}" for one in TimesField().clean(typed)] == read


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("07:00, 25:00", "25:00"),
        ("07:00 and 19", "19"),
        ("7:30 pm", "7:30 pm"),
        ("07:00 and 7 pm", "7 pm"),
        ("07:60", "07:60"),
        ("107:00", "107:00"),
        ("07:00:30", "07:00:30"),
    ],
)
def test_a_time_that_nobody_meant_is_never_promised(typed: str, named: str) -> None:
    """“25:00” was taken for 05:00, and “7:30 pm” for the morning."""
    with pytest.raises(ValidationError, match=f"“{re.escape(named)}” is no time of the day."):
        TimesField().clean(typed)
