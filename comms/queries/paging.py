"""How teams are paged: their targets, and who was reached how for each call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comms.choices import UNFINISHED_DELIVERIES, DeliveryState, PageAction
from comms.models import Delivery, Endpoint, PageAnswer
from comms.rules import paging as rules
from incidents.models import Engagement
from mim_portal.lib.refusals import Forbidden
from teams.models import Person, Team
from teams.queries import hours
from teams.rules import hours as hour_rules


def allowed(*, team: Team, person: Person) -> None:
    if not hours.may_keep(team=team, person=person):
        raise Forbidden(_("Only members of %s and administrators say how it is paged.") % team.name)


def of_team(team: Team) -> QuerySet[Endpoint]:
    """Those in use first, in the order in which they were added."""
    return Endpoint.objects.filter(team=team).select_related("fallback").order_by("-is_active", "pk")


def one(team: Team, code: str) -> Endpoint | None:
    return of_team(team).filter(code=code).first()


def paged_at_once(calls: Iterable[Engagement], *, now: datetime) -> Mapping[int, list[Endpoint]]:
    """By call: the team's targets that are used at this hour and for this priority, save the other ways of those."""
    asked = list(calls)
    teams = {one.team_id: one.team for one in asked}
    rows: dict[int, list[Endpoint]] = defaultdict(list)
    for row in Endpoint.objects.filter(team__in=teams, is_active=True).order_by("pk"):
        rows[row.team_id or 0].append(row)
    at_work = hours.at_work([teams[pk] for pk in rows], at=now)
    return {
        one.pk: _at_once(rows[one.team_id], is_in=at_work[one.team_id], priority=one.incident.priority)
        for one in asked
        if one.team_id in rows
    }


def _at_once(rows: Sequence[Endpoint], *, is_in: bool, priority: str) -> list[Endpoint]:
    meant = [row for row in rows if rules.is_meant(row.lowest, priority=priority)]
    used = hour_rules.used([(row, row.hours) for row in meant], is_in=is_in)
    waiting = {row.fallback_id for row in used}
    return [row for row in used if row.pk not in waiting]


@dataclass(kw_only=True)
class Way:
    """One way by which a team was called: what became of it, and what came back."""

    name: str
    count: int = 1  # addresses, of mail
    is_sent: bool = False
    is_waiting: bool = False
    is_lost: bool = False
    at: datetime | None = None  # when it was sent
    error: str = ""
    went_on: bool = False  # the next way was tried
    answered_at: datetime | None = None
    answered_by: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    told_at: datetime | None = None  # when it heard that the call was answered here
    closed_at: datetime | None = None


def ways(engagement_ids: Sequence[int]) -> Mapping[int, list[Way]]:
    """settings.CALL_WAYS: who was reached how, for each call; of pages that were repeated the last one."""
    if not engagement_ids:
        return {}
    rows = Delivery.objects.filter(message__engagement__in=engagement_ids).select_related("message").order_by("pk")
    found: dict[int, dict[tuple[str, str], Way]] = defaultdict(dict)
    sent = list(rows)
    codes = {row.endpoint_id for row in sent if row.endpoint_id is not None}
    targets = Endpoint.objects.in_bulk(codes) if codes else {}
    for row in sent:
        call = row.message.engagement_id
        assert call is not None
        of_call = found[call]
        if row.endpoint_id is None:
            _mail(of_call, row)
        elif row.message.page == PageAction.TRIGGER:
            target = targets.get(row.endpoint_id)
            of_call[row.channel, row.address] = _paged(row, target)
        elif (way := of_call.get((row.channel, row.address))) is not None:
            _followed(way, row)
    if codes:
        _answers(found, targets)
    return {call: list(of_call.values()) for call, of_call in found.items()}


def _mail(of_call: dict[tuple[str, str], Way], row: Delivery) -> None:
    """All mail of one call is one line, and each address that it did not reach another."""
    if row.state in (DeliveryState.DEAD, DeliveryState.BOUNCED, DeliveryState.SUPPRESSED):
        of_call[row.channel, row.address] = Way(name=_("E-mail"), is_lost=True, error=row.last_error)
        return
    kind = ("mail", str(row.state == DeliveryState.SENT))
    if kind not in of_call:
        of_call[kind] = Way(name=_("E-mail"), count=0)
    way = of_call[kind]
    way.count += 1
    way.is_sent, way.is_waiting = row.state == DeliveryState.SENT, row.state != DeliveryState.SENT
    way.at, way.error = row.sent_at or way.at, row.last_error


def _paged(row: Delivery, target: Endpoint | None) -> Way:
    name = target.name if target is not None else row.get_channel_display()
    if target is not None and target.number:
        name = f"{name} {hidden(target.number)}"
    return Way(
        name=name,
        is_sent=row.state == DeliveryState.SENT,
        is_waiting=row.state in UNFINISHED_DELIVERIES,
        is_lost=row.state in (DeliveryState.DEAD, DeliveryState.SUPPRESSED),
        at=row.sent_at,
        error=row.last_error,
        went_on=row.other_way_id is not None,
    )


def hidden(number: str) -> str:
    """A number as the room shows it: whoever has it recognises it."""
    return f"…{number[-3:]}"


def _followed(way: Way, row: Delivery) -> None:
    if row.message.page == PageAction.ACKNOWLEDGE:
        way.told_at = row.sent_at
    else:
        way.closed_at = row.sent_at


def _answers(found: Mapping[int, dict[tuple[str, str], Way]], targets: Mapping[int, Endpoint]) -> None:
    answers = PageAnswer.objects.filter(engagement__in=list(found)).select_related("person").order_by("at", "pk")
    for one in answers:
        target = targets.get(one.endpoint_id)
        way = found[one.engagement_id].get((target.kind, target.code)) if target is not None else None
        if way is None:
            continue
        by = one.person.name if one.person is not None else one.said_by
        if one.action == PageAction.RESOLVE:
            way.resolved_at, way.resolved_by = one.at, by
        elif way.answered_at is None:
            way.answered_at, way.answered_by = one.at, by
