"""Make an API token: `manage.py token mia --scope read --scope command`."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mim_portal.models import AuditEntry
from teams.choices import Scope
from teams.models import ApiToken, Person


class Command(BaseCommand):
    """Prints the token and nothing else, once: only its hash is kept."""

    help = "Make an API token for a person and print it. It cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, default=[], help="may be repeated; none means read"
        )
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid (365)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username__iexact=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {options['username']}. Names are listed in /admin/.")
        if options["days"] < 1:
            raise CommandError("--days must be 1 or more.")
        scopes = sorted(set(options["scope"])) or [Scope.READ.value]
        made, token = ApiToken.objects.create(
            user=person, scopes=scopes, name=options["name"], expiry=timedelta(days=options["days"])
        )
        AuditEntry.objects.create(
            verb="token_made", subject=f"token {made.token_key}", data={"person": person.pk, "scopes": scopes}
        )
        self.stdout.write(token)
