"""A raised candidate reaches whoever is on shift at once, and nobody else's mailbox."""

from datetime import timedelta
from types import SimpleNamespace

from comms.models import Delivery, Message
from teams.choices import Role
from teams.models import Rota, RotaShift
from tests import factories
from tests.incidents import kit


def told() -> set[str]:
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
    assert set(Delivery.objects.values_list("position", flat=True)) == {0}


def test_what_the_desk_typed_is_escaped_in_html(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond, where="<script>x</script> & Dublin")
    message = Message.objects.get()
    assert "&lt;script&gt;x&lt;/script&gt; &amp; Dublin" in message.html
    assert "<script>x</script> & Dublin" in message.text


def test_a_line_break_in_a_title_makes_no_second_header(cast: SimpleNamespace) -> None:
    kit.candidate(by=cast.desmond, cannot_do="Staff cannot\r\nBcc: all@example.org\r\nsubmit")
    assert "\n" not in Message.objects.get().subject


def test_without_any_manager_it_still_waits_in_the_queue(cast: SimpleNamespace) -> None:
    type(cast.mia).objects.filter(username__in=["mia", "omar"]).update(is_active=False)
    assert kit.candidate(by=cast.desmond).state == "open"
    assert told() == set()
