"""What subscribers are told of a planned window: in the transaction that says it, by the outbox, each address once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from comms.choices import SubscriptionState
from comms.models import Maintenance, Message, StatusPage, Subscription
from comms.queries.subscriptions import covering
from comms.rendering import windows as rendering
from comms.rendering.windows import Told
from comms.services.sending import outbox
from mim_portal.lib import nudge

# After every copy of an update: what is planned can wait a minute.
POSITION: Final = 900

# Of the pages that announce the window, whoever subscribed to all of it or to one of its services or their groups; an
# address of two pages hears once. `text` pairs each page with its message. A number leaves by the SMS endpoint in use.
_OF_ITS_SERVICES: Final = covering.of_services(
    chosen="subscription.services && %(services)s::bigint[]",
    shown="component.service_id = ANY(%(services)s::bigint[])",
)
_ENQUEUE: Final = f"""
INSERT INTO comms_delivery
    (message_id, channel, address, endpoint_id, position, state, attempts, due_at, last_error)
SELECT DISTINCT ON (subscription.channel, subscription.address)
       text.message_id, subscription.channel, subscription.address, coalesce(sms.id, subscription.endpoint_id),
       %(position)s,
       'pending', 0, statement_timestamp(), ''
FROM unnest(%(pages)s::bigint[], %(messages)s::bigint[]) AS text (page_id, message_id)
JOIN comms_subscription subscription ON subscription.page_id = text.page_id AND subscription.state = 'confirmed'
JOIN comms_statuspage page ON page.id = subscription.page_id
LEFT JOIN comms_endpoint sms ON subscription.channel = 'sms' AND sms.kind = 'sms' AND sms.is_active
  AND sms.team_id IS NULL
WHERE ({_OF_ITS_SERVICES}) AND (subscription.channel <> 'sms' OR (page.takes_sms AND sms.id IS NOT NULL))
ORDER BY subscription.channel, subscription.address, text.message_id
ON CONFLICT DO NOTHING
"""  # noqa: S608 -- joins constants


@transaction.atomic
def tell(found: Maintenance, told: Told, *, body: str, now: datetime, alike: Sequence[Maintenance] = ()) -> int:
    """Tell everybody who subscribed to it; how many addresses. `alike` are windows of which the same letter tells."""
    heard = Subscription.objects.filter(page=OuterRef("pk"), state=SubscriptionState.CONFIRMED)
    public = found.pages.filter(Exists(heard), is_public=True, retired_at=None)
    pages = list(public.select_related("audience").order_by("pk"))
    if not pages:
        return 0
    messages = Message.objects.bulk_create(_message(found, page, told, body=body, alike=alike) for page in pages)
    with connection.cursor() as cursor:
        cursor.execute(
            _ENQUEUE,
            {
                "pages": [page.pk for page in pages],
                "messages": [message.pk for message in messages],
                "services": list(found.services.values_list("pk", flat=True)),
                "position": POSITION,
            },
        )
        enqueued: int = cursor.rowcount
    nudge.nudge(outbox.DELIVER)
    nudge.nudge(outbox.DELIVER_CHANNELS)
    return enqueued


def _message(found: Maintenance, page: StatusPage, told: Told, *, body: str, alike: Sequence[Maintenance]) -> Message:
    said = rendering.letter(found, page, told, body=body, alike=alike)
    return Message(
        maintenance=found,
        audience=page.audience,
        subject=said.subject,
        text=said.text,
        html=said.html,
        thread=f"maintenance-{found.pk}",
    )
