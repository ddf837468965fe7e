"""Keeping the organisation's templates: versions, faults at their line, and two people at once."""

from types import SimpleNamespace

import pytest

from comms.models import Audience, MessageTemplate, TemplateVersion
from comms.queries.writing import templates as queries
from comms.services.writing import templates
from mim_portal.lib import dbtime
from mim_portal.models import AuditEntry
from teams.models import Person
from tests.constraints.kit import refused, refuses

pytestmark = pytest.mark.django_db


def save(by: Person, body: str, **options: object) -> TemplateVersion:
    named = {"kind": "update", "audience": "end_users", "parts": {"body": body}, **options}
    return templates.save(by=by, now=dbtime.now(), **named)  # type: ignore[arg-type]


def test_every_save_is_a_version(cast: SimpleNamespace) -> None:
    first, second = save(cast.ada, "One."), save(cast.ada, "Two.\r\n")
    assert (first.number, second.number, second.body) == (1, 2, "Two.")
    assert [version.body for version in queries.versions(second.template)] == ["Two.", "One."]
    assert list(AuditEntry.objects.values_list("verb", "subject", "data")) == [
        ("template.saved", "template update end_users", {"version": 1}),
        ("template.saved", "template update end_users", {"version": 2}),
    ]


def test_saving_the_same_again_changes_nothing(cast: SimpleNamespace) -> None:
    assert save(cast.ada, "One.") == save(cast.ada, "One.")


def test_an_old_version_is_taken_up_again(cast: SimpleNamespace) -> None:
    save(cast.ada, "One.")
    save(cast.ada, "Two.")
    again = templates.revert(kind="update", audience="end_users", number=1, by=cast.ada, now=dbtime.now())
    assert (again.number, again.body, again.reverts_to) == (3, "One.", 1)
    with pytest.raises(templates.Unknown):
        templates.revert(kind="update", audience="end_users", number=9, by=cast.ada, now=dbtime.now())


def test_two_people_do_not_overwrite_each_other(cast: SimpleNamespace) -> None:
    save(cast.ada, "One.", version=0)
    with pytest.raises(templates.ChangedMeanwhile) as caught:
        save(cast.ada, "Other.", version=0)
    assert caught.value.extra == {"version": 1}


def test_the_built_in_one_is_taken_back_and_versions_stay(cast: SimpleNamespace) -> None:
    audience = Audience.objects.get(code="end_users")
    save(cast.ada, "One.")
    for _time in range(2):
        templates.use_built_in(kind="update", audience="end_users", by=cast.ada)
    assert queries.in_use(kind="update", audience=audience) is None
    assert TemplateVersion.objects.count() == 1
    assert AuditEntry.objects.filter(verb="template.switched_off").count() == 1
    save(cast.ada, "One.")
    assert queries.in_use(kind="update", audience=audience) is not None


def test_faults_are_told_by_part_and_line(cast: SimpleNamespace) -> None:
    parts = {"subject": "{{ nobody }}", "body": "Fine.\n\n{{ impact.were }}", "sms": "{{"}
    with pytest.raises(templates.Faulty) as caught:
        save(cast.ada, "", parts=parts)
    assert caught.value.field == "subject"
    assert [(one["part"], one["line"]) for one in caught.value.extra["faults"]] == [
        ("subject", 1),
        ("body", 3),
        ("sms", 1),
    ]
    assert not MessageTemplate.objects.exists()


def test_a_holding_template_leaves_nothing_to_fill_in(cast: SimpleNamespace) -> None:
    with pytest.raises(templates.Faulty, match="sent as it stands") as caught:
        save(cast.ada, "No change.\n[what is being done]", kind="holding")
    assert caught.value.extra["faults"][0]["line"] == 2


@pytest.mark.parametrize(("kind", "audience"), [("correction", "end_users"), ("nothing", "public"), ("update", "cats")])
def test_there_are_templates_for_what_there_is(cast: SimpleNamespace, kind: str, audience: str) -> None:
    with pytest.raises(templates.Unknown):
        save(cast.ada, "One.", kind=kind, audience=audience)


def test_what_was_never_written_cannot_be_given_up(cast: SimpleNamespace) -> None:
    with pytest.raises(templates.Unknown, match="built-in"):
        templates.use_built_in(kind="update", audience="public", by=cast.ada)


def test_the_database_keeps_one_template_and_one_version_of_a_number(cast: SimpleNamespace) -> None:
    version = save(cast.ada, "One.")
    template = version.template
    with refused("template_once"):
        MessageTemplate.objects.create(kind="update", audience=template.audience)
    with refused("template_version_once"):
        TemplateVersion.objects.create(template=template, number=1, author=cast.ada)
    refuses("UPDATE comms_templateversion SET body = 'x'", because="Cannot update")
    refuses("DELETE FROM comms_templateversion", because="Cannot delete")
