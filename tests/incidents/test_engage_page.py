"""Asking a team for help: its card says whom to call at this hour, and the team that owns the service stands first."""

import re
from collections.abc import Callable
from datetime import time
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from teams.choices import CallHours
from teams.models import Contact, Person, Team, TeamHours
from tests import factories
from tests.incidents import kit

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]


def closed_today(team: Team) -> None:
    """At work three days from now, and on no day around this one whatever the zone."""
    day = (timezone.now().weekday() + 3) % 7
    TeamHours.objects.create(team=team, weekdays=[day], starts=time(8), ends=time(18))
    for position, (kind, hours) in enumerate((("chat", CallHours.IN_HOURS), ("phone", CallHours.ALWAYS))):
        Contact.objects.create(team=team, kind=kind, value=f"{kind}-{team.slug}", position=position, hours=hours)


def test_cards_say_whom_to_call_now_and_the_owner_stands_first(
    cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    factories.team(slug="access", name="Access")
    owner = factories.team(slug="web", name="Web")
    for team in Team.objects.all():
        closed_today(team)
    incident = kit.incident(manager=cast.mia, service=factories.service(slug="shop", owner_team=owner))
    client = signed_in(cast.mia)
    with django_assert_max_num_queries(10):
        page = client.get(f"/incidents/{incident.reference}/engage/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    cards = re.findall(r'id="card-(\w+)"', page)
    assert cards[0] == "web"
    assert page.index("phone-web") < page.index("chat-web")
    assert "Not now: in working hours" in words
