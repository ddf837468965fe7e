"""Mail about accounts goes through the outbox: a mail server that is down delays it and loses nothing."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max

from comms.choices import DeliveryState
from comms.models import Delivery, Message
from comms.rendering import accounts
from comms.services.sending import outbox
from mim_portal.lib import nudge
from teams.models import Invitation, Person

# Somebody waits for a password now; invitations, which may be thousands, never hold up an update.
SOON, AT_LEISURE = 1, 1000


@transaction.atomic(savepoint=False)
def invite(invitations: Sequence[Invitation]) -> int:
    """One message and one delivery an invitation, and nothing more of an older mail that has not left yet."""
    outdated = Message.objects.filter(invitation__in=[one.pk for one in invitations])
    Delivery.objects.filter(message__in=outdated, state__in=[DeliveryState.PENDING, DeliveryState.FAILED]).update(
        state=DeliveryState.SUPPRESSED, last_error="A newer invitation replaced it."
    )
    letters = [accounts.invitation(one) for one in invitations]
    messages = Message.objects.bulk_create(
        [
            Message(invitation=one, subject=said.subject, text=said.text, html=said.html, thread=f"invitation-{one.pk}")
            for one, said in zip(invitations, letters, strict=True)
        ],
        batch_size=1000,
    )
    Delivery.objects.bulk_create(
        [
            Delivery(message=message, person_id=one.person_id, address=one.person.email, position=AT_LEISURE)
            for one, message in zip(invitations, messages, strict=True)
        ],
        batch_size=1000,
    )
    nudge.nudge(outbox.DELIVER)
    return len(messages)


@transaction.atomic
def post(*, person: Person, letter: accounts.Letter) -> None:
    """A letter to one person about their own account."""
    message = Message.objects.create(
        subject=letter.subject, text=letter.text, html=letter.html, thread=f"account-{person.pk}"
    )
    Delivery.objects.create(message=message, person_id=person.pk, address=person.email, position=SOON)
    nudge.nudge(outbox.DELIVER)


def mail_states(invitation_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """What became of the newest mail of each invitation: its state and the mail server's words."""
    newest = (
        Message.objects.filter(invitation__in=invitation_ids)
        .values("invitation_id")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    found = Delivery.objects.filter(message__in=list(newest)).select_related("message")
    return {
        one.message.invitation_id: (one.state, one.last_error) for one in found if one.message.invitation_id is not None
    }
