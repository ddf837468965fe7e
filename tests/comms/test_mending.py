"""One press puts a finding right, wherever an edit has moved its words."""

from types import SimpleNamespace

import pytest

from comms.adapters import languagetool, memory
from comms.models import Finding, Update
from comms.services.writing import mending, updates
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = memory.Language(misspelt={"canot": "cannot", "teh": "the"})
    monkeypatch.setattr(languagetool, "check", twin.check)


@pytest.fixture
def made(cast: SimpleNamespace) -> Update:
    update = update_kit.drafted(
        update_kit.declared(cast.mia),
        cast.mia,
        "end_users",
        subject="teh tills",
        body="🔴 Staff canot pay at teh tills.",
    )
    update_kit.checked(update, cast.mia)
    return update


def found(update: Update, text: str) -> Finding:
    return Finding.objects.filter(update=update, text=text, code="C09").order_by("pk")[0]


def replace(update: Update, finding: Finding, cast: SimpleNamespace, *, choice: int = 0) -> Update:
    return mending.replace(update_id=update.pk, finding_id=finding.pk, choice=choice, person=cast.mia, now=dbtime.now())


def test_the_marked_words_are_replaced_and_no_others(cast: SimpleNamespace, made: Update) -> None:
    mended = replace(made, found(made, "canot"), cast)
    assert (mended.body, mended.subject) == ("🔴 Staff cannot pay at teh tills.", "teh tills")


def test_a_finding_in_the_subject_is_mended_there(cast: SimpleNamespace, made: Update) -> None:
    finding = Finding.objects.get(update=made, part="subject", text="teh")
    assert replace(made, finding, cast).subject == "the tills"


def test_words_that_an_edit_has_moved_are_found_again(cast: SimpleNamespace, made: Update) -> None:
    finding = found(made, "canot")
    fields = {"body": "We are sorry. " + made.body}
    updates.edit(update_id=made.pk, person=cast.mia, revision=None, fields=fields, now=dbtime.now())
    assert replace(made, finding, cast).body == "We are sorry. 🔴 Staff cannot pay at teh tills."


def test_words_that_are_gone_change_nothing(cast: SimpleNamespace, made: Update) -> None:
    finding = found(made, "canot")
    updates.edit(update_id=made.pk, person=cast.mia, revision=None, fields={"body": "Other."}, now=dbtime.now())
    with pytest.raises(mending.Moved):
        replace(made, finding, cast)
    made.refresh_from_db()
    assert made.body == "Other."


def test_a_suggestion_that_does_not_exist_changes_nothing(cast: SimpleNamespace, made: Update) -> None:
    with pytest.raises(mending.Moved):
        replace(made, found(made, "canot"), cast, choice=5)


def test_a_finding_of_another_update_is_not_taken(cast: SimpleNamespace, made: Update) -> None:
    other = update_kit.drafted(made.incident, cast.mia, body="Staff canot pay.")
    with pytest.raises(mending.Moved):
        replace(other, found(made, "canot"), cast)


def test_mending_makes_the_mender_its_author(cast: SimpleNamespace, made: Update) -> None:
    mended = mending.replace(
        update_id=made.pk, finding_id=found(made, "canot").pk, choice=0, person=cast.carla, now=dbtime.now()
    )
    assert (mended.author, mended.revision) == (cast.carla, 2)


def test_tidying_leaves_words_alone(cast: SimpleNamespace, made: Update) -> None:
    fields = {"subject": " teh  tills ", "body": "Staff canot  pay .\n\n- use cash  \n- keep receipts"}
    updates.edit(update_id=made.pk, person=cast.mia, revision=None, fields=fields, now=dbtime.now())
    update_kit.checked(made, cast.mia)
    tidied = mending.tidy(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert tidied.subject == "teh tills"
    assert tidied.body == "Staff canot pay.\n\n- use cash\n- keep receipts"
    again = mending.tidy(update_id=made.pk, person=cast.mia, now=dbtime.now())
    assert again.revision == tidied.revision


def test_a_sentence_that_is_missing_is_added_at_the_end(cast: SimpleNamespace, made: Update) -> None:
    [missing] = Finding.objects.filter(update=made, rule="help")
    fields = {"body": made.body + " Please pay in cash. \n"}
    updates.edit(update_id=made.pk, person=cast.mia, revision=None, fields=fields, now=dbtime.now())
    mended = replace(made, missing, cast)
    assert mended.body.endswith("Please pay in cash. If you still need help, call the service desk.")
