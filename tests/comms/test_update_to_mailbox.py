"""From the first word to the mailbox: real language checker, real SMTP, the worker's own function."""

from types import SimpleNamespace

import pytest

from comms.choices import DeliveryState, UpdateKind, UpdateState
from comms.models import Delivery, UpdateDeadline
from comms.services.writing import approval, publishing, updates
from comms.tasks import deliver
from mim_portal.lib import dbtime
from tests import factories
from tests.comms import update_kit
from tests.plugins.mail import MailSink


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("language_tool")
def test_written_corrected_read_sent_delivered_and_put_right(cast: SimpleNamespace, mail_sink: MailSink) -> None:
    factories.recipient(audience="end_users", address="staff@example.org")
    incident = update_kit.declared(cast.mia)
    first = update_kit.drafted(incident, cast.mia, "end_users", "service_desk", kind=UpdateKind.INITIAL)
    update_kit.published(first, cast.mia)

    typo = update_kit.BODY.replace("cannot", "canot")
    made = update_kit.drafted(incident, cast.carla, "end_users", "service_desk", body=typo)
    with pytest.raises(publishing.Blocked) as refused:
        update_kit.published(made, cast.mia)
    assert [found["text"] for found in refused.value.extra["findings"]] == ["canot"]
    fields = {"body": update_kit.BODY + " A repair is being prepared."}
    updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now())
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.omar, now=dbtime.now())
    sent = update_kit.published(made, cast.mia)
    assert sent.approved_hash == sent.published_hash
    assert not UpdateDeadline.objects.filter(incident=incident, missed_at__isnull=False).exists()

    right = publishing.correct(
        update_id=sent.pk,
        person=cast.carla,
        subject="",
        body="We wrote that a repair is being prepared. That was wrong. We are sorry. Please keep your hours on paper.",
        next_update_at=sent.next_update_at,
        now=dbtime.now(),
    )
    update_kit.checked(right, cast.carla)
    approval.approve(update_id=right.pk, person=cast.omar, now=dbtime.now())
    update_kit.published(right, cast.mia)

    deliver.deliver()

    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    mails = mail_sink.to("staff@example.org")
    assert [mail["Subject"].partition("]")[0] for mail in mails] == ["[P1", "[P1", "CORRECTION: [P1"]
    assert len({mail["Message-ID"] for mail in mails}) == 3
    plain = mails[1].get_body(("plain",))
    html = mails[1].get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "A repair is being prepared." in plain.get_content()
    assert "A repair is being prepared." in html.get_content()
    assert len(mail_sink.to(cast.desmond.email)) == 3
    sent.refresh_from_db()
    assert sent.state == UpdateState.CORRECTED
