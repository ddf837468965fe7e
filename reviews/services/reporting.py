"""The report of the last month, to the practice lead, once: by mail, with the way to the document."""

from datetime import datetime
from typing import Final

from django.db import transaction

from comms.services.telling import letters
from mim_portal.lib import addresses
from reviews.models import MonthlyReport
from reviews.queries.metrics import monthly
from reviews.rendering import report as rendering
from teams.choices import Role
from teams.models import Person

# On the first of a month nobody reads figures in the night, and what was promised on its last evening is decided.
AFTER_HOUR: Final = 6


@transaction.atomic
def send(*, now: datetime) -> int:
    """Mail it to whoever leads the practice; how many letters. Two runs at once send it once.

    The mail has the headline figures that its reader may see; the document stays behind the sign-in, as all figures do.
    """
    if now.day == 1 and now.hour < AFTER_HOUR:
        return 0
    month = monthly.last_full(now)
    _row, is_new = MonthlyReport.objects.get_or_create(month=month, defaults={"sent_at": now})
    if not is_new:
        return 0
    people = Person.objects.filter(is_active=True, roles__contains=[Role.PRACTICE_LEAD]).exclude(email="")
    sent = 0
    for person in people.order_by("pk"):
        found = monthly.of_month(person, month=month, now=now)
        if not any(one.total.n for one in found.found):
            continue  # a quiet month needs no mail
        address = addresses.absolute(addresses.metrics_report(found.name))
        context = {"report": found, "lines": rendering.lines(found), "address": address}
        letters.send("monthly_report", context, to=person, thread=f"report-{found.name}")
        sent += 1
    return sent
