"""Replies over REST: mails handed in once, listed, marked, placed."""

import base64
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory, smtp
from comms.models import Delivery, Reply
from incidents.models import Incident
from tests import factories
from tests.comms import reply_kit, update_kit
from tests.comms.reply_kit import mail, taken

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
API = "/api/v1/replies/"


@pytest.fixture
def incident(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Incident:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    factories.recipient(audience="end_users", address="anna@example.com")
    return update_kit.declared(cast.mia)


@pytest.fixture
def copy(incident: Incident, cast: SimpleNamespace) -> Delivery:
    return reply_kit.sent(incident, cast, "anna@example.com")[0]


class TestApi:
    def test_a_mail_comes_in_once(self, api: Api, cast: SimpleNamespace, incident: Incident, copy: Delivery) -> None:
        relay = api(cast.ada, scopes=["mail"])
        given = {"raw": mail(to=copy).decode()}
        first, again = relay.post(API, given).json(), relay.post(API, given).json()
        assert (first["kind"], first["is_new"], first["has_incident"]) == ("reply", True, True)
        assert (again["is_new"], again["id"]) == (False, first["id"])
        encoded = {"raw_base64": base64.b64encode(mail(to=copy, message_id="<2@x>")).decode()}
        assert relay.post(API, encoded).json()["has_incident"]
        assert api(cast.ada, scopes=["comms", "read"]).post(API, given).status_code == 403
        assert api(cast.mia).post(API, given).status_code == 403

    def test_by_its_fields(self, api: Api, cast: SimpleNamespace, incident: Incident, copy: Delivery) -> None:
        given = {
            "sender": "anna@example.com",
            "subject": "Re: Payroll\nBcc: all@example.com",
            "text": "Grüße aus Cork: it works.",
            "message_id": "<7@x.example>",
            "in_reply_to": smtp.message_id(copy.pk),
        }
        ada = api(cast.ada)
        assert ada.post(API, given).json()["has_incident"]
        reply = Reply.objects.get()
        assert (reply.message_id, reply.text) == ("<7@x.example>", "Grüße aus Cork: it works.")
        assert reply.subject == "Re: Payroll Bcc: all@example.com"
        automatic = given | {"auto_submitted": "auto-replied", "message_id": "<8@x.example>"}
        assert ada.post(API, automatic).json() == {
            "kind": "automatic",
            "is_new": False,
            "id": None,
            "has_incident": False,
        }

    @pytest.mark.parametrize(
        ("given", "field"),
        [({}, "sender"), ({"raw": "no mail"}, "raw"), ({"raw_base64": "!"}, "raw_base64"), ({"sender": "x"}, "sender")],
    )
    def test_no_mail(self, api: Api, cast: SimpleNamespace, given: dict[str, str], field: str) -> None:
        refused = api(cast.ada).post(API, given)
        assert refused.status_code == 400
        assert field in str(refused.json())

    def test_list_mark_and_place(self, api: Api, cast: SimpleNamespace, incident: Incident, copy: Delivery) -> None:
        made, lost = taken(mail(to=copy)).reply, taken(mail("Lost", message_id="<2@x>")).reply
        assert made is not None
        assert lost is not None
        carla, of_incident = api(cast.carla), f"/api/v1/incidents/{incident.reference}/replies/"
        (row,) = carla.get(of_incident).json()["results"]
        assert (row["sender"], row["text"], row["state"]) == ("anna@example.com", "Still broken in Cork.", "new")
        assert (row["incident"], row["is_recipient"]) == (incident.reference, True)
        marked = carla.post(f"{API}{made.pk}/mark/", {"state": "answered"}).json()
        assert (marked["state"], marked["marked_by"]) == ("answered", cast.carla.username)
        assert carla.get(f"{of_incident}?state=new").json()["results"] == []
        assert carla.get(f"{of_incident}?state=lost").status_code == 400

        assert [row["text"] for row in carla.get(API).json()["results"]] == ["Lost"]
        assert carla.post(f"{API}{lost.pk}/place/", {"incident": "MI-1999-0001"}).status_code == 400
        assert (
            carla.post(f"{API}{lost.pk}/place/", {"incident": incident.reference}).json()["incident"]
            == incident.reference
        )
        assert carla.post(f"{API}{lost.pk}/place/", {"incident": incident.reference}).status_code == 409
        assert carla.post(f"{API}999999/mark/", {"state": "read"}).status_code == 404
        assert api(cast.mia).get(API).status_code == 403
        assert api(cast.rosa).get(of_incident).status_code == 403
        assert api(cast.carla, scopes=["read"]).get(of_incident).status_code == 403
