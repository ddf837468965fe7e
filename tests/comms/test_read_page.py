"""The page on which a second reader answers with one thumb: what is new, what was found, two answers."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comms.choices import UpdateKind, UpdateState
from comms.models import Finding, Update
from comms.queries.writing import composer, reading
from comms.services.writing import approval, publishing, updates
from incidents.models import Incident
from mim_portal.lib import dbtime
from tests.comms import update_kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("language")]

SignedIn = Callable[..., Client]


def waiting(incident: Incident, cast: SimpleNamespace, *codes: str, **fields: Any) -> Update:
    made = update_kit.drafted(incident, cast.carla, *(codes or ("end_users",)), **fields)
    update_kit.checked(made, cast.carla)
    return approval.submit(update_id=made.pk, person=cast.carla, now=dbtime.now())


def page(update: Update) -> str:
    return f"/updates/{update.pk}/read/"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_it_shows_what_is_new_since_the_last_update(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    first = update_kit.drafted(incident, cast.mia, "end_users", kind=UpdateKind.INITIAL)
    update_kit.published(first, cast.mia)
    made = waiting(incident, cast, body=update_kit.BODY.replace("Ireland", "Scotland"))
    response = signed_in(cast.rita).get(page(made))
    shown = text_of(response)
    assert "− removed: Ireland + added: Scotland" in shown  # by words, not by colour alone
    assert "<del" in response.content.decode()
    assert "Against update 1 of " in shown
    assert "Waiting for a second reader." in shown
    assert "asked Rita Example" in shown
    assert "Store staff in Ireland (number not yet known) cannot submit timesheets" in shown  # the impact sentence


def test_of_several_texts_each_finding_names_its_readers(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    body = update_kit.BODY.replace("Store staff", "About 300 store staff")
    own = {"executives": {"subject": "", "body": body.replace("300", "900")}}
    made = waiting(incident, cast, "end_users", "executives", body=body, texts=own)
    shown = text_of(signed_in(cast.rita).get(page(made)))
    assert "Executives: About 900 The text for Executives says About 900, the one for End users says" in shown


def test_a_correction_is_read_against_what_it_corrects(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    wrong = update_kit.published(update_kit.drafted(incident, cast.mia, "service_owners"), cast.mia)
    update_kit.published(update_kit.drafted(incident, cast.mia, "service_owners", body="Something later."), cast.mia)
    right = publishing.correct(
        update_id=wrong.pk, person=cast.mia, subject="", body="Right.", next_update_at=None, now=dbtime.now()
    )
    shown = text_of(signed_in(cast.rita).get(page(right)))
    assert "Against update 1 of " in shown
    assert "which it corrects" in shown


def test_every_text_of_one_message_stands_with_its_readers(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    made = waiting(incident, cast, "end_users", "service_desk")
    texts = {"service_desk": {"subject": "", "body": "Tell callers to keep their hours on paper."}}
    updates.edit(update_id=made.pk, person=cast.carla, revision=None, fields={"texts": texts}, now=dbtime.now())
    shown = text_of(signed_in(cast.rita).get(page(made)))
    assert "For: End users" in shown
    assert "For: Service desk Staff cannot submit timesheets" in shown or "For: Service desk" in shown
    assert "Tell callers to keep their hours on paper." in shown


def test_approve(signed_in: SignedIn, cast: SimpleNamespace, incident: Incident) -> None:
    made = waiting(incident, cast)
    browser = signed_in(cast.rita)
    response = browser.post(page(made), {"deed": "approve"}, follow=True)
    assert "You approved it" in text_of(response)
    made.refresh_from_db()
    assert (made.state, made.approved_by) == (UpdateState.APPROVED, cast.rita)


def test_send_back_keeps_an_empty_word_on_the_page(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    made = waiting(incident, cast)
    browser = signed_in(cast.rita)
    empty = browser.post(page(made), {"deed": "return", "comment": ""})
    assert empty.status_code == 422
    assert "Say what should be different" in text_of(empty)
    done = browser.post(page(made), {"deed": "return", "comment": "Which stores?"}, follow=True)
    assert "Sent back. Carla Example has been told." in text_of(done)
    composer = text_of(signed_in(cast.carla).get(f"/updates/{made.pk}/"))
    assert "Rita Example sent it back at " in composer
    assert "Which stores?" in composer


def test_what_stops_the_text_stops_the_button(signed_in: SignedIn, cast: SimpleNamespace, incident: Incident) -> None:
    made = waiting(incident, cast, body=update_kit.BODY.replace("cannot", "canot"))
    browser = signed_in(cast.rita)
    shown = text_of(browser.get(page(made)))
    assert "It cannot be approved as it stands" in shown
    assert "Approve this text" not in shown
    refused = browser.post(page(made), {"deed": "approve"})
    assert refused.status_code == 409
    assert "Something in the text stops it." in text_of(refused)


def test_its_author_finds_no_button(signed_in: SignedIn, cast: SimpleNamespace, incident: Incident) -> None:
    shown = text_of(signed_in(cast.carla).get(page(waiting(incident, cast))))
    assert "somebody else has to read it" in shown
    assert "Approve this text" not in shown


def test_what_has_left_is_read_where_it_stands(signed_in: SignedIn, cast: SimpleNamespace, incident: Incident) -> None:
    made = update_kit.published(update_kit.drafted(incident, cast.mia), cast.mia)
    assert signed_in(cast.rita).get(page(made)).headers["Location"] == f"/updates/{made.pk}/"
    assert signed_in(cast.rita).get(f"/updates/{made.pk}/readers/").status_code == 204


def test_the_part_with_the_timer_stands_alone(signed_in: SignedIn, cast: SimpleNamespace, incident: Incident) -> None:
    made = waiting(incident, cast)
    part = signed_in(cast.carla).get(f"/updates/{made.pk}/readers/").content.decode()
    assert "<html" not in part
    assert "data-due=" in part
    approval.approve(update_id=made.pk, person=cast.rita, now=dbtime.now())
    part = signed_in(cast.carla).get(f"/updates/{made.pk}/readers/").content.decode()
    assert "Approved by Rita Example at " in part


def test_the_page_costs_a_fixed_number_of_queries(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident, django_assert_num_queries: Any
) -> None:
    made = waiting(incident, cast)
    browser = signed_in(cast.rita)
    browser.get(page(made))
    with django_assert_num_queries(12):
        browser.get(page(made))


def test_a_time_is_chosen_and_taken_back_in_the_composer(
    signed_in: SignedIn, cast: SimpleNamespace, incident: Incident
) -> None:
    made = update_kit.drafted(incident, cast.mia, "service_owners")
    update_kit.checked(made, cast.mia)
    browser = signed_in(cast.mia)
    at = made.next_update_at
    assert at is not None
    fields = {
        "revision": made.revision,
        "subject": made.subject,
        "body": made.body,
        "audiences": ["service_owners"],
        "next_update_at": f"{at:%Y-%m-%dT%H:%M}",
        "component_state": "",
    }
    nothing = browser.post(f"/updates/{made.pk}/", {**fields, "deed": "schedule", "publish_at": ""})
    assert nothing.status_code == 409
    assert "Give the time at which it leaves." in text_of(nothing)
    leaves = dbtime.now().replace(second=0) + timedelta(minutes=6)
    done = browser.post(
        f"/updates/{made.pk}/", {**fields, "deed": "schedule", "publish_at": f"{leaves:%Y-%m-%dT%H:%M}"}, follow=True
    )
    assert "It leaves at " in text_of(done)
    assert "as Mia Example decided" in text_of(done)
    assert "Leaving by themselves" in text_of(browser.get("/updates/"))
    assert "leaves at " in text_of(browser.get(f"/incidents/{incident.reference}/panels/updates/"))
    back = browser.post(f"/updates/{made.pk}/", {**fields, "deed": "unschedule"}, follow=True)
    assert "It no longer leaves by itself." in text_of(back)


def test_what_was_found_in_several_texts_alike_stands_once() -> None:
    def line(audience: str, message: str = "Shorter.") -> composer.FindingLine:
        row = Finding(code="C14", severity="warning", message=message, audience=audience)
        return composer.FindingLine(row=row, can_override=False, waits_for_send_now=False, readers=audience)

    said = reading.said_once([line("Owners"), line("Executives"), line("Owners"), line("Desk", "Longer.")])
    assert [(each.row.message, each.readers) for each in said] == [
        ("Shorter.", "Owners, Executives"),
        ("Longer.", "Desk"),
    ]
    assert [each.readers for each in reading.said_once([line(""), line("Desk")])] == [""]
