"""The letter that asks somebody whether they want a page's updates, or says that they have them already."""

from collections.abc import Sequence
from typing import Final

from django.template.loader import get_template

from comms.choices import SubscriptionState
from comms.models import Subscription
from comms.rendering import accounts, page_languages
from comms.rendering.accounts import Letter
from comms.rules import sms
from mim_portal.lib import addresses

_NAME: Final = 40  # letters of a page's name in an SMS


def letter(row: Subscription, *, confirm: str, manage: str, names: Sequence[str], language: str) -> Letter:
    """`names` is what was asked for, in the language that is being spoken. What the address has already is said in its
    mailbox and nowhere else."""
    return accounts.rendered(
        "subscribe",
        {
            "page": row.page,
            "home": addresses.absolute(page_languages.home(row.page, language)),
            "names": names,
            "confirm": confirm,
            "manage": manage if row.state == SubscriptionState.CONFIRMED else "",
        },
    )


def text(row: Subscription, *, link: str) -> str:
    """The same as an SMS: one part, unless the name of the page or the portal's address is long."""
    name = row.page.name if len(row.page.name) <= _NAME else f"{row.page.name[: _NAME - 3].rstrip()}..."
    is_confirmed = row.state == SubscriptionState.CONFIRMED
    words = get_template("messages/subscribe/sms.txt").render({"page": name, "is_confirmed": is_confirmed})
    return sms.shorten(sms.seven_bit(" ".join(words.split())), tail=f" {link}")
