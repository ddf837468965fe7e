"""Replies are read from the mailbox that IMAP_URL names, as long as there are unread ones."""

import logging
import time
from collections.abc import Callable

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError

from comms.adapters import imap, incoming
from comms.services.replies import intake
from mim_portal.lib import dbtime

log = logging.getLogger(__name__)

RUN_SECONDS = 20.0


@shared_task(name="comms.tasks.read_replies", ignore_result=True)
def read_replies() -> None:
    """Read what is unread; without a mailbox there is nothing to do. Two runs at once do no harm."""
    if not settings.IMAP_URL:
        return
    try:
        run(imap.Imap(settings.IMAP_URL))
    except imap.MailboxUnavailable as error:
        log.warning("mailbox of replies: %s", error)


def run(box: imap.Box, *, seconds: float = RUN_SECONDS, clock: Callable[[], float] = time.monotonic) -> int:
    """Take mails in until none is unread or the time is over; how many were taken.

    A mail is marked as read once it is kept, so that a killed worker loses none. One that cannot be read is flagged for
    a person, and the others go on; while the database is away all of them stay unread.
    """
    started, count = clock(), 0
    try:
        for uid in box.unseen():
            if clock() - started >= seconds:
                break
            raw = box.fetch(uid)
            try:
                intake.take(mail=incoming.parse(raw), by=None, now=dbtime.now())
            except (OperationalError, InterfaceError):
                log.warning("mailbox of replies: the database is away, what is unread stays unread")
                break
            except Exception as error:  # a mail that nothing can make sense of never stops the rest
                log.warning("mailbox of replies: mail %s could not be read: %s", uid, type(error).__name__)
                box.mark(uid, is_flagged=True)
            else:
                count += 1
                box.mark(uid)
    finally:
        box.close()
    return count
