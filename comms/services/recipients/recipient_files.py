"""A file of an audience's addresses: what it would do, and doing exactly that."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Audience, Recipient
from comms.queries.recipients import endpoints
from comms.queries.recipients import recipients as queries
from comms.rules import recipients as rules
from comms.services.recipients import audiences
from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from teams.models import Person, Service, Site
from teams.rules import table
from teams.rules.fields import Unusable

ADDED, CHANGED, SAME, REFUSED = "added", "changed", "same", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one row of the file does."""

    number: int
    outcome: str
    words: str
    address: rules.Address | None = None


def dry_run(*, audience: Audience, raw: bytes) -> list[Line]:
    """Each row of the file with what it would do; nothing is written."""
    there = {
        address.key: address for address in map(audiences.address_of, queries.of(audience, every=True).iterator(2000))
    }
    ways = endpoints.codes()
    slugs = (set(Service.objects.values_list("slug", flat=True)), set(Site.objects.values_list("slug", flat=True)))
    lines: list[Line] = []
    for row in _rows(raw):
        line = _line(row, there=there, services=slugs[0], sites=slugs[1], ways=ways)
        lines.append(line)
        if line.address is not None:
            there[line.address.key] = line.address
    return lines


@transaction.atomic
def apply(*, code: str, raw: bytes, by: Person) -> Counter[str]:
    """Add and change what the file says, where every row can be used; addresses that it does not name stay."""
    audience = Audience.objects.select_for_update(no_key=True).filter(code=code).first()
    if audience is None:
        raise audiences.Unknown(_("There is no audience %s.") % code)
    lines = dry_run(audience=audience, raw=raw)
    counts = Counter(line.outcome for line in lines)
    if counts[REFUSED]:
        raise Invalid(
            _("%(count)d rows cannot be used, so nothing was imported. Mend them first.") % {"count": counts[REFUSED]},
            field="file",
        )
    _write(audience, [line for line in lines if line.outcome in (ADDED, CHANGED)])
    AuditEntry.objects.create(
        actor=by, verb="recipients.imported", subject=f"audience {audience.code}"[:200], data=dict(counts)
    )
    return counts


def _rows(raw: bytes) -> Sequence[table.Row]:
    try:
        read = table.read(raw)
    except table.Unreadable as error:
        raise Invalid(str(error), field="file") from error
    if "address" not in read.headings:
        raise Invalid(_("The file lacks the column address."), field="file")
    unknown = [name for name in read.headings if name not in rules.HEADINGS]
    if unknown:
        message = _("Nobody knows the column %(name)s. Columns are %(known)s.")
        raise Invalid(message % {"name": ", ".join(unknown), "known": ", ".join(rules.HEADINGS)}, field="file")
    return read.rows


def _line(
    row: table.Row,
    *,
    there: Mapping[tuple[str, str, str, str, str], rules.Address],
    services: set[str],
    sites: set[str],
    ways: set[tuple[str, str]],
) -> Line:
    try:
        address = rules.read(row.cells)
        if address.service and address.service not in services:
            raise Unusable(f"There is no service {address.service}.")
        if address.site and address.site not in sites:
            raise Unusable(f"There is no site {address.site}.")
        if unknown := endpoints.unknown(address.channel, address.address, among=ways):
            raise Unusable(unknown)
    except Unusable as error:
        return Line(number=row.number, outcome=REFUSED, words=f"{row.cells.get('address', '')}: {error}")
    before = there.get(address.key)
    if before is None:
        return Line(number=row.number, outcome=ADDED, words=address.address, address=address)
    address = replace(address, address=before.address)
    outcome = SAME if before == address else CHANGED
    return Line(number=row.number, outcome=outcome, words=address.address, address=address)


def _write(audience: Audience, lines: Sequence[Line]) -> None:
    services = dict(Service.objects.values_list("slug", "pk"))
    sites = dict(Site.objects.values_list("slug", "pk"))
    wanted = {line.address.key: line.address for line in lines if line.address is not None}
    rows = [
        Recipient(
            audience=audience,
            channel=one.channel,
            address=one.address,
            service_id=services.get(one.service),
            site_id=sites.get(one.site),
            used_for=one.used_for,
            is_active=one.is_active,
        )
        for one in wanted.values()
    ]
    Recipient.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["audience", "channel", "address", "service", "site", "used_for"],
        update_fields=["is_active"],
    )
