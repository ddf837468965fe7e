"""Files on pages and in the API: several at once, refused ones named, served as downloads only."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from incidents.models import Attachment, Incident
from incidents.services.record import attachments
from teams.models import Person
from tests import files
from tests.factories import NOON
from tests.incidents import kit
from tests.naughty.texts import OWN

Browser = Callable[..., Client]
Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def given(*named: tuple[str, bytes]) -> dict[str, Any]:
    return {"file": [SimpleUploadedFile(name, content) for name, content in named]}


def put(incident: Incident, by: Person, name: str = "error.log", content: bytes = b"E-4012") -> Attachment:
    return attachments.add_to_incident(reference=incident.reference, person=by, name=name, content=content, now=NOON)


def test_several_files_are_attached_at_once(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    client, at = signed_in(cast.rosa), f"/incidents/{incident.reference}/"
    answer = client.post(f"{at}attachments/", given(("a.log", b"a"), ("screen.png", files.picture())))
    assert answer["Location"] == f"{at}#files"
    room = client.get(at).content.decode()
    assert "a.log" in room
    assert "screen.png" in room
    assert "File attached: a.log." in room


def test_what_is_refused_is_named_and_the_rest_is_kept(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser
) -> None:
    answer = signed_in(cast.rosa).post(
        f"/incidents/{incident.reference}/attachments/",
        given(("a.log", b"a"), ("b.exe", files.PROGRAM), ("c.txt", b"")),
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "1 file was attached." in text
    assert "“b.exe” looks like" in text
    assert "“c.txt” is empty." in text
    assert Attachment.objects.count() == 1


def test_nothing_chosen_is_asked_for(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    answer = signed_in(cast.rosa).post(f"/incidents/{incident.reference}/attachments/", {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_a_large_file_is_thrown_away_while_it_arrives(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, settings: Settings
) -> None:
    settings.ATTACHMENT_BYTES = 100_000
    answer = signed_in(cast.rosa).post(
        f"/incidents/{incident.reference}/attachments/", given(("big.log", b"x" * 300_000), ("a.log", b"a"))
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“big.log” is larger than" in text
    assert [one.name for one in Attachment.objects.all()] == ["a.log"]


def test_a_request_larger_than_all_its_files_may_be_is_refused(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, api: Api, settings: Settings
) -> None:
    settings.UPLOAD_BYTES = 1
    body = given(("big.log", b"x" * 1_100_000))
    assert signed_in(cast.rosa).post(f"/incidents/{incident.reference}/attachments/", body).status_code == 400
    answer = api(cast.rosa).post(
        f"/api/v1/incidents/{incident.reference}/attachments/",
        {"file": SimpleUploadedFile("big.log", b"x" * 1_100_000)},
        format="multipart",
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["/attachments/{pk}/", "/api/v1/incidents/{ref}/attachments/{pk}/"])
@pytest.mark.parametrize(
    ("name", "content", "served_as"),
    [
        ("page.txt", files.SCRIPT, "text/plain"),
        ("svg.txt", files.SVG, "text/plain"),
        ("a.pdf", files.PDF + files.SCRIPT, "application/pdf"),
    ],
)
def test_a_file_leaves_as_a_download_only(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, path: str, name: str, content: bytes, served_as: str
) -> None:
    made = put(incident, cast.rosa, name, content)
    answer = signed_in(cast.mia).get(path.format(pk=made.pk, ref=incident.reference))
    assert b"".join(answer) == content
    assert answer["Content-Type"] == served_as
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("words", [*OWN.values(), "a\r\nSet-Cookie: x=1", 'a"; filename="b.exe', "../../etc/passwd"])
def test_no_name_breaks_a_page_or_a_header(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, words: str
) -> None:
    client = signed_in(cast.rosa)
    made = put(incident, cast.rosa, f"{words}.txt")
    answer = client.get(f"/attachments/{made.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "Set-Cookie" not in answer
    assert "/" not in made.name
    assert "<script>alert(1)" not in client.get(f"/incidents/{incident.reference}/").content.decode()


def test_bytes_that_are_gone_are_not_found(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, media: Path
) -> None:
    made = put(incident, cast.rosa)
    (media / made.stored_name).unlink()
    client = signed_in(cast.mia)
    assert client.get(f"/attachments/{made.pk}/").status_code == 404
    assert client.get(f"/api/v1/incidents/{incident.reference}/attachments/{made.pk}/").status_code == 404


def test_a_file_is_removed_from_the_room(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = put(incident, cast.rosa)
    other = signed_in(cast.nils)
    assert "Remove error.log" not in other.get(f"/incidents/{incident.reference}/").content.decode()
    other.post(f"/attachments/{made.pk}/remove/")
    assert "Only whoever attached" in other.get("/").content.decode()
    client = signed_in(cast.rosa)
    assert "Remove error.log" in client.get(f"/incidents/{incident.reference}/").content.decode()
    assert client.post(f"/attachments/{made.pk}/remove/")["Location"] == f"/incidents/{incident.reference}/#files"
    assert client.get(f"/attachments/{made.pk}/").status_code == 404


def test_a_candidate_has_files_too(cast: SimpleNamespace, signed_in: Browser) -> None:
    raised, client = kit.candidate(by=cast.desmond), signed_in(cast.desmond)
    at = f"/candidates/{raised.reference}/"
    assert client.get(f"{at}attachments/").status_code == 200
    assert client.post(f"{at}attachments/", given(("screen.png", files.picture())))["Location"] == f"{at}#files"
    page = client.get(at).content.decode()
    assert "screen.png" in page
    made = Attachment.objects.get()
    assert client.post(f"/attachments/{made.pk}/remove/")["Location"] == f"{at}#files"


def test_the_panel_costs_the_same_with_many_files(
    incident: Incident, cast: SimpleNamespace, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, incident, files."""
    client, address = signed_in(cast.mia), f"/incidents/{incident.reference}/panels/files/"
    for number in range(5):
        put(incident, cast.rosa if number % 2 else cast.mia, f"{number}.log")
    with django_assert_num_queries(4):
        assert "4.log" in client.get(address).content.decode()


def test_nothing_of_it_is_public(incident: Incident, cast: SimpleNamespace, signed_in: Browser) -> None:
    made = put(incident, cast.rosa, "secret-name.log")
    assert Client().get(f"/attachments/{made.pk}/")["Location"].startswith("/account/login/")
    assert signed_in(cast.eve).get(f"/attachments/{made.pk}/").status_code == 403
    for path in (f"/media/{made.stored_name}", f"/{made.stored_name}"):
        assert Client().get(path).status_code == 404
    assert "secret-name" not in signed_in(cast.eve).get("/").content.decode()


class TestApi:
    def upload(self, client: APIClient, address: str, name: str, content: bytes, **headers: str) -> Any:
        return client.post(address, {"file": SimpleUploadedFile(name, content)}, format="multipart", headers=headers)

    def test_attach_list_download_remove(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        client, address = api(cast.rosa), f"/api/v1/incidents/{incident.reference}/attachments/"
        made = self.upload(client, address, "error.log", b"E-4012")
        assert made.status_code == 201
        body = made.json()
        assert (body["name"], body["size"], body["uploaded_by"], body["candidate"]) == ("error.log", 6, "rosa", None)
        assert made["Location"] == body["url"]
        assert client.get(address).json()["results"] == [body]
        assert b"".join(client.get(body["url"])) == b"E-4012"
        assert client.delete(body["url"]).status_code == 204
        assert client.get(address).json()["results"] == []
        assert client.get(body["url"]).status_code == 404

    def test_of_a_candidate(self, cast: SimpleNamespace, api: Api) -> None:
        raised, client = kit.candidate(by=cast.desmond), api(cast.desmond)
        address = f"/api/v1/candidates/{raised.reference}/attachments/"
        body = self.upload(client, address, "a.txt", b"a").json()
        assert body["candidate"] == raised.reference
        assert b"".join(client.get(body["url"])) == b"a"
        assert client.delete(body["url"]).status_code == 204

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [("a.exe", files.PROGRAM, "file_type"), ("a.svg", files.SVG, "file_type"), ("a.txt", b"", "file_empty")],
    )
    def test_refused(
        self, incident: Incident, cast: SimpleNamespace, api: Api, name: str, content: bytes, code: str
    ) -> None:
        address = f"/api/v1/incidents/{incident.reference}/attachments/"
        answer = self.upload(api(cast.rosa), address, name, content)
        assert answer.status_code == 400
        assert answer.json()["errors"][0] == {**answer.json()["errors"][0], "field": "file", "code": code}

    def test_too_large(self, incident: Incident, cast: SimpleNamespace, api: Api, settings: Settings) -> None:
        settings.ATTACHMENT_BYTES = 10
        address = f"/api/v1/incidents/{incident.reference}/attachments/"
        answer = self.upload(api(cast.rosa), address, "a.log", b"x" * 100)
        assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")

    def test_the_same_key_attaches_once(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        """The boundary of a form differs with every sending; what it holds does not."""
        client, address = api(cast.rosa), f"/api/v1/incidents/{incident.reference}/attachments/"
        key = {"Idempotency-Key": "upload-1"}
        first = self.upload(client, address, "a.log", b"x" * 3_000_000, **key)
        again = self.upload(client, address, "a.log", b"x" * 3_000_000, **key)
        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert self.upload(client, address, "a.log", b"other", **key).status_code == 422
        assert Attachment.objects.count() == 1

    def test_what_is_no_form(self, incident: Incident, cast: SimpleNamespace, api: Api) -> None:
        client, address = api(cast.rosa), f"/api/v1/incidents/{incident.reference}/attachments/"
        assert client.post(address, {}, format="json").status_code == 400
        assert client.post(address, {"file": "text"}, format="multipart").status_code == 400
        broken = client.post(address, b"--x\r\nnonsense", content_type="multipart/form-data; boundary=x")
        assert broken.status_code == 400
