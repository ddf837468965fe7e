"""Make the first administrator of a real portal, without demo data, and try the mail."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person


class Command(BaseCommand):
    """Asks for the password, or reads one line from standard input where that is not a terminal."""

    help = "Create a first administrator and send a test mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("--no-mail", action="store_true", help="do not send the test mail")

    def handle(self, *args: Any, **options: Any) -> None:
        username, email = options["username"], options["email"]
        if Person.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is already a person {username}.")
        person = Person(username=username, email=email, roles=[Role.ADMINISTRATOR], is_staff=True, is_superuser=True)
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_email(email)
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.set_password(password)
        person.save()
        AuditEntry.objects.create(verb="administrator_made", subject=username, actor=person)
        self.stdout.write(f"{username} can sign in now.")
        if not options["no_mail"]:
            self._try_mail(email)

    def _try_mail(self, email: str) -> None:
        message = EmailMessage("MIM Portal can send mail", "This is the test mail of `manage.py setup`.", to=[email])
        try:
            message.send()
        except OSError as error:
            raise CommandError(
                f"The account is made, but the test mail to {email} was not sent: {error}. Check EMAIL_URL, then try "
                "again from /settings/."
            ) from error
        self.stdout.write(f"A test mail was handed over for {email}.")
