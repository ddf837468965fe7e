"""The plugins that every other test stands on."""

import asyncio
import socket
from email.utils import parseaddr

import pytest
import redis
from django.core.mail import send_mail
from django.db import connection

from comms.models import Audience
from incidents.models import TimelineEntry
from tests import factories
from tests.incidents import kit
from tests.plugins import database, network, restoring
from tests.plugins.mail import MailSink


def _create_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (x int)")


def _table_exists() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('left_behind')")
        return bool(cursor.fetchone() != (None,))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_a_committed_change_is_gone_in_the_next_test(attempt: int) -> None:
    assert not _table_exists()
    _create_table()
    assert _table_exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_committed_rows_are_gone_in_the_next_test(attempt: int) -> None:
    """Rows of append-only tables too, and what the migrations wrote is there again."""
    assert not TimelineEntry.objects.exists()
    incident = kit.incident(manager=factories.manager())
    assert TimelineEntry.objects.filter(incident=incident).exists()
    assert Audience.objects.filter(code="public").exclude(name="Everybody").update(name="Everybody") == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_that_rows_were_given_are_given_again() -> None:
    original = restoring.Original.remembered()
    first = factories.person().pk
    assert original.restore()
    assert factories.person().pk == first


@pytest.mark.django_db
def test_the_database_belongs_to_this_process() -> None:
    assert connection.settings_dict["NAME"] == database.own_name()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (database.own_name(),)


@pytest.mark.django_db
def test_databases_of_dead_processes_are_dropped_and_others_kept() -> None:
    orphan = "mim_test_gw0_4194304"  # above the largest process number that Linux gives
    with database.administration() as cursor:
        cursor.execute(f'CREATE DATABASE "{orphan}" TEMPLATE template0')
        database.drop_orphans()
        assert not database.exists(cursor, orphan)
        assert database.exists(cursor, database.own_name())


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (("127.0.0.1", 80), True),
        (("127.8.9.10", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/tmp/socket", True),
        (("192.0.2.1", 80), False),
        (("169.254.169.254", 80), False),
        (("example.org", 443), False),
        (("2001:db8::1", 80, 0, 0), False),
    ],
)
def test_only_this_machine_is_local(address: object, allowed: bool) -> None:
    assert network.local(address) is allowed


def test_a_connection_to_the_outside_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(network.OutsideError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as outside, pytest.raises(network.OutsideError):
        outside.connect_ex(("192.0.2.1", 80))


def test_redis_is_empty_and_apart(redis_client: "redis.Redis") -> None:
    assert redis_client.dbsize() == 0
    assert redis_client.connection_pool.connection_kwargs["db"] > 0
    redis_client.set("key", "value")
    assert redis_client.get("key") == b"value"


def test_mail_goes_through_a_real_server(mail_sink: MailSink) -> None:
    mail_sink.refuse("gone@example.org")
    with pytest.raises(Exception, match="No such user"):
        send_mail("Nobody reads this", "text", "desk@example.org", ["gone@example.org"])
    send_mail("Sign-in is back", "Déjà vu", "Desk <desk@example.org>", ["eve@example.org", "mia@example.org"])
    [message] = mail_sink.wait_for(1)
    assert message["Subject"] == "Sign-in is back"
    assert parseaddr(message["From"])[1] == "desk@example.org"
    assert message.get_content().strip() == "Déjà vu"
    assert mail_sink.to("mia@example.org") == [message]
    assert mail_sink.to("gone@example.org") == []
    mail_sink.clear()
    assert mail_sink.messages == []


def test_waiting_for_mail_that_does_not_come_fails(mail_sink: MailSink) -> None:
    with pytest.raises(pytest.fail.Exception, match="0 of 1 messages"):
        mail_sink.wait_for(1, seconds=0.05)


def test_the_language_checker_answers(language_tool: str) -> None:
    assert language_tool.startswith("http")


def test_a_browsers_loop_is_hidden_from_tests_without_one(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("pytest_plugins = ['tests.plugins.loops']")
    pytester.makepyfile(
        """
        import asyncio
        import pytest

        LOOP = asyncio.new_event_loop()

        def teardown_module():
            LOOP.close()

        @pytest.fixture
        def page():
            asyncio._set_running_loop(LOOP)  # as playwright leaves it
            return LOOP

        def test_1_with_a_browser(page):
            assert asyncio.get_running_loop() is LOOP

        def test_2_without():
            asyncio.run(asyncio.sleep(0))

        def test_3_with_it_again(request):
            request.getfixturevalue("page")
            assert asyncio.get_running_loop() is LOOP
        """
    )
    result = pytester.runpytest_inprocess(
        "-p", "no:randomly", "-p", "no:django", "-p", "no:playwright", "-p", "no:cacheprovider"
    )
    asyncio._set_running_loop(None)
    result.assert_outcomes(passed=3)
