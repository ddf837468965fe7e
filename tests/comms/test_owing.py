"""Whom a running incident owes updates: by service and priority at first, and by a person's choice from then on."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.choices import EndReason
from comms.models import Audience, CadencePolicy, OwedAudience, ServiceAudience, UpdateDeadline
from comms.services.promises import owing, repair
from incidents.choices import EntryKind, IncidentState
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid, Refusal
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
Browser = Callable[..., Client]


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return promise_kit.declare(manager=cast.mia, audiences=["technical", "public"])


def start(incident: Incident, cast: SimpleNamespace, *codes: str, reason: str = "Partners ask.") -> Any:
    return owing.start(reference=incident.reference, audiences=codes, reason=reason, person=cast.mia, now=dbtime.now())


def stop(incident: Incident, cast: SimpleNamespace, *codes: str, reason: str = "Nobody outside is affected.") -> Any:
    return owing.stop(reference=incident.reference, audiences=codes, reason=reason, person=cast.mia, now=dbtime.now())


class TestDefaults:
    def test_a_service_without_a_public_side_owes_the_public_nothing(self, cast: SimpleNamespace) -> None:
        inner = factories.service(slug="ledger")
        ServiceAudience.objects.create(service=inner, audience=Audience.objects.get(code="public"), is_owed=False)
        assert "public" not in promise_kit.open_of(promise_kit.declare(manager=cast.mia, service=inner))
        assert "public" in promise_kit.open_of(promise_kit.declare(manager=cast.mia))

    def test_a_service_may_owe_more_than_the_priority_asks(self, cast: SimpleNamespace) -> None:
        shop = factories.service(slug="shop")
        ServiceAudience.objects.create(service=shop, audience=Audience.objects.get(code="end_users"), is_owed=True)
        made = promise_kit.declare(manager=cast.mia, service=shop, priority="P4")
        assert list(promise_kit.open_of(made)) == ["end_users"]

    def test_whoever_declares_may_choose_otherwise(self, cast: SimpleNamespace) -> None:
        inner = factories.service(slug="ledger")
        ServiceAudience.objects.create(service=inner, audience=Audience.objects.get(code="public"), is_owed=False)
        made = promise_kit.declare(manager=cast.mia, service=inner, audiences=["public"])
        assert list(promise_kit.open_of(made)) == ["public"]

    def test_a_higher_priority_joins_those_that_the_service_owes(self, cast: SimpleNamespace) -> None:
        inner = factories.service(slug="ledger")
        ServiceAudience.objects.create(service=inner, audience=Audience.objects.get(code="public"), is_owed=False)
        made = promise_kit.declare(manager=cast.mia, service=inner, priority="P3")
        promise_kit.set_priority(made, "P1")
        assert "executives" in promise_kit.open_of(made)
        assert "public" not in promise_kit.open_of(made)


class TestStart:
    def test_its_first_deadline_counts_from_now_and_joins_the_beat(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        before = promise_kit.open_of(incident)["public"].due_at
        start(incident, cast, "service_owners")

        row = promise_kit.open_of(incident)["service_owners"]
        assert (row.is_first, row.due_at) == (True, before)
        owed = OwedAudience.objects.get(incident=incident, audience__code="service_owners")
        assert (owed.first_minutes, owed.every_minutes, owed.owed_until) == (15, 30, None)
        entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.CADENCE_OWED)
        assert (entry.text, entry.data["audiences"], entry.actor_id) == (
            "Partners ask.", ["service_owners"], cast.mia.pk,
        )  # fmt: skip

    def test_one_that_was_told_already_gets_no_first_message_again(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        promise_kit.publish(incident, "public", author=cast.mia)
        stop(incident, cast, "public")
        start(incident, cast, "public")
        assert promise_kit.open_of(incident)["public"].is_first is False

    def test_owed_already(self, incident: Incident, cast: SimpleNamespace) -> None:
        with pytest.raises(Refusal, match="owed updates already"):
            start(incident, cast, "public")

    def test_an_audience_that_hears_of_changes_only_has_no_deadline(self, cast: SimpleNamespace) -> None:
        made = promise_kit.declare(manager=cast.mia, priority="P3", audiences=["technical"])
        assert start(made, cast, "executives") == []
        assert OwedAudience.objects.filter(incident=made, audience__code="executives", owed_until=None).exists()

    @pytest.mark.parametrize(("codes", "reason", "field"), [
        (["nobody"], "because", "audiences"), ([], "because", "audiences"), (["executives"], " ", "reason"),
    ])  # fmt: skip
    def test_what_is_missing_is_named(
        self, incident: Incident, cast: SimpleNamespace, codes: list[str], reason: str, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            start(incident, cast, *codes, reason=reason)
        assert refused.value.field == field

    def test_not_once_the_incident_is_over(self, incident: Incident, cast: SimpleNamespace) -> None:
        promise_kit.move_to(incident, IncidentState.RESOLVED)
        with pytest.raises(owing.NotLive):
            start(incident, cast, "executives")


class TestStop:
    def test_its_open_deadline_ends_with_the_reason_and_is_not_repaired(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        stop(incident, cast, "public")

        assert list(promise_kit.open_of(incident)) == ["technical"]
        ended = UpdateDeadline.objects.get(incident=incident, audience__code="public")
        assert (ended.end_reason, ended.missed_at, ended.next_action_at) == (EndReason.NO_LONGER_OWED, None, None)
        entry = TimelineEntry.objects.get(incident=incident, kind=EntryKind.CADENCE_NOT_OWED)
        assert entry.text == "Nobody outside is affected."
        assert repair.sweep_missing_deadlines().repaired == []

    def test_what_was_late_already_stays_on_record(self, incident: Incident, cast: SimpleNamespace) -> None:
        late = dbtime.now() - timedelta(minutes=1)
        UpdateDeadline.objects.filter(incident=incident, audience__code="public").update(due_at=late)
        stop(incident, cast, "public")
        assert UpdateDeadline.objects.get(incident=incident, audience__code="public").missed_at is not None
        assert TimelineEntry.objects.filter(incident=incident, kind=EntryKind.DEADLINE_MISSED).count() == 1

    def test_a_higher_priority_does_not_bring_it_back(self, cast: SimpleNamespace) -> None:
        made = promise_kit.declare(manager=cast.mia, priority="P2")
        stop(made, cast, "public")
        promise_kit.set_priority(made, "P1")
        assert "public" not in promise_kit.open_of(made)

    def test_a_stopped_audience_that_is_promised_word_again_is_owed_again(
        self, incident: Incident, cast: SimpleNamespace
    ) -> None:
        stop(incident, cast, "public")
        at = dbtime.now() + timedelta(minutes=20)
        promise_kit.publish(incident, "public", author=cast.mia, next_update_at=at)
        assert promise_kit.open_of(incident)["public"].due_at == at

    def test_not_owed(self, incident: Incident, cast: SimpleNamespace) -> None:
        with pytest.raises(Refusal, match="not owed"):
            stop(incident, cast, "executives")


def test_by_rest(incident: Incident, cast: SimpleNamespace, api: Api) -> None:
    address = f"/api/v1/incidents/{incident.reference}/audiences/"
    given = {"audiences": ["executives"], "is_owed": True, "reason": "The board meets."}

    answer = api(cast.carla).post(address, given)
    assert answer.status_code == 200, answer.content
    rows = {row["audience"]: row for row in api(cast.eve).get(address).json()}
    assert rows["executives"]["is_owed"] is True
    assert rows["executives"]["due_at"] is not None
    assert rows["end_users"]["is_owed"] is False

    assert api(cast.carla).post(address, given).json()["errors"][0]["code"] == "owed_already"
    stopped = api(cast.carla).post(address, given | {"is_owed": False}).json()
    assert {row["audience"] for row in stopped if row["is_owed"]} == {"technical", "public"}


def test_a_private_incident_does_not_exist_for_outsiders(cast: SimpleNamespace, api: Api, signed_in: Browser) -> None:
    made = promise_kit.declare(manager=cast.mia, is_private=True)
    for part in ("audiences", "waiting"):
        assert api(cast.omar).get(f"/api/v1/incidents/{made.reference}/{part}/").status_code == 404
    assert signed_in(cast.omar).get(f"/incidents/{made.reference}/promises/").status_code == 404


class TestPage:
    def test_it_shows_everybody_with_what_they_are_owed(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        page = signed_in(cast.carla).get(f"/incidents/{incident.reference}/promises/").content.decode()
        assert "every 15 min, after two hours every 30 min" in page
        assert "not owed" in page

    def test_stop_and_start_from_it(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        browser, address = signed_in(cast.mia), f"/incidents/{incident.reference}/promises/"
        browser.post(f"{address}stop/", {"audiences": ["public"], "reason": "None outside."})
        assert list(promise_kit.open_of(incident)) == ["technical"]
        answer = browser.post(f"{address}start/", {"audiences": ["public"], "reason": "It reaches them."})
        assert answer.headers["Location"] == f"/incidents/{incident.reference}/"
        assert set(promise_kit.open_of(incident)) == {"technical", "public"}

    def test_what_was_typed_stays(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        address = f"/incidents/{incident.reference}/promises/stop/"
        answer = signed_in(cast.mia).post(address, {"reason": "We said so on the phone."})
        assert answer.status_code == 422
        assert "We said so on the phone." in answer.content.decode()

    def test_an_unknown_deed(self, incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
        assert signed_in(cast.mia).post(f"/incidents/{incident.reference}/promises/nothing/").status_code == 404

    def test_an_incident_that_is_over_asks_for_nothing(
        self, incident: Incident, cast: SimpleNamespace, signed_in: Browser
    ) -> None:
        promise_kit.move_to(incident, IncidentState.RESOLVED)
        page = signed_in(cast.mia).get(f"/incidents/{incident.reference}/promises/").content.decode()
        assert "This incident is over" in page


def test_a_policy_says_who_is_owed_usually(cast: SimpleNamespace) -> None:
    CadencePolicy.objects.filter(priority="P1", audience__code="public").update(is_owed=False)
    assert "public" not in promise_kit.open_of(promise_kit.declare(manager=cast.mia))
