"""Replay an ITSM event log: `manage.py import_events events.csv --report problems.csv`."""

import csv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.rules import eventlog, history
from incidents.services.record import importing

BAR = 40


class Command(BaseCommand):
    """Each ticket is one transaction, so an import that was stopped is finished by starting it again."""

    help = "Import the event log of a ticket system (ServiceNow's columns) as candidates and incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--report", type=Path, help="write what could not be read, a line each, as CSV")
        parser.add_argument("--time-zone", default="UTC", help="zone of the log's times (UTC)")

    def handle(self, *args: Any, **options: Any) -> None:
        readings = self._read(options["file"], options["time_zone"])
        tickets = history.tickets(readings)
        self._report(readings, options["report"])
        person = importing.imported_person()
        outcomes: Counter[str] = Counter()
        for number, ticket in enumerate(tickets, start=1):
            outcomes[importing.take(ticket, person=person, now=timezone.now())] += 1
            self._progress(number, len(tickets))
        self._summarise(history.summarise(readings, tickets), outcomes)

    def _read(self, path: Path, zone_name: str) -> list[eventlog.Reading]:
        try:
            zone = ZoneInfo(zone_name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(f"There is no time zone {zone_name}; give one such as Europe/London.") from error
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                table = csv.DictReader(file)
                missing = eventlog.missing_columns(list(table.fieldnames or []))
                if missing:
                    raise CommandError(f"{path} lacks the columns {', '.join(missing)}. Nothing was imported.")
                return [eventlog.read(row, line=line, tz=zone) for line, row in enumerate(table, start=2)]
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path} is not a CSV file in UTF-8: {error}. Nothing was imported.") from error

    def _report(self, readings: list[eventlog.Reading], path: Path | None) -> None:
        problems = [problem for reading in readings for problem in reading.problems]
        if path is not None:
            try:
                with path.open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file)
                    writer.writerow(["line", "number", "field", "value", "problem", "row"])
                    writer.writerows(
                        [
                            one.line,
                            one.number,
                            one.field,
                            _cell(one.value),
                            one.message,
                            "left out" if one.fatal else "used",
                        ]
                        for one in problems
                    )
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}. Nothing was imported.") from error
            self.stdout.write(f"{len(problems)} problems are listed in {path}.")
        for (field, code), count in Counter((one.field, one.code) for one in problems).most_common():
            self.stdout.write(f"  {count:>6}  {field}: {code}")
        for one in problems:
            if one.fatal:
                self.stdout.write(f"  line {one.line} ({one.number}): {one.message} The row is left out.")

    def _progress(self, done: int, total: int) -> None:
        if not self.stdout.isatty():
            return
        filled = BAR * done // total
        end = "\n" if done == total else "\r"
        self.stdout.write(f"[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}", ending=end)
        self.stdout.flush()

    def _summarise(self, summary: history.Summary, outcomes: Counter[str]) -> None:
        self.stdout.write(
            f"{summary.rows} rows: {summary.rows_used} used, {summary.rows_rejected} left out"
            f" ({summary.problems} problems in {summary.rows_with_problems} rows)."
        )
        self.stdout.write(
            f"{summary.tickets} tickets: {summary.majors} major incidents, {summary.not_proposed} not proposed."
        )
        counts = ", ".join(f"{outcomes[name]} {name}" for name in importing.Outcome)
        self.stdout.write(f"{sum(outcomes.values())} tickets: {counts}.")
        if not summary.adds_up or sum(outcomes.values()) != summary.tickets:
            raise CommandError("The sums do not add up: please report this file as a defect.")


def _cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
