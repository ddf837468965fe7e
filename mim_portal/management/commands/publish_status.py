"""Write the public status pages as files: `manage.py publish_status /srv/status`, or `… s3://bucket/prefix`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comms.adapters import places
from comms.services import snapshots, status_copies
from mim_portal.lib import dbtime


class Command(BaseCommand):
    """Renders what changed and brings the place to it: pages, history, feeds, JSON, and what they load."""

    help = "Write the public status pages as a tree of files that any web server, or a store behind a CDN, can serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "place", help="a folder, made where it is not there, or s3://bucket/prefix; other files are left alone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place: str = options["place"]
        snapshots.render_due(seconds=60.0)
        try:
            done = status_copies.write(places.of(place), now=dbtime.now())
        except OSError as error:
            raise CommandError(f"{place} could not be written: {error.strerror or error}") from error
        self.stdout.write(f"{done.total} files, {done.written} of them written now, {done.removed} removed.")
