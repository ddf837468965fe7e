"""Lapses from the rest of the record: repeated lateness, a wrong impact, a service called back, learning overdue."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.choices import EntryKind
from incidents.models import (
    Candidate,
    ClarificationRequest,
    CommandTenure,
    DeskFeedback,
    ImpactStatement,
    Incident,
)
from mim_portal.lib import dbtime
from reviews import tasks
from reviews.choices import LapseCode, LapseState
from reviews.consumers import lapses as consumer
from reviews.models import Lapse
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services.suggesting import late_updates, overdue
from tests.factories import NOON
from tests.incidents import kit
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def codes() -> list[str]:
    return sorted(Lapse.objects.values_list("code", flat=True))


def handed_over(incident: Incident, cast: SimpleNamespace, *, at: datetime) -> None:
    CommandTenure.objects.filter(incident=incident).update(ended_at=at)
    CommandTenure.objects.create(incident=incident, manager=cast.omar, started_at=at)


class TestRepeated:
    def late(self, incident: Incident, *, at: datetime) -> None:
        row = rows.deadline(of=incident, due_at=at, missed_at=at, ended_at=at + 5 * MINUTE)
        late_updates.suggest(deadline_ids=[row.pk], now=NOON)

    def test_the_second_in_one_incident_and_once(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        self.late(incident, at=NOON - 60 * MINUTE)
        assert codes() == ["L02"]
        self.late(incident, at=NOON - 40 * MINUTE)
        assert codes() == ["L02", "L02", "L04"]
        repeated = Lapse.objects.get(code=LapseCode.L04)
        assert repeated.addressee == cast.mia
        assert ledger.sentence(repeated, now=NOON) == "Promised updates were late 2 times."
        self.late(incident, at=NOON - 20 * MINUTE)
        repeated.refresh_from_db()
        assert ledger.sentence(repeated, now=NOON) == "Promised updates were late 3 times."
        assert codes().count("L04") == 1

    def test_several_audiences_at_one_moment_were_late_once(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        late = [
            rows.deadline(of=incident, audience=code, due_at=NOON, missed_at=NOON, ended_at=NOON + MINUTE)
            for code in ("end_users", "executives", "service_desk")
        ]
        late_updates.suggest(deadline_ids=[row.pk for row in late], now=NOON + 5 * MINUTE)
        assert codes() == ["L02", "L02", "L02"]

    def test_an_answered_one_keeps_its_words(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        for minutes in (60, 40):
            self.late(incident, at=NOON - minutes * MINUTE)
        Lapse.objects.filter(code=LapseCode.L04).update(state=LapseState.CONFIRMED)
        self.late(incident, at=NOON - 20 * MINUTE)
        assert Lapse.objects.get(code=LapseCode.L04).facts["sentence"] == "Promised updates were late 2 times."

    def test_what_another_manager_has_not_confirmed_is_not_counted(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        handed_over(incident, cast, at=NOON - 50 * MINUTE)
        for minutes in (60, 40):
            self.late(incident, at=NOON - minutes * MINUTE)
        assert codes() == ["L02", "L02"]

    def test_what_was_dismissed_is_not_counted(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        self.late(incident, at=NOON - 60 * MINUTE)
        Lapse.objects.update(state=LapseState.DISMISSED, dismissal_reason="The clock was wrong.")
        self.late(incident, at=NOON - 40 * MINUTE)
        assert codes() == ["L02", "L02"]


class TestImpact:
    def revised(self, incident: Incident, reason: str, *, at: datetime) -> ImpactStatement:
        version = ImpactStatement.objects.filter(incident=incident).count() + 1
        made = ImpactStatement.objects.create(
            incident=incident, version=version, activity="submit timesheets", revision_reason=reason, as_of=at
        )
        data: dict[str, Any] = {"version": version, "revision_reason": reason}
        consumer.consume([rows.entry(of=incident, kind=EntryKind.IMPACT_REVISED, at=at, data=data)])
        return made

    def test_recorded_wrongly_is_asked_of_whoever_stated_it(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        handed_over(incident, cast, at=NOON - 60 * MINUTE)
        self.revised(incident, "captured_incorrectly", at=NOON - 30 * MINUTE)
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.occurred_at) == ("L07", cast.mia, incident.declared_at)
        assert ledger.sentence(lapse, now=NOON) == (
            "Version 1 of the impact said something else than the evidence at hand."
        )
        assert list(lapse_queries.visible_lapses(cast.mia)) == [lapse]
        assert not lapse_queries.visible_lapses(cast.omar).exists()

    def test_said_wrongly_is_asked_of_whoever_noticed(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        handed_over(incident, cast, at=NOON - 60 * MINUTE)
        self.revised(incident, "communicated_incorrectly", at=NOON - 30 * MINUTE)
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.occurred_at) == ("L08", cast.omar, NOON - 30 * MINUTE)

    @pytest.mark.parametrize("reason", ["new_information", "situation_changed"])
    def test_news_is_no_lapse(self, reason: str, cast: SimpleNamespace) -> None:
        self.revised(rows.incident(manager=cast.mia), reason, at=NOON)
        assert codes() == []

    def test_the_second_is_more_than_once(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        self.revised(incident, "captured_incorrectly", at=NOON - 60 * MINUTE)
        self.revised(incident, "new_information", at=NOON - 50 * MINUTE)
        self.revised(incident, "captured_incorrectly", at=NOON - 40 * MINUTE)
        assert codes() == ["L07", "L07", "L09"]
        lapse = Lapse.objects.get(code="L09")
        assert lapse.source_key == f"incident:{incident.pk}:wrong:{cast.mia.pk}"
        assert lapse.occurred_at == NOON - 50 * MINUTE
        assert ledger.sentence(lapse, now=NOON) == "The impact was wrong 2 times in one incident."

    def test_the_third_changes_the_number_until_it_is_answered(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        for minutes in (60, 50, 40):
            self.revised(incident, "captured_incorrectly", at=NOON - minutes * MINUTE)
        consumer.consume(list(incident.timeline.order_by("seq")[1:2]))  # an old line of the log, read once more
        lapse = Lapse.objects.get(code="L09")
        assert ledger.sentence(lapse, now=NOON) == "The impact was wrong 3 times in one incident."
        Lapse.objects.filter(pk=lapse.pk).update(state=LapseState.CONFIRMED)
        self.revised(incident, "captured_incorrectly", at=NOON - 30 * MINUTE)
        assert ledger.sentence(Lapse.objects.get(code="L09"), now=NOON).startswith("The impact was wrong 3 times")

    def test_each_manager_is_asked_about_their_own(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        for minutes in (60, 50):
            self.revised(incident, "captured_incorrectly", at=NOON - minutes * MINUTE)
        handed_over(incident, cast, at=NOON - 50 * MINUTE)
        self.revised(incident, "captured_incorrectly", at=NOON - 40 * MINUTE)
        asked = Lapse.objects.filter(code="L09").order_by("pk")
        assert [lapse.addressee for lapse in asked] == [cast.mia, cast.omar]

    def test_reading_the_log_again_makes_nothing_new(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        self.revised(incident, "captured_incorrectly", at=NOON)
        consumer.consume(list(incident.timeline.all()))
        assert codes() == ["L07"]

    def test_exercises_teach_without_a_ledger(self, cast: SimpleNamespace) -> None:
        self.revised(rows.incident(manager=cast.mia, is_exercise=True), "captured_incorrectly", at=NOON)
        assert codes() == []

    def test_it_stays_out_of_the_room_until_restoration(self, cast: SimpleNamespace) -> None:
        self.revised(rows.incident(manager=cast.mia, state="investigating"), "captured_incorrectly", at=NOON)
        assert Lapse.objects.get().shown_after is None


class TestReopened:
    def reopened(self, cast: SimpleNamespace, *, told: timedelta | None) -> None:
        incident = rows.incident(manager=cast.mia, state="investigating")
        if told is not None:
            rows.update(of=incident, author=cast.mia, at=NOON - told, kind="restored")
        consumer.consume([rows.entry(of=incident, kind=EntryKind.REOPENED, at=NOON)])

    def test_within_a_day_after_users_were_told(self, cast: SimpleNamespace) -> None:
        self.reopened(cast, told=timedelta(hours=2))
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.occurred_at) == ("L17", cast.mia, NOON)
        assert "2 h after users were told that it works" in ledger.sentence(lapse, now=NOON)

    @pytest.mark.parametrize("told", [None, timedelta(hours=25)])
    def test_later_or_untold_is_none(self, told: timedelta | None, cast: SimpleNamespace) -> None:
        self.reopened(cast, told=told)
        assert codes() == []


class TestOverdue:
    def suggested(self) -> list[Lapse]:
        return overdue.suggest(now=NOON)

    def test_a_review_that_was_not_published(self, cast: SimpleNamespace) -> None:
        incident = rows.incident(manager=cast.mia)
        rows.review(of=incident, publish_due_date=NOON.date() - DAY)
        (lapse,) = self.suggested()
        assert (lapse.code, lapse.addressee_id, lapse.incident_id) == ("L18", cast.mia.pk, incident.pk)
        assert lapse.occurred_at == datetime(2026, 11, 23, tzinfo=UTC)
        assert self.suggested() == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"publish_due_date": NOON.date()},
            {"publish_due_date": NOON.date() - DAY, "state": "published", "published_at": NOON},
            {"publish_due_date": NOON.date() - 31 * DAY},
        ],
    )
    def test_reviews_in_time_published_or_long_ago(self, fields: dict[str, Any], cast: SimpleNamespace) -> None:
        rows.review(of=rows.incident(manager=cast.mia), **fields)
        assert self.suggested() == []

    def test_late_actions_of_a_review_are_one_habit(self, cast: SimpleNamespace) -> None:
        review = rows.review(of=rows.incident(manager=cast.mia))
        for days in (1, 3):
            rows.action(of=review, owner=cast.rosa, due_date=NOON.date() - days * DAY)
        rows.action(of=review, owner=cast.rosa, due_date=NOON.date() - 5 * DAY, state="done", done_at=NOON)
        (lapse,) = self.suggested()
        assert (lapse.code, lapse.addressee_id) == ("L18", cast.mia.pk)  # the practice's, never the owner's
        assert lapse.occurred_at == datetime(2026, 11, 21, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("fields", "days", "count"),
        [({}, 1, 1), ({}, 0, 0), ({}, 31, 0), ({"measure": "None in 90 days."}, 1, 0), ({"state": "cancelled"}, 1, 0)],
    )
    def test_a_published_action_that_nobody_can_see_to_work(
        self, fields: dict[str, str], days: int, count: int, cast: SimpleNamespace
    ) -> None:
        incident = rows.incident(manager=cast.mia)
        review = rows.review(of=incident, state="published", published_at=NOON - days * DAY)
        for _ in range(2):
            rows.action(of=review, owner=cast.rosa, **fields)
        found = self.suggested()
        assert [(lapse.code, lapse.addressee_id) for lapse in found] == [("L18", cast.mia.pk)] * count

    def test_a_plan_belongs_to_whose_lapse_it_is(self, cast: SimpleNamespace) -> None:
        lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.omar, state=LapseState.PLANNED)
        rows.plan(of=lapse, owner=cast.petra, due_date=NOON.date() - DAY)
        (late,) = self.suggested()
        assert (late.code, late.addressee_id) == ("L20", cast.omar.pk)

    @pytest.mark.parametrize("change", ["in place", "replaced", "of a late plan"])
    def test_plans_that_are_none(self, change: str, cast: SimpleNamespace) -> None:
        code = LapseCode.L20 if change == "of a late plan" else LapseCode.L02
        lapse = rows.lapse(of=rows.incident(manager=cast.mia), addressee=cast.mia, state=LapseState.PLANNED, code=code)
        in_place = NOON if change == "in place" else None
        rows.plan(of=lapse, owner=cast.mia, due_date=NOON.date() - DAY, in_place_at=in_place)
        if change == "replaced":
            rows.plan(of=lapse, owner=cast.mia, due_date=NOON.date() + DAY)
        assert self.suggested() == []

    def handed_over(self, cast: SimpleNamespace, *, days: int, score: int = 55, **fields: Any) -> Candidate:
        """Resolved so many days before Monday noon."""
        incident = rows.incident(manager=cast.mia, resolved_at=NOON - days * DAY, **fields)
        made = kit.candidate(by=cast.desmond, service=incident.service, now=NOON - days * DAY)
        Candidate.objects.filter(pk=made.pk).update(incident=incident, state="accepted", intake_score=score)
        made.refresh_from_db()
        return made

    def test_a_desk_that_heard_nothing_for_two_working_days(self, cast: SimpleNamespace) -> None:
        made = self.handed_over(cast, days=5)  # Wednesday; Friday is over
        (lapse,) = self.suggested()
        assert (lapse.code, lapse.addressee_id, lapse.incident_id) == ("L13", cast.mia.pk, made.incident_id)
        assert lapse.occurred_at == datetime(2026, 11, 21, tzinfo=UTC)
        assert "The desk did not hear" in ledger.sentence(lapse, now=NOON)

    @pytest.mark.parametrize("change", ["in time", "ready", "heard", "exercise", "by a machine"])
    def test_desks_that_waited_for_nothing(self, change: str, cast: SimpleNamespace) -> None:
        made = self.handed_over(
            cast,
            days=3 if change == "in time" else 5,
            score=70 if change == "ready" else 55,
            is_exercise=change == "exercise",
        )
        if change == "heard":
            words = {"helped_first": "The count.", "helped_second": "The site.", "request": "Since when."}
            assert made.incident is not None
            DeskFeedback.objects.create(incident=made.incident, written_by=cast.mia, written_at=NOON, **words)
        if change == "by a machine":
            Candidate.objects.update(raised_by=None)
        assert self.suggested() == []

    def test_the_clock_runs_it(self, cast: SimpleNamespace) -> None:
        rows.review(of=rows.incident(manager=cast.mia), publish_due_date=dbtime.now().date() - DAY)
        assert tasks.sweep_overdue() == 1
        assert tasks.sweep_overdue() == 0


class TestNotAsked:
    @pytest.fixture
    def candidate(self, cast: SimpleNamespace) -> Candidate:
        """Accepted two hours before noon without a count; the statement has none either."""
        incident = rows.incident(manager=cast.mia, state="investigating")
        made = kit.candidate(by=cast.desmond, service=incident.service, now=NOON - timedelta(hours=2))
        Candidate.objects.filter(pk=made.pk).update(
            incident=incident,
            state="accepted",
            decided_at=NOON - timedelta(hours=2),
            intake_score=55,
            intake_detail={"missing": [{"code": "critical_time"}, {"code": "evidence"}], "capped_at": None},
        )
        made.refresh_from_db()
        return made

    def second(self, candidate: Candidate, cast: SimpleNamespace, *, sequence: int = 2) -> None:
        assert candidate.incident is not None
        for _number in range(sequence):
            sent = rows.update(of=candidate.incident, author=cast.mia, at=NOON)
        data = {"update": sent.pk, "sequence": sequence}
        consumer.consume([rows.entry(of=candidate.incident, kind=EntryKind.UPDATE_PUBLISHED, data=data)])

    def asked(self, candidate: Candidate, cast: SimpleNamespace, *, after: int, answered: bool = False) -> None:
        assert candidate.decided_at is not None
        at = candidate.decided_at + after * MINUTE
        ClarificationRequest.objects.create(
            candidate=candidate,
            field="critical_time",
            question="By when?",
            asked_by=cast.mia,
            asked_at=at,
            answer="Six." if answered else "",
            answered_at=at + 30 * MINUTE if answered else None,
            answered_by=cast.desmond if answered else None,
        )

    def test_missing_never_asked_and_still_unknown(self, candidate: Candidate, cast: SimpleNamespace) -> None:
        self.second(candidate, cast)
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.source_key) == ("L12", cast.mia, f"candidate:{candidate.pk}")
        assert lapse.occurred_at == NOON - timedelta(minutes=115)

    def test_asked_too_late_and_not_answered(self, candidate: Candidate, cast: SimpleNamespace) -> None:
        self.asked(candidate, cast, after=6)
        self.second(candidate, cast)
        assert codes() == ["L12"]

    @pytest.mark.parametrize("change", ["asked", "answered", "on record", "nothing of updates", "first", "usable"])
    def test_what_is_none(self, change: str, candidate: Candidate, cast: SimpleNamespace) -> None:
        if change == "asked":
            self.asked(candidate, cast, after=5)
        elif change == "answered":
            self.asked(candidate, cast, after=20, answered=True)
        elif change == "on record":
            assert candidate.incident is not None
            ImpactStatement.objects.create(
                incident=candidate.incident, version=2, activity="submit", critical_time="18:00", as_of=NOON - MINUTE
            )
        elif change == "nothing of updates":
            Candidate.objects.update(intake_detail={"missing": [{"code": "evidence"}], "capped_at": None})
        elif change == "usable":
            Candidate.objects.update(intake_score=71)
        self.second(candidate, cast, sequence=1 if change == "first" else 2)
        assert codes() == []

    def test_a_capped_record_counts_as_weak(self, candidate: Candidate, cast: SimpleNamespace) -> None:
        missing = [{"code": "critical_time"}]
        Candidate.objects.update(intake_score=84, intake_detail={"missing": missing, "capped_at": 84})
        self.second(candidate, cast)
        assert codes() == ["L12"]

    def test_what_was_known_only_later_was_unknown(self, candidate: Candidate, cast: SimpleNamespace) -> None:
        assert candidate.incident is not None
        ImpactStatement.objects.create(
            incident=candidate.incident, version=2, activity="submit", critical_time="18:00", as_of=NOON + MINUTE
        )
        self.second(candidate, cast)
        assert codes() == ["L12"]
