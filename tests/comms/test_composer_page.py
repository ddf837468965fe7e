"""The pages of updates: choose, write, check, mend, read, send, correct; all of it without JavaScript."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.choices import UpdateKind, UpdateState
from comms.models import Delivery, Finding, Update, UpdateDeadline
from comms.services.writing import approval, updates
from incidents.models import Incident
from mim_portal.lib import dbtime, times
from tests import factories
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]

SignedIn = Callable[..., Client]


def form_of(update: Update, **fields: Any) -> dict[str, Any]:
    """What a browser sends for the page as it stands."""
    update.refresh_from_db()
    at = update.next_update_at
    return {
        "revision": update.revision,
        "subject": update.subject,
        "body": update.body,
        "audiences": [audience.code for audience in update.audiences.all()],
        "next_update_at": f"{at:%Y-%m-%dT%H:%M}" if at else "",
        "component_state": update.component_state,
        **fields,
    }


def text_of(response: Any) -> str:
    """The words of a page, without markup and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page(update: Update) -> str:
    return f"/updates/{update.pk}/"


def test_what_was_promised_is_chosen_already(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    shown = signed_in(cast.mia).get(f"/incidents/{incident.reference}/updates/new/?due=1")
    assert shown.status_code == 200
    checked = re.findall(r'value="(\w+)"[^>]*checked', shown.content.decode())
    assert checked[:1] == ["initial"]
    assert "technical" in checked


def test_choosing_begins_a_draft(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    browser = signed_in(cast.carla)
    address = f"/incidents/{incident.reference}/updates/new/"
    answer = browser.post(address, {"kind": "update", "audiences": ["end_users", "public"]})
    made = Update.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(made))
    assert made.next_update_at is not None
    assert made.next_update_at.second == 0
    assert browser.post(address, {"kind": "update"}).status_code == 422
    assert browser.get(page(made)).status_code == 200


def test_no_change_is_one_click_to_a_text_that_says_what_is_being_done(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.mia)
    for _ in range(2):
        answer = browser.post(f"/incidents/{incident.reference}/updates/no-change/")
    made = Update.objects.get()
    assert answer["Location"] == page(made)
    assert made.kind == UpdateKind.HOLDING
    assert made.body.startswith("Store staff in Ireland")
    assert made.body.endswith(f"No change since {incident.declared_at:%H:%M} (UTC+0). We are looking into it.")
    sent = browser.post(page(made), form_of(made, deed="send-now"))
    assert sent.status_code == 302, text_of(sent)
    made.refresh_from_db()
    assert made.state == UpdateState.PUBLISHED


def test_the_page_shows_facts_findings_and_what_will_happen(
    cast: SimpleNamespace,
    incident: Incident,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    update_kit.published(update_kit.drafted(incident, cast.mia, kind=UpdateKind.INITIAL), cast.mia)
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " They canot pay.")
    browser = signed_in(cast.mia)
    assert browser.post(page(made), form_of(made, deed="check"))["Location"] == page(made)
    with django_assert_max_num_queries(30):
        shown = browser.get(page(made))
    words = text_of(shown)
    for expected in (
        "Store staff in Ireland (number not yet known) cannot submit timesheets",
        "Last update: #1",
        "canot Possible spelling mistake found.",
        "Write “cannot”",
        "Send to 2 people",
        "No second reader is needed.",
    ):
        assert expected in words


def test_one_press_writes_the_suggestion(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    made = update_kit.drafted(incident, cast.mia, "end_users", body="They canot pay. " + update_kit.BODY)
    update_kit.checked(made, cast.mia)
    found = Finding.objects.get(update=made, code="C09")
    browser = signed_in(cast.mia)
    browser.post(page(made), form_of(made, body="Sorry. " + made.body, deed=f"fix-{found.pk}-0"))
    made.refresh_from_db()
    assert made.body.startswith("Sorry. They cannot pay.")
    assert not Finding.objects.filter(update=made, code="C09").exists()
    gone = browser.post(page(made), form_of(made, deed=f"fix-{found.pk}-0"))
    assert (gone.status_code, "no longer there" in text_of(gone)) == (409, True)


def test_spacing_and_stops_are_mended_at_once(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    made = update_kit.drafted(incident, cast.mia, subject="tills  closed", body="Tills are  closed . We work on it")
    signed_in(cast.mia).post(page(made), form_of(made, deed="tidy"))
    made.refresh_from_db()
    assert (made.subject, made.body) == ("tills closed", "Tills are closed. We work on it.")


def test_a_stopped_text_is_not_sent_and_not_lost(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.mia)
    typed = update_kit.BODY + " It is back shortly."
    answer = signed_in(cast.mia).post(page(made), form_of(made, body=typed, deed="send"))
    words = text_of(answer)
    assert answer.status_code == 409
    assert words.count("Nothing was sent.") == 1
    assert "Let it pass with a reason" in words
    made.refresh_from_db()
    assert (made.body, made.state) == (typed, UpdateState.CHECKED)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"reason-C02": "It is a name or a quotation."}, "It is a name or a quotation."),
        ({"reason-C02": "", "other-C02": "The shop's own words."}, "The shop's own words."),
        ({"reason-C02": "It is right as it stands.", "other-C02": "Mine."}, "Mine."),
    ],
)
def test_a_reason_lets_it_pass(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn, fields: dict[str, str], kept: str
) -> None:
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " The shop opens shortly.")
    answer = signed_in(cast.mia).post(page(made), form_of(made, deed="send", **fields))
    assert answer["Location"] == f"/incidents/{incident.reference}/"
    assert Finding.objects.get(update=made, code="C02").override_reason == kept


def test_a_second_reader_sees_why_it_was_let_pass_and_approves(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.mia, "end_users", body=update_kit.BODY + " The shop opens shortly.")
    mia = signed_in(cast.mia)
    assert mia.post(page(made), form_of(made, deed="send", **{"other-C02": "Words of the shop."})).status_code == 409
    assert "Let pass: Words of the shop." in text_of(mia.get(page(made)))
    rita = signed_in(cast.petra)
    assert "Let pass: Words of the shop." in text_of(rita.get(f"/updates/{made.pk}/read/"))
    assert rita.post(page(made), {"deed": "approve"}).status_code == 302
    assert mia.post(page(made), form_of(made, deed="send")).status_code == 302
    kept = Finding.objects.get(update=made, code="C02")
    assert (kept.override_reason, kept.overridden_by) == ("Words of the shop.", cast.mia)


def test_reasons_that_were_given_stay_where_another_is_missing(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.mia, body=update_kit.BODY + " We think the shop opens shortly.")
    given = {"reason-C02": "It is a name or a quotation.", "other-C02": "The shop"}
    answer = signed_in(cast.mia).post(page(made), form_of(made, deed="send", **given))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert '<option value="It is a name or a quotation." selected>' in shown
    assert 'value="The shop" maxlength' in shown
    assert 'id="pass-C02" open' in shown
    assert not Finding.objects.exclude(override_reason="").exists()


def test_a_second_reader_is_asked_reads_and_approves(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users")
    carla, petra = signed_in(cast.carla), signed_in(cast.petra)
    carla.post(page(made), form_of(made, deed="submit"))
    assert "Waiting for a second reader" in text_of(carla.get(page(made)))
    assert "Approve this text" not in text_of(carla.get(page(made)))
    listed = text_of(petra.get("/updates/"))
    assert incident.reference in listed
    assert "Read it" in listed
    assert "Approve this text" in text_of(petra.get(page(made)))
    assert petra.post(page(made), {"deed": "approve"}).status_code == 302
    assert petra.post(page(made), form_of(made, deed="send")).status_code == 403
    made.refresh_from_db()
    assert made.approved_by == cast.petra
    assert carla.post(page(made), form_of(made, deed="send")).status_code == 302
    made.refresh_from_db()
    assert made.state == UpdateState.PUBLISHED


def test_the_seconds_that_a_field_cannot_hold_change_nothing(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    made = update_kit.drafted(incident, cast.carla, "end_users", minutes=14.5)
    update_kit.checked(made, cast.carla)
    approval.approve(update_id=made.pk, person=cast.omar, now=dbtime.now())
    signed_in(cast.carla).post(page(made), form_of(made, body=made.body.replace("\n", "\r\n"), deed="save"))
    made.refresh_from_db()
    assert (made.revision, made.approved_by) == (1, cast.omar)


def test_two_writers_see_both_texts(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    made = update_kit.drafted(incident, cast.carla)
    stale = form_of(made, body="Mia's text.", deed="save")
    updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields={"body": "Carla's."}, now=dbtime.now())
    browser = signed_in(cast.mia)
    answer = browser.post(page(made), stale)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Mia&#x27;s text." in html
    assert "Carla" in text_of(answer)
    assert 'name="revision" value="2"' in html
    assert browser.post(page(made), stale | {"revision": 2}).status_code == 302
    made.refresh_from_db()
    assert made.body == "Mia's text."


def test_an_error_hides_nothing_that_somebody_else_wrote(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn
) -> None:
    """The form with an error is still over the revision that it was opened with."""
    made = update_kit.drafted(incident, cast.carla)
    browser, typed = signed_in(cast.mia), form_of(made, body="Mia's text.", deed="save")
    updates.edit(update_id=made.pk, person=cast.carla, revision=1, fields={"body": "Carla's."}, now=dbtime.now())
    wrong = browser.post(page(made), typed | {"audiences": []})
    assert (wrong.status_code, 'name="revision" value="1"' in wrong.content.decode()) == (422, True)
    answer = browser.post(page(made), typed)
    assert (answer.status_code, "Mia&#x27;s text." in answer.content.decode()) == (409, True)
    assert "Somebody else changed this update" in text_of(answer)
    made.refresh_from_db()
    assert made.body == "Carla's."


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_the_next_time_is_one_press_away(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn, minutes: int
) -> None:
    made = update_kit.drafted(incident, cast.mia, minutes=None)
    browser = signed_in(cast.mia)
    browser.post(page(made), form_of(made, deed=f"in-{minutes}"))
    made.refresh_from_db()
    assert made.next_update_at is not None
    ahead = made.next_update_at - dbtime.now()
    assert timedelta(minutes=minutes - 1) <= ahead <= timedelta(minutes=minutes)
    assert browser.post(page(made), form_of(made, deed="in-999")).status_code == 404


def test_times_are_read_in_the_viewers_zone(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    cast.mia.time_zone = "Asia/Kolkata"
    cast.mia.save(update_fields=["time_zone"])
    made = update_kit.drafted(incident, cast.mia, minutes=None)
    signed_in(cast.mia).post(page(made), form_of(made, next_update_at="2026-12-01T10:00", deed="save"))
    made.refresh_from_db()
    assert f"{made.next_update_at:%d %H:%M}" == "01 04:30"


def test_a_sent_update_is_read_corrected_and_withdrawn(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    browser = signed_in(cast.mia)
    with django_assert_max_num_queries(16):
        shown = text_of(browser.get(page(sent)))
    assert "Update 1 Sent by Mia Example" in shown
    assert "0/2" in shown
    correction = browser.post(f"{page(sent)}correct/")
    made = Update.objects.get(corrects=sent)
    assert correction["Location"] == page(made)
    assert made.body.startswith("At ")
    factories.recipient(audience="service_owners", address="joined.later@example.org")
    assert "Send to 2 people" in text_of(browser.get(page(made)))
    again = browser.post(f"{page(sent)}correct/", follow=True)
    assert again.redirect_chain[0][0] == page(made)
    assert "This correction was begun already." in text_of(again)
    assert "Go on with the correction" in text_of(browser.get(page(sent)))
    assert Update.objects.filter(corrects=sent).count() == 1
    assert browser.post(f"{page(sent)}withdraw/", {"reason": ""}).status_code == 422
    assert browser.post(f"{page(sent)}withdraw/", {"reason": "Wrong list."}).status_code == 302
    assert "Wrong list." in text_of(browser.get(page(sent)))
    assert "withdrawn already" in text_of(browser.post(f"{page(sent)}withdraw/", {"reason": "Again."}, follow=True))
    assert browser.post(f"{page(sent)}correct/", follow=True).status_code == 200
    assert browser.post(page(sent), {"deed": "send"}).status_code == 409


def test_a_draft_is_discarded(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    made = update_kit.drafted(incident, cast.mia)
    browser = signed_in(cast.mia)
    assert browser.post(f"{page(made)}discard/")["Location"] == f"/incidents/{incident.reference}/"
    assert browser.get(page(made)).status_code == 404
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    assert browser.post(f"{page(sent)}discard/")["Location"] == page(sent)


def test_drafts_are_not_for_everybody(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    draft = update_kit.drafted(incident, cast.mia)
    sent = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    rosa, eve = signed_in(cast.rosa), signed_in(cast.eve)
    assert (rosa.get(page(draft)).status_code, rosa.get(page(sent)).status_code) == (404, 200)
    assert (eve.get(page(sent)).status_code, eve.get("/updates/").status_code) == (403, 403)
    assert rosa.post(f"{page(sent)}correct/").status_code == 403
    assert "Correct it" not in text_of(rosa.get(page(sent)))


def test_a_private_incident_is_not_there_for_others(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    hidden = update_kit.declared(cast.mia, is_private=True)
    draft = update_kit.drafted(hidden, cast.mia)
    carla = signed_in(cast.carla)
    for address in (page(draft), f"/incidents/{hidden.reference}/updates/new/", f"{panel(hidden, 'next')}"):
        assert carla.get(address).status_code == 404
    assert carla.post(f"/incidents/{hidden.reference}/updates/no-change/").status_code == 404
    assert hidden.reference not in text_of(carla.get("/updates/"))


def panel(incident: Incident, name: str) -> str:
    return f"/incidents/{incident.reference}/panels/{name}/"


def test_the_next_panel_says_who_is_due_and_how_many_were_kept(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    update_kit.published(update_kit.drafted(incident, cast.mia, "technical"), cast.mia)
    browser = signed_in(cast.mia)
    with django_assert_max_num_queries(10):
        shown = text_of(browser.get(panel(incident, "next")))
    assert "Update to: Service desk" in shown
    assert "Kept on time so far: 1 of 1." in shown
    assert "No change…" in shown
    assert "No change…" not in text_of(signed_in(cast.rosa).get(panel(incident, "next")))


def test_a_late_promise_is_stated(cast: SimpleNamespace, incident: Incident, signed_in: SignedIn) -> None:
    now = dbtime.now()
    due, told = now - timedelta(minutes=2, seconds=5), now - timedelta(seconds=5)
    UpdateDeadline.objects.filter(incident=incident).update(
        opened_at=now - timedelta(minutes=20), due_at=due, deputy_told_at=told
    )
    shown = text_of(signed_in(cast.mia).get(panel(incident, "next")))
    promised, deputy = times.due_time(due, now=now), times.due_time(told, now=now)
    assert f"LATE 2 min Service desk were promised {promised}. Deputy told {deputy}." in shown
    assert "The same message serves: Technical teams, " in shown


def test_the_updates_panel_shows_drafts_and_what_was_sent(
    cast: SimpleNamespace, incident: Incident, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(3):
        update_kit.published(update_kit.drafted(incident, cast.mia, kind=UpdateKind.HOLDING), cast.mia, send_now=True)
    Delivery.objects.filter(address=cast.dara.email).update(state="sent")
    made = update_kit.drafted(incident, cast.carla, body=update_kit.BODY + " Back shortly.")
    update_kit.checked(made, cast.carla)
    browser = signed_in(cast.mia)
    with django_assert_max_num_queries(13):
        shown = text_of(browser.get(panel(incident, "updates")))
    assert "being written, Carla Example" in shown
    assert "1 to correct" in shown
    assert "1/2" in shown
    assert "being written" not in text_of(signed_in(cast.rosa).get(panel(incident, "updates")))


def test_all_promises_soonest_first_in_a_fixed_number_of_queries(
    cast: SimpleNamespace, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    service = factories.service()
    slow = update_kit.declared(cast.mia, service=service, impact=2, urgency=2)
    fast = [update_kit.declared(cast.mia, service=service) for _ in range(4)]
    browser = signed_in(cast.mia)
    with django_assert_max_num_queries(14):
        html = browser.get("/updates/").content.decode()
    assert html.index(fast[0].reference) < html.rindex(slow.reference)


def test_long_lists_go_on(cast: SimpleNamespace, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = update_kit.declared(cast.mia)
    monkeypatch.setattr("comms.queries.promises.overview.PAGE", 2)
    browser = signed_in(cast.mia)
    first = browser.get("/updates/").content.decode()
    (after,) = re.findall(r"/updates/\?after=(\d+)", first)
    second = browser.get(f"/updates/?after={after}").content.decode()
    assert incident.reference in second
    assert f"?after={after}" not in second
