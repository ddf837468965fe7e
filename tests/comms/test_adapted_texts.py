"""One update in several words: each audience is checked for, approved and sent its own."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from comms.adapters import memory
from comms.choices import UpdateKind
from comms.models import Finding, Message, Update
from comms.queries import callers
from comms.queries.writing import facts
from comms.queries.writing import updates as update_queries
from comms.services.writing import approval, mending, publishing, rechecks, updates
from incidents.models import Incident
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Invalid
from tests import status_pages
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]

FOUR_LINES = "Payroll cannot be submitted in Ireland. Paper forms are used. Our engineers are working on it."
HOST = "The write path of db-prod-01 is full; the database team works on it."
SCRIPT = "Tell callers to keep their hours on paper. Our engineers are working on it."


def edit(update: Update, person: Any, **fields: Any) -> Update:
    return updates.edit(update_id=update.pk, person=person, revision=None, fields=fields, now=dbtime.now())


def three(incident: Incident, author: Any, **fields: Any) -> Update:
    """For three audiences, two of them in their own words."""
    fields.setdefault("texts", {"executives": {"body": FOUR_LINES}, "technical": {"subject": "db full", "body": HOST}})
    return update_kit.drafted(incident, author, "technical", "service_desk", "executives", **fields)


def test_each_audience_gets_its_own_words(cast: SimpleNamespace, incident: Incident) -> None:
    made = three(incident, cast.carla, kind=UpdateKind.INITIAL)
    assert set(update_kit.checked(made, cast.carla)) <= {"C08", "C28", "C29"}
    update_kit.published(made, cast.mia)
    sent = {message.audience.code: message for message in Message.objects.filter(update=made) if message.audience}
    assert HOST in sent["technical"].text
    assert "db full" in sent["technical"].subject
    assert FOUR_LINES in sent["executives"].text
    assert update_kit.SUBJECT in sent["executives"].subject
    assert update_kit.BODY in sent["service_desk"].text
    assert all("db-prod-01" not in f"{m.subject}{m.text}{m.html}" for c, m in sent.items() if c != "technical")


def test_a_host_stops_where_plain_readers_see_it_and_nowhere_else(cast: SimpleNamespace, incident: Incident) -> None:
    made = three(incident, cast.carla)
    edit(made, cast.carla, texts={"executives": {"body": HOST}})
    update_kit.checked(made, cast.carla)
    rows = Finding.objects.filter(update=made, code="C05")
    assert {(row.audience, row.text, row.is_blocking) for row in rows} == {("executives", "db-prod-01", True)}
    with pytest.raises(publishing.Blocked) as stopped:
        update_kit.published(made, cast.mia)
    assert {found["audience"] for found in stopped.value.extra["findings"]} == {"executives"}


def test_language_is_checked_in_every_text_by_its_readers(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    made = three(
        incident, cast.carla, texts={"executives": {"body": "🔴 They canot pay."}, "technical": {"body": "canot"}}
    )
    update_kit.checked(made, cast.carla)
    found = {row.audience: row for row in Finding.objects.filter(update=made, code="C09")}
    assert (found["executives"].start, found["executives"].severity) == (7, "error")
    assert found["technical"].severity == "warning"
    assert len(language.checked) == 3
    mending.replace(update_id=made.pk, finding_id=found["executives"].pk, choice=0, person=cast.carla, now=dbtime.now())
    made.refresh_from_db()
    assert made.texts["executives"] == {"subject": "", "body": "🔴 They cannot pay."}
    assert made.body == update_kit.BODY


def test_spacing_is_mended_in_every_text(cast: SimpleNamespace, incident: Incident) -> None:
    made = three(incident, cast.carla, texts={"executives": {"body": "All  tills are  closed ."}})
    mended = mending.tidy(update_id=made.pk, person=cast.carla, now=dbtime.now())
    assert mended.texts == {"executives": {"subject": "", "body": "All tills are closed."}}


def test_an_approval_holds_for_every_text(cast: SimpleNamespace, incident: Incident) -> None:
    made = three(incident, cast.carla)
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.omar, now=dbtime.now())
    changed = edit(made, cast.carla, texts={"executives": {"body": FOUR_LINES + " More follows."}})
    assert (changed.approved_hash, changed.state) == ("", "draft")
    assert changed.texts["technical"]["body"] == HOST  # those that are not named stay


def test_text_of_an_audience_that_is_not_chosen_is_kept_and_never_sent(
    cast: SimpleNamespace, incident: Incident
) -> None:
    made = three(incident, cast.carla, kind=UpdateKind.INITIAL)
    before = update_queries.content_hash(made)
    edit(made, cast.carla, audiences=["service_desk", "executives"])
    made = Update.objects.get(pk=made.pk)
    assert made.texts["technical"]["body"] == HOST
    assert update_queries.content_hash(made) != before
    sent = update_kit.published(made, cast.mia)
    assert set(sent.texts) == {"executives"}
    assert update_queries.content_hash(sent) == sent.published_hash


def test_none_takes_a_text_away_and_strangers_are_refused(cast: SimpleNamespace, incident: Incident) -> None:
    made = three(incident, cast.carla)
    assert set(edit(made, cast.carla, texts={"technical": None}).texts) == {"executives"}
    for wrong in ({"nobody": {"body": "x"}}, {"executives": {"subject": "x" * 201}}):
        with pytest.raises(Invalid) as refused:
            edit(made, cast.carla, texts=wrong)
        assert refused.value.field == "texts"


def test_what_was_sent_is_fixed_in_every_text(cast: SimpleNamespace, incident: Incident) -> None:
    sent = update_kit.published(three(incident, cast.carla, kind=UpdateKind.INITIAL), cast.mia)
    with pytest.raises(IntegrityError, match="is published and cannot be edited"), transaction.atomic():
        Update.objects.filter(pk=sent.pk).update(texts={})


def test_nobody_reads_a_core_text_that_everybody_has_words_of_their_own_for(
    cast: SimpleNamespace, incident: Incident
) -> None:
    made = update_kit.drafted(
        incident, cast.carla, "executives", body="[NAME]", texts={"executives": {"body": FOUR_LINES}}
    )
    _whole, texts = facts.drafts_of(made, incident=incident, now=dbtime.now())
    assert set(texts) == {"executives"}
    assert set(update_kit.checked(made, cast.carla)) <= {"C08", "C15", "C29"}


def test_the_last_message_is_what_that_audience_read(cast: SimpleNamespace, incident: Incident) -> None:
    texts = {"service_desk": {"body": SCRIPT}, "executives": {"body": FOUR_LINES}}
    update_kit.published(three(incident, cast.carla, kind=UpdateKind.INITIAL, texts=texts), cast.mia)
    assert callers.source(incident)["said"] == SCRIPT
    news = "Payroll takes entries from Dublin again. Our engineers are working on the other stores."
    again = three(incident, cast.carla, body=news, texts={"executives": {"body": FOUR_LINES}})
    update_kit.checked(again, cast.carla)
    assert {row.audience for row in Finding.objects.filter(update=again, code="C22")} == {"executives"}


def test_executives_read_their_own_words_on_their_page(
    cast: SimpleNamespace, incident: Incident, signed_in: Callable[..., Client]
) -> None:
    update_kit.published(three(incident, cast.carla, kind=UpdateKind.INITIAL), cast.mia)
    shown = signed_in(cast.eve).get("/").content.decode()
    assert FOUR_LINES in shown
    assert update_kit.BODY not in shown


def test_a_status_page_says_what_its_audience_was_told(cast: SimpleNamespace, incident: Incident) -> None:
    page = status_pages.page()
    made = update_kit.drafted(
        incident,
        cast.carla,
        "technical",
        "public",
        kind=UpdateKind.INITIAL,
        body=HOST,
        texts={"public": {"body": "Our engineers are working on it."}},
    )
    update_kit.published(made, cast.mia)
    shown = status_pages.html(page, at=dbtime.now())
    assert "Our engineers are working on it." in shown
    assert "db-prod-01" not in shown


def test_texts_that_left_unread_are_all_read_later(
    cast: SimpleNamespace, incident: Incident, language: memory.Language
) -> None:
    language.down = True
    texts = {"executives": {"body": "They canot pay. Our engineers are working on it."}}
    made = three(incident, cast.carla, kind=UpdateKind.INITIAL, texts=texts)
    update_kit.published(made, cast.mia, send_now=True)
    language.down = False
    assert rechecks.recheck(now=dbtime.now()).defective == 1
    assert Finding.objects.get(update=made, found_after_sending=True).audience == "executives"


def test_the_api_takes_and_gives_them(cast: SimpleNamespace, incident: Incident, api: Callable[..., APIClient]) -> None:
    carla = api(cast.carla)
    address = f"/api/v1/incidents/{incident.reference}/updates/"
    made = carla.post(
        address,
        {
            "kind": "update",
            "audiences": ["service_desk", "executives"],
            "subject": update_kit.SUBJECT,
            "body": update_kit.BODY,
            "texts": {"executives": {"body": HOST}},
        },
        format="json",
    )
    assert made.status_code == 201, made.json()
    assert made.json()["texts"] == {"executives": {"subject": "", "body": HOST}}
    one = f"{address}{made.json()['id']}/"
    found = carla.post(f"{one}check/").json()["findings"]
    assert ("C05", "executives") in {(each["code"], each["audience"]) for each in found}
    gone = carla.patch(one, {"texts": {"executives": None}}, format="json")
    assert (gone.status_code, gone.json()["texts"]) == (200, {})
    for wrong in ({"nobody": {"body": "x"}}, {"executives": {"subject": "x" * 201}}, {"executives": "x"}, ["x"]):
        assert carla.patch(one, {"texts": wrong}, format="json").status_code == 400
