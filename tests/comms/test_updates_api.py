"""incidents/{ref}/updates/ over REST: shapes, refusals, who may, and two writers at once."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from comms.choices import UpdateKind
from comms.models import Update
from comms.queries.writing import updates as update_queries
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]

Api = Callable[..., APIClient]


def address(incident: Incident, *parts: object) -> str:
    return "/".join(["/api/v1/incidents", incident.reference, "updates", *map(str, parts)]) + "/"


def body_of(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "update",
        "audiences": ["service_desk"],
        "subject": update_kit.SUBJECT,
        "body": update_kit.BODY,
        "next_update_at": (dbtime.now() + timedelta(minutes=20)).isoformat(),
        **fields,
    }


def test_draft_check_approve_publish(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    carla, omar, mia = api(cast.carla), api(cast.omar), api(cast.mia)
    made = carla.post(address(incident), body_of(audiences=["end_users", "service_desk"]))
    assert made.status_code == 201, made.json()
    draft = made.json()
    assert made["Location"].endswith(address(incident, draft["id"]))
    assert (draft["state"], draft["author"], draft["incident"]) == ("draft", "carla", incident.reference)
    assert set(draft["audiences"]) == {"end_users", "service_desk"}
    checked = carla.post(address(incident, draft["id"], "check"))
    assert checked.status_code == 200
    assert checked.json()["blocking"] == 0
    assert checked.json()["language_checked"] is True
    refused = carla.post(address(incident, draft["id"], "publish"))
    assert (refused.status_code, refused.json()["code"]) == (409, "second_reader")
    approved = omar.post(address(incident, draft["id"], "approve"))
    assert (approved.status_code, approved.json()["approved_by"]) == (200, "omar")
    sent = mia.post(address(incident, draft["id"], "publish"))
    assert sent.status_code == 200, sent.json()
    assert (sent.json()["state"], sent.json()["sequence"], sent.json()["published_by"]) == ("published", 1, "mia")
    assert sent.json()["deliveries"] == {
        "total": 2,
        "sent": 0,
        "lost": 0,
        "otherwise": 0,
        "left_out": 0,
        "withdrawal": None,
    }


def test_findings_have_the_documented_shape(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    text = "Staff canot pay. " + update_kit.BODY
    client = api(cast.mia)
    pk = client.post(address(incident), body_of(audiences=["public"], body=text)).json()["id"]
    (found,) = [row for row in client.post(address(incident, pk, "check")).json()["findings"] if row["code"] == "C09"]
    assert found == {
        "code": "C09",
        "rule": "spelling",
        "severity": "error",
        "part": "body",
        "audience": "",
        "start": 6,
        "end": 11,
        "text": "canot",
        "message": "Possible spelling mistake found.",
        "suggestions": ["cannot"],
        "blocking": True,
        "override_reason": "",
        "found_after_sending": False,
    }
    assert found in client.get(address(incident, pk)).json()["findings"]


def test_a_blocked_publish_answers_409_with_the_findings(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.mia)
    pk = client.post(address(incident), body_of(body=update_kit.BODY + " More follows shortly.")).json()["id"]
    refused = client.post(address(incident, pk, "publish"))
    problem = refused.json()
    assert (refused.status_code, problem["code"], refused["Content-Type"]) == (
        409,
        "blocked",
        "application/problem+json",
    )
    assert [(row["code"], row["text"]) for row in problem["findings"]] == [("C02", "shortly")]
    sent = client.post(address(incident, pk, "publish"), {"overrides": [{"code": "C02", "reason": "A quoted notice."}]})
    assert sent.status_code == 200
    assert [row["override_reason"] for row in sent.json()["findings"] if row["code"] == "C02"] == ["A quoted notice."]


def test_send_now_sends_an_initial_message_with_a_typo(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.mia)
    fields = body_of(kind="initial", audiences=["public"], body=update_kit.BODY + " They canot pay.")
    pk = client.post(address(incident), fields).json()["id"]
    assert client.post(address(incident, pk, "publish")).status_code == 409
    sent = client.post(address(incident, pk, "publish"), {"send_now": True})
    assert (sent.status_code, sent.json()["sent_now"]) == (200, True)


def test_two_writers_and_if_match(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    carla, mia = api(cast.carla), api(cast.mia)
    made = carla.post(address(incident), body_of())
    pk, tag = made.json()["id"], made["ETag"]
    first = carla.patch(address(incident, pk), {"body": "First."}, headers={"If-Match": tag})
    assert (first.status_code, first.json()["revision"], first["ETag"]) == (200, 2, '"2"')
    second = mia.patch(address(incident, pk), {"body": "Second."}, headers={"If-Match": tag})
    assert second.status_code == 412
    assert (second.json()["revision"], second.json()["body"]) == (2, "First.")
    assert mia.patch(address(incident, pk), {"body": "x"}, headers={"If-Match": '"junk"'}).status_code == 412
    assert mia.patch(address(incident, pk), {"body": "Third."}).json()["body"] == "Third."


def test_the_list_is_newest_first_and_pages(
    api: Api, cast: SimpleNamespace, incident: Incident, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    made = [update_kit.drafted(incident, cast.carla).pk for _ in range(3)]
    client = api(cast.mia)
    with django_assert_max_num_queries(9):
        page = client.get(address(incident), {"page_size": 2}).json()
    assert [row["id"] for row in page["results"]] == made[:0:-1]
    assert [row["id"] for row in client.get(page["next"]).json()["results"]] == made[:1]


def test_correct_and_withdraw(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.mia)
    pk = client.post(address(incident), body_of()).json()["id"]
    assert client.post(address(incident, pk, "withdraw"), {"reason": "x"}).status_code == 409
    client.post(address(incident, pk, "publish"))
    right = client.post(address(incident, pk, "correct"), {"body": "It was the other shop. We are sorry. Please pay."})
    assert right.status_code == 201
    assert (right.json()["kind"], right.json()["corrects"]) == ("correction", pk)
    sent = client.post(address(incident, right.json()["id"], "publish"))
    assert sent.status_code == 200, sent.json()
    assert client.get(address(incident, pk)).json()["state"] == "corrected"
    withdrawn = client.post(address(incident, right.json()["id"], "withdraw"), {"reason": "Right the first time."})
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")


def test_a_reader_can_be_asked_for(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.carla)
    pk = client.post(address(incident), body_of(audiences=["public"])).json()["id"]
    asked = client.post(address(incident, pk, "submit"))
    assert asked.json()["submitted_at"] is not None
    assert [row.pk for row in update_queries.waiting_for_second_reader(cast.omar)] == [pk]


def test_a_draft_is_discarded(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.carla)
    pk = client.post(address(incident), body_of()).json()["id"]
    assert client.delete(address(incident, pk)).status_code == 204
    assert client.get(address(incident, pk)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"audiences": []}, "audiences"),
        ({"audiences": ["martians"]}, "audiences"),
        ({"next_update_at": "soon"}, "next_update_at"),
        ({"kind": "correction"}, "kind"),
    ],
)
def test_what_cannot_be_used_answers_400_with_the_field(
    api: Api, cast: SimpleNamespace, incident: Incident, fields: dict[str, Any], field: str
) -> None:
    answer = api(cast.mia).post(address(incident), body_of(**fields))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_the_same_key_publishes_once(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.mia)
    pk = client.post(address(incident), body_of()).json()["id"]
    answers = [
        client.post(address(incident, pk, "publish"), headers={"Idempotency-Key": "one"}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Update.objects.filter(sequence__isnull=False).count() == 1


def test_drafts_are_for_writers_and_readers_only(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    draft = update_kit.drafted(incident, cast.carla)
    sent = update_kit.published(update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING), cast.mia)
    rosa = api(cast.rosa)
    assert [row["id"] for row in rosa.get(address(incident)).json()["results"]] == [sent.pk]
    assert rosa.get(address(incident, draft.pk)).status_code == 404
    assert api(cast.petra).get(address(incident, draft.pk)).status_code == 200


@pytest.mark.parametrize("name", ["desmond", "rosa", "audra", "eve", "ada", "olaf"])
def test_others_write_nothing(api: Api, cast: SimpleNamespace, incident: Incident, name: str) -> None:
    draft = update_kit.drafted(incident, cast.carla)
    client = api(getattr(cast, name))
    assert client.post(address(incident), body_of()).status_code == 403
    for deed in ("check", "submit", "approve", "publish", "correct", "withdraw"):
        assert client.post(address(incident, draft.pk, deed), {"body": "x", "reason": "x"}).status_code == 403


def test_a_token_without_the_scope_writes_nothing(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    client = api(cast.mia, scopes=["read"])
    assert client.get(address(incident)).status_code == 200
    assert client.post(address(incident), body_of()).status_code == 403
    assert APIClient().get(address(incident)).status_code == 401


def test_a_private_incident_answers_as_if_it_were_not_there(api: Api, cast: SimpleNamespace) -> None:
    hidden = update_kit.declared(cast.mia, is_private=True)
    draft = update_kit.drafted(hidden, cast.mia)
    carla = api(cast.carla)
    assert carla.get(address(hidden)).status_code == 404
    assert carla.post(address(hidden), body_of()).status_code == 404
    assert carla.get(address(hidden, draft.pk)).status_code == 404
    assert carla.post(address(hidden, draft.pk, "publish")).status_code == 404


def test_an_update_belongs_to_its_incident(api: Api, cast: SimpleNamespace, incident: Incident) -> None:
    draft = update_kit.drafted(incident, cast.carla)
    other = update_kit.declared(cast.mia, slug="tills")
    assert api(cast.mia).get(address(other, draft.pk)).status_code == 404
