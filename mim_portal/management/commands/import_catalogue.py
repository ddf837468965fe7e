"""Import a file of the organisation: `manage.py import_catalogue people people.csv --dry-run`."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mim_portal.lib import cells
from mim_portal.lib.refusals import Refusal
from teams.models import Person
from teams.rules.catalogue import Kind
from teams.services.importing import files
from teams.services.importing.files import Report


class Command(BaseCommand):
    """The file as a whole, or with --good-rows what of it can be used. Importing twice changes nothing."""

    help = "Import a CSV file of the organisation; rows are found by their key and updated in place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in Kind])
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would do and write nothing")
        parser.add_argument("--good-rows", action="store_true", help="leave out rows that cannot be used")
        parser.add_argument("--invite", action="store_true", help="of people: invite those who cannot sign in yet")
        parser.add_argument("--by", default="", metavar="USERNAME", help="who stands in the audit log")
        parser.add_argument("--report", type=Path, help="write every row's outcome as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, by = Kind(options["kind"]), self._person(options["by"])
        try:
            raw = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        given: dict[str, Any] = {"kind": kind, "raw": raw, "invites": options["invite"], "by": by}
        shown = files.dry_run(**given, now=timezone.now())
        self._write(shown, options["report"])
        self._say(shown)
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
            return
        try:
            files.apply(**given, token=shown.token, only_good=options["good_rows"], now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("Imported.")

    def _person(self, username: str) -> Person | None:
        if not username:
            return None
        person = Person.objects.filter(username__iexact=username, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {username}.")
        return person

    def _say(self, report: Report) -> None:
        if report.unreadable:
            raise CommandError(f"{report.unreadable} Nothing was imported.")
        if report.unknown:
            self.stdout.write(f"Nobody knows these columns, so they are passed over: {', '.join(report.unknown)}.")
        for line in report.lines:
            for problem in line.problems:
                where = f", {problem.column}" if problem.column else ""
                self.stdout.write(f"  row {line.number}{where}: {problem.message}")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
        self.stdout.write(
            f"{len(report.lines)} rows: {counts}." + (f" {report.invited} invited." if report.invited else "")
        )

    def _write(self, report: Report, path: Path | None) -> None:
        if path is None:
            return
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(files.HEADINGS)
                for row in report.rows():
                    writer.writerow([cells.plain(cell) for cell in row])
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}. Nothing was imported.") from error
