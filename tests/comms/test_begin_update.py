"""How a message begins: filled from the record, with gaps that cannot leave, and never in anybody's way."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory
from comms.choices import UpdateKind
from comms.models import Audience, Delivery, MessageTemplate, Update
from comms.rendering import draft_values, drafts
from comms.rules import templates as rules
from comms.rules.checking.wording import check_leftovers
from comms.services.writing import beginning, holding, templates
from incidents.models import Incident
from incidents.queries import impact
from mim_portal.lib import dbtime
from mim_portal.models import OrganisationSetting
from teams.models import Person
from tests.comms import update_kit

pytestmark = pytest.mark.django_db
GAP = "[what you can do now]"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


def begun(incident: Incident, *codes: str, kind: str = UpdateKind.INITIAL) -> str:
    audiences = list(Audience.objects.filter(code__in=codes))
    now = dbtime.now()
    return beginning.begin(incident=incident, kind=kind, audiences=audiences, next_update_at=now, now=now).body


def broken(by: Person, kind: str, audience: str, source: str) -> MessageTemplate:
    """A template that was right when it was saved, and is not any more."""
    templates.save(kind=kind, audience=audience, parts={"body": "Fine."}, by=by, now=dbtime.now())
    template = MessageTemplate.objects.get(kind=kind, audience__code=audience)
    template.versions.create(number=2, body=source, author=by)
    return template


def test_the_page_begins_with_what_is_on_record(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client], incident: Incident
) -> None:
    signed_in(cast.mia).post(
        f"/incidents/{incident.reference}/updates/new/", {"kind": "initial", "audiences": ["end_users", "technical"]}
    )
    made = Update.objects.get()
    assert impact.sentence(impact.current(incident)) in made.body
    assert "We are looking into it." in made.body
    assert GAP in made.body
    assert made.subject == incident.title
    assert "C10" in update_kit.checked(made, cast.mia)


def test_every_built_in_template_can_be_rendered(incident: Incident) -> None:
    now = dbtime.now()
    for audience in Audience.objects.all():
        for kind in rules.KINDS:
            values = draft_values.of(incident, kind=kind, audience=audience, next_update_at=None, now=now)
            for tried in (values, draft_values.sample()):
                texts, faults = drafts.rendered(drafts.built_in(kind, audience=audience, language="en-GB"), tried)
                assert (kind, audience.code, faults) == (kind, audience.code, ())
                assert texts.subject
                assert texts.sms
                assert texts.body
                assert "  " not in texts.body


def test_the_made_up_incident_has_the_values_of_real_ones(incident: Incident) -> None:
    audience = Audience.objects.get(code="end_users")
    real = draft_values.of(incident, kind="update", audience=audience, next_update_at=None, now=dbtime.now())

    def shape(values: dict[str, object]) -> list[tuple[str, type]]:
        return sorted((name, type(value)) for name, value in values.items())

    sample = draft_values.sample()
    assert shape(sample) == shape(real)
    for name in ("impact", "last", "manager", "audience"):
        assert shape(sample[name]) == shape(real[name])
    named = {f"{name}.{below}" for name in ("impact", "last", "manager", "audience") for below in real[name]}
    named |= {name for name, value in real.items() if not isinstance(value, dict)}
    assert set(draft_values.MEANINGS) == named


def test_each_audience_has_its_own_words(incident: Incident) -> None:
    assert "Tell callers:" in begun(incident, "service_desk")
    assert "Decision needed:" in begun(incident, "executives")
    assert "We need from you:" in begun(incident, "technical")
    assert begun(incident, "end_users", "technical", "executives") == begun(incident, "end_users")


def test_status_pages_have_shorter_words(incident: Incident) -> None:
    assert GAP not in begun(incident, "public")
    assert GAP in begun(incident, "public", "end_users")


def test_where_people_get_help_is_said_once_it_is_known(incident: Incident) -> None:
    assert "If you need help" not in begun(incident, "end_users")
    OrganisationSetting.objects.create(name="public_contacts", value=["help@example.org", "+44 20 7946 0000"])
    assert "If you need help: help@example.org, +44 20 7946 0000." in begun(incident, "end_users")


def test_nobody_to_write_to_begins_with_nothing(incident: Incident) -> None:
    assert begun(incident) == ""


def test_the_organisations_own_template_is_used(cast: SimpleNamespace, incident: Incident) -> None:
    templates.save(
        kind="initial",
        audience="end_users",
        parts={"body": "{{ service }} needs you: {{ impact.who }}."},
        by=cast.ada,
        now=dbtime.now(),
    )
    assert begun(incident, "end_users") == f"{incident.service.name} needs you: store staff."
    templates.use_built_in(kind="initial", audience="end_users", by=cast.ada)
    assert GAP in begun(incident, "end_users")


@pytest.mark.parametrize("source", ["{{ gone }}", "{% for a in help %}", "{{ impact }}"])
def test_a_broken_template_is_replaced_and_its_keeper_told_once(
    cast: SimpleNamespace, incident: Incident, source: str
) -> None:
    template = broken(cast.ada, "initial", "end_users", source)
    for _time in range(2):
        assert GAP in begun(incident, "end_users")
    template.refresh_from_db()
    assert "body, line 1:" in template.fault
    told = Delivery.objects.get(message__thread=f"template-{template.pk}")
    assert (told.address, told.message.text.count("/settings/templates/initial/end_users/")) == (cast.ada.email, 1)
    templates.save(kind="initial", audience="end_users", parts={"body": "Mended."}, by=cast.ada, now=dbtime.now())
    template.refresh_from_db()
    assert (template.fault, begun(incident, "end_users")) == ("", "Mended.")


@pytest.mark.parametrize("source", ["{{ gone }}", "No change. [what is being done]", "TBC"])
def test_a_holding_update_always_sends(cast: SimpleNamespace, incident: Incident, source: str) -> None:
    for audience in Audience.objects.all():
        broken(cast.ada, "holding", audience.code, source)
    made = holding.prepare(reference=incident.reference, person=cast.mia, now=dbtime.now())
    assert "\n\nNo change since" in made.body
    assert update_kit.published(made, cast.mia).published_at is not None


def test_the_gaps_of_templates_never_leave() -> None:
    text = "[what you can do now] [which decision, by when] [how to get help] [why it is less urgent]"
    assert len(list(check_leftovers.leftovers(text))) == 4
    assert list(check_leftovers.leftovers("Read [what you can do now](https://example.org/help).")) == []


def test_the_api_begins_from_the_template_when_asked(
    cast: SimpleNamespace, api: Callable[..., APIClient], incident: Incident
) -> None:
    address = f"/api/v1/incidents/{incident.reference}/updates/"
    asked = {"kind": "initial", "audiences": ["end_users"], "from_template": True}
    made = api(cast.mia).post(address, asked, format="json")
    assert made.status_code == 201
    assert GAP in made.json()["body"]
    typed = api(cast.mia).post(address, asked | {"body": "Typed."}, format="json").json()
    assert typed["body"] == "Typed."
    assert api(cast.mia).post(address, asked | {"from_template": False}, format="json").json()["body"] == ""
    assert api(cast.mia).post("/api/v1/incidents/MI-2026-9999/updates/", asked, format="json").status_code == 404
