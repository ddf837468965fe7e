import pytest

from comms.rules.checking.wording import check_leaks
from tests.comms.rules.kit import BODY, draft, texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("db-prod-03 is slow.", ["db-prod-03"]),
        ("The srv01 and ldn-app-2b hosts", ["srv01", "ldn-app-2b"]),
        ("titan.corp and files.office.local", ["titan.corp", "files.office.local"]),
        ("titan is slow, so is Payroll-Main.", ["titan", "Payroll-Main"]),
        ("localhost", ["localhost"]),
        ("10.0.0.12 and 10.0.0.0/8", ["10.0.0.12", "10.0.0.0/8"]),
        ("fe80::1 and 2001:db8::ff00:42:8329", ["fe80::1", "2001:db8::ff00:42:8329"]),
        ("version 10.0.0.12, v1.2.3.4 and 1.2.3.999", []),
        ("see https://status.example.com/a-web-01 and web1@example.com", []),
        ("MI-2026-0001, INC0012345, COVID-19, Office-365, 24-hour, UTC+1, at 14:30:05 (UTC+0)", []),
        (BODY, []),
    ],
)
def test_c05_no_machine_is_named_in_plain_words(text: str, expected: list[str]) -> None:
    found = [f.text for f in check_leaks.hosts_and_jargon(draft(), text) if f.severity == "error"]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The LDAP and the LDAP.", ["LDAP"]),
        ("VAT returns and POS tills", []),
        ("MyHR and PC, at 10:30 UTC, P1 of MI-2026-0001", []),
        ("MYHR", []),
        ("R&D and TCP/IP", []),
        ("[NAME] is TBC", []),
        ("https://example.com/LDAP", []),
    ],
)
def test_c05_unknown_acronyms_warn_once(text: str, expected: list[str]) -> None:
    found = [f.text for f in check_leaks.hosts_and_jargon(draft(), text) if f.severity == "warning"]
    assert found == expected


@pytest.mark.parametrize("audience", ["technical", "service_desk", "service_owners"])
def test_c05_c23_those_who_work_with_it_may_read_hosts_and_links(audience: str) -> None:
    text = "db-prod-03, LDAP, https://acme.zoom.us/j/1"
    assert texts(check_leaks.hosts_and_jargon, text, audiences=(audience,)) == []
    assert texts(check_leaks.internal_links, text, audiences=(audience,)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Password: hunter2", "credential"),
        ("the password is Hunter#2", "credential"),
        ("api_key=abcd1234", "credential"),
        ("-----BEGIN RSA PRIVATE KEY-----", "credential"),
        ("AKIAABCDEFGHIJKLMNOP", "credential"),
        ("https://user:secret@example.com/", "credential"),
        ("Your password is unaffected.", None),
        ("Reset your password: no", None),
        ("Write to jo@example.com", "email"),
        ("Write to help@example.com", None),
        ("Call +353 1 555 0199", "phone"),
        ("Call 01 555 0199 now", "phone"),
        ("Call (020) 7946-0018", "phone"),
        ("Call 555-010-0199", "phone"),
        ("Call +353 (1) 555-0100", None),
        ("About 1200000 users, 2026-11-23, 10:30 (UTC+0), INC0012345678", None),
        ("Card 4111 1111 1111 1111", "card"),
        ("Number 4111 1111 1111 1112", None),
        ("This is CVE-2026-12345.", "weakness"),
    ],
)
def test_c17_nothing_sensitive_leaves(text: str, expected: str | None) -> None:
    found = list(check_leaks.sensitive(draft(), text))
    assert [finding.rule for finding in found] == ([expected] if expected else [])
    assert all((finding.code, finding.severity) == ("C17", "error") for finding in found)


def test_c17_only_credentials_stop_among_ourselves() -> None:
    text = "jo@example.com, CVE-2026-12345, token: abcd1234"
    assert texts(check_leaks.sensitive, text, audiences=("technical", "executives")) == ["token: abcd1234"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Join https://acme.zoom.us/j/123.", ["https://acme.zoom.us/j/123."]),
        ("https://teams.microsoft.com/l/meetup", ["https://teams.microsoft.com/l/meetup"]),
        ("https://meet.example.org/mi-bridge?x=1", ["https://meet.example.org/mi-bridge?x=1"]),
        ("http://intranet/help", ["http://intranet/help"]),
        ("http://10.0.0.1/x", ["http://10.0.0.1/x"]),
        ("http://[fe80::1]/x", ["http://[fe80::1]/x"]),
        ("https://wiki.example.com/x", ["https://wiki.example.com/x"]),
        ("https://files.corp/x", ["https://files.corp/x"]),
        (
            "https://portal.example.com/incidents/MI-2026-0001/",
            ["https://portal.example.com/incidents/MI-2026-0001/"],
        ),
        ("https://eu.portal.example.com/x", ["https://eu.portal.example.com/x"]),
        ("https://portal.example.com/status/public/", []),
        ("https://portal.example.com:8443/status/public/", []),
        ("https://www.example.com/payroll", []),
        ("Dial-in 123, meeting ID 456", ["Dial-in", "meeting ID"]),
        ("Follow #inc-payroll or the Slack channel", ["#inc-payroll", "Slack channel"]),
        ("London Bridge station, ticket #4711", []),
    ],
)
def test_c23_no_way_into_the_room(text: str, expected: list[str]) -> None:
    assert texts(check_leaks.internal_links, text) == expected


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({}, []),
        ({"audiences": ()}, ["none"]),
        ({"audiences": ("end_users", "everyone")}, ["unknown"]),
        ({"audiences": ("union_reps",), "known_audiences": frozenset({"union_reps"})}, []),
        ({"kind": "handover", "audiences": ("technical", "service_owners", "executives")}, []),
        ({"kind": "handover", "audiences": ("technical", "end_users")}, ["handover"]),
        ({"kind": "correction", "corrects_audiences": frozenset({"end_users"})}, []),
        ({"kind": "correction", "corrects_audiences": frozenset({"end_users", "public"})}, ["correction"]),
    ],
)
def test_c26_the_right_people(change: dict[str, object], rules: list[str]) -> None:
    found = list(check_leaks.audience(draft(**change)))
    assert [finding.rule for finding in found] == rules
    assert all((f.code, f.severity, f.field) == ("C26", "error", "audiences") for f in found)


def test_c26_says_who_is_missing() -> None:
    asked = draft(kind="correction", corrects_audiences=frozenset({"service_desk", "public", "end_users"}))
    [finding] = check_leaks.audience(asked)
    assert finding.message == "Everyone who got the wrong message gets the correction. Missing: public, service desk."


@pytest.mark.parametrize(
    ("audiences", "expected"),
    [
        (("end_users", "public"), ["Internal use only"]),
        (("public",), ["Internal use only"]),
        (("service_desk", "executives"), []),
    ],
)
def test_c26_a_text_marked_internal_stays_inside(audiences: tuple[str, ...], expected: list[str]) -> None:
    assert texts(check_leaks.marked_internal, "Internal use only: hello.", audiences=audiences) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_private": True, "audiences": ("end_users", "public")}, "This incident is private: it cannot"),
        ({"is_exercise": True, "audiences": ("public",)}, "This is an exercise: it cannot"),
        ({"is_private": True, "audiences": ("end_users",)}, None),
        ({"audiences": ("public",)}, None),
    ],
)
def test_c27_private_never_reaches_the_public(change: dict[str, object], message: str | None) -> None:
    found = list(check_leaks.private_on_public(draft(**change)))
    assert len(found) == (1 if message else 0)
    for finding in found:
        assert finding.message.startswith(message or "")
        assert finding.code == "C27"
