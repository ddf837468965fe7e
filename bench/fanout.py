"""How fast does an update reach many? Time to queue it for all recipients, and mails a second of one delivery run.

    python -m bench.fanout [--recipients 100000] [--mails 2000]

Needs a PostgreSQL server (DATABASE_URL); works in a database of its own that it removes, and with a mail server of its
own in a process of its own. The limit beside the rate is a bare Django loop on one reused connection to it.
"""

import argparse
import json
import logging
import multiprocessing
import os
import platform
import resource
import time
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.utils import timezone

from bench import databases
from bench.deadlines import organisation
from comms.adapters import smtp
from comms.choices import UpdateState
from comms.models import Audience, Delivery, Message, Update
from comms.services.sending import outbox
from comms.tasks import deliver
from incidents.models import Incident
from mim_portal.embedded.ports import free_port

PARAGRAPHS = 8


def mail_server(port: int) -> None:
    """A sink until it is terminated."""
    logging.disable()
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(60)


def published(recipients: int) -> tuple[Update, dict[int, Message]]:
    """An update to the public with so many addresses, half of them a second time as end users."""
    service, manager = organisation()
    incident = Incident.objects.create(
        reference="MI-2026-1",
        title="Payments are refused",
        service_id=service,
        impact=1,
        urgency=1,
        priority="P1",
        priority_computed="P1",
        declared_at=timezone.now(),
    )
    update = Update.objects.create(
        incident=incident, kind="update", author_id=manager, state=UpdateState.PUBLISHED, published_at=timezone.now()
    )
    texts = {}
    for code, share in (("public", 1), ("end_users", 2)):
        audience = Audience.objects.get(code=code)
        update.audiences.add(audience)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO comms_recipient (audience_id, channel, address, is_active)"
                " SELECT %s, 'email', 'reader' || n || '@example.org', true FROM generate_series(1, %s) AS n",
                [audience.pk, recipients // share],
            )
        body = "Card payments are refused at the counters. Cash works. We are replacing the gateway.\n" * PARAGRAPHS
        texts[audience.pk] = Message.objects.create(
            update=update,
            audience=audience,
            subject="[P1] Payments: update 3",
            text=body,
            html=f"<html><body><p>{body}</p></body></html>",
            thread=incident.reference,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return update, texts


def queue(recipients: int) -> dict[str, Any]:
    """Publishing's part of the work, in one transaction."""
    update, texts = published(recipients)
    started = time.monotonic()
    with transaction.atomic():
        count = outbox.enqueue_update(update=update, message_by_audience=texts)
    took = time.monotonic() - started
    return {"recipients": recipients, "queued": count, "took_s": round(took, 3), "goal_s": 2.5}


def send(mails: int) -> dict[str, Any]:
    """One delivery run, and the bare loop beside it."""
    Delivery.objects.exclude(pk__in=Delivery.objects.order_by("pk").values("pk")[:mails]).delete()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    taken = deliver.run(smtp.Smtp(), seconds=600)
    rate = taken / (time.monotonic() - started)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    bare = _bare(min(mails, 1000))
    return {
        "mails": taken,
        "per_second": round(rate),
        "limit_bare_loop_per_second": round(bare),
        "ratio": round(rate / bare, 2),
        "grown_kib": grown,
    }


def _bare(mails: int) -> float:
    message = Message.objects.order_by("pk").first()
    assert message is not None
    started = time.monotonic()
    with get_connection() as line:
        for number in range(mails):
            mail = EmailMultiAlternatives(
                message.subject, message.text, settings.DEFAULT_FROM_EMAIL, [f"r{number}@example.org"], connection=line
            )
            mail.attach_alternative(message.html, "text/html")
            mail.send()
    return mails / (time.monotonic() - started)


def main() -> None:
    """Queue first, then send a part of what was queued."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--recipients", type=int, default=100_000)
    arguments.add_argument("--mails", type=int, default=2000)
    given = arguments.parse_args()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    server = multiprocessing.get_context("spawn").Process(target=mail_server, args=[settings.EMAIL_PORT], daemon=True)
    server.start()
    results: dict[str, Any] = {"machine": {"cpus": os.cpu_count(), "platform": platform.platform()}}
    try:
        with databases.fresh() as begin:
            begin()
            results["queue"] = queue(given.recipients)
            results["send"] = send(given.mails)
    finally:
        server.terminate()
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
