"""What reaches a person: quiet hours for what is not theirs to answer, and what executives chose to be woken by."""

from collections.abc import Callable
from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.choices import WAKES_BY_DEFAULT, EscalationStep, WakeReason
from comms.models import Delivery, Notice, NoticePreference, UpdateDeadline
from comms.queries.promises import quiet
from comms.services.promises import sweep
from comms.services.telling import preferences
from incidents.choices import IncidentState
from incidents.models import IncidentMember
from incidents.services.record import impact, notes
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid
from teams.models import Person, Rota, RotaShift
from tests import factories
from tests.comms import promise_kit
from tests.incidents import kit, work_kit

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]
Api = Callable[..., APIClient]


def hush(person: Person) -> None:
    """Quiet hours from an hour ago until in an hour, in the person's zone (UTC)."""
    now = dbtime.now()
    times = [(now + timedelta(hours=hours)).time().replace(microsecond=0) for hours in (-1, 1)]
    preferences.change(person=person, wakes=[], quiet_from=times[0], quiet_until=times[1])


def wake(person: Person, *reasons: WakeReason) -> None:
    preferences.change(person=person, wakes=reasons, quiet_from=None, quiet_until=None)


def headlines(person: Person) -> list[str]:
    """The first words of what woke them."""
    rows = Delivery.objects.filter(person_id=person.pk, message__text__contains="Choose what wakes you")
    return [row.message.subject.partition(":")[0] for row in rows.select_related("message").order_by("pk")]


class TestQuietHours:
    def test_who_is_accountable_or_on_shift_is_never_quiet(self, cast: SimpleNamespace) -> None:
        for person in (cast.mia, cast.dan, cast.petra):
            hush(person)
        now = dbtime.now()
        assert set(quiet.until([cast.mia, cast.dan, cast.petra], now=now)) == {
            cast.mia.pk, cast.dan.pk, cast.petra.pk,
        }  # fmt: skip
        promise_kit.declare(manager=cast.mia)
        rota = Rota.objects.create(name="Deputies", role="deputy")
        hour = timedelta(hours=1)
        RotaShift.objects.create(rota=rota, person=cast.dan, starts_at=now - hour, ends_at=now + hour)
        assert set(quiet.until([cast.mia, cast.dan, cast.petra], now=now)) == {cast.petra.pk}

    def test_a_mention_waits_for_their_end(self, cast: SimpleNamespace) -> None:
        made = kit.incident(manager=cast.mia, now=dbtime.now())
        hush(cast.rosa)
        notes.note(reference=made.reference, person=cast.mia, text="@rosa and @nils, please look.", now=dbtime.now())
        rows = {
            row.person_id: row.due_at for row in Delivery.objects.filter(person_id__in=[cast.rosa.pk, cast.nils.pk])
        }
        assert rows[cast.rosa.pk] - dbtime.now() > timedelta(minutes=55)
        assert rows[cast.nils.pk] <= dbtime.now()

    def test_others_of_the_role_are_called_first_and_all_where_all_are_quiet(self, cast: SimpleNamespace) -> None:
        other = factories.person(username="dora", roles=("deputy",))
        hush(cast.dan)
        assert quiet.awake([cast.dan, other], now=dbtime.now()) == [other]
        hush(other)
        assert quiet.awake([cast.dan, other], now=dbtime.now()) == [cast.dan, other]
        assert quiet.awake([cast.dan], now=dbtime.now()) == [cast.dan]

    def test_the_ladder_leaves_out_who_is_quiet(self, cast: SimpleNamespace) -> None:
        other = factories.person(username="dora", roles=("deputy",))
        hush(cast.dan)
        made = promise_kit.declare(manager=cast.mia, audiences=["public"], at=dbtime.now() - timedelta(minutes=18))
        UpdateDeadline.objects.filter(incident=made).update(next_action_at=dbtime.now() - timedelta(seconds=1))
        sweep.sweep_deadlines(by="test")
        told = Notice.objects.filter(incident=made, step=EscalationStep.DEPUTY).values_list("person_id", flat=True)
        assert list(told) == [other.pk]

    @pytest.mark.parametrize(
        ("begins", "until", "field"),
        [(time(22), None, "quiet_until"), (None, time(7), "quiet_from"), (time(7), time(7), "quiet_until")],
    )
    def test_both_ends_and_different_ones(
        self, cast: SimpleNamespace, begins: time | None, until: time | None, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            preferences.change(person=cast.mia, wakes=[], quiet_from=begins, quiet_until=until)
        assert refused.value.field == field


class TestWaking:
    def test_until_they_choose_only_a_decision_wakes(self, cast: SimpleNamespace) -> None:
        made = kit.incident(manager=cast.mia, now=dbtime.now())
        assert headlines(cast.eve) == []
        assert preferences.of(cast.eve).wakes == list(WAKES_BY_DEFAULT)
        work_kit.for_executives(made, cast.mia)
        assert Delivery.objects.filter(person_id=cast.eve.pk).count() == 1

    def test_what_they_chose_and_nothing_else(self, cast: SimpleNamespace) -> None:
        wake(cast.eve, WakeReason.DECLARED, WakeReason.RESTORED)
        made = kit.incident(manager=cast.mia, now=dbtime.now())
        assert headlines(cast.eve) == ["P1 declared"]
        impact.state(
            reference=made.reference, person=cast.mia, revision_reason="situation_changed", now=dbtime.now(),
            fields={"count": "about 300"},
        )  # fmt: skip
        promise_kit.move_to(made, IncidentState.MONITORING)
        assert headlines(cast.eve) == ["P1 declared", "Service back"]

    def test_more_than_before_wakes_and_less_does_not(self, cast: SimpleNamespace) -> None:
        wake(cast.eve, WakeReason.WIDENED)
        made = kit.incident(manager=cast.mia, now=dbtime.now())
        for count in ("about 9,000", "about 300"):
            impact.state(
                reference=made.reference, person=cast.mia, fields={"count": count},
                revision_reason="situation_changed", now=dbtime.now(),
            )  # fmt: skip
        assert headlines(cast.eve) == ["P1 affects more than before"]

    def test_a_lower_priority_wakes_nobody_until_it_is_a_p1(self, cast: SimpleNamespace) -> None:
        wake(cast.eve, WakeReason.DECLARED)
        made = kit.incident(manager=cast.mia, now=dbtime.now(), impact=2)
        assert headlines(cast.eve) == []
        promise_kit.set_priority(made, "P1")
        assert headlines(cast.eve) == ["P1 declared"]

    @pytest.mark.parametrize("mark", ["is_private", "is_exercise"])
    def test_never_for_what_they_have_no_part_in(self, cast: SimpleNamespace, mark: str) -> None:
        wake(cast.eve, WakeReason.DECLARED, WakeReason.RESTORED)
        made = kit.incident(manager=cast.mia, now=dbtime.now(), **{mark: True})
        assert headlines(cast.eve) == []
        IncidentMember.objects.create(incident=made, person=cast.eve)
        promise_kit.move_to(made, IncidentState.MONITORING)
        assert len(headlines(cast.eve)) == 1

    def test_a_question_finds_somebody(self, cast: SimpleNamespace) -> None:
        other = factories.person(username="erik", roles=("executive",))
        wake(cast.eve)
        made = kit.incident(manager=cast.mia, now=dbtime.now())
        work_kit.for_executives(made, cast.mia)
        assert set(Delivery.objects.values_list("person_id", flat=True)) & {cast.eve.pk, other.pk} == {other.pk}
        wake(other)
        work_kit.for_executives(made, cast.mia)
        assert Delivery.objects.filter(person_id=cast.eve.pk).count() == 1

    def test_only_known_reasons(self, cast: SimpleNamespace) -> None:
        with pytest.raises(Invalid):
            preferences.change(person=cast.eve, wakes=["noise"], quiet_from=None, quiet_until=None)


class TestPage:
    ADDRESS = "/settings/me/notices/"

    def test_executives_choose_what_wakes_them(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser = signed_in(cast.eve)
        assert "What wakes me" in browser.get(self.ADDRESS).content.decode()
        browser.post(self.ADDRESS, {"wakes": ["restored"], "quiet_from": "22:00", "quiet_until": "07:00"})
        row = NoticePreference.objects.get(person=cast.eve)
        assert (row.wakes, row.quiet_from, row.quiet_until) == (["restored"], time(22), time(7))

    def test_others_choose_their_quiet_hours(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser = signed_in(cast.rosa)
        assert "What wakes me" not in browser.get(self.ADDRESS).content.decode()
        answer = browser.post(self.ADDRESS, {"quiet_from": "22:00"})
        assert (answer.status_code, "Give both ends" in answer.content.decode()) == (422, True)
        assert browser.post(self.ADDRESS, {"quiet_from": "22:00", "quiet_until": "07:00"}).status_code == 302


class TestApi:
    ADDRESS = "/api/v1/people/me/notices/"

    def test_quiet_hours_are_shown_and_set(self, cast: SimpleNamespace, api: Api) -> None:
        rosa = api(cast.rosa)
        shown = {
            "quiet_from": None,
            "quiet_until": None,
            "time_zone": cast.rosa.time_zone,
            "wakes": ["decision_needed"],
        }
        assert rosa.get(self.ADDRESS).json() == shown
        given = {"quiet_from": "22:00", "quiet_until": "07:00"}
        assert rosa.put(self.ADDRESS, given).json() == shown | given
        assert rosa.get(self.ADDRESS).json() == shown | given
        assert rosa.put(self.ADDRESS, {"quiet_from": None, "quiet_until": None}).json() == shown

    def test_an_executive_chooses_what_wakes_them(self, cast: SimpleNamespace, api: Api) -> None:
        eve = api(cast.eve)
        quiet = {"quiet_from": "22:00", "quiet_until": "07:00"}
        assert eve.put(self.ADDRESS, {"wakes": ["restored", "declared"], **quiet}).json()["wakes"] == [
            "declared",
            "restored",
        ]
        left_out = eve.put(self.ADDRESS, quiet).json()
        assert left_out["wakes"] == ["declared", "restored"]
        assert eve.put(self.ADDRESS, {"wakes": [], **quiet}).json()["wakes"] == []
        assert not NoticePreference.objects.exclude(person=cast.eve).exists()

    @pytest.mark.parametrize(
        ("who", "given", "field"),
        [
            ("rosa", {"wakes": ["restored"], "quiet_from": None, "quiet_until": None}, "wakes"),
            ("eve", {"wakes": ["noise"], "quiet_from": None, "quiet_until": None}, "wakes"),
            ("rosa", {"quiet_from": "22:00", "quiet_until": None}, "quiet_until"),
            ("rosa", {"quiet_from": None, "quiet_until": "07:00"}, "quiet_from"),
            ("rosa", {"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
            ("rosa", {"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from"),
            ("rosa", {"quiet_until": "07:00"}, "quiet_from"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(
        self, cast: SimpleNamespace, api: Api, who: str, given: dict[str, Any], field: str
    ) -> None:
        answer = api(getattr(cast, who)).put(self.ADDRESS, given)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert field in str(answer.json())
        assert not NoticePreference.objects.exists()

    def test_a_token_that_only_reads_changes_nothing(self, cast: SimpleNamespace, api: Api) -> None:
        reader = api(cast.rosa, scopes=["read"])
        assert reader.get(self.ADDRESS).status_code == 200
        assert reader.put(self.ADDRESS, {"quiet_from": None, "quiet_until": None}).status_code == 403
