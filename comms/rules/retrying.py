"""When a message that was not taken is tried again, and when it is given up."""

from datetime import timedelta
from typing import Final

# A server in trouble is asked again soon: what waits there are promises.
SERVER_FIRST: Final = timedelta(seconds=1)
SERVER_MOST: Final = timedelta(seconds=30)
# A mailbox that says "not now" (greylisting, full) wants minutes.
MAILBOX_FIRST: Final = timedelta(seconds=30)
MAILBOX_MOST: Final = timedelta(minutes=15)
# Later than this an update is of no use to its reader; a server in trouble is never a reason to give up.
GIVE_UP_AFTER: Final = timedelta(hours=6)
# Somebody who can be told another way does not wait so long for a channel that is silent.
OTHER_WAY_AFTER: Final = timedelta(minutes=5)
# Somebody is needed now: a page that has another way does not wait for the first one to come back.
OTHER_PAGER_AFTER: Final = timedelta(minutes=1)
OTHER_PAGER_RATHER_THAN: Final = timedelta(seconds=30)
JITTER: Final = 0.25


def after_server_trouble(*, attempts: int, chance: float) -> timedelta:
    """How long to wait after the attempt with this number failed because of the server."""
    return _backoff(attempts=attempts, first=SERVER_FIRST, most=SERVER_MOST, chance=chance)


def after_mailbox_trouble(*, attempts: int, age: timedelta, chance: float) -> timedelta | None:
    """The same for one mailbox that refused for now; None to give up a message that has become old."""
    if age > GIVE_UP_AFTER:
        return None
    return _backoff(attempts=attempts, first=MAILBOX_FIRST, most=MAILBOX_MOST, chance=chance)


def after_endpoint_trouble(*, attempts: int, age: timedelta, has_other_way: bool, chance: float) -> timedelta | None:
    """The same for a chat channel, SMS provider or webhook that is not there; None to give up, or to go another way."""
    if age > (OTHER_WAY_AFTER if has_other_way else GIVE_UP_AFTER):
        return None
    return _backoff(attempts=attempts, first=SERVER_FIRST, most=MAILBOX_MOST, chance=chance)


def after_pager_trouble(
    *, attempts: int, age: timedelta, has_other_way: bool, asked_to_wait: timedelta, chance: float
) -> timedelta | None:
    """The same for a page; None to give it up, or to page the next way at once where this one asks to wait long."""
    if has_other_way and (age > OTHER_PAGER_AFTER or asked_to_wait > OTHER_PAGER_RATHER_THAN):
        return None
    return after_endpoint_trouble(attempts=attempts, age=age, has_other_way=has_other_way, chance=chance)


def _backoff(*, attempts: int, first: timedelta, most: timedelta, chance: float) -> timedelta:
    """Doubles with each attempt; `chance` from 0 to 1 spreads many messages over a quarter more or less."""
    doublings = min(max(attempts - 1, 0), 16)
    spread = 1 - JITTER + 2 * JITTER * chance
    return min(first * (1 << doublings), most) * spread
