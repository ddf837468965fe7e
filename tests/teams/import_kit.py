"""Files of the organisation for tests: looked at, taken, written out again."""

import csv
import io
from typing import Any

from teams.models import Person
from teams.queries import catalogue_state
from teams.rules.catalogue import Kind
from teams.services.importing import files
from teams.services.importing.files import Report
from tests.factories import NOON


def dry(kind: Kind, text: str, *, invites: bool = False, by: Person | None = None) -> Report:
    return files.dry_run(kind=kind, raw=text.encode(), invites=invites, by=by, now=NOON)


def take(kind: Kind, text: str, *, invites: bool = False, by: Person | None = None, only_good: bool = False) -> Report:
    given: dict[str, Any] = {"kind": kind, "raw": text.encode(), "invites": invites, "by": by, "now": NOON}
    token = files.dry_run(**given).token
    return files.apply(**given, token=token, only_good=only_good)


def problems(report: Report) -> list[tuple[int, str, str]]:
    return [(line.number, one.column, one.message) for line in report.lines for one in line.problems]


def exported(kind: Kind) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(catalogue_state.export(kind, now=NOON))
    return out.getvalue()
