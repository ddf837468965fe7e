"""Write the public status pages as files: `manage.py publish_status /srv/status`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comms.services import snapshots, status_copies
from mim_portal.lib import dbtime


class Command(BaseCommand):
    """Renders what changed and brings the folder to it: pages, history, feeds, JSON, and what they load."""

    help = "Write the public status pages as a tree of files that any web server can serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="made where it is not there; other files in it are left alone")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        snapshots.render_due(seconds=60.0)
        try:
            done = status_copies.write(folder, now=dbtime.now())
        except OSError as error:
            raise CommandError(f"{folder} could not be written: {error.strerror or error}") from error
        self.stdout.write(f"{done.total} files, {done.written} of them written now, {done.removed} removed.")
