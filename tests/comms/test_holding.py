"""One click when there is no news: who is due, what is being done, and by when the next word comes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, OwedAudience, Update, UpdateDeadline
from comms.queries.writing import policies
from comms.rules import phrases
from comms.services.writing import holding, updates
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.services import locking
from incidents.services.record import impact
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def prepare(incident: Incident, person: object, *, now: datetime | None = None) -> Update:
    return holding.prepare(reference=incident.reference, person=person, now=now or dbtime.now())  # type: ignore[arg-type]


def codes(update: Update) -> list[str]:
    return sorted(audience.code for audience in update.audiences.all())


@pytest.mark.parametrize(
    ("state", "doing"),
    [
        (IncidentState.DECLARED, "We are looking into it."),
        (IncidentState.INVESTIGATING, "Our teams are investigating."),
        (IncidentState.IDENTIFIED, "Our teams know what has to be repaired and are preparing it."),
        (IncidentState.MITIGATING, "Our teams are putting a way around the problem in place."),
        (IncidentState.MONITORING, "The service works again and our teams are watching it."),
        (IncidentState.RESOLVED, "Our teams are following it up."),
    ],
)
def test_it_says_what_is_being_done(
    cast: SimpleNamespace, incident: Incident, state: IncidentState, doing: str
) -> None:
    incident.state = state
    incident.save(update_fields=["state"])
    made = prepare(incident, cast.mia)
    assert made.body.endswith(f"\n\nNo change since {incident.declared_at:%H:%M} (UTC+0). {doing}")


def nothing_is_due() -> None:
    UpdateDeadline.objects.filter(ended_at=None).update(ended_at=dbtime.now(), end_reason="no_longer_owed")


def test_who_hears_of_it_for_the_first_time_is_told_what_is_broken(cast: SimpleNamespace, incident: Incident) -> None:
    everybody = sorted(Audience.objects.values_list("code", flat=True))
    for told in (everybody[1:], everybody[:1]):
        nothing_is_due()
        assert prepare(incident, cast.mia).body.startswith(
            "Store staff in Ireland (number not yet known) cannot submit"
        )
        update_kit.published(update_kit.drafted(incident, cast.mia, *told, kind=UpdateKind.INITIAL), cast.mia)
    nothing_is_due()
    assert prepare(incident, cast.mia).body.startswith("No change since")


@pytest.mark.parametrize("where", ["the racks of srv-db01.internal", "Ireland [which towns]"])
def test_what_would_stop_it_is_left_out(cast: SimpleNamespace, incident: Incident, where: str) -> None:
    impact.state(
        reference=incident.reference,
        person=cast.mia,
        fields={**update_kit.IMPACT, "where": where},
        revision_reason="new_information",
        now=dbtime.now(),
    )
    nothing_is_due()
    made = prepare(incident, cast.mia)
    assert made.body.startswith("No change since")
    assert update_kit.published(made, cast.mia).published_at is not None


@pytest.mark.parametrize("state", sorted(filter(None, phrases._DOING[phrases.ENGLISH])))
def test_it_always_passes_the_gate_as_it_stands(
    cast: SimpleNamespace, incident: Incident, state: IncidentState
) -> None:
    incident.state = state
    incident.save(update_fields=["state"])
    made = prepare(incident, cast.mia)
    made.audiences.set(Audience.objects.all())
    sent = update_kit.published(made, cast.mia)
    assert (sent.kind, sent.sequence, sent.sent_now) == (UpdateKind.HOLDING, 1, False)


def test_since_is_the_last_message_that_still_stands(cast: SimpleNamespace, incident: Incident) -> None:
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    assert sent.published_at is not None
    assert f"No change since {sent.published_at:%H:%M} (UTC+0)." in prepare(incident, cast.mia).body


def test_it_says_what_people_can_do_meanwhile(cast: SimpleNamespace, incident: Incident) -> None:
    impact.state(
        reference=incident.reference,
        person=cast.mia,
        fields={**update_kit.IMPACT, "workaround": "use the paper form"},
        revision_reason="new_information",
        now=dbtime.now(),
    )
    assert prepare(incident, cast.mia).body.endswith("Until then: use the paper form.")


def test_one_message_serves_everybody_who_is_due_at_that_beat(cast: SimpleNamespace, incident: Incident) -> None:
    now = dbtime.now()
    for code, minutes in (("technical", 3), ("service_desk", 7), ("end_users", 20)):
        UpdateDeadline.objects.filter(incident=incident, audience__code=code).update(
            due_at=now + timedelta(minutes=minutes)
        )
    UpdateDeadline.objects.filter(
        incident=incident, audience__code__in=["public", "executives", "service_owners"]
    ).update(due_at=now + timedelta(minutes=30))
    assert codes(prepare(incident, cast.mia)) == ["service_desk", "technical"]


def test_with_nothing_due_it_is_for_all_that_are_owed_updates(cast: SimpleNamespace, incident: Incident) -> None:
    UpdateDeadline.objects.filter(incident=incident).update(ended_at=dbtime.now(), end_reason="no_longer_owed")
    OwedAudience.objects.exclude(audience__code="public").update(owed_until=dbtime.now())
    assert codes(prepare(incident, cast.mia)) == ["public"]


def test_the_next_time_keeps_the_shortest_interval(cast: SimpleNamespace, incident: Incident) -> None:
    now = dbtime.now()
    made = prepare(incident, cast.mia, now=now)
    assert made.next_update_at == (now + timedelta(minutes=15)).replace(second=0, microsecond=0)
    executives = list(Audience.objects.filter(code="executives"))
    OwedAudience.objects.filter(audience__code="executives").update(every_minutes=None, later_minutes=None)
    at = holding.usual_next_at(incident=incident, audiences=executives, now=now)
    assert at == (now + timedelta(minutes=30)).replace(second=0, microsecond=0)


def test_clicks_leave_nothing_behind_and_words_are_kept(cast: SimpleNamespace, incident: Incident) -> None:
    first = prepare(incident, cast.mia)
    second = prepare(incident, cast.mia)
    assert list(Update.objects.values_list("pk", flat=True)) == [second.pk]
    assert first.pk != second.pk
    fields = {"body": second.body + " Waiting for the supplier until 14:00 (UTC+0)."}
    updates.edit(update_id=second.pk, person=cast.mia, revision=1, fields=fields, now=dbtime.now())
    third = prepare(incident, cast.mia)
    other = prepare(incident, cast.omar)
    assert set(Update.objects.values_list("pk", flat=True)) == {second.pk, third.pk, other.pk}


def test_a_hidden_incident_is_not_there(cast: SimpleNamespace) -> None:
    hidden = update_kit.declared(cast.mia, is_private=True)
    with pytest.raises(locking.UnknownIncident):
        prepare(hidden, cast.carla)


def test_what_is_waited_for_is_put_into_the_text_that_somebody_came_from(
    cast: SimpleNamespace, incident: Incident, signed_in: Callable[..., Client]
) -> None:
    made = prepare(incident, cast.mia)
    until = (dbtime.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    given = {"what": "the part", "until_at": until, "back": str(made.pk)}
    for _ in range(2):
        answer = signed_in(cast.mia).post(f"/incidents/{incident.reference}/promises/waiting/", given)
        assert answer.headers["Location"] == f"/updates/{made.pk}/"
    before = made.body
    made.refresh_from_db()
    assert made.body.startswith(f"{before} We are waiting for the part until ")
    assert made.body.count("waiting for the part") == 1
    for kind, body in ((UpdateKind.HOLDING, policies.neutral_words()), (UpdateKind.UPDATE, update_kit.BODY)):
        other = update_kit.drafted(incident, cast.mia, kind=kind, body=body)
        assert holding.say_waiting(update_id=other.pk, person=cast.mia, now=dbtime.now()).body == body
