"""Subscribers that a page had elsewhere: a file of them, what it would do, and doing exactly that.

Whoever takes a list in says how its readers agreed. What a reader has ended stays ended.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import ChannelKind, SubscriptionState
from comms.models import StatusPage, Subscription
from comms.queries.recipients import suppressions
from comms.queries.subscriptions import scopes
from comms.rules import subscriptions as rules
from comms.rules.subscriptions import Scope
from comms.services.pages import pages
from comms.services.subscriptions import asking
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from teams.rules import table
from teams.rules.fields import Unusable

ADDED, CHANGED, SAME, LEFT, REFUSED = "added", "changed", "same", "left", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one row of the file does."""

    number: int
    outcome: str
    words: str
    row: rules.Row | None = None
    scope: Scope | None = None


def dry_run(*, page: StatusPage, raw: bytes, consent: str = "") -> list[Line]:
    """Each row of the file with what it would do; nothing is written."""
    read = _rows(raw)
    shown = scopes.components(page)
    known = (set(scopes.groups_of(shown)), {each.service.slug: each.service_id for each in shown})
    there = {row.address: row for row in Subscription.objects.filter(page=page, channel=ChannelKind.EMAIL).iterator()}
    held = set(suppressions.current().values_list("address", flat=True))
    seen: set[str] = set()
    lines = []
    for each in read:
        try:
            row, scope = _usable(each.cells, consent=consent, groups=known[0], services=known[1])
            _refuse_held(row.address in held)
            if row.address in seen:
                raise Unusable("The file names it twice: put its services into one row.")
        except Unusable as error:
            words = f"{each.cells.get('address', '')}: {error}"
            lines.append(Line(number=each.number, outcome=REFUSED, words=words))
            continue
        seen.add(row.address)
        outcome = _outcome(there.get(row.address), scope)
        lines.append(Line(number=each.number, outcome=outcome, words=row.address, row=row, scope=scope))
    return lines


@transaction.atomic
def apply(*, slug: str, raw: bytes, consent: str = "", by: Person, now: datetime) -> Counter[str]:
    """Add and change what the file says, where every row can be used; subscribers that it does not name stay."""
    page = asking.public_page(slug)
    StatusPage.objects.select_for_update(no_key=True).get(pk=page.pk)
    lines = dry_run(page=page, raw=raw, consent=consent)
    counted = Counter(line.outcome for line in lines)
    if counted[REFUSED]:
        message = _("%(count)d rows cannot be used, so nothing was imported. Mend them first.")
        raise Invalid(message % {"count": counted[REFUSED]}, field="file")
    _write(page, lines, by=by, now=now)
    pages.audit("subscriptions.imported", page, by, counted)
    return counted


@transaction.atomic
def add(
    *, slug: str, address: str, groups: Sequence[str], services: Sequence[str], consent: str, by: Person, now: datetime
) -> Subscription:
    """One subscriber who agreed elsewhere; what stands there already is changed, what was ended stays so."""
    page = asking.public_page(slug)
    shown = scopes.components(page)
    try:
        row, scope = _usable(
            {"address": address, "groups": ";".join(groups), "services": ";".join(services), "consent": consent},
            consent="",
            groups=set(scopes.groups_of(shown)),
            services={each.service.slug: each.service_id for each in shown},
        )
        _refuse_held(suppressions.is_held(row.address))
    except Unusable as error:
        raise Invalid(str(error), field="address") from error
    before = Subscription.objects.select_for_update(no_key=True, of=("self",)).filter(page=page, address=row.address)
    outcome = _outcome(before.first(), scope)
    if outcome == LEFT:
        raise Invalid(
            _("Its reader has ended it, or mail to it came back. They ask for it again themselves."), field="address"
        )
    _write(page, [Line(number=1, outcome=outcome, words=row.address, row=row, scope=scope)], by=by, now=now)
    pages.audit("subscriptions.imported", page, by, {outcome: 1})
    return Subscription.objects.select_related("page", "added_by").get(page=page, address=row.address, channel="email")


def _usable(
    cells: Mapping[str, str], *, consent: str, groups: set[str], services: Mapping[str, int]
) -> tuple[rules.Row, Scope]:
    row = rules.read(cells, consent=consent)
    if unknown := sorted((row.groups - groups) | (row.services - set(services))):
        raise Unusable(f"The page does not show {', '.join(unknown)}.")
    return row, Scope(
        is_whole=row.is_whole, groups=row.groups, services=frozenset(services[slug] for slug in row.services)
    )


def _refuse_held(is_held: bool) -> None:
    if is_held:
        raise Unusable("Mail to it came back, or its reader called it unwanted.")


def _outcome(before: Subscription | None, scope: Scope) -> str:
    if before is None or before.state == SubscriptionState.PENDING:
        return ADDED
    if before.state != SubscriptionState.CONFIRMED:
        return LEFT
    held = scopes.of(before)
    return SAME if Scope(is_whole=held.is_whole, groups=held.groups, services=held.services) == scope else CHANGED


def _rows(raw: bytes) -> Sequence[table.Row]:
    try:
        read = table.read(raw)
    except table.Unreadable as error:
        raise Invalid(str(error), field="file") from error
    if "address" not in read.headings:
        raise Invalid(_("The file lacks the column address."), field="file")
    if unknown := [name for name in read.headings if name not in (*rules.HEADINGS, *rules.TOLD)]:
        message = _("Nobody knows the column %(name)s. Columns are %(known)s.")
        raise Invalid(message % {"name": ", ".join(unknown), "known": ", ".join(rules.HEADINGS)}, field="file")
    return read.rows


def _write(page: StatusPage, lines: Sequence[Line], *, by: Person, now: datetime) -> None:
    """Changed ones keep the day on which they agreed, and the incidents that they chose themselves."""
    rows = [
        Subscription(
            page=page,
            address=line.row.address,
            state=SubscriptionState.CONFIRMED,
            consent=line.row.consent,
            added_by=by,
            asked_at=now,
            confirmed_at=now,
            **asking.columns(line.scope),
        )
        for line in lines
        if line.row is not None and line.scope is not None and line.outcome in (ADDED, CHANGED)
    ]
    added = {line.words for line in lines if line.outcome == ADDED}
    given = ("is_whole", "groups", "services")
    for chosen, fields in (
        ([row for row in rows if row.address in added], ("state", "consent", "added_by", "confirmed_at", *given)),
        ([row for row in rows if row.address not in added], given),
    ):
        Subscription.objects.bulk_create(
            chosen,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["page", "channel", "address"],
            update_fields=fields,
        )
