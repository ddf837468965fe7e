"""``manage.py prepare``: what ``make run`` needs between the servers and the portal; one process, one Django start."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database up to date, load the demo organisation once, and write who may sign in to a file."
    requires_system_checks = [Tags.database]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("accounts", type=Path, help="the file that receives a sign-in for each role")

    def handle(self, *args: Any, accounts: Path, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        call_command("demo", "--once", stdout=self.stdout)
        part = accounts.with_suffix(".part")
        part.touch(mode=0o600)
        with part.open("w", encoding="utf-8") as stream:
            call_command("demo", "--print-accounts", stdout=stream)
        part.replace(accounts)
