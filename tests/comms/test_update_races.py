"""Several people at one text at the same moment: one outcome, and nothing half done."""

import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from comms.adapters import memory
from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Message, Update
from comms.services.writing import approval, publishing, rechecks, updates
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Refusal
from teams.models import Person
from tests import factories
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("language")]


def together(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds at the same moment, each on a connection of its own: "done", or the code of the refusal."""
    barrier = threading.Barrier(len(deeds))
    outcomes: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
            outcomes.append("done")
        except Refusal as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_two_editors_of_one_revision(cast: SimpleNamespace) -> None:
    made = update_kit.drafted(update_kit.declared(cast.mia), cast.carla)

    def writing(person: Person, body: str) -> Callable[[], object]:
        return lambda: updates.edit(
            update_id=made.pk, person=person, revision=1, fields={"body": body}, now=dbtime.now()
        )

    assert together(writing(cast.mia, "Mia's."), writing(cast.carla, "Carla's.")) == ["changed_meanwhile", "done"]
    made.refresh_from_db()
    assert (made.revision, made.body in ("Mia's.", "Carla's.")) == (2, True)


def test_what_is_sent_is_what_was_checked_however_the_race_ends(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    for attempt in range(6):
        made = update_kit.drafted(incident, cast.mia, body=f"{update_kit.BODY} Shop {attempt} is closed.")
        update_kit.checked(made, cast.mia)
        fields = {"body": "We hope to be back shortly."}
        together(
            lambda made=made: update_kit.published(made, cast.mia),  # type: ignore[misc]
            lambda made=made, fields=fields: updates.edit(  # type: ignore[misc]
                update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now()
            ),
        )
        made.refresh_from_db()
        texts = set(Message.objects.filter(update=made).values_list("text", flat=True))
        assert not any("shortly" in text for text in texts)
        assert bool(texts) is (made.state == UpdateState.PUBLISHED)
        assert made.published_hash == ("" if made.published_at is None else made.checked_hash)


def test_two_updates_of_one_incident_get_one_number_each(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    made = [
        update_kit.drafted(incident, cast.mia, code, body=f"{update_kit.BODY} For {code}.")
        for code in ("technical", "service_desk", "service_owners")
    ]
    outcomes = together(*[partial(update_kit.published, one, cast.mia) for one in made])
    assert outcomes == ["done"] * 3
    assert set(Update.objects.values_list("sequence", flat=True)) == {1, 2, 3}


def test_approving_and_editing_at_once_never_approves_other_words(cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    for _ in range(5):
        made = update_kit.drafted(incident, cast.carla, "public")
        update_kit.checked(made, cast.carla)
        fields = {"body": update_kit.BODY + " Thank you."}
        together(
            lambda made=made: approval.approve(update_id=made.pk, person=cast.omar, now=dbtime.now()),  # type: ignore[misc]
            lambda made=made, fields=fields: updates.edit(  # type: ignore[misc]
                update_id=made.pk, person=cast.carla, revision=1, fields=fields, now=dbtime.now()
            ),
        )
        made.refresh_from_db()
        assert (made.body, made.approved_by, made.approved_hash) == (fields["body"], None, "")


def test_a_correction_and_a_withdrawal_at_once_tell_everyone_once_each(cast: SimpleNamespace) -> None:
    factories.recipient(audience="service_owners", address="owner@example.org")
    incident = update_kit.declared(cast.mia)
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia, "service_owners"), cast.mia)
    right = publishing.correct(
        update_id=wrong.pk,
        person=cast.mia,
        subject="",
        body="It was the other shop. We are sorry. Please pay at the till.",
        next_update_at=wrong.next_update_at,
        now=dbtime.now(),
    )
    together(
        lambda: update_kit.published(right, cast.mia),
        lambda: publishing.withdraw(update_id=wrong.pk, person=cast.omar, reason="Wrong list.", now=dbtime.now()),
    )
    subjects = list(Delivery.objects.order_by("pk").values_list("message__subject", flat=True))
    assert len(subjects) == len(set(subjects))
    assert sum(subject.startswith("WITHDRAWN") for subject in subjects) == 1
    wrong.refresh_from_db()
    assert (wrong.state, wrong.withdrawn_at is None) == (UpdateState.WITHDRAWN, False)


def test_two_rechecks_store_a_defect_once(cast: SimpleNamespace, language: memory.Language) -> None:
    language.misspelt["canot"] = "cannot"
    made = update_kit.drafted(
        update_kit.declared(cast.mia), cast.mia, kind=UpdateKind.HOLDING, body=update_kit.BODY + " They canot pay."
    )
    sent = update_kit.published(made, cast.mia, send_now=True)
    assert together(*[lambda: rechecks.recheck(now=dbtime.now())] * 2) == ["done", "done"]
    assert sent.findings.filter(found_after_sending=True).count() == 1
