"""A page's first SMS of a day are counted; administrators hear once when there are no more."""

from datetime import datetime, timedelta

from django.db import transaction

from comms.choices import PageLanguage
from comms.models import Delivery, Message, StatusPage
from comms.rendering import accounts, page_languages
from comms.services.pages import pages
from comms.services.sending import outbox
from comms.services.subscriptions import limits
from mim_portal.lib import addresses, nudge
from mim_portal.models import AuditEntry
from teams.choices import Role
from teams.models import Person

REACHED = "subscriptions.sms_limit"
ONCE_A = timedelta(days=1)
_SOON = 1


@transaction.atomic
def warn(page: StatusPage, *, now: datetime) -> bool:
    """Tell the administrators, once a day, that nobody else can subscribe by SMS: whether they were told now. Whoever
    asks holds the page's lock of limits.take, so that two who are the last do not tell it twice."""
    if limits.texts(page, now=now) < page.sms_a_day:
        return False
    told = AuditEntry.objects.filter(subject=f"status page {page.slug}", verb=REACHED, at__gt=now - ONCE_A)
    if told.exists():
        return False
    pages.audit(REACHED, page, None, {"a_day": page.sms_a_day})
    address = addresses.absolute(f"/settings/status-pages/{page.slug}/#subscribers")
    with page_languages.said_in(PageLanguage.EN):  # the portal's own, not the one that was asked in
        said = accounts.rendered("sms_limit", {"page": page, "address": address})
    message = Message.objects.create(
        subject=said.subject, text=said.text, html=said.html, thread=f"sms-limit-{page.pk}"
    )
    Delivery.objects.bulk_create(
        Delivery(message=message, person_id=person.pk, address=person.email, position=_SOON)
        for person in Person.objects.with_role(Role.ADMINISTRATOR)
        if person.email
    )
    nudge.nudge(outbox.DELIVER)
    return True
