"""The dry run of a file and its application: the same reading twice, and nothing is applied that was not shown."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry
from teams.models import CatalogueFile, Person
from teams.rules import import_rows, table
from teams.rules.catalogue import COLUMNS, Column, Kind
from teams.rules.import_rows import Line, Outcome, Parsed
from teams.services import invitations
from teams.services.importing import people, places, rotas, words
from teams.services.importing.kinds import Deed, KindOfFile

KEPT = timedelta(days=1)
HEADINGS = ("row", "what", "outcome", "column", "before", "after", "problem")
_ONE_AT_A_TIME = 0x6D696D02

_KINDS: Mapping[Kind, type[KindOfFile]] = {
    Kind.PEOPLE: people.People,
    Kind.TEAMS: places.Teams,
    Kind.SITES: places.Sites,
    Kind.SERVICES: places.Services,
    Kind.CONTACTS: places.Contacts,
    Kind.ROTAS: rotas.Rotas,
    Kind.WORDS: words.Words,
}


class ChangedMeanwhile(Refusal):
    """Something was changed since the dry run: it would not do any more what it showed."""

    code = "changed_meanwhile"


class HasRefusals(Refusal):
    """Some rows cannot be used, and the file is taken as a whole."""

    code = "has_refusals"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the file would do. `unknown` are headings that nobody knows, `unreadable` why there is no row at all."""

    kind: Kind
    lines: Sequence[Line] = ()
    unknown: Sequence[str] = ()
    unreadable: str = ""
    invited: int = 0
    token: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what they do."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome.value: counted[outcome] for outcome in Outcome}

    def rows(self) -> Iterator[list[str]]:
        """The report as a file, one line a problem or change, below HEADINGS."""
        for line in self.lines:
            head = [str(line.number), line.label, line.outcome.value]
            for problem in line.problems:
                yield [*head, problem.column, "", "", problem.message]
            for column, before, after in line.changes:
                yield [*head, column, before, after, ""]
            if not (line.problems or line.changes):
                yield [*head, "", "", "", ""]

    @property
    def does_something(self) -> bool:
        return bool(self.counts["created"] or self.counts["updated"] or self.invited)


@transaction.atomic
def keep(*, kind: str, name: str, raw: bytes, invites: bool, by: Person, now: datetime) -> CatalogueFile:
    """Hand a file in: it is kept for a day at most, until it is applied. Older ones lose their content now."""
    if kind not in set(Kind):
        raise Invalid(_("There is no such kind of file."), field="kind")
    if len(raw) > table.MOST_BYTES:
        raise Invalid(_("The file is larger than %d MB. Split it.") % (table.MOST_BYTES // 1024 // 1024), field="file")
    CatalogueFile.objects.filter(created_at__lt=now - KEPT).exclude(content=b"").update(content=b"")
    plain = "".join(sign for sign in name if sign.isprintable())[:200]
    return CatalogueFile.objects.create(
        kind=kind, name=plain, content=raw, invites=invites and kind == Kind.PEOPLE, person=by, created_at=now
    )


def dry_run(*, kind: Kind, raw: bytes, invites: bool, by: Person | None, now: datetime) -> Report:
    """What the file would do now. Nothing is written."""
    report, _deeds, _kind = _planned(kind, raw, invites=invites, by=by, now=now)
    return report


@transaction.atomic
def apply(
    *, kind: Kind, raw: bytes, invites: bool, token: str | None, only_good: bool, by: Person | None, now: datetime
) -> Report:
    """Do what the dry run with this token showed: every row, or with `only_good` those that can be used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    report, deeds, handler = _planned(kind, raw, invites=invites, by=by, now=now)
    if report.unreadable:
        raise Invalid(report.unreadable, field="file")
    if token is not None and token != report.token:
        raise ChangedMeanwhile(
            _("Something was changed since this was shown. Nothing was imported; look at what it would do now.")
        )
    refused = report.counts["refused"]
    if refused and not only_good:
        raise HasRefusals(
            _("%d rows cannot be used, so nothing was imported. Mend them, or import the good rows.") % refused
        )
    useful = [one for one in deeds if one.outcome in {Outcome.CREATED, Outcome.UPDATED}]
    handler.write(useful, by=by, now=now)
    if invites:
        _invite(handler.invitable(deeds), by=by, now=now)
    AuditEntry.objects.create(actor=by, verb="catalogue.imported", subject=kind.value, data=report.counts)
    return report


@transaction.atomic
def apply_kept(*, file_id: int, token: str, only_good: bool, by: Person, now: datetime) -> Report:
    """Apply a file that was handed in, once; its content is forgotten with that."""
    kept = CatalogueFile.objects.select_for_update().filter(pk=file_id).first()
    if kept is None or kept.applied_at is not None or not kept.content:
        raise Refusal(_("This file was applied, or it is older than a day. Hand it in again."), code="file_gone")
    report = apply(
        kind=Kind(kept.kind),
        raw=bytes(kept.content),
        invites=kept.invites,
        token=token,
        only_good=only_good,
        by=by,
        now=now,
    )
    kept.applied_at, kept.content = now, b""
    kept.counts = report.counts | {"invited": report.invited}
    kept.save(update_fields=["applied_at", "content", "counts"])
    return report


def _planned(
    kind: Kind, raw: bytes, *, invites: bool, by: Person | None, now: datetime
) -> tuple[Report, list[Deed], KindOfFile]:
    handler = _KINDS[kind]()
    try:
        read = table.read(raw)
        columns, unknown = import_rows.known(kind, read.headings)
        _refuse_columns(kind, columns, unknown)
    except table.Unreadable as error:
        return Report(kind=kind, unreadable=str(error)), [], handler
    rows = import_rows.parse(read, columns)
    deeds = handler.match(rows, now=now)
    import_rows.refuse_repeated(rows, {one.row.number: one.key for one in deeds})
    for deed in deeds:
        _complete(kind, deed)
    handler.check(deeds, by=by, now=now)
    lines = [_line(kind, deed) for deed in deeds]
    invited = handler.invitable(deeds) if invites else []
    report = Report(
        kind=kind,
        lines=lines,
        unknown=unknown,
        invited=len(invited),
        token=import_rows.token(kind=kind, raw=raw, invites=invites, lines=lines),
    )
    return report, deeds, handler


def _refuse_columns(kind: Kind, columns: Mapping[str, Column], unknown: Sequence[str]) -> None:
    there_twice = import_rows.twice(columns)
    if there_twice:
        raise table.Unreadable(f"The column {', '.join(there_twice)} stands there twice. Keep one.")
    lacking = import_rows.missing(kind, columns)
    if lacking:
        present = f" The file has: {', '.join(unknown)}." if unknown else ""
        raise table.Unreadable(f"The file lacks the column {', '.join(lacking)}.{present}")


def _complete(kind: Kind, deed: Deed) -> None:
    """What shall stand there: the row's values over what stands there, or over the defaults of a new row."""
    values = deed.row.values
    deed.values = {**deed.found.values, **values} if deed.found else import_rows.completed(kind, values)
    if deed.found is None:
        for column in COLUMNS[kind]:
            if column.is_needed and not deed.values[column.name] and not _is_said(deed.row, column.name):
                deed.row.refuse(column.name, _("A new row needs this column."))


def _is_said(row: Parsed, column: str) -> bool:
    return any(problem.column == column for problem in row.problems)


def _line(kind: Kind, deed: Deed) -> Line:
    changes = import_rows.changes(kind, deed.found.values, deed.values) if deed.found else ()
    if deed.row.problems:
        deed.outcome = Outcome.REFUSED
    elif deed.found is None:
        deed.outcome = Outcome.CREATED
    else:
        deed.outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
    return Line(
        number=deed.row.number,
        label=deed.label,
        outcome=deed.outcome,
        changes=() if deed.outcome == Outcome.REFUSED else changes,
        problems=tuple(deed.row.problems),
    )


def _invite(deeds: Sequence[Deed], *, by: Person | None, now: datetime) -> None:
    addresses = [one.values["email"] for one in deeds]
    found = Person.objects.select_for_update().filter(email__in=addresses).order_by("pk")
    invitations.send_many(list(found), by=by, now=now)
