"""Words of its own for one audience begin as the core text or as their template; nothing that was typed is lost."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Update
from comms.services.writing import adapting, templates, updates
from incidents.models import Incident
from mim_portal.lib import addresses, dbtime
from mim_portal.lib.refusals import Invalid
from teams.models import Person
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
LINES = "Business: {{ impact.where }} cannot pay. Decision needed: [which decision, by when]."


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    parts = {"subject": "payroll stands", "body": LINES}
    templates.save(kind="update", audience="executives", parts=parts, by=cast.ada, now=dbtime.now())
    return update_kit.declared(cast.mia)


@pytest.fixture
def made(cast: SimpleNamespace, incident: Incident) -> Update:
    return update_kit.drafted(incident, cast.mia, "end_users", "executives")


def adapted(update: Update, person: Person, source: str, audience: str = "executives") -> Update:
    return adapting.adapt(update_id=update.pk, person=person, audience=audience, source=source, now=dbtime.now())


def test_from_the_core_text(cast: SimpleNamespace, made: Update) -> None:
    done = adapted(made, cast.carla, "shared")
    assert done.texts == {"executives": {"subject": "", "body": update_kit.BODY}}
    assert (done.body, done.author) == (update_kit.BODY, cast.carla)


def test_from_the_template_of_kind_and_readers(cast: SimpleNamespace, made: Update) -> None:
    done = adapted(made, cast.mia, "template")
    words = "Business: Ireland cannot pay. Decision needed: [which decision, by when]."
    assert done.texts == {"executives": {"subject": "payroll stands", "body": words}}
    assert done.body == update_kit.BODY


def test_from_the_built_in_template_where_there_is_no_other(cast: SimpleNamespace, made: Update) -> None:
    own = adapted(made, cast.mia, "template", audience="end_users").texts["end_users"]["body"]
    assert own
    assert own != update_kit.BODY


def test_what_was_typed_for_them_stays(cast: SimpleNamespace, made: Update) -> None:
    typed = {"executives": {"body": "Typed for them."}}
    before = updates.edit(update_id=made.pk, person=cast.mia, revision=None, fields={"texts": typed}, now=dbtime.now())
    for source in ("template", "shared"):
        after = adapted(made, cast.carla, source)
        assert after.texts["executives"]["body"] == "Typed for them."
        assert (after.revision, after.author) == (before.revision, cast.mia)


def test_those_who_do_not_get_it_and_what_was_sent_are_refused(cast: SimpleNamespace, made: Update) -> None:
    for wrong in ("technical", "nobody"):
        with pytest.raises(Invalid) as refused:
            adapted(made, cast.mia, "template", audience=wrong)
        assert refused.value.field == "audience"
    sent = update_kit.drafted(made.incident, cast.mia, "executives", kind=UpdateKind.INITIAL)
    update_kit.published(sent, cast.mia)
    with pytest.raises(updates.AlreadySent):
        adapted(sent, cast.mia, "template")


def test_a_template_without_words_leaves_the_core_text(cast: SimpleNamespace, incident: Incident) -> None:
    wrong = update_kit.published(
        update_kit.drafted(incident, cast.mia, "executives", kind=UpdateKind.INITIAL), cast.mia
    )
    made = update_kit.drafted(incident, cast.mia, "executives", kind=UpdateKind.CORRECTION, corrects=wrong)
    assert adapted(made, cast.mia, "template").texts["executives"]["body"] == update_kit.BODY


def test_the_page_keeps_what_was_typed_and_begins_theirs(
    cast: SimpleNamespace, made: Update, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(cast.mia)
    address = addresses.update(made.pk)
    shown = browser.get(address).content.decode()
    assert 'value="template-executives"' in shown
    assert 'data-shortcut="A"' in shown
    form = {"revision": made.revision, "subject": "typed", "body": "Typed this moment."}
    form |= {"audiences": ["end_users", "executives"], "deed": "template-executives"}
    answer = browser.post(address, form)
    assert answer["Location"] == f"{address}?adapt=executives#text-executives"
    made.refresh_from_db()
    assert made.body == "Typed this moment."
    assert made.texts["executives"]["body"].startswith("Business: Ireland")
    refused = browser.post(address, form | {"revision": made.revision, "deed": "template-technical"})
    assert refused.status_code == 409
    assert "choose them among its readers first" in refused.content.decode()


def test_the_api_adapts_too(cast: SimpleNamespace, made: Update, api: Callable[..., APIClient]) -> None:
    address = f"/api/v1/incidents/{made.incident.reference}/updates/{made.pk}/adapt/"
    answer = api(cast.mia).post(address, {"audience": "executives", "begin_as": "template"}, format="json")
    assert answer.status_code == 200
    assert answer.json()["texts"]["executives"]["subject"] == "payroll stands"
    shared = api(cast.mia).post(address, {"audience": "end_users"}, format="json").json()
    assert shared["texts"]["end_users"]["body"] == update_kit.BODY
    assert api(cast.mia).post(address, {"audience": "public"}, format="json").status_code == 400
    assert api(cast.mia).post(address, {"audience": "public", "begin_as": "none"}, format="json").status_code == 400
    assert api(cast.desmond).post(address, {"audience": "executives"}, format="json").status_code == 403
