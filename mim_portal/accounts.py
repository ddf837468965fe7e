"""Who gets an account: people are invited by an administrator, nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's account pages without the sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
