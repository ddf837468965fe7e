"""What the database refuses of attached files."""

from types import SimpleNamespace
from typing import Any

import pytest

from incidents.models import Attachment, Incident
from tests.constraints.kit import refused
from tests.factories import NOON
from tests.incidents import kit

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return kit.incident(manager=cast.mia)


def row(cast: SimpleNamespace, **fields: Any) -> Attachment:
    usual = {"name": "a.txt", "stored_name": "attachments/1", "content_type": "text/plain", "size": 1}
    return Attachment.objects.create(**{**usual, "uploaded_by": cast.mia, "uploaded_at": NOON, **fields})


def test_a_file_belongs_to_one_thing(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("attachment_of_one_thing"):
        row(cast)
    with refused("attachment_of_one_thing"):
        row(cast, incident=incident, candidate=kit.candidate(by=cast.desmond))


def test_somebody_removed_it_at_a_time(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("attachment_removed_by_somebody"):
        row(cast, incident=incident, removed_at=NOON)


def test_a_file_has_content(incident: Incident, cast: SimpleNamespace) -> None:
    with refused("attachment_has_content"):
        row(cast, incident=incident, size=0)


def test_bytes_are_named_once(incident: Incident, cast: SimpleNamespace) -> None:
    row(cast, incident=incident)
    with refused("incidents_attachment_stored_name_key"):
        row(cast, incident=incident)
