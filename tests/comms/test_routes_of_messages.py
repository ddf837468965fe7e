"""Whom an update reaches by which channel: set up, switched off, depending on what failed, and each person once."""

from types import SimpleNamespace
from typing import Any

import pytest

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, Delivery, Endpoint
from comms.queries.recipients import reach
from comms.services.writing import publishing
from incidents.models import Incident
from teams.models import Service
from tests import factories
from tests.comms import update_kit

pytestmark = pytest.mark.django_db

ADDRESS = "service_owners"  # an audience whose only readers are those that a test enters


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def payroll() -> Service:
    return factories.service(slug="payroll")


def sent(cast: SimpleNamespace, service: Service, *codes: str) -> list[Delivery]:
    incident = update_kit.declared(cast.mia, service=service)
    audiences = list(Audience.objects.filter(code__in=codes or (ADDRESS,)))
    counted = reach.tally(incident=incident, audiences=audiences).reached
    made = update_kit.drafted(incident, cast.mia, *(codes or (ADDRESS,)), kind=UpdateKind.INITIAL)
    update_kit.published(made, cast.mia)
    rows = list(Delivery.objects.filter(message__update=made).order_by("channel", "address"))
    assert counted == sum(row.state == "pending" for row in rows)  # the number on the button
    return rows


def ways(rows: list[Delivery]) -> list[tuple[str, str, str, str]]:
    return [(row.channel, row.address, row.state, row.last_error) for row in rows]


def to(address: str, channel: str = "email", audience: str = ADDRESS, **fields: Any) -> None:
    factories.recipient(audience=audience, address=address, channel=channel, **fields)


def test_each_channel_by_its_endpoint(cast: SimpleNamespace, payroll: Service) -> None:
    made = {kind: factories.endpoint(kind=kind, code=f"ops-{kind}") for kind in ("slack", "teams", "mattermost")}
    made["sms"] = factories.endpoint(kind="sms")
    for kind in ("slack", "teams", "mattermost"):
        to(f"ops-{kind}", kind)
    to("+447911123456", "sms")
    to("all@example.org")

    rows = sent(cast, payroll)

    assert [(row.channel, row.address, row.state, row.endpoint_id) for row in rows] == [
        ("email", "all@example.org", "pending", None),
        ("mattermost", "ops-mattermost", "pending", made["mattermost"].pk),
        ("slack", "ops-slack", "pending", made["slack"].pk),
        ("sms", "+447911123456", "pending", made["sms"].pk),
        ("teams", "ops-teams", "pending", made["teams"].pk),
    ]


def test_why_nothing_leaves_is_said(cast: SimpleNamespace, payroll: Service) -> None:
    factories.endpoint(kind="slack", code="off", is_active=False)
    factories.endpoint(kind="sms", is_active=False)
    to("off", "slack")
    to("off", "teams")  # there is one of this name, and it is no Teams channel
    to("+447911123456", "sms")

    assert ways(sent(cast, payroll)) == [
        ("slack", "off", "suppressed", "This channel is switched off."),
        ("sms", "+447911123456", "suppressed", "No SMS provider is set up."),
        ("teams", "off", "suppressed", "No channel of this name is set up."),
    ]


class TestFailedService:
    """An endpoint that depends on the service that failed is no way to tell of it."""

    @pytest.fixture
    def chat(self, payroll: Service) -> Endpoint:
        made = factories.endpoint(kind="slack", code="ops")
        made.depends_on_services.add(payroll)
        return made

    def test_the_next_channel(self, cast: SimpleNamespace, payroll: Service, chat: Endpoint) -> None:
        other = factories.endpoint(kind="mattermost", code="spare")
        Endpoint.objects.filter(pk=chat.pk).update(fallback=other)
        to("ops", "slack")
        (row,) = sent(cast, payroll)
        assert (row.channel, row.address, row.endpoint_id) == ("mattermost", "spare", other.pk)

    def test_not_one_that_depends_on_it_as_well_nor_one_that_is_off(
        self, cast: SimpleNamespace, payroll: Service, chat: Endpoint
    ) -> None:
        other = factories.endpoint(kind="mattermost", code="spare")
        other.depends_on_services.add(payroll)
        Endpoint.objects.filter(pk=chat.pk).update(fallback=other)
        to("ops", "slack", person=cast.mia)
        assert ways(sent(cast, payroll)) == [("email", cast.mia.email, "pending", "")]
        other.depends_on_services.clear()
        Endpoint.objects.filter(pk=other.pk).update(is_active=False)
        assert ways(sent(cast, payroll)) == [("email", cast.mia.email, "pending", "")]

    def test_a_mailbox(self, cast: SimpleNamespace, payroll: Service, chat: Endpoint) -> None:
        Endpoint.objects.filter(pk=chat.pk).update(fallback_mail="ops@example.org")
        to("ops", "slack")
        assert ways(sent(cast, payroll)) == [("email", "ops@example.org", "pending", "")]

    def test_all_there_is_is_tried(self, cast: SimpleNamespace, payroll: Service, chat: Endpoint) -> None:
        to("ops", "slack")
        assert ways(sent(cast, payroll)) == [("slack", "ops", "pending", "")]

    def test_for_other_services_it_is_the_usual_way(self, cast: SimpleNamespace, chat: Endpoint) -> None:
        Endpoint.objects.filter(pk=chat.pk).update(fallback_mail="ops@example.org")
        to("ops", "slack")
        assert ways(sent(cast, factories.service())) == [("slack", "ops", "pending", "")]

    def test_two_channels_with_one_fallback_send_it_once(
        self, cast: SimpleNamespace, payroll: Service, chat: Endpoint
    ) -> None:
        second = factories.endpoint(kind="teams", code="ops-2", fallback_mail="OPS@example.org")
        second.depends_on_services.add(payroll)
        Endpoint.objects.filter(pk=chat.pk).update(fallback_mail="ops@example.org")
        to("ops", "slack")
        to("ops-2", "teams")
        to("ops@example.org")
        assert len(sent(cast, payroll)) == 1


class TestOnePerson:
    """Somebody in two groups gets one message."""

    def test_with_two_addresses(self, cast: SimpleNamespace, payroll: Service) -> None:
        to("eve.private@example.org", person=cast.eve)
        rows = sent(cast, payroll, ADDRESS, "executives")  # an executive by role as well, at another address
        assert ways(rows) == [("email", "eve.private@example.org", "pending", "")]

    def test_by_the_first_way_that_works(self, cast: SimpleNamespace, payroll: Service) -> None:
        to("+447911123456", "sms", person=cast.eve)
        to("eve.private@example.org", person=cast.eve)
        assert ways(sent(cast, payroll)) == [("email", cast.eve.email, "pending", "")]
        Delivery.objects.all().delete()
        factories.endpoint(kind="sms")
        assert ways(sent(cast, payroll)) == [("sms", "+447911123456", "pending", "")]

    def test_without_any_way_the_reason_stays(self, cast: SimpleNamespace, payroll: Service) -> None:
        silent = factories.person(email="")
        to("gone", "slack", person=silent)
        assert ways(sent(cast, payroll)) == [
            ("slack", "gone", "suppressed", "No channel of this name is set up."),
        ]


def test_a_correction_goes_the_same_ways(cast: SimpleNamespace, payroll: Service) -> None:
    chat, off = factories.endpoint(kind="slack", code="ops"), factories.endpoint(kind="teams", code="off")
    to("ops", "slack")
    to("off", "teams")
    incident: Incident = update_kit.declared(cast.mia, service=payroll)
    made = update_kit.drafted(incident, cast.mia, ADDRESS, kind=UpdateKind.INITIAL)
    wrong = update_kit.published(made, cast.mia)
    Endpoint.objects.filter(pk=off.pk).update(is_active=False)

    publishing.withdraw(update_id=wrong.pk, person=cast.mia, reason="Wrong site.", now=factories.NOON)

    rows = Delivery.objects.filter(message__subject__startswith="WITHDRAWN").order_by("channel")
    assert [(row.channel, row.address, row.endpoint_id, row.state, row.last_error) for row in rows] == [
        ("slack", "ops", chat.pk, "pending", ""),
        ("teams", "off", off.pk, "suppressed", "This channel is switched off."),
    ]
