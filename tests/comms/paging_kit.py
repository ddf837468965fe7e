"""What tests of paging start from: a team with targets at real servers of this machine, and its lanes run out."""

from types import SimpleNamespace
from typing import Any

from comms.models import Delivery, Endpoint, Message
from comms.tasks import channels
from incidents.models import Engagement, Incident
from incidents.services.work import engagements
from teams.models import Team
from tests import factories
from tests.comms import recorded
from tests.http_sink import Sink
from tests.incidents import kit

SECRET = "whsec_c2VjcmV0LW9mLXRoaXMtdGVzdA=="


def team(cast: SimpleNamespace) -> Team:
    return factories.team(slug="database", name="Database", members=(cast.rosa, cast.nils))


def incident(cast: SimpleNamespace, **options: Any) -> Incident:
    return kit.incident(manager=cast.mia, **options)


def pagerduty(team: Team, server: Sink, **fields: Any) -> Endpoint:
    values = {"address": f"{server.url}/v2/enqueue", "key": recorded.ROUTING_KEY, "secret": recorded.PAGERDUTY_SECRET}
    return factories.paging_target(of=team, kind="pagerduty", **{"name": "PagerDuty", **values, **fields})


def opsgenie(team: Team, server: Sink, **fields: Any) -> Endpoint:
    values = {"address": server.url, "key": recorded.GENIE_KEY}
    return factories.paging_target(of=team, kind="opsgenie", **{"name": "Opsgenie", **values, **fields})


def webhook(team: Team, server: Sink, **fields: Any) -> Endpoint:
    return factories.paging_target(of=team, address=f"{server.url}/in", secret=SECRET, **fields)


def engage(incident: Incident, team: Team, cast: SimpleNamespace, **options: Any) -> Engagement:
    return engagements.engage(reference=incident.reference, team=team, person=cast.mia, now=factories.NOON, **options)


def run(*targets: Endpoint) -> int:
    """Everything that is due leaves; how many were taken."""
    return sum(channels.run_lane(target.pk) for target in targets)


def again(target: Endpoint) -> None:
    """What failed is due now, as if the pause were over."""
    Endpoint.objects.filter(pk=target.pk).update(paused_until=None, tokens_at=None)
    Delivery.objects.filter(endpoint_id=target.pk, state="failed").update(due_at=factories.NOON)


def states(page: str = "trigger") -> dict[str, tuple[str, str]]:
    """By channel: state and error of the pages."""
    rows = Delivery.objects.filter(message__page=page).order_by("pk")
    return {row.channel: (row.state, row.last_error) for row in rows}


def pages() -> list[str]:
    return list(Message.objects.exclude(page="").order_by("pk").values_list("page", flat=True))
