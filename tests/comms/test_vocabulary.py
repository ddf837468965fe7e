"""The organisation's words are read out once, and again as soon as any of them changed, whoever changed them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from comms.adapters import languagetool, memory
from comms.queries.writing import facts, vocabulary
from comms.services.writing import checking
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.models import OrganisationSetting
from teams.models import GlossaryTerm, Person, Service, Site, Team
from tests import factories
from tests.comms import update_kit


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    return update_kit.declared(cast.mia)


@pytest.mark.django_db
def test_unchanged_words_are_one_question_and_stay_as_they_were_read(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    factories.team(slug="network", name="Network")
    with django_assert_num_queries(1):
        first = vocabulary.current()
    with django_assert_num_queries(1):
        assert vocabulary.current() is first
    assert first.teams == ("Network",)


@pytest.mark.django_db
def test_an_organisation_without_words() -> None:
    found = vocabulary.current()
    assert (found.teams, found.services, found.sites, dict(found.glossary), found.public_contacts) == (
        (),
        (),
        (),
        {},
        (),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "change", "part"),
    [
        (lambda: factories.team(slug="a", name="Alpha"), lambda: Team.objects.update(name="Beta"), "teams"),
        (lambda: factories.service(slug="a", name="Alpha"), lambda: Service.objects.update(name="Beta"), "services"),
        (lambda: factories.site(slug="a", name="Alpha"), lambda: Site.objects.update(name="Beta"), "sites"),
    ],
)
def test_a_new_a_changed_and_a_deleted_name_count_at_once(
    make: Callable[[], Any], change: Callable[[], int], part: str
) -> None:
    def names() -> tuple[str, ...]:
        return tuple(getattr(vocabulary.current(), part))

    before = names()
    made = make()
    assert names() == (*before, "Alpha")
    change()
    assert names() == ("Beta",) * (len(before) + 1)
    type(made).objects.filter(pk=made.pk).delete()
    assert names() == ("Beta",) * len(before)


@pytest.mark.django_db
def test_a_new_a_changed_and_a_deleted_term_count_at_once() -> None:
    GlossaryTerm.objects.create(term="EPOS", meaning="the tills")
    assert vocabulary.current().glossary == {"EPOS": "the tills"}
    GlossaryTerm.objects.update(meaning="the tills of a shop")
    assert vocabulary.current().glossary == {"EPOS": "the tills of a shop"}
    GlossaryTerm.objects.all().delete()
    assert vocabulary.current().glossary == {}


@pytest.mark.django_db
def test_the_public_line_counts_at_once() -> None:
    OrganisationSetting.objects.create(name=vocabulary.PUBLIC_CONTACTS, value=["01632 960999"])
    assert vocabulary.current().public_contacts == ("01632 960999",)
    OrganisationSetting.objects.update(value=["01632 960111"])
    assert vocabulary.current().public_contacts == ("01632 960111",)
    OrganisationSetting.objects.all().delete()
    assert vocabulary.current().public_contacts == ()


@pytest.mark.django_db
def test_names_that_are_put_back_are_the_ones_that_stand() -> None:
    team = Team.objects.filter(pk=factories.team(slug="a", name="Alpha").pk)
    for name in ("Alpha", "Beta", "Alpha", "Gamma", "Alpha"):
        team.update(name=name)
        assert vocabulary.current().teams == (name,)


@pytest.mark.django_db
def test_words_with_quotes_and_breaks_stay_apart() -> None:
    for number, name in enumerate(('Tills", "Doors', "Line\nbreak", "Ünïcode 🚆")):
        factories.team(slug=f"t{number}", name=name)
    assert vocabulary.current().teams == ('Tills", "Doors', "Line\nbreak", "Ünïcode 🚆")


@pytest.mark.django_db(transaction=True)
def test_words_of_a_transaction_that_was_rolled_back_are_not_kept() -> None:
    factories.team(slug="network", name="Network")
    assert vocabulary.current().teams == ("Network",)
    with transaction.atomic():
        Team.objects.update(name="Wrong")
        assert vocabulary.current().teams == ("Wrong",)
        transaction.set_rollback(True)
    assert vocabulary.current().teams == ("Network",)


@pytest.mark.django_db(transaction=True)
def test_a_change_by_another_process_counts_at_the_next_check() -> None:
    factories.team(slug="network", name="Network")
    assert vocabulary.current().teams == ("Network",)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE teams_team SET name = 'Networks'")
        assert vocabulary.current().teams == ("Networks",)
        with other.cursor() as cursor:
            cursor.execute("DELETE FROM teams_team")
        assert vocabulary.current().teams == ()
    finally:
        other.close()


@pytest.mark.django_db
def test_a_person_counts_from_the_moment_they_are_added(cast: SimpleNamespace, incident: Incident) -> None:
    """People are not kept at all: only those are read whose names stand in the text."""
    said = "Zora Quill is on it."
    assert facts.known(incident=incident, text=said).people == ()
    zora = factories.person(first_name="Zora", last_name="Quill")
    assert facts.known(incident=incident, text=said).people == ("Zora Quill",)
    Person.objects.filter(pk=zora.pk).update(last_name="Quibble")
    assert facts.known(incident=incident, text=said).people == ("Zora Quibble",)
    Person.objects.filter(pk=zora.pk).update(is_active=False)
    assert facts.known(incident=incident, text=said).people == ()


@pytest.mark.django_db
def test_a_learnt_word_is_right_at_the_next_check_and_wrong_again_without_it(
    cast: SimpleNamespace, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language(misspelt={"Flurbo": "Turbo"}).check)
    made = update_kit.drafted(incident, cast.mia, "end_users", body="Flurbo does not work.")

    def misspelt() -> list[str]:
        found = checking.check(update_id=made.pk, person=cast.mia, now=dbtime.now())
        return [each.text for each in found if each.code == checking.LANGUAGE]

    assert misspelt() == ["Flurbo"]
    GlossaryTerm.objects.create(term="Flurbo", meaning="")
    assert misspelt() == []
    GlossaryTerm.objects.all().delete()
    assert misspelt() == ["Flurbo"]
