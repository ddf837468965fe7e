"""Lapses from what messages said and from mistakes that were put right late: L06, L10, L11 and L14."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from comms.choices import UpdateKind
from comms.models import Audience, Finding, Update
from incidents.choices import EntryKind
from incidents.models import CommandTenure, ImpactStatement, Incident
from incidents.services import dispatch
from mim_portal.lib import dbtime
from reviews import tasks
from reviews.choices import LapseCode, LapseState
from reviews.consumers import lapses as consumer
from reviews.models import ContributingFactor, ImprovementAction, Lapse, Review
from reviews.queries import corrections
from reviews.queries import lapses as lapse_queries
from reviews.rendering import ledger
from reviews.services.suggesting import messages, published, wrong
from tests.comms import update_kit
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def codes() -> list[str]:
    return sorted(Lapse.objects.values_list("code", flat=True))


def finding(update: Update, rule: str, **fields: Any) -> Finding:
    fields.setdefault("code", "C07")
    fields.setdefault("severity", "error")
    return Finding.objects.create(update=update, content_hash=update.published_hash, rule=rule, message="m", **fields)


def left(incident: Incident, update: Update, *, kind: str = EntryKind.UPDATE_PUBLISHED) -> None:
    consumer.consume([rows.entry(of=incident, kind=kind, data={"update": update.pk})])


class TestWords:
    @pytest.fixture
    def incident(self, cast: SimpleNamespace) -> Incident:
        return rows.incident(manager=cast.mia)

    def sent(self, incident: Incident, cast: SimpleNamespace, *audiences: str) -> Update:
        return rows.update(of=incident, author=cast.carla, at=NOON, audiences=audiences or ("end_users",))

    def test_blame_that_left_is_asked_about_once_and_in_private(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        update = self.sent(incident, cast, "end_users", "public")
        finding(update, "B02", text="human error")
        finding(update, "B07", text="the desk never told us")
        left(incident, update)
        left(incident, update)
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.state) == ("L11", cast.mia, LapseState.SUGGESTED)
        assert ledger.sentence(lapse, now=NOON) == "Update 1 to end users, the public left with words that pass blame."
        assert "human error" not in str(lapse.facts)
        assert not lapse_queries.visible_lapses(cast.omar).exists()
        assert not lapse_queries.visible_lapses(cast.carla).exists()

    def test_a_name_that_people_outside_read(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.sent(incident, cast, "executives", "service_desk")
        finding(update, "B00", text="Rosa")
        left(incident, update)
        lapse = Lapse.objects.get()
        assert (lapse.code, ledger.sentence(lapse, now=NOON)) == (
            "L14",
            "Update 1 to executives named a person or a team.",
        )
        assert "Rosa" not in str(lapse.facts)

    def test_a_team_that_was_named_although_advised_against(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.sent(incident, cast)
        finding(update, "team_named", severity="warning", text="Network")
        left(incident, update)
        assert codes() == ["L14"]

    def test_only_those_read_it_whose_text_it_stands_in(self, incident: Incident, cast: SimpleNamespace) -> None:
        own = {"end_users": {"subject": "", "body": "Own words."}}
        update = Update.objects.create(
            incident=incident,
            kind="update",
            state="published",
            author=cast.mia,
            sequence=1,
            published_at=NOON,
            texts=own,
        )
        update.audiences.set(Audience.objects.filter(code__in=["end_users", "service_desk"]))
        finding(update, "B00", text="Rosa")  # in the shared text, which the desk alone read
        left(incident, update)
        assert [ledger.sentence(row, now=NOON) for row in Lapse.objects.all()] == [
            "Update 1 to the service desk left with words that pass blame."
        ]

    @pytest.mark.parametrize(
        "fields",
        [
            {"override_reason": "The regulator asked for these words."},
            {"code": "C09"},
            {"content_hash": "an earlier text"},
        ],
    )
    def test_what_is_none(self, incident: Incident, cast: SimpleNamespace, fields: dict[str, str]) -> None:
        update = self.sent(incident, cast)
        row = finding(update, "B02")
        Finding.objects.filter(pk=row.pk).update(**fields)
        left(incident, update)
        assert codes() == []

    def test_a_reason_holds_until_the_message_is_corrected(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.sent(incident, cast)
        finding(update, "B02", override_reason="They are the supplier's own words.")
        left(incident, update)
        assert codes() == []
        Update.objects.filter(pk=update.pk).update(state="corrected")
        left(incident, update, kind=EntryKind.UPDATE_CORRECTED)
        assert codes() == ["L11"]

    def test_exercises_have_none(self, cast: SimpleNamespace) -> None:
        drill = rows.incident(manager=cast.mia, is_exercise=True)
        update = self.sent(drill, cast)
        finding(update, "B02")
        left(drill, update)
        assert codes() == []

    def test_what_is_read_does_not_grow(
        self, incident: Incident, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        sent = [self.sent(incident, cast) for _ in range(4)]
        for update in sent:
            finding(update, "B02")
        # savepoint, findings, updates, audiences, incidents, tenures, known, rows, release
        with django_assert_num_queries(9):
            messages.suggest_words(update_ids=[update.pk for update in sent], now=NOON)
        with django_assert_num_queries(3):  # without anything to ask about: savepoint, findings, release
            messages.suggest_words(update_ids=[0], now=NOON)

    def test_from_the_send_now_button_to_the_question(self, cast: SimpleNamespace) -> None:
        incident = update_kit.declared(cast.mia)
        body = f"{update_kit.BODY} Human error stopped the session store."
        draft = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL, body=body)
        update_kit.published(draft, cast.mia, send_now=True)
        dispatch.sweep()
        lapse = Lapse.objects.get(code=LapseCode.L11)
        assert (lapse.addressee, lapse.shown_after) == (cast.mia, None)  # the ledger stays out of the room


class TestPublishedReviews:
    @pytest.fixture
    def review(self, cast: SimpleNamespace) -> Review:
        incident = rows.incident(manager=cast.mia)
        return rows.review(of=incident, state="published", published_at=dbtime.now() - 2 * DAY)

    def test_blame_that_came_in_after_it_was_signed_off(self, review: Review, cast: SimpleNamespace) -> None:
        assert published.suggest(now=dbtime.now()) == []
        action = rows.action(of=review, owner=cast.omar, title="Replace the careless engineer's script")
        due = dbtime.now().date() + 30 * DAY
        ImprovementAction.objects.filter(pk=action.pk).update(
            measure="No script of that kind in 30 days.", due_date=due
        )
        assert tasks.sweep_overdue() == 1
        assert tasks.sweep_overdue() == 0
        lapse = Lapse.objects.get()
        assert (lapse.code, lapse.addressee, lapse.source_key) == ("L11", cast.mia, f"review:{review.pk}")
        assert ledger.sentence(lapse, now=NOON) == "The published review has words that pass blame."

    def test_a_reason_and_a_draft_have_none(self, review: Review, cast: SimpleNamespace) -> None:
        rows.factor(of=review, statement="Careless wording in the alert.")
        Review.objects.update(state="draft")
        assert published.suggest(now=dbtime.now()) == []
        part = f"factor:{ContributingFactor.objects.get().pk}"
        kept = {"part": part, "code": "B03", "text": "Careless", "reason": "It is about words, not people."}
        Review.objects.update(state="published", lint_overrides=[kept])
        assert published.suggest(now=dbtime.now()) == []
        Review.objects.update(lint_overrides=[])
        assert len(published.suggest(now=dbtime.now())) == 1

    def test_what_was_published_long_ago_is_left_alone(self, review: Review, cast: SimpleNamespace) -> None:
        rows.factor(of=review, statement="Careless wording in the alert.")
        Review.objects.update(published_at=dbtime.now() - 31 * DAY)
        assert published.suggest(now=dbtime.now()) == []

    def test_what_is_read_does_not_grow(
        self, review: Review, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(3):
            rows.review(of=rows.incident(manager=cast.mia), state="published", published_at=dbtime.now() - DAY)
        with django_assert_num_queries(7):  # the clock, savepoint, reviews, asked, factors, actions, release
            published.suggest(now=dbtime.now())


class TestLanguageAgain:
    def defective(
        self, cast: SimpleNamespace, *, at: datetime, incident: Incident | None = None, audience: str = "end_users"
    ) -> Sequence[Lapse]:
        of = incident or rows.incident(manager=cast.mia, declared_at=at - 60 * MINUTE)
        update = rows.update(of=of, author=cast.carla, at=at, audiences=(audience,))
        finding(update, "misspelling", code="C09", is_blocking=True, found_after_sending=True)
        return wrong.suggest_language(update_ids=[update.pk], now=at)

    def test_the_second_in_thirty_days_is_one_question_more(self, cast: SimpleNamespace) -> None:
        self.defective(cast, at=NOON - 29 * DAY)
        assert codes() == ["L05"]
        made = self.defective(cast, at=NOON)
        assert [lapse.code for lapse in made] == ["L05", "L06"]
        again = Lapse.objects.get(code="L06")
        assert (again.addressee, again.incident, again.occurred_at) == (cast.mia, made[0].incident, NOON)
        assert ledger.sentence(again, now=NOON) == "Language failed in 2 messages to people outside within 30 days."

    def test_the_third_changes_the_number_until_it_is_answered(self, cast: SimpleNamespace) -> None:
        for days in (10, 5, 0):
            self.defective(cast, at=NOON - days * DAY)
        again = Lapse.objects.get(code="L06")
        assert "in 3 messages" in ledger.sentence(again, now=NOON)
        Lapse.objects.filter(pk=again.pk).update(state=LapseState.OWNED)
        self.defective(cast, at=NOON + DAY)
        again.refresh_from_db()
        assert "in 3 messages" in ledger.sentence(again, now=NOON)
        assert codes().count("L06") == 1

    def test_after_thirty_days_it_may_be_asked_again(self, cast: SimpleNamespace) -> None:
        for days in (70, 60, 10, 0):
            self.defective(cast, at=NOON - days * DAY)
        assert codes().count("L06") == 2

    @pytest.mark.parametrize("change", ["older", "inside", "dismissed"])
    def test_what_does_not_count(self, cast: SimpleNamespace, change: str) -> None:
        days = 31 if change == "older" else 5
        audience = "service_desk" if change == "inside" else "end_users"
        self.defective(cast, at=NOON - days * DAY, audience=audience)
        if change == "dismissed":
            Lapse.objects.update(state=LapseState.DISMISSED, dismissal_reason="A name.")
        self.defective(cast, at=NOON)
        assert codes() == ["L05", "L05"]

    def test_what_others_have_not_confirmed_is_not_counted(self, cast: SimpleNamespace) -> None:
        """Their number alone would tell of it; once it is confirmed, the practice knows."""
        omars = rows.incident(manager=cast.omar, declared_at=NOON - 6 * DAY)
        self.defective(cast, at=NOON - 5 * DAY, incident=omars)
        self.defective(cast, at=NOON - 4 * DAY)
        assert codes() == ["L05", "L05"]
        Lapse.objects.filter(addressee=cast.omar).update(state=LapseState.CONFIRMED)
        self.defective(cast, at=NOON)
        assert "in 3 messages" in ledger.sentence(Lapse.objects.get(code="L06"), now=NOON)

    def test_what_is_private_is_not_counted_for_others(self, cast: SimpleNamespace) -> None:
        omars = rows.incident(manager=cast.omar, declared_at=NOON - 6 * DAY, is_private=True)
        self.defective(cast, at=NOON - 5 * DAY, incident=omars)
        Lapse.objects.update(state=LapseState.CONFIRMED)
        self.defective(cast, at=NOON)
        assert codes() == ["L05", "L05"]


class TestCorrections:
    @pytest.fixture
    def incident(self, cast: SimpleNamespace) -> Incident:
        return rows.incident(manager=cast.mia)

    def wrong(self, incident: Incident, cast: SimpleNamespace, *audiences: str, version: int = 1) -> Update:
        made = rows.update(of=incident, author=cast.mia, at=NOON - 60 * MINUTE, audiences=audiences or ("public",))
        statement = ImpactStatement.objects.get(incident=incident, version=version)
        Update.objects.filter(pk=made.pk).update(impact_statement=statement)
        return made

    def revised(self, incident: Incident, *, minutes_ago: int, reason: str = "captured_incorrectly") -> ImpactStatement:
        at = NOON - minutes_ago * MINUTE
        return ImpactStatement.objects.create(
            incident=incident, version=2, activity="submit timesheets", revision_reason=reason, as_of=at
        )

    def correction(
        self, incident: Incident, cast: SimpleNamespace, of: Update, *, begun: datetime, at: datetime | None
    ) -> Update:
        made = Update.objects.create(
            incident=incident,
            kind=UpdateKind.CORRECTION,
            author=cast.mia,
            corrects=of,
            state="published" if at else "draft",
            published_at=at,
            sequence=9 if at else None,
        )
        Update.objects.filter(pk=made.pk).update(created_at=begun)
        made.audiences.set(of.audiences.all())
        return made

    def ended(self, incident: Incident, *, at: datetime = NOON) -> list[str]:
        entry = rows.entry(of=incident, kind=EntryKind.STATE_CHANGED, at=at, data={"to": "resolved"})
        consumer.consume([entry])
        found = Lapse.objects.filter(code=LapseCode.L10).order_by("pk")
        return [ledger.sentence(row, now=NOON) for row in found]

    def test_said_and_put_right_in_time(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.wrong(incident, cast)
        self.correction(incident, cast, update, begun=NOON - 40 * MINUTE, at=NOON - 25 * MINUTE)
        assert self.ended(incident) == []

    def test_a_correction_that_was_begun_and_left_late(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.wrong(incident, cast)
        self.correction(incident, cast, update, begun=NOON - 40 * MINUTE, at=NOON - 20 * MINUTE)
        assert self.ended(incident) == ["A correction was 5 min late."]
        assert self.ended(incident) == ["A correction was 5 min late."]  # once, however often the log is read
        lapse = Lapse.objects.get(code="L10")
        assert (lapse.addressee, lapse.source_key) == (cast.mia, f"update:{update.pk}")

    def test_one_that_never_left(self, incident: Incident, cast: SimpleNamespace) -> None:
        self.correction(incident, cast, self.wrong(incident, cast), begun=NOON - 40 * MINUTE, at=None)
        (sentence,) = self.ended(incident)
        assert sentence.startswith("A known mistake was not corrected; ")

    def test_a_message_taken_back_in_time_is_put_right(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.wrong(incident, cast)
        self.correction(incident, cast, update, begun=NOON - 40 * MINUTE, at=None)
        Update.objects.filter(pk=update.pk).update(state="withdrawn", withdrawn_at=NOON - 30 * MINUTE)
        assert self.ended(incident) == []

    def test_known_since_the_portal_told_of_it(self, incident: Incident, cast: SimpleNamespace) -> None:
        update = self.wrong(incident, cast)
        rows.entry(of=incident, kind=EntryKind.UPDATE_DEFECT_FOUND, at=NOON - 50 * MINUTE, data={"update": update.pk})
        assert self.ended(incident) == []  # nobody thought it a mistake: the question about its language asks
        self.correction(incident, cast, update, begun=NOON - 22 * MINUTE, at=NOON - 20 * MINUTE)
        assert self.ended(incident) == ["A correction was 15 min late."]

    def test_a_version_that_was_wrong_and_those_who_read_it(self, incident: Incident, cast: SimpleNamespace) -> None:
        self.wrong(incident, cast, "public", "end_users")
        version = self.revised(incident, minutes_ago=40)
        rows.update(of=incident, author=cast.mia, at=NOON - 30 * MINUTE, audiences=("public",))
        assert self.ended(incident) == ["A correction did not reach end users."]
        assert Lapse.objects.get(code="L10").source_key == f"impact:{version.pk}"

    def test_it_counts_when_the_last_of_them_heard(self, incident: Incident, cast: SimpleNamespace) -> None:
        self.wrong(incident, cast, "public", "end_users")
        self.revised(incident, minutes_ago=40)
        rows.update(of=incident, author=cast.mia, at=NOON - 30 * MINUTE, audiences=("public",))
        rows.update(of=incident, author=cast.mia, at=NOON - 15 * MINUTE, audiences=("end_users",))
        assert self.ended(incident) == ["A correction was 10 min late."]

    @pytest.mark.parametrize("reason", ["new_information", "situation_changed"])
    def test_news_is_no_mistake(self, incident: Incident, cast: SimpleNamespace, reason: str) -> None:
        self.wrong(incident, cast)
        self.revised(incident, minutes_ago=40, reason=reason)
        assert self.ended(incident) == []

    def test_a_wrong_version_that_nobody_had_read_is_none(self, incident: Incident, cast: SimpleNamespace) -> None:
        self.revised(incident, minutes_ago=40)
        assert self.ended(incident) == []

    def test_nothing_is_asked_while_it_runs(self, cast: SimpleNamespace) -> None:
        running = rows.incident(manager=cast.mia, state="monitoring")
        self.correction(running, cast, self.wrong(running, cast), begun=NOON - 40 * MINUTE, at=None)
        assert self.ended(running) == []

    def test_the_manager_of_that_moment_is_asked(self, incident: Incident, cast: SimpleNamespace) -> None:
        CommandTenure.objects.filter(incident=incident).update(ended_at=NOON - 30 * MINUTE)
        CommandTenure.objects.create(incident=incident, manager=cast.omar, started_at=NOON - 30 * MINUTE)
        update = self.wrong(incident, cast)
        self.correction(incident, cast, update, begun=NOON - 40 * MINUTE, at=NOON - 5 * MINUTE)
        self.ended(incident)
        assert Lapse.objects.get(code="L10").addressee == cast.omar  # it was due while Omar was accountable

    def test_exercises_have_none(self, cast: SimpleNamespace) -> None:
        drill = rows.incident(manager=cast.mia, is_exercise=True)
        self.correction(drill, cast, self.wrong(drill, cast), begun=NOON - 40 * MINUTE, at=None)
        assert self.ended(drill) == []

    def test_what_is_read_does_not_grow(
        self, incident: Incident, cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(3):
            update = self.wrong(incident, cast)
            self.correction(incident, cast, update, begun=dbtime.now(), at=None)
        self.revised(incident, minutes_ago=40)
        with django_assert_num_queries(5):  # sent, audiences, begun, told of, versions
            assert len(corrections.of([incident.pk])) == 4
