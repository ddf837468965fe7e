"""Files of drafts, candidates and incidents: kept safely, shown to those who may see, gone when removed."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from incidents.models import Attachment, Candidate, Incident, TimelineEntry
from incidents.queries import attachments as queries
from incidents.services.desk import candidates
from incidents.services.record import attachment_files, attachments
from incidents.services.states import declaration
from mim_portal.lib.refusals import Invalid, Refusal
from tests import files
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def attach(incident: Incident, by: Any, *, name: str = "error.log", content: bytes = b"E-4012", **options: Any) -> Any:
    return attachments.add_to_incident(
        reference=incident.reference, person=by, name=name, content=content, **{"now": NOON, **options}
    )


def kept(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_random_name_and_told(incident: Incident, cast: SimpleNamespace, media: Path) -> None:
    made = attach(incident, cast.rosa, name="../../error.log")
    assert (made.name, made.size, made.content_type) == ("error.log", 6, "text/plain")
    (path,) = kept(media)
    assert path.read_bytes() == b"E-4012"
    assert "error" not in str(path.relative_to(media))
    entry = TimelineEntry.objects.get(kind="file_attached")
    assert (entry.text, entry.actor, entry.data) == ("error.log", cast.rosa, {"file": made.pk})


def test_a_file_goes_from_draft_to_candidate_to_incident(cast: SimpleNamespace) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={}, draft_id=None, now=NOON)
    made = attachments.add_to_draft(
        draft_id=draft.pk, person=cast.desmond, name="screen.png", content=files.picture(), now=NOON
    )
    assert not queries.visible(cast.mia).exists()
    assert queries.visible(cast.desmond).get() == made
    raised = candidates.raise_candidate(person=cast.desmond, facts=kit.facts(), now=NOON, draft_id=draft.pk)
    assert raised.reference is not None
    assert queries.of_candidate(raised).get() == queries.visible(cast.mia).get() == made
    incident = declaration.accept(
        reference=raised.reference, person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=NOON
    )
    assert queries.of_incident(incident).get() == made
    late = attachments.add_to_candidate(
        reference=raised.reference, person=cast.desmond, name="more.txt", content=b"more", now=NOON
    )
    assert list(queries.of_incident(incident)) == [made, late]
    assert TimelineEntry.objects.get(incident=incident, kind="file_attached").text == "more.txt"


def test_discarding_a_draft_deletes_its_files(
    cast: SimpleNamespace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={}, draft_id=None, now=NOON)
    attachments.add_to_draft(draft_id=draft.pk, person=cast.desmond, name="a.txt", content=b"a", now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        candidates.discard_draft(person=cast.desmond, draft_id=draft.pk)
    assert kept(media) == []
    assert not Attachment.objects.exists()


def test_nobody_adds_to_the_draft_of_somebody_else(cast: SimpleNamespace, media: Path) -> None:
    draft = candidates.save_draft(person=cast.desmond, facts={}, draft_id=None, now=NOON)
    with pytest.raises(Refusal) as refused:
        attachments.add_to_draft(draft_id=draft.pk, person=cast.dara, name="a.txt", content=b"a", now=NOON)
    assert refused.value.status == 404
    assert kept(media) == []


def test_removing_deletes_the_bytes_and_keeps_the_row(
    incident: Incident, cast: SimpleNamespace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    made = attach(incident, cast.rosa)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment_id=made.pk, person=cast.rosa, now=NOON)
    assert kept(media) == []
    assert not queries.visible(cast.rosa).exists()
    made.refresh_from_db()
    assert (made.removed_by, made.removed_at) == (cast.rosa, NOON)
    assert TimelineEntry.objects.get(kind="file_removed").text == "error.log"
    with pytest.raises(Refusal) as refused:
        attachments.remove(attachment_id=made.pk, person=cast.rosa, now=NOON)
    assert refused.value.status == 404


@pytest.mark.parametrize(("who", "may"), [("rosa", True), ("mia", True), ("dan", True), ("nils", False)])
def test_who_may_remove(incident: Incident, cast: SimpleNamespace, who: str, may: bool) -> None:
    made = attach(incident, cast.rosa)
    person = getattr(cast, who)
    if may:
        attachments.remove(attachment_id=made.pk, person=person, now=NOON)
    else:
        with pytest.raises(Refusal, match="Only whoever attached"):
            attachments.remove(attachment_id=made.pk, person=person, now=NOON)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("setup.exe", files.PROGRAM, "“setup.exe” looks like: Windows"),
        ("logo.svg", files.SVG, "You can attach pictures"),
        ("page.html", files.SCRIPT, "“page.html” is of a kind that is not taken"),
        ("list.docx", files.document("word/vbaProject.bin"), "contains a program"),
        ("huge.png", files.header_only(50_000, 50_000), "has too many pixels"),
        ("empty.txt", b"", "is empty"),
        ("\u202egpj.exe", files.PROGRAM, "“gpj.exe”"),
        ("no ending", b"\x00\x01", "“no ending” is of a kind"),
    ],
)
def test_a_refusal_names_the_file_and_leaves_nothing(
    incident: Incident, cast: SimpleNamespace, media: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        attach(incident, cast.rosa, name=name, content=content)
    assert refused.value.field == "file"
    assert kept(media) == []
    assert not Attachment.objects.exists()


def test_a_file_over_the_limit_is_refused(incident: Incident, cast: SimpleNamespace, settings: Settings) -> None:
    settings.ATTACHMENT_BYTES = 5
    with pytest.raises(Invalid, match="is larger than"):
        attach(incident, cast.rosa)


def test_an_incident_holds_so_many_files(
    incident: Incident, cast: SimpleNamespace, settings: Settings, media: Path
) -> None:
    settings.ATTACHMENTS_EACH = 2
    first = attach(incident, cast.rosa)
    attach(incident, cast.rosa)
    with pytest.raises(attachments.TooManyFiles, match="2 files already"):
        attach(incident, cast.rosa)
    assert len(kept(media)) == 2
    attachments.remove(attachment_id=first.pk, person=cast.rosa, now=NOON)
    attach(incident, cast.rosa)


def test_a_person_attaches_so_many_an_hour(incident: Incident, cast: SimpleNamespace, settings: Settings) -> None:
    settings.ATTACHMENTS_PER_PERSON_AND_HOUR = 2
    for _ in range(2):
        made = attach(incident, cast.rosa)
        attachments.remove(attachment_id=made.pk, person=cast.rosa, now=NOON)
    with pytest.raises(attachments.TooManyFiles) as refused:
        attach(incident, cast.rosa)
    assert refused.value.code == "too_fast"
    attach(incident, cast.nils)
    attach(incident, cast.rosa, now=NOON + timedelta(minutes=61))


@contextmanager
def no_room() -> Iterator[None]:
    """Files of this process cannot grow beyond a few bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_one_clear_error_and_nothing_half_stored(
    incident: Incident, cast: SimpleNamespace, media: Path
) -> None:
    with no_room(), pytest.raises(attachment_files.NotStored, match=r"it may be full\. Nothing was kept") as refused:
        attach(incident, cast.rosa, content=b"x" * 10_000)
    assert refused.value.status == 507
    assert kept(media) == []
    assert not Attachment.objects.exists()


def test_what_the_database_refuses_leaves_no_file(incident: Incident, cast: SimpleNamespace, media: Path) -> None:
    with pytest.raises(Refusal):
        attachments.add_to_incident(reference="MI-2026-9999", person=cast.rosa, name="a.txt", content=b"a", now=NOON)
    assert kept(media) == []


def test_a_storage_that_cannot_delete_does_not_stop_the_removal(
    incident: Incident, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    made = attach(incident, cast.rosa)

    def fails(name: str) -> None:
        raise PermissionError(name)

    monkeypatch.setattr(default_storage, "delete", fails)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment_id=made.pk, person=cast.rosa, now=NOON)
    assert not queries.visible(cast.rosa).exists()


def test_files_of_a_private_incident_exist_for_its_people_only(cast: SimpleNamespace) -> None:
    raised = kit.candidate(by=cast.desmond)
    assert raised.reference is not None
    attachments.add_to_candidate(reference=raised.reference, person=cast.desmond, name="a.txt", content=b"a", now=NOON)
    incident = declaration.accept(
        reference=raised.reference, person=cast.mia, impact=1, urgency=1, manager=cast.mia, now=NOON
    )
    attach(incident, cast.mia)
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    assert queries.visible(cast.mia).count() == 2
    assert queries.visible(cast.omar).count() == queries.visible(cast.desmond).count() == 0
    with pytest.raises(Refusal) as refused:
        attachments.add_to_candidate(
            reference=raised.reference, person=cast.desmond, name="b.txt", content=b"b", now=NOON
        )
    assert refused.value.status == 404
    assert Candidate.objects.get(pk=raised.pk).attachments.count() == 1
