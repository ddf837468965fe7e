"""The language of what was sent unread is read as soon as the checker answers."""

from celery import shared_task
from django.utils import timezone

from comms.adapters import languagetool
from comms.queries.writing import languages
from comms.services.writing import rechecks


@shared_task(name="comms.tasks.deliver_rechecks")
def deliver_rechecks() -> None:
    """Ticked by beat; safe to run twice, safe to skip. The language that is written in now is loaded beforehand."""
    languagetool.warm(languages.current())
    rechecks.recheck(now=timezone.now())
