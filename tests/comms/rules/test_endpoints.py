"""What people paste as the address of a channel, and what its answers mean."""

import pytest

from comms.rules import endpoints
from comms.rules.endpoints import Meaning
from teams.rules.fields import Unusable

TOKEN = "abcdefghij0123456789abcdef"
FLOW = "workflows/643e69f83c8944/triggers/manual/paths/invoke?api-version=1&sig=KODuebbbGGYFH"
SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.mark.parametrize(
    ("kind", "typed", "host", "apprise"),
    [
        ("slack", SLACK, "hooks.slack.com", SLACK),
        ("teams", f"https://prod-12.westus.logic.azure.com:443/{FLOW}", "prod-12.westus.logic.azure.com", None),
        (
            "teams",
            f"https://default1.ab.environment.api.powerplatform.com/powerautomate/automations/direct/{FLOW}",
            "default1.ab.environment.api.powerplatform.com",
            None,
        ),
        ("mattermost", f"https://chat.example.org/hooks/{TOKEN}", "chat.example.org", f"mmosts://chat.example.org/{TOKEN}"),
        ("mattermost", f"http://10.0.0.9:8065/mm/hooks/{TOKEN}", "10.0.0.9", f"mmost://10.0.0.9:8065/mm/{TOKEN}"),
        ("webhook", " https://tickets.example.org/in?x=1 ", "tickets.example.org", None),
        ("sms", "twilio://AC1:token@+15551234567", "twilio", "twilio://AC1:token@+15551234567/+447911123456"),
        ("sms", "smseagle://t@sms.example.org/?cto=3", "smseagle", "smseagle://t@sms.example.org/+447911123456?cto=3"),
    ],
)  # fmt: skip
def test_what_is_pasted(kind: str, typed: str, host: str, apprise: str | None) -> None:
    kept = endpoints.address(kind, typed)
    assert kept == typed.strip()
    assert endpoints.host(kind, kept) == host
    assert endpoints.apprise_url(kind, kept, number="+447911123456") == (apprise or kept)


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("slack", "", "Paste the address"),
        ("slack", "https://example.slack.com/archives/C1", "incoming webhook"),
        ("slack", "https://hooks.slack.com.evil.example/services/T1/B1/x", "incoming webhook"),
        ("teams", "https://teams.microsoft.com/l/channel/19", "workflow"),
        ("teams", f"https://logic.azure.com.evil.example/{FLOW}", "workflow"),
        ("mattermost", "https://chat.example.org/ops/channels/town-square", "incoming webhook"),
        ("mattermost", f"https://user:pw@chat.example.org/hooks/{TOKEN}", "incoming webhook"),
        ("webhook", "ftp://example.org/x", "https"),
        ("webhook", "https://example.org/a b", "spaces"),
        ("webhook", "https://example.org/\u202e", "spaces"),
        ("webhook", "https://example.org/" + "x" * 2000, "no end"),
        ("sms", "json://127.0.0.1/", "as Apprise writes it"),
        ("sms", "mailto://a:b@example.org", "as Apprise writes it"),
        ("sms", "twilio://", "as Apprise writes it"),
        ("sms", "+447911123456", "as Apprise writes it"),
    ],
)
def test_what_is_no_address_is_refused_with_an_example(kind: str, typed: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        endpoints.address(kind, typed)


@pytest.mark.parametrize(
    ("status", "meaning", "words"),
    [
        (200, Meaning.TAKEN, "taken"),
        (204, Meaning.TAKEN, "taken"),
        (301, Meaning.NEVER, "redirect"),
        (400, Meaning.NEVER, "does not take"),
        (401, Meaning.NEVER, "refuses us"),
        (404, Meaning.NEVER, "nothing at this address"),
        (408, Meaning.LATER, "does not take"),
        (410, Meaning.NEVER, "removed"),
        (429, Meaning.LATER, "too many"),
        (500, Meaning.LATER, "trouble of its own"),
        (503, Meaning.LATER, "trouble of its own"),
    ],
)
def test_what_an_answer_means(status: int, meaning: Meaning, words: str) -> None:
    assert endpoints.meaning(status) is meaning
    assert words in endpoints.words(status)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("30", 30), (" 5 ", 5), ("86400", 900), ("", 0), ("-1", 0), ("Fri, 27 Nov 2026 10:00:00 GMT", 0), ("9" * 40, 0)],
)
def test_how_long_it_asks_to_wait(asked: str, seconds: float) -> None:
    assert endpoints.seconds(asked) == seconds


@pytest.mark.parametrize(
    ("status", "is_of_the_number"),
    [(400, True), (404, True), (410, True), (422, True), (401, False), (403, False), (429, False), (503, False)],
)
def test_what_a_provider_says_of_a_number(status: int, is_of_the_number: bool) -> None:
    assert endpoints.refuses_number(endpoints.words(status)) is is_of_the_number
