"""manage.py token, setup and demo: each says what it did, or in one line why not."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from comms.models import Recipient, StatusPage, UpdateDeadline
from incidents.choices import CandidateState
from incidents.models import Candidate, Incident
from incidents.queries import incidents
from mim_portal.management.demo import people as demo_people
from mim_portal.models import AuditEntry
from reviews.models import Lapse, Review
from teams.choices import Role
from teams.models import ApiToken, Person, Service, Team

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class TestToken:
    def test_it_prints_the_token_and_nothing_else(self, cast: SimpleNamespace, client: Client) -> None:
        printed = run("token", "mia", "--scope", "read", "--scope", "command")
        token = printed.strip()
        assert printed == f"{token}\n"
        assert ApiToken.objects.get().scopes == ["command", "read"]
        answer = client.get("/api/v1/people/me/", headers={"authorization": f"Bearer {token}"})
        assert answer.json()["username"] == "mia"

    def test_only_its_hash_is_kept(self, cast: SimpleNamespace) -> None:
        token = run("token", "mia").strip()
        assert token not in str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))

    def test_without_a_scope_it_reads(self, cast: SimpleNamespace) -> None:
        run("token", "mia")
        assert ApiToken.objects.get().scopes == ["read"]

    def test_an_unknown_person_is_named(self, cast: SimpleNamespace) -> None:
        with pytest.raises(CommandError, match="no active person nobody"):
            run("token", "nobody")

    def test_somebody_who_left_gets_none(self, cast: SimpleNamespace) -> None:
        Person.objects.filter(username="mia").update(is_active=False)
        with pytest.raises(CommandError, match="no active person mia"):
            run("token", "mia")

    def test_it_cannot_be_born_expired(self, cast: SimpleNamespace) -> None:
        with pytest.raises(CommandError, match="--days must be 1 or more"):
            run("token", "mia", "--days", "0")


class TestSetup:
    @pytest.fixture(autouse=True)
    def password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("a calm and long password\n"))

    def test_the_first_administrator_can_sign_in(self, mail_sink: SimpleNamespace) -> None:
        said = run("setup", "root", "root@example.org")
        person = Person.objects.get()
        assert person.roles == [Role.ADMINISTRATOR]
        assert person.check_password("a calm and long password")
        assert "A test mail was handed over" in said

    def test_mail_that_fails_says_where_to_look(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        with pytest.raises(CommandError, match="Check EMAIL_URL"):
            run("setup", "root", "root@example.org")
        assert Person.objects.filter(username="root").exists()

    def test_a_weak_password_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
        with pytest.raises(CommandError, match="too short"):
            run("setup", "root", "root@example.org", "--no-mail")
        assert not Person.objects.exists()

    def test_a_wrong_address_is_refused(self) -> None:
        with pytest.raises(CommandError, match="valid email"):
            run("setup", "root", "not an address", "--no-mail")

    def test_nobody_is_made_twice(self, cast: SimpleNamespace) -> None:
        with pytest.raises(CommandError, match="already a person ADA"):
            run("setup", "ADA", "other@example.org", "--no-mail")


class TestDemo:
    def test_it_loads_a_believable_organisation(self) -> None:
        run("demo")
        assert {account.username for account in demo_people.ACCOUNTS} <= set(
            Person.objects.values_list("username", flat=True)
        )
        assert Team.objects.filter(slug="database").exists()
        assert Service.objects.count() >= 8
        assert Recipient.objects.count() >= 10
        assert set(StatusPage.objects.values_list("slug", flat=True)) == {"public", "staff", "executive"}

    def test_one_incident_runs_with_a_promise_to_every_audience(self) -> None:
        run("demo")
        live = Incident.objects.get(closed_at=None)
        assert live.priority == "P1"
        opened = UpdateDeadline.objects.filter(incident=live, kept_at=None, ended_at=None)
        assert opened.count() == 6
        assert all(deadline.due_at > timezone.now() for deadline in opened)
        assert Candidate.objects.filter(state=CandidateState.OPEN).count() == 2

    def test_loading_again_changes_nothing(self) -> None:
        run("demo")
        before = Incident.objects.count(), Person.objects.count(), Recipient.objects.count()
        Person.objects.filter(username="mia").update(first_name="Maria")
        run("demo")
        assert (Incident.objects.count(), Person.objects.count(), Recipient.objects.count()) == before
        assert Person.objects.get(username="mia").first_name == "Maria"
        assert run("demo", "--once") == ""

    def test_the_past_adds_up(self) -> None:
        run("demo")
        for incident in Incident.objects.filter(state="closed"):
            assert incident.service_restored_at is not None
            assert incident.resolved_at is not None
            assert incident.closed_at is not None
            assert incident.declared_at < incident.service_restored_at < incident.resolved_at <= incident.closed_at
        assert not UpdateDeadline.objects.filter(incident__state="closed", kept_at=None).exists()

    def test_every_incident_of_it_is_found_by_its_title(self) -> None:
        run("demo")
        mia = Person.objects.get(username="mia")
        for incident in Incident.objects.all():
            found = incidents.listing(mia, incidents.Filters(q=incident.title))[:50]
            assert incident.pk in {row.pk for row in found}, incident.title

    def test_reviews_and_the_ledger_have_something_to_show(self) -> None:
        run("demo")
        assert Review.objects.count() == 3
        states = set(Lapse.objects.values_list("state", flat=True))
        assert {"suggested", "owned", "watching"} <= states

    def test_scale_is_repeatable_by_seed(self) -> None:
        run("demo")
        run("demo", "--scale", "1", "--seed", "7")
        assert Incident.objects.count() >= 124
        assert Recipient.objects.count() >= 1000

    def test_the_accounts_are_printed_with_their_password(self) -> None:
        printed = run("demo", "--print-accounts")
        for account in demo_people.ACCOUNTS:
            assert account.username in printed
        assert demo_people.PASSWORD in printed
        assert not Person.objects.exists()

    def test_a_negative_scale_is_refused(self) -> None:
        with pytest.raises(CommandError, match="--scale must be 0 or more"):
            run("demo", "--scale=-1")

    def test_production_refuses_it(self, settings: Settings) -> None:
        settings.PRODUCTION = True
        with pytest.raises(CommandError, match="refused in production"):
            run("demo")
