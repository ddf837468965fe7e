"""What messages of a kind have to say here: set, asked for by the composer, and no longer."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.models import Finding
from comms.queries.writing import required_parts as queries
from comms.services.writing import required_parts
from mim_portal.lib.refusals import Forbidden, Invalid
from mim_portal.models import AuditEntry
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
PAGE = "/settings/parts/"


def test_it_is_asked_for_once_and_audited(cast: SimpleNamespace) -> None:
    assert required_parts.require(person=cast.petra, kind="update", part="data")
    assert not required_parts.require(person=cast.ada, kind="update", part="data")
    assert required_parts.require(person=cast.ada, kind="holding", part="help")
    assert [row.words for row in queries.every()] == ["Holding: how to get help", "Update: whether data was lost"]
    assert required_parts.release(person=cast.ada, kind="update", part="data")
    assert not required_parts.release(person=cast.ada, kind="update", part="data")
    found = AuditEntry.objects.filter(verb__startswith="part.").order_by("pk")
    assert [(row.actor, row.verb, row.subject) for row in found] == [
        (cast.petra, "part.required", "part update data"),
        (cast.ada, "part.required", "part holding help"),
        (cast.ada, "part.released", "part update data"),
    ]


@pytest.mark.parametrize(("kind", "part"), [("update", "doing"), ("update", "apology"), ("poem", "data"), ("", "")])
def test_what_cannot_be_asked_for(cast: SimpleNamespace, kind: str, part: str) -> None:
    with pytest.raises(Invalid) as refused:
        required_parts.require(person=cast.petra, kind=kind, part=part)
    assert refused.value.field == "part"
    with pytest.raises(Forbidden):
        required_parts.require(person=cast.mia, kind="update", part="data")
    assert queries.every() == []


def test_the_check_asks_for_it_and_the_update_leaves_all_the_same(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)
    required_parts.require(person=cast.petra, kind="update", part="watching")
    incident = update_kit.declared(cast.mia)
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    found = Finding.objects.get(update=sent, rule="watching")
    assert (found.code, found.severity, found.is_blocking) == ("C28", "warning", False)
    assert sent.published_at
    required_parts.release(person=cast.petra, kind="update", part="watching")
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    assert not Finding.objects.filter(update=sent, rule="watching").exists()


def test_the_page(cast: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    petra = signed_in(cast.petra)
    assert '<option value="update:data" selected>' in petra.get(f"{PAGE}?part=update:data").content.decode()
    assert petra.post(PAGE, {"part": "update:doing"}).status_code == 422
    assert petra.post(PAGE, {"part": "update:data"}).status_code == 302
    shown = petra.get(PAGE).content.decode()
    assert "Update: whether data was lost</span>" in shown
    petra.post(f"{PAGE}release/", {"kind": "update", "part": "doing"})
    assert len(queries.every()) == 1
    petra.post(f"{PAGE}release/", {"kind": "update", "part": "data"})
    assert queries.every() == []
    assert signed_in(cast.mia).get(PAGE).status_code == 403


def test_by_the_api(cast: SimpleNamespace, api: Callable[..., APIClient]) -> None:
    petra, at = api(cast.petra), "/api/v1/required-parts/"
    for _time in range(2):
        assert petra.put(f"{at}update/data/").json()["results"] == [{"kind": "update", "part": "data"}]
    assert api(cast.mia).get(at).json()["results"] == [{"kind": "update", "part": "data"}]
    assert petra.put(f"{at}update/apology/").json()["errors"][0]["field"] == "part"
    assert api(cast.mia).put(f"{at}update/data/").status_code == 403
    for _time in range(2):
        assert petra.delete(f"{at}update/data/").status_code == 204
    assert queries.held() == set()
