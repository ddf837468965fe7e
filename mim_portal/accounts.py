"""Who gets an account: people are invited by an administrator, nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from comms.rendering import accounts as letters
from comms.services.telling import accounts
from mim_portal.models import AuditEntry
from teams.models import Person
from teams.services import invitations


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's account pages without the sign-up; what they send goes through the portal's outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Only to who has a password: whoever has not been in yet needs their invitation instead.

        The page answers alike in every case, and the mail is one row: the answer tells nobody who has an account.
        """
        if user.has_usable_password() and user.email:
            accounts.post(person=user, letter=letters.new_password(user, link=context["password_reset_url"]))

    def set_password(self, user: Person, password: str) -> None:
        """A changed password is audited, and its owner hears of it by mail."""
        super().set_password(user, password)
        AuditEntry.objects.create(actor=user, verb="person.password_changed", subject=invitations.subject(user))
        if user.email:
            accounts.post(person=user, letter=letters.password_changed(user))
