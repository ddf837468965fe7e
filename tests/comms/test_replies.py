"""Replies to updates: taken in once, matched to their incident, bounded, and seen only by those who may."""

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from comms.adapters import languagetool, memory, smtp
from comms.choices import MailKind, ReplyState
from comms.models import Delivery, Reply, Suppression
from comms.queries.replies import replies as queries
from comms.rules import replies as rules
from comms.services.replies import marking
from incidents.models import Incident, TimelineEntry
from mim_portal.lib import dbtime, nudge
from mim_portal.lib.refusals import Invalid, Refusal
from mim_portal.models import AuditEntry, Tally
from teams.models import Person
from tests import factories
from tests.comms import reply_kit, update_kit
from tests.comms.reply_kit import mail, taken

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
Browser = Callable[[Person], Client]
API = "/api/v1/replies/"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "check", memory.Language().check)


@pytest.fixture
def incident(cast: SimpleNamespace) -> Incident:
    for name in ("anna", "Ben"):
        factories.recipient(audience="end_users", address=f"{name}@example.com")
    return update_kit.declared(cast.mia)


@pytest.fixture
def copy(incident: Incident, cast: SimpleNamespace) -> Delivery:
    """Anna's copy of an update that has left."""
    return reply_kit.sent(incident, cast, "anna@example.com")[0]


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


class TestMatching:
    def test_by_the_copy_that_it_answers(self, incident: Incident, copy: Delivery) -> None:
        reply = taken(mail(to=copy)).reply
        assert reply is not None
        assert (reply.incident, reply.update_id) == (incident, copy.message.update_id)
        assert (reply.sender, reply.sender_name, reply.text) == (
            "anna@example.com",
            "Anna Byrne",
            "Still broken in Cork.",
        )
        assert (reply.is_recipient, reply.state) == (True, "new")

    def test_by_the_thread(self, incident: Incident, copy: Delivery) -> None:
        reply = taken(mail(In_Reply_To=smtp.thread_id(incident.reference))).reply
        assert reply is not None
        assert (reply.incident, reply.update, reply.is_recipient) == (incident, None, True)

    def test_a_thread_of_another_portal_is_not_ours(self, incident: Incident) -> None:
        reply = taken(mail(In_Reply_To=f"<{incident.reference}@elsewhere.example>")).reply
        assert reply is not None
        assert reply.incident is None

    def test_by_the_reference_in_its_subject(self, incident: Incident, copy: Delivery) -> None:
        reply = taken(mail(subject=f"Re: [P1] Payroll | {incident.reference.lower()}")).reply
        assert reply is not None
        assert (reply.incident, reply.update) == (incident, None)

    def test_a_number_that_was_exchanged_matches_nothing(self, copy: Delivery) -> None:
        forged = smtp.message_id(copy.pk).replace(f"<d{copy.pk}.", f"<d{copy.pk + 1}.")
        reply = taken(mail(In_Reply_To=forged)).reply
        assert reply is not None
        assert reply.incident is None

    def test_a_copy_that_was_passed_on(self, incident: Incident, copy: Delivery) -> None:
        reply = taken(mail(to=copy, sender="stranger@elsewhere.example")).reply
        assert reply is not None
        assert (reply.incident, reply.is_recipient) == (incident, False)

    def test_an_address_written_in_other_letters(self, incident: Incident, cast: SimpleNamespace) -> None:
        (bens,) = reply_kit.sent(incident, cast, "Ben@example.com")
        reply = taken(mail(to=bens, sender="BEN@Example.com")).reply
        assert reply is not None
        assert reply.is_recipient

    def test_nothing_known_is_kept_without_an_incident(self, incident: Incident) -> None:
        reply = taken(mail()).reply
        assert reply is not None
        assert reply.incident is None
        assert queries.waiting_without_incident() == 1


class TestIntake:
    def test_the_same_mail_is_one_reply(self, copy: Delivery) -> None:
        first, again = taken(mail(to=copy)), taken(mail("Other words", to=copy))
        assert (first.is_new, again.is_new) == (True, False)
        assert first.reply == again.reply
        assert Reply.objects.get().text == "Still broken in Cork."
        assert Tally.objects.get(name="replies.taken").count == 1

    def test_handed_in_twice_in_one_moment(self, copy: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        row = taken(mail(to=copy)).reply
        found = Reply.objects.none()
        monkeypatch.setattr(
            Reply.objects,
            "filter",
            lambda **given: found if "message_id" in given else Reply.objects.get_queryset().filter(**given),
        )
        again = taken(mail(to=copy))
        assert (again.is_new, again.reply) == (False, row)

    @pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}])
    def test_what_a_machine_answers_is_no_reply(self, copy: Delivery, header: dict[str, str]) -> None:
        assert taken(mail(to=copy, **header)).kind == MailKind.AUTOMATIC
        assert not Reply.objects.exists()
        assert Tally.objects.get(name="replies.automatic").count == 1

    def test_our_own_mails_are_never_replies(self, copy: Delivery) -> None:
        text = smtp.Text(id=1, subject="s", text="t", html="", thread="MI-2026-0001", created_at=dbtime.now())
        assert taken(smtp.compose(text)).kind == MailKind.AUTOMATIC

    def test_a_bounce_is_a_report_of_its_copy(self, copy: Delivery) -> None:
        first = taken(reply_kit.bounce(smtp.message_id(copy.pk)))
        assert (first.kind, first.is_new, first.reply) == (MailKind.BOUNCE, True, None)
        copy.refresh_from_db()
        assert (copy.state, copy.last_error) == ("bounced", "550 5.1.1 unknown")
        assert Suppression.objects.get().address == "anna@example.com"
        assert AuditEntry.objects.get(verb="suppression.made").actor is None
        assert not taken(reply_kit.bounce(smtp.message_id(copy.pk))).is_new

    def test_a_bounce_that_only_names_an_address_ends_nothing(self, copy: Delivery) -> None:
        assert not taken(reply_kit.bounce("<guess@portal.example>")).is_new
        gone = smtp.message_id(copy.pk + 1000)
        assert not taken(reply_kit.bounce(gone)).is_new
        assert not Suppression.objects.exists()

    def test_a_strangers_flood_is_counted(self, incident: Incident, copy: Delivery) -> None:
        for number in range(rules.OF_A_STRANGER + 3):
            sender = "stranger@elsewhere.example"
            taken(mail(to=copy, sender=sender, message_id=f"<{number}@elsewhere.example>"))
        kept = Reply.objects.filter(is_folded=False).count()
        assert (kept, Reply.objects.filter(is_folded=True, text="").count()) == (rules.OF_A_STRANGER, 3)
        assert [(row["sender"], row["count"]) for row in queries.folded(incident)] == [
            ("stranger@elsewhere.example", 3)
        ]
        assert queries.in_room(incident).new == rules.OF_A_STRANGER
        assert taken(mail(to=copy, message_id="<anna@example.com>")).reply.is_folded is False  # type: ignore[union-attr]

    def test_the_timeline_stays_the_incidents_own(self, copy: Delivery) -> None:
        before = TimelineEntry.objects.count()
        taken(mail(to=copy))
        assert TimelineEntry.objects.count() == before

    def test_open_rooms_hear_of_it(self, incident: Incident, copy: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[tuple[str, tuple[str, ...]]] = []
        monkeypatch.setattr(
            nudge, "live", lambda *, reference, kind, seq, panels: told.append((reference, tuple(panels)))
        )
        taken(mail(to=copy))
        assert told == [(incident.reference, ("updates",))]


class TestMarking:
    def test_read_answered_and_new_again(self, cast: SimpleNamespace, copy: Delivery) -> None:
        reply = taken(mail(to=copy)).reply
        assert reply is not None
        for state in ("read", "answered", "answered", "new"):
            marked = marking.mark(reply_id=reply.pk, person=cast.carla, state=state, now=dbtime.now())
            assert marked.state == state
            assert marked.marked_by == (None if state == "new" else cast.carla)
        with pytest.raises(Invalid):
            marking.mark(reply_id=reply.pk, person=cast.mia, state="lost", now=dbtime.now())

    def test_all_that_were_shown(self, cast: SimpleNamespace, incident: Incident, copy: Delivery) -> None:
        rows = [taken(mail(to=copy, message_id=f"<{n}@x.example>")).reply for n in range(3)]
        assert rows[1] is not None
        assert marking.mark_all_read(incident=incident, up_to=rows[1].pk, person=cast.mia, now=dbtime.now()) == 2
        assert marking.mark_all_read(incident=incident, up_to=rows[1].pk, person=cast.mia, now=dbtime.now()) == 0
        assert Reply.objects.get(state=ReplyState.NEW) == rows[2]

    def test_it_is_placed_once(self, cast: SimpleNamespace, incident: Incident) -> None:
        reply = taken(mail()).reply
        assert reply is not None
        with pytest.raises(Invalid):
            marking.place(reply_id=reply.pk, person=cast.carla, reference="MI-1999-0001")
        assert (
            marking.place(reply_id=reply.pk, person=cast.carla, reference=f" {incident.reference.lower()}").incident
            == incident
        )
        assert AuditEntry.objects.get(verb="reply.placed").actor == cast.carla
        with pytest.raises(Refusal) as refused:
            marking.place(reply_id=reply.pk, person=cast.carla, reference=incident.reference)
        assert refused.value.code == "placed"

    def test_not_into_a_room_that_the_person_cannot_see(self, cast: SimpleNamespace, incident: Incident) -> None:
        Incident.objects.filter(pk=incident.pk).update(is_private=True)
        reply = taken(mail()).reply
        assert reply is not None
        with pytest.raises(Invalid):
            marking.place(reply_id=reply.pk, person=cast.carla, reference=incident.reference)


class TestRoom:
    def test_it_stands_in_the_panel_of_updates(
        self, cast: SimpleNamespace, signed_in: Browser, incident: Incident, copy: Delivery
    ) -> None:
        panel = f"/incidents/{incident.reference}/panels/updates/"
        mia = signed_in(cast.mia)
        assert "Replies" not in text_of(mia.get(panel))
        first = taken(mail("<script>x</script>", to=copy)).reply
        taken(mail("Me too", to=copy, sender="x@elsewhere.example", message_id="<2@x>"))
        shown = mia.get(panel).content.decode()
        assert "Read the 2 new replies" in shown
        assert "&lt;script&gt;" in shown
        assert shown.count("not a recipient") == 1
        assert first is not None
        marking.mark_all_read(incident=incident, up_to=first.pk + 1, person=cast.mia, now=dbtime.now())
        assert "2 replies, all read" in text_of(mia.get(panel))
        for other in (cast.rosa, cast.desmond):
            assert "eplies" not in text_of(signed_in(other).get(panel))

    def test_the_room_costs_one_query_for_it(
        self, incident: Incident, copy: Delivery, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(5):
            taken(mail(to=copy, message_id=f"<{number}@x>"))
        with django_assert_num_queries(1):
            shown = queries.in_room(incident)
        assert (shown.new, shown.total, len(shown.last)) == (5, 5, 3)


class TestPages:
    @pytest.fixture
    def page(self, incident: Incident) -> str:
        return f"/incidents/{incident.reference}/replies/"

    def test_empty(self, cast: SimpleNamespace, signed_in: Browser, page: str) -> None:
        assert "What readers answer to updates stands here." in text_of(signed_in(cast.mia).get(page))

    def test_what_was_written_and_what_can_be_done(
        self, cast: SimpleNamespace, signed_in: Browser, page: str, copy: Delivery
    ) -> None:
        made = taken(mail(to=copy, subject="Re: [P1] Payroll & more")).reply
        assert made is not None
        mia = signed_in(cast.mia)
        shown = text_of(mia.get(page))
        assert "Still broken in Cork." in shown
        assert "mailto:anna@example.com?subject=Re%3A%20%5BP1%5D%20Payroll%20%26%20more" in shown
        assert "to update 1" in shown
        answer = mia.post(f"/replies/{made.pk}/mark/", {"state": "answered"})
        assert (answer.status_code, answer["Location"]) == (302, page)
        assert "Mia" in text_of(mia.get(f"{page}?state=answered"))
        assert "No reply is in this state now." in text_of(mia.get(f"{page}?state=new"))
        assert mia.get(f"{page}?state=lost").status_code == 404
        assert mia.post(f"/replies/{made.pk}/mark/", {"state": "lost"}).status_code == 404

    def test_pages_and_all_read(
        self, cast: SimpleNamespace, signed_in: Browser, page: str, copy: Delivery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("comms.views.replies.replies.PAGE", 2)
        rows = [taken(mail(f"Words {n}.", to=copy, message_id=f"<{n}@x>")).reply for n in range(3)]
        mia = signed_in(cast.mia)
        first = text_of(mia.get(page))
        assert ("Words 2." in first, "Words 1." in first, "Words 0." in first) == (True, True, False)
        assert rows[1] is not None
        assert "Words 0." in text_of(mia.get(f"{page}?before={rows[1].pk}"))
        assert mia.post(f"{page}read/", {"up_to": "x"})["Location"] == page
        assert mia.post(f"{page}read/", {"up_to": str(rows[1].pk)})["Location"] == page
        assert Reply.objects.filter(state="new").count() == 1

    def test_its_queries(
        self,
        cast: SimpleNamespace,
        signed_in: Browser,
        page: str,
        copy: Delivery,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        mia = signed_in(cast.mia)
        taken(mail(to=copy))
        mia.get(page)
        for number in range(4):
            taken(mail(to=copy, message_id=f"<{number}@x>"))
        with django_assert_num_queries(6):
            mia.get(page)

    def test_without_an_incident(self, cast: SimpleNamespace, signed_in: Browser, incident: Incident) -> None:
        carla = signed_in(cast.carla)
        assert 'href="/replies/"' in text_of(carla.get("/updates/"))
        assert 'href="/replies/"' in text_of(signed_in(cast.ada).get("/settings/"))
        assert "found its incident" in text_of(carla.get("/replies/"))
        made = taken(mail("Which one is this?")).reply
        assert made is not None
        assert "Which one is this?" in text_of(carla.get("/replies/"))
        where = f"/replies/{made.pk}/place/"
        assert "Which one is this?" in text_of(carla.get(where))
        refused = carla.post(where, {"incident": "MI-1999-0001"})
        assert refused.status_code == 422
        assert 'value="MI-1999-0001"' in text_of(refused)
        assert carla.post(where, {"incident": incident.reference})["Location"] == "/replies/"
        assert carla.get(where).status_code == 404
        assert "Which one is this?" in text_of(carla.get(f"/incidents/{incident.reference}/replies/"))

    def test_one_that_is_about_nothing_is_marked(self, cast: SimpleNamespace, signed_in: Browser) -> None:
        made = taken(mail()).reply
        assert made is not None
        assert signed_in(cast.ada).post(f"/replies/{made.pk}/mark/", {"state": "read"})["Location"] == "/replies/"
        assert queries.waiting_without_incident() == 0
        assert signed_in(cast.mia).get("/replies/").status_code == 403


class TestPrivacy:
    def test_replies_to_a_private_incident_exist_for_its_own_people(
        self, cast: SimpleNamespace, signed_in: Browser, api: Api, incident: Incident, copy: Delivery
    ) -> None:
        made = taken(mail(to=copy)).reply
        assert made is not None
        Incident.objects.filter(pk=incident.pk).update(is_private=True)
        for other in (cast.carla, cast.omar, cast.ada):
            assert queries.visible(other).count() == 0
            assert api(other).post(f"{API}{made.pk}/mark/", {"state": "read"}).status_code == 404
        assert signed_in(cast.carla).get(f"/incidents/{incident.reference}/replies/").status_code == 404
        assert signed_in(cast.carla).post(f"/replies/{made.pk}/mark/", {"state": "read"}).status_code == 404
        assert api(cast.carla).get(f"/api/v1/incidents/{incident.reference}/replies/").status_code == 404
        assert signed_in(cast.mia).get(f"/incidents/{incident.reference}/replies/").status_code == 200

    def test_what_has_no_incident_is_for_its_keepers(self, cast: SimpleNamespace) -> None:
        taken(mail())
        seen = {name: queries.visible(getattr(cast, name)).count() for name in ("ada", "carla", "mia", "rosa")}
        assert seen == {"ada": 1, "carla": 1, "mia": 0, "rosa": 0}
