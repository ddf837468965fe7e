"""Every entitled recipient is in the outbox once, in the publishing transaction."""

from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from comms.choices import ChannelKind, DeliveryState
from comms.models import Audience, Delivery, Message, Update
from comms.services.sending import outbox
from incidents.models import Engagement, Incident, IncidentMember
from teams.models import Person
from tests import factories
from tests.comms import promise_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_promises(settings: Settings) -> None:
    settings.TIMELINE_REACTIONS = ["comms.reactions.deadlines.react"]


def enqueue(incident: Incident, *codes: str, author: Person) -> list[Delivery]:
    update, _, _ = promise_kit.publish(incident, *codes, author=author)
    messages = {
        audience.pk: Message.objects.create(
            update=update, audience=audience, subject=audience.code, text="Text", thread=outbox.thread(incident)
        )
        for audience in Audience.objects.filter(code__in=codes)
    }
    count = outbox.enqueue_update(update=Update.objects.get(pk=update.pk), message_by_audience=messages)
    rows = list(Delivery.objects.select_related("message").order_by("position", "address"))
    assert count == len(rows)
    return rows


def test_an_audiences_addresses_roles_and_engaged_teams_are_reached(cast: SimpleNamespace) -> None:
    database = factories.team(members=(cast.rosa,))
    network = factories.team(members=(cast.nils,))
    incident = promise_kit.declare(manager=cast.mia)
    Engagement.objects.create(incident=incident, team=database, message="", asked_by=cast.mia, asked_at=factories.NOON)
    Engagement.objects.create(
        incident=incident, team=network, message="", asked_by=cast.mia, asked_at=factories.NOON,
        released_at=factories.NOON,
    )  # fmt: skip
    factories.recipient(audience="end_users", address="all@example.org")

    rows = enqueue(incident, "technical", "service_desk", "end_users", "executives", author=cast.mia)

    assert [(row.address, row.message.subject, row.person_id) for row in rows] == [
        ("dara@example.org", "service_desk", cast.dara.pk),
        ("desmond@example.org", "service_desk", cast.desmond.pk),
        ("rosa@example.org", "technical", cast.rosa.pk),
        ("eve@example.org", "executives", cast.eve.pk),
        ("all@example.org", "end_users", None),
    ]
    assert {row.state for row in rows} == {DeliveryState.PENDING}


def test_addresses_of_one_service_or_site_hear_only_of_it(cast: SimpleNamespace) -> None:
    leeds, york = factories.site(), factories.site()
    ours, theirs = factories.service(), factories.service()
    ours.sites.add(leeds)
    scopes: dict[str, dict[str, Any]] = {
        "everyone@example.org": {},
        "ours@example.org": {"service": ours},
        "theirs@example.org": {"service": theirs},
        "leeds@example.org": {"site": leeds},
        "york@example.org": {"site": york},
        "gone@example.org": {"is_active": False},
        "left@example.org": {"person": factories.person(is_active=False)},
    }
    for address, scope in scopes.items():
        factories.recipient(audience="public", address=address, **scope)

    rows = enqueue(promise_kit.declare(manager=cast.mia, service=ours), "public", author=cast.mia)

    assert [row.address for row in rows] == ["everyone@example.org", "leeds@example.org", "ours@example.org"]


def test_a_recipient_of_two_audiences_gets_one_message_from_the_one_served_first(cast: SimpleNamespace) -> None:
    factories.recipient(audience="public", address="Desmond@example.org")
    factories.recipient(audience="service_owners", address="desmond@EXAMPLE.org")

    rows = enqueue(promise_kit.declare(manager=cast.mia), "public", "service_desk", author=cast.mia)

    assert [(row.address, row.message.subject) for row in rows] == [
        ("dara@example.org", "service_desk"),
        ("desmond@example.org", "service_desk"),
    ]


def test_a_private_incident_reaches_only_those_who_may_see_it(cast: SimpleNamespace) -> None:
    incident = promise_kit.declare(manager=cast.mia, is_private=True)
    IncidentMember.objects.create(incident=incident, person=cast.desmond)
    factories.recipient(audience="service_desk", address="wallboard@example.org")
    factories.recipient(audience="service_desk", address="mia@example.org", person=cast.mia)

    rows = enqueue(incident, "service_desk", author=cast.mia)

    assert [row.address for row in rows] == ["desmond@example.org", "mia@example.org"]


def test_a_channel_that_is_not_set_up_is_kept_with_its_reason(cast: SimpleNamespace) -> None:
    factories.recipient(audience="public", address="+441134960000", channel=ChannelKind.SMS)

    (row,) = enqueue(promise_kit.declare(manager=cast.mia), "public", author=cast.mia)

    assert (row.state, row.last_error) == (DeliveryState.SUPPRESSED, "No SMS provider is set up.")


def test_it_is_one_statement(cast: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    incident = promise_kit.declare(manager=cast.mia)
    update, _, _ = promise_kit.publish(incident, "service_desk", author=cast.mia)
    audience = Audience.objects.get(code="service_desk")
    message = Message.objects.create(update=update, audience=audience, subject="s", text="t", thread="t")

    with django_assert_num_queries(3):  # savepoint, insert, release
        assert outbox.enqueue_update(update=update, message_by_audience={audience.pk: message}) == 2
