"""What the room, the composer and the overview read: beats, kept promises, drafts, deliveries, marked text."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.choices import DeliveryState, UpdateKind
from comms.models import Audience, Delivery, Finding, StatusPage, UpdateDeadline
from comms.queries import panels
from comms.queries.promises import overview
from comms.queries.writing import composer, updates
from comms.services.writing import approval, publishing
from comms.services.writing import updates as update_verbs
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]


def due(incident: Incident, now: datetime, **minutes: float) -> None:
    """Let audiences be due so many minutes from now; everybody else is owed nothing."""
    rows = UpdateDeadline.objects.filter(incident=incident)
    rows.exclude(audience__code__in=minutes).update(ended_at=now, end_reason="no_longer_owed")
    for code, ahead in minutes.items():
        rows.filter(audience__code=code).update(
            opened_at=now - timedelta(minutes=10), due_at=now + timedelta(minutes=ahead)
        )


class TestNextPromise:
    def test_the_beat_is_five_minutes_wide(self, incident: Incident) -> None:
        now = dbtime.now()
        due(incident, now, technical=4, service_desk=9, end_users=9.1)
        promise = panels.next_promise(incident, now=now)
        assert promise is not None
        assert promise.codes == ("technical", "service_desk")
        assert promise.names == ("Technical teams", "Service desk")
        assert [row.audience.code for row in promise.later] == ["end_users"]

    def test_one_message_serves_everybody_who_is_late(self, incident: Incident) -> None:
        now = dbtime.now()
        due(incident, now, technical=-20, service_desk=-3, end_users=4, public=6)
        promise = panels.next_promise(incident, now=now)
        assert promise is not None
        assert promise.codes == ("technical", "service_desk", "end_users")

    @pytest.mark.parametrize(("ahead", "late_seconds"), [(1, 0), (0, 0), (-2, 120)])
    def test_lateness_counts_from_the_due_time(self, incident: Incident, ahead: float, late_seconds: int) -> None:
        now = dbtime.now()
        due(incident, now, technical=ahead)
        promise = panels.next_promise(incident, now=now)
        assert promise is not None
        assert (promise.late_by.total_seconds(), promise.is_late) == (late_seconds, late_seconds > 0)

    def test_the_bar_never_leaves_its_ends(self, incident: Incident) -> None:
        now = dbtime.now()
        due(incident, now, technical=5)
        for at, used in ((-60, 0), (5, 900), (60, 900)):
            promise = panels.next_promise(incident, now=now + timedelta(minutes=at))
            assert promise is not None
            assert (promise.used_seconds, promise.interval_seconds) == (used, 900)

    def test_nobody_is_owed_anything(self, incident: Incident) -> None:
        due(incident, dbtime.now())
        assert panels.next_promise(incident, now=dbtime.now()) is None


class TestKept:
    def test_before_anything_fell_due_nothing_is_counted(self, incident: Incident) -> None:
        assert panels.kept(incident, now=dbtime.now()) == panels.Kept(on_time=0, due=0)

    def test_on_time_and_late_both_count_and_ended_in_time_does_not(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        now = dbtime.now()
        due(incident, now, technical=5, service_desk=-3, end_users=-1)
        for code in ("technical", "service_desk"):
            made = update_kit.drafted(incident, cast.mia, code, body=f"{update_kit.BODY} For {code}.")
            update_kit.published(made, cast.mia)
        assert panels.kept(incident, now=dbtime.now()) == panels.Kept(on_time=1, due=3)


class TestLines:
    def test_a_draft_says_whether_it_was_checked_and_what_stops_it(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " Back shortly.")
        (line,) = panels.draft_lines(incident)
        assert (line.is_checked, line.stopped_by) == (False, 0)
        update_kit.checked(made, cast.mia)
        (line,) = panels.draft_lines(incident)
        assert (line.is_checked, line.stopped_by) == (True, 1)
        Finding.objects.filter(update=made).update(override_reason="Quoted.")
        assert panels.draft_lines(incident)[0].stopped_by == 0
        update_verbs.edit(update_id=made.pk, person=cast.mia, revision=1, fields={"body": "x"}, now=dbtime.now())
        assert panels.draft_lines(incident)[0].is_checked is False

    def test_what_was_sent_says_how_far_it_has_come(self, cast: SimpleNamespace, incident: Incident) -> None:
        update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
        states = [DeliveryState.SENT, DeliveryState.BOUNCED]
        for row, state in zip(Delivery.objects.order_by("pk"), states, strict=True):
            Delivery.objects.filter(pk=row.pk).update(state=state)
        (line,) = panels.sent_lines(incident)
        assert line.sent == updates.Sent(total=2, sent=1, lost=1)

    def test_only_the_last_messages_are_shown(self, cast: SimpleNamespace, incident: Incident) -> None:
        for _ in range(updates.SHOWN + 2):
            made = update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING)
            update_kit.published(made, cast.mia, send_now=True)
        shown = [line.update.sequence for line in panels.sent_lines(incident)]
        assert shown == list(range(10, 2, -1))


class TestReaders:
    def test_waiting_is_longest_first_and_hides_what_is_hidden(self, cast: SimpleNamespace, incident: Incident) -> None:
        hidden = update_kit.declared(cast.mia, slug="hidden", is_private=True)
        made = [update_kit.drafted(incident, cast.carla, "public") for _ in range(3)]
        secret = update_kit.drafted(hidden, cast.mia, "executives")
        now = dbtime.now()
        for update, minutes in ((made[0], 1), (made[1], 2), (secret, 3)):
            approval.submit(update_id=update.pk, person=cast.mia, now=now - timedelta(minutes=minutes))
        assert updates.waiting_for_second_reader(cast.omar) == [made[1], made[0]]
        assert updates.waiting_for_second_reader(cast.mia) == [secret, made[1], made[0]]
        assert updates.waiting_for_second_reader(cast.olaf) == []

    def test_what_was_read_waits_no_longer(self, cast: SimpleNamespace, incident: Incident) -> None:
        made = update_kit.drafted(incident, cast.carla, "public")
        update_kit.checked(made, cast.carla)
        approval.submit(update_id=made.pk, person=cast.carla, now=dbtime.now())
        approval.approve(update_id=made.pk, person=cast.omar, now=dbtime.now())
        assert updates.waiting_for_second_reader(cast.omar) == []


class TestOverview:
    def test_one_line_a_moment_and_incident(self, cast: SimpleNamespace, incident: Incident) -> None:
        now = dbtime.now()
        other = update_kit.declared(cast.omar, slug="tills")
        due(incident, now, technical=5, service_desk=5, end_users=20)
        due(other, now, public=-1)
        shown = overview.open_promises(cast.mia, now=now)
        assert [(line.incident, line.names, line.is_late) for line in shown.lines] == [
            (other, ("Public",), True),
            (incident, ("Service desk", "Technical teams"), False),
            (incident, ("End users",), False),
        ]
        assert [line.manager for line in shown.lines] == [cast.omar, cast.mia, cast.mia]
        assert shown.next_after is None

    def test_pages_follow_each_other_without_a_gap(
        self, cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overview, "PAGE", 4)
        now = dbtime.now()
        first = overview.open_promises(cast.mia, now=now)
        assert first.next_after is not None
        second = overview.open_promises(cast.mia, now=now, after=first.next_after)
        names = [name for shown in (first, second) for line in shown.lines for name in line.names]
        assert sorted(names) == sorted(Audience.objects.values_list("name", flat=True))
        assert second.next_after is None

    def test_an_address_that_points_nowhere_begins_at_the_start(
        self, cast: SimpleNamespace, incident: Incident
    ) -> None:
        now = dbtime.now()
        assert overview.open_promises(cast.mia, now=now, after=999_999) == overview.open_promises(cast.mia, now=now)


class TestComposer:
    def test_the_button_knows_about_status_pages(self, cast: SimpleNamespace, incident: Incident) -> None:
        made = update_kit.drafted(incident, cast.mia, "end_users")
        assert composer.draft_context(made, person=cast.mia, now=dbtime.now())["on_status_page"] is False
        StatusPage.objects.create(slug="shops", name="Shops", audience=Audience.objects.get(code="end_users"))
        assert composer.draft_context(made, person=cast.mia, now=dbtime.now())["on_status_page"] is True

    @pytest.mark.parametrize(
        ("kind", "code", "can_override", "waits"),
        [
            (UpdateKind.UPDATE, "C02", True, False),
            (UpdateKind.HOLDING, "C02", True, True),
            (UpdateKind.HOLDING, "C27", False, False),
            (UpdateKind.UPDATE, "C27", False, False),
        ],
    )
    def test_what_can_be_done_about_a_finding(
        self, kind: UpdateKind, code: str, can_override: bool, waits: bool
    ) -> None:
        row = Finding(code=code, severity="error", message="x", is_blocking=True)
        (line,) = composer.finding_lines([row], kind=kind)
        assert (line.can_override, line.waits_for_send_now) == (can_override, waits)

    def test_a_correction_begins_with_what_was_said(self, cast: SimpleNamespace, incident: Incident) -> None:
        wrong = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
        text = composer.correction_text(wrong)
        assert text.startswith(f"At {wrong.published_at:%H:%M} (UTC+0) we wrote: “Store staff in Ireland")
        made = publishing.correct(
            update_id=wrong.pk, person=cast.mia, subject="", body=text, next_update_at=None, now=dbtime.now()
        )
        assert made.next_update_at == wrong.next_update_at


@given(
    text=st.text(alphabet="ab 🔴\n", max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 32), st.integers(0, 32)), max_size=6),
)
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    rows = [Finding(start=start, end=end, severity="error") for start, end in spans]
    assert "".join(segment.text for segment in composer.segments(text, rows)) == text


def test_of_two_marks_on_one_place_the_first_counts() -> None:
    rows = [Finding(start=2, end=6, severity="error"), Finding(start=4, end=8, severity="warning")]
    assert composer.segments("0123456789", rows) == [
        composer.Segment(text="01"),
        composer.Segment(text="2345", severity="error"),
        composer.Segment(text="6789"),
    ]
