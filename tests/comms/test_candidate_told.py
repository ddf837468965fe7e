"""A raised candidate reaches whoever is on shift at once, and nobody else's mailbox."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from comms.models import Delivery, Message
from comms.reactions import candidates as reaction
from comms.services.telling import raised
from incidents.services.desk import candidates
from mim_portal.lib import nudge
from teams.choices import Role
from teams.models import Rota, RotaShift
from tests import factories
from tests.incidents import kit


def told() -> set[str]:
    """The addresses to which a mail was written once the deliveries have looked."""
    raised.tell_due()
    return set(Delivery.objects.values_list("address", flat=True))


def test_with_nobody_on_the_rota_every_manager_is_told(cast: SimpleNamespace) -> None:
    candidate = kit.candidate(by=cast.desmond)
    assert told() == {"mia@example.org", "omar@example.org"}
    message = Message.objects.get()
    assert message.subject == f"Candidate waits: {candidate.title} | {candidate.reference}"
    assert f"/candidates/{candidate.reference}/" in message.text
    assert "Niamh Walsh" in message.text


def test_the_manager_on_shift_alone_is_told(cast: SimpleNamespace) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    RotaShift.objects.create(
        rota=rota, person=cast.omar, starts_at=factories.NOON, ends_at=factories.NOON + timedelta(hours=8)
    )
    kit.candidate(by=cast.desmond)
    assert told() == {"omar@example.org"}


def test_it_leaves_before_copies_of_updates(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond)
    raised.tell_due()
    assert set(Delivery.objects.values_list("position", flat=True)) == {0}


def test_what_the_desk_typed_is_escaped_in_html(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond, where="<script>x</script> & Dublin")
    raised.tell_due()
    message = Message.objects.get()
    assert "&lt;script&gt;x&lt;/script&gt; &amp; Dublin" in message.html
    assert "<script>x</script> & Dublin" in message.text


def test_a_line_break_in_a_title_makes_no_second_header(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond, cannot_do="Staff cannot\r\nBcc: all@example.org\r\nsubmit")
    raised.tell_due()
    assert "\n" not in Message.objects.get().subject


def test_without_any_manager_it_still_waits_in_the_queue(cast: SimpleNamespace) -> None:
    type(cast.mia).objects.filter(username__in=["mia", "omar"]).update(is_active=False)
    assert kit.candidate(by=cast.desmond).state == "open"
    assert told() == set()


def test_each_candidate_is_told_of_once_and_a_decided_one_not_at_all(cast: SimpleNamespace) -> None:
    payroll = factories.service()
    first, second = (kit.candidate(by=cast.desmond, service=payroll) for _ in range(2))
    candidates.reject(reference=str(second.reference), person=cast.mia, reason="A single user.", now=factories.NOON)

    assert (raised.tell_due(), raised.tell_due()) == (1, 0)
    assert set(Message.objects.values_list("thread", flat=True)) == {first.reference}
    first.refresh_from_db()
    assert first.managers_told_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_of_a_candidate_once(cast: SimpleNamespace) -> None:
    payroll = factories.service()
    for _ in range(6):
        kit.candidate(by=cast.desmond, service=payroll)

    def work() -> int:
        try:
            return raised.tell_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: work(), range(4))) == 6
    assert Delivery.objects.count() == 12


def test_a_crowd_of_candidates_asks_the_deliveries_once(
    cast: SimpleNamespace, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("mim_portal.lib.nudge.current_app.send_task", lambda name, **_: sent.append(name))
    monkeypatch.setattr(nudge, "_asked_at", {})
    monkeypatch.setattr(reaction, "NUDGE_EVERY_SECONDS", 60.0)  # however slow the machine is
    payroll = factories.service()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            kit.candidate(by=cast.desmond, service=payroll)
    assert sent == ["comms.tasks.deliver"]
