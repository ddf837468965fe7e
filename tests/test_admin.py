"""The organisation's reference data in the admin: every list, form and search opens, and what cannot be is said."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from comms.models import Audience, CadencePolicy, Component, OwedAudience, Recipient, StatusPage
from incidents.models import Incident, TimelineEntry
from teams.choices import Role
from teams.models import ApiToken, Contact, GlossaryTerm, Membership, Person, Rota, RotaShift, Team
from tests import factories, status_pages
from tests.comms import update_kit
from tests.factories import NOON
from tests.naughty.texts import NUL, OWN

Browser = Callable[..., Client]
OURS = ("teams", "comms", "incidents", "reviews", "mim_portal")
REGISTERED = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)


@pytest.fixture
def ada(cast: SimpleNamespace, signed_in: Browser) -> Client:
    return signed_in(cast.ada)


@pytest.fixture
def rows(cast: SimpleNamespace) -> dict[type[Model], Model]:
    """One of each that is kept here, as its words may be."""
    name = f"{OWN['script']} {OWN['emoji']}"
    team = factories.team(slug="payments-team", name=name, members=(cast.rosa,))
    Contact.objects.create(team=team, kind="phone", value="+353 1 555 0100")
    service = factories.service(slug="payroll", name=name, owner_team=team)
    rota = Rota.objects.create(name=name, role=Role.INCIDENT_MANAGER)
    RotaShift.objects.create(rota=rota, person=cast.mia, starts_at=NOON, ends_at=NOON + timedelta(hours=8))
    page = status_pages.page(slug="public")
    status_pages.component(of=page, service=service)
    made: list[Model] = [
        team,
        service,
        rota,
        page,
        cast.mia,
        factories.site(slug="dublin", name=name),
        factories.recipient(audience="public", address="all@example.org"),
        GlossaryTerm.objects.create(term="Payroll", meaning=name),
        Audience.objects.get(code="public"),
    ]
    return {type(row): row for row in made}


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send back of the form on this page, unchanged."""
    shown = answer.context["adminform"].form
    forms = [shown, *(form for formset in answer.context["inline_admin_formsets"] for form in formset.formset.forms)]
    forms += [formset.formset.management_form for formset in answer.context["inline_admin_formsets"]]
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, list | tuple):
                sent[bound.html_name] = [getattr(one, "pk", one) for one in value]
            elif hasattr(value, "isoformat") and hasattr(bound.field.widget, "widgets"):
                sent |= {f"{bound.html_name}_0": f"{value:%Y-%m-%d}", f"{bound.html_name}_1": f"{value:%H:%M:%S}"}
            else:
                sent[bound.html_name] = value
    return sent


def errors_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_nothing_that_is_only_ever_written_to_is_edited_here() -> None:
    assert REGISTERED
    kept_out = {TimelineEntry, Incident, ApiToken, OwedAudience}
    assert kept_out.isdisjoint(REGISTERED)
    assert {model._meta.app_label for model in REGISTERED} == {"teams", "comms"}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_page_of_it_opens_and_shows_words_as_words(
    model: type[Model], ada: Client, rows: dict[type[Model], Model]
) -> None:
    assert model in rows
    pages = [address(model, "changelist"), address(model, "add"), address(model, "change", rows[model].pk)]
    pages += [address(model, "history", rows[model].pk), address(model, "delete", rows[model].pk)]
    for page in pages:
        answer = ada.get(page)
        assert answer.status_code == 200, page
        assert b"<script>alert(1)" not in answer.content, page


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_list_is_searched_for_anything(model: type[Model], ada: Client, rows: dict[type[Model], Model]) -> None:
    for asked in (*OWN.values(), "x" * 500):
        answer = ada.get(address(model, "changelist"), {"q": asked})
        assert answer.status_code == 200, asked
        assert b"<script>alert(1)</script>" not in answer.content
    assert ada.get(address(model, "changelist"), {"q": NUL}).status_code == 400


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_saving_without_a_change_changes_nothing(
    model: type[Model], ada: Client, rows: dict[type[Model], Model]
) -> None:
    before = model._default_manager.filter(pk=rows[model].pk).values().get()
    page = address(model, "change", rows[model].pk)
    answer = ada.post(page, form_of(ada.get(page)))
    assert answer.status_code == 302, errors_of(answer)
    after = model._default_manager.filter(pk=rows[model].pk).values().get()
    assert after == before


def test_a_list_costs_the_same_however_long_it_is(
    ada: Client, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        service = factories.service(owner_team=factories.team())
        factories.recipient(audience="public", address=f"{number}@example.org", service=service, site=factories.site())
    for name in ("teams_service", "comms_recipient"):
        with django_assert_max_num_queries(10):
            ada.get(reverse(f"admin:{name}_changelist"))


def test_a_person_is_made_and_given_roles(ada: Client, cast: SimpleNamespace) -> None:
    secret = "a long enough phrase 42"
    given = {"username": "niamh", "password1": secret, "password2": secret, "usable_password": "true"}
    made = ada.post(address(Person, "add"), given)
    assert made.status_code == 302, errors_of(made)
    niamh = Person.objects.get(username="niamh")
    assert (niamh.roles, niamh.is_staff) == ([], False)
    page = address(Person, "change", niamh.pk)
    fields = form_of(ada.get(page)) | {"roles": "service_desk,responder", "email": "niamh@example.org"}
    assert ada.post(page, fields).status_code == 302
    niamh.refresh_from_db()
    assert niamh.has_role(Role.SERVICE_DESK)
    assert niamh.has_role(Role.RESPONDER)
    assert not niamh.has_role(Role.INCIDENT_MANAGER)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"roles": "emperor"}, "emperor"),
        ({"email": "OMAR@example.org"}, "constraint"),
        ({"username": "OMAR"}, "constraint"),
        ({"username": NUL}, "Null characters are not allowed."),
        ({"time_zone": "x" * 65}, "at most 64"),
    ],
)
def test_a_person_that_cannot_be_is_said_and_not_saved(
    ada: Client, cast: SimpleNamespace, change: dict[str, str], words: str
) -> None:
    page = address(Person, "change", cast.mia.pk)
    assert words.lower() in errors_of(ada.post(page, form_of(ada.get(page)) | change)).lower()
    assert Person.objects.get(pk=cast.mia.pk).username == "mia"


def test_a_rota_for_a_role_and_a_team_at_once_is_said(ada: Client, cast: SimpleNamespace) -> None:
    team = factories.team()
    empty = form_of(ada.get(address(Rota, "add")))
    given = empty | {"name": "Both", "role": Role.DEPUTY, "team": team.pk, "time_zone": "UTC"}
    assert "rota_for_a_role_or_a_team" in errors_of(ada.post(address(Rota, "add"), given))
    assert not Rota.objects.exists()
    assert ada.post(address(Rota, "add"), given | {"team": ""}).status_code == 302


def test_a_shift_that_ends_before_it_starts_is_said(ada: Client, cast: SimpleNamespace) -> None:
    rota = Rota.objects.create(name="Managers", role=Role.INCIDENT_MANAGER)
    page = address(Rota, "change", rota.pk)
    shift = {"shifts-TOTAL_FORMS": "1", "shifts-0-person": cast.mia.pk, "shifts-0-rota": rota.pk}
    shift |= {"shifts-0-starts_at_0": "2026-11-23", "shifts-0-starts_at_1": "16:00:00"}
    early = shift | {"shifts-0-ends_at_0": "2026-11-23", "shifts-0-ends_at_1": "08:00:00"}
    unchanged = form_of(ada.get(page))
    assert "shift_has_a_length" in errors_of(ada.post(page, unchanged | early))
    assert not RotaShift.objects.exists()
    late = early | {"shifts-0-ends_at_0": "2026-11-24"}
    assert ada.post(page, unchanged | late).status_code == 302
    assert RotaShift.objects.get().person == cast.mia


def test_a_word_that_is_in_the_dictionary_is_said(ada: Client) -> None:
    GlossaryTerm.objects.create(term="Payroll")
    answer = ada.post(address(GlossaryTerm, "add"), {"term": "PAYROLL", "meaning": "again"})
    assert "term_once_in_any_case" in errors_of(answer)
    assert GlossaryTerm.objects.count() == 1


def test_an_address_is_added_for_everything_or_for_one_service(ada: Client) -> None:
    audience = Audience.objects.get(code="public")
    service = factories.service()
    given = {"audience": audience.pk, "channel": "email", "address": "all@example.org", "is_active": "on"}
    given |= {"used_for": "incidents"}
    assert ada.post(address(Recipient, "add"), given).status_code == 302
    assert ada.post(address(Recipient, "add"), given | {"service": service.pk}).status_code == 302
    assert "already exists" in errors_of(ada.post(address(Recipient, "add"), given))
    assert Recipient.objects.count() == 2


def test_members_and_contacts_are_kept_with_their_team(ada: Client, cast: SimpleNamespace) -> None:
    empty = form_of(ada.get(address(Team, "add")))
    given = empty | {"name": "Network", "slug": "network", "time_zone": "UTC", "is_active": "on"}
    given |= {"memberships-TOTAL_FORMS": "1", "memberships-0-person": cast.nils.pk, "memberships-0-is_lead": "on"}
    given |= {
        "contacts-TOTAL_FORMS": "1",
        "contacts-0-kind": "phone",
        "contacts-0-value": "+353 1",
        "contacts-0-position": "0",
        "contacts-0-hours": "always",
    }
    answer = ada.post(address(Team, "add"), given)
    assert answer.status_code == 302, errors_of(answer)
    assert Membership.objects.get().is_lead
    assert Contact.objects.get().value == "+353 1"


def test_another_cadence_moves_no_promise_that_runs(ada: Client, cast: SimpleNamespace) -> None:
    incident = update_kit.declared(cast.mia)
    audience = Audience.objects.get(code="end_users")
    before = OwedAudience.objects.get(incident=incident, audience=audience).every_minutes
    page = address(Audience, "change", audience.pk)
    fields = form_of(ada.get(page))
    number = next(name.split("-")[1] for name, value in fields.items() if name.endswith("-priority") and value == "P1")
    answer = ada.post(page, fields | {f"policies-{number}-every_minutes": "3"})
    assert answer.status_code == 302, errors_of(answer)
    assert CadencePolicy.objects.get(priority="P1", audience=audience).every_minutes == 3
    assert OwedAudience.objects.get(incident=incident, audience=audience).every_minutes == before != 3


def test_the_state_of_a_component_is_not_set_by_hand(ada: Client, rows: dict[type[Model], Model]) -> None:
    page = address(StatusPage, "change", rows[StatusPage].pk)
    fields = form_of(ada.get(page))
    assert not [name for name in fields if name.endswith(("-state", "version"))]
    assert ada.post(page, fields | {"components-0-state": "major_outage", "rendered_version": "99"}).status_code == 302
    assert Component.objects.get().state == "operational"
    assert StatusPage.objects.get(slug="public").rendered_version != 99
