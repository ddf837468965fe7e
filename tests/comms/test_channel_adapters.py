"""What leaves for chat, SMS and webhooks, as real servers on this machine receive it."""

import inspect
import json
import re
import socket
import ssl
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from comms.adapters import guarded_apprise, webhook
from comms.rules import endpoints
from mim_portal.lib import outgoing
from tests.http_sink import Sink, silence, sink

TOKEN = "abcdefghij0123456789abcdef"
FLOWS = "prod-12.test.logic.azure.com"
TITLE = "[P1] [UPDATE 2] Payroll: staff cannot submit timesheets | next 14:30 (UTC+0) | MI-2026-0001"
TEXT = "Staff in Ireland cannot submit <timesheets> & *payslips*.\nThe paper form works."


@pytest.fixture(autouse=True)
def guarded() -> None:
    guarded_apprise.stand_in_front()


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        yield kept


@pytest.fixture
def secure(settings: Settings, tmp_path: Path) -> Iterator[Sink]:
    """The same behind TLS, with a certificate of an authority of one's own."""
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with sink(tls=context) as kept:
        settings.OUTGOING_INTERNAL_HOSTS = [kept.host]
        settings.OUTGOING_CA_FILE = str(certificate)
        yield kept


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName(FLOWS)]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(*encoding))
    return paths


def chat(kind: str, address: str) -> outgoing.Answer:
    return guarded_apprise.send(kind=kind, address=address, title=TITLE, text=TEXT)


class TestChat:
    def test_mattermost(self, server: Sink) -> None:
        assert chat("mattermost", f"{server.url}/hooks/{TOKEN}").status == 200
        (taken,) = server.taken
        assert taken.path == f"/hooks/{TOKEN}"
        said = json.loads(taken.body)["text"]
        assert TITLE in said
        assert TEXT in said

    def test_mattermost_under_a_folder_and_with_a_certificate_of_ones_own(self, secure: Sink) -> None:
        assert chat("mattermost", f"https://{secure.host}/chat/hooks/{TOKEN}").is_taken
        assert secure.taken[0].path == f"/chat/hooks/{TOKEN}"

    def test_an_untrusted_certificate_is_said(self, secure: Sink, settings: Settings) -> None:
        settings.OUTGOING_CA_FILE = ""
        with pytest.raises(outgoing.Unreachable, match="certificate is not trusted"):
            chat("mattermost", f"https://{secure.host}/hooks/{TOKEN}")

    def test_slack(self, server: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        plugin: Any = guarded_apprise.plugins()["slack"]
        monkeypatch.setattr(plugin, "webhook_url", f"{server.url}/services")
        assert chat("slack", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ").is_taken
        (taken,) = server.taken
        assert taken.path == "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
        said = taken.body.decode()
        assert "staff cannot submit timesheets" in said
        assert "The paper form works." in said
        assert "http" not in said  # no picture from elsewhere

    def test_teams(self, secure: Sink, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.OUTGOING_INTERNAL_HOSTS = [FLOWS]
        here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", secure.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: here)
        address = f"https://{FLOWS}:{secure.port}/workflows/643e69f83c8944/triggers/manual/paths/invoke?sig=KODuebbbG"
        assert endpoints.address("teams", address) == address
        assert chat("teams", address).is_taken
        (taken,) = secure.taken
        assert taken.path.startswith("/workflows/643e69f83c8944/triggers/manual/paths/invoke?")
        (attached,) = json.loads(taken.body)["attachments"]
        words = [block["text"] for block in attached["content"]["body"]]
        assert TITLE in words
        assert any("The paper form works" in each for each in words)

    @pytest.mark.parametrize("status", [301, 404, 429, 503])
    def test_the_answer_is_handed_on(self, server: Sink, status: int) -> None:
        server.says((status, {"Retry-After": "9", "Location": "http://169.254.169.254/"}))
        answer = chat("mattermost", f"{server.url}/hooks/{TOKEN}")
        assert (answer.status, answer.retry_after, len(server.taken)) == (status, "9", 1)


class TestGuard:
    """Apprise has no way around it."""

    def test_internal_hosts_are_refused(self, server: Sink, settings: Settings) -> None:
        settings.OUTGOING_INTERNAL_HOSTS = []
        for host in ("169.254.169.254", "127.0.0.1", "[::ffff:127.0.0.1]", "2130706433"):
            with pytest.raises(outgoing.Forbidden):
                chat("mattermost", f"https://{host}/hooks/{TOKEN}")
        assert server.taken == []

    def test_silence_ends_soon(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(outgoing, "TIMEOUT", (0.2, 0.2))
        with silence() as port:
            settings.OUTGOING_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
            with pytest.raises(outgoing.Unreachable, match="in time"):
                chat("mattermost", f"http://127.0.0.1:{port}/hooks/{TOKEN}")

    @pytest.mark.parametrize(
        "address",
        ["json://127.0.0.1/", "file:///etc/passwd", "mailto://a:b@example.org", "syslog://", "exec://x", "mmost://"],
    )
    def test_other_plugins_are_not_reachable(self, address: str) -> None:
        with pytest.raises(outgoing.Forbidden, match="does not know"):
            guarded_apprise.send(kind="slack", address=address, title="", text="x")

    @pytest.mark.parametrize("schema", [*sorted(endpoints.SMS_SCHEMAS), "slack", "workflows", "mmost"])
    def test_a_plugin_speaks_by_requests_alone(self, schema: str) -> None:
        module: Any = sys.modules[guarded_apprise.plugins()[schema].__module__]
        source = inspect.getsource(module)
        assert type(module.requests).__name__ == "_Guarded"
        assert not re.search(r"^\s*(import|from) (socket|http|urllib3|httpx|smtplib|ssl)\b", source, re.MULTILINE)
        used = set(re.findall(r"\brequests\.(\w+)", source))
        assert used <= {"post", "get", "request", "codes", "exceptions", "RequestException"}

    def test_what_it_does_not_offer_fails_loudly(self) -> None:
        with pytest.raises(AttributeError, match="around the guard"):
            _ = guarded_apprise._Guarded().Session


class TestSms:
    def test_the_number_is_added_to_the_provider(self, server: Sink) -> None:
        server.answers = [(200, {}, b'{"result": [{"message_id": 1, "status": "ok"}]}')]
        answer = guarded_apprise.send(
            kind="sms", address=f"smseagle://token@{server.host}", title="", text="Payroll back", number="+447911123456"
        )
        assert answer.is_taken
        (taken,) = server.taken
        said = taken.body.decode()
        assert "Payroll back" in said
        assert "447911123456" in said

    def test_what_providers_are_asked_stays_out_of_the_log(
        self, server: Sink, caplog: pytest.LogCaptureFixture
    ) -> None:
        with pytest.raises(outgoing.Forbidden):
            guarded_apprise.send(
                kind="sms", address=f"smseagle://token@{server.host}", title="", text="x", number="+447911123456"
            )
        assert "447911123456" not in caplog.text

    def test_a_provider_of_the_internet(self, server: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        plugin: Any = guarded_apprise.plugins()["twilio"]
        monkeypatch.setattr(plugin, "notify_sms_url", f"{server.url}/{{sid}}/Messages.json")
        account = "AC" + "a" * 32
        answer = guarded_apprise.send(
            kind="sms",
            address=f"twilio://{account}:{'b' * 32}@+15551234567",
            title="",
            text="Payroll back. " * 20,
            number="+447911123456",
        )
        assert answer.is_taken
        (taken,) = server.taken
        assert taken.path == f"/{account}/Messages.json"
        given = parse_qs(taken.body.decode())
        assert (given["Body"], given["To"]) == ([("Payroll back. " * 20).strip()], ["+447911123456"])

    def test_a_provider_that_answers_and_does_not_take_it(self, server: Sink) -> None:
        server.answers = [(200, {}, json.dumps([{"status": "error"}]).encode())]
        with pytest.raises(outgoing.Forbidden, match="did not take"):
            guarded_apprise.send(
                kind="sms", address=f"smseagle://t@{server.host}", title="", text="x", number="+447911123456"
            )


class TestWebhook:
    NEW, OLD = "whsec_" + "bmV3LXNlY3JldC1vZi10aGlzLXRlc3Q=", "whsec_" + "b2xkLXNlY3JldC1vZi10aGlzLXRlc3Q="

    def sent(self, server: Sink, *secrets: str) -> Any:
        now = datetime.now(UTC)
        text = webhook.body(event="incident.declared", at=now, data={"title": "Überweisungen – 漢"})
        answer = webhook.send(address=f"{server.url}/in", secrets=secrets, message_id="msg_7", body=text, now=now)
        assert answer.is_taken
        return server.taken[-1]

    def test_signed_over_the_exact_bytes(self, server: Sink) -> None:
        taken = self.sent(server, self.NEW)
        assert taken.headers["webhook-id"] == "msg_7"
        assert Webhook(self.NEW).verify(taken.body, taken.headers)["data"] == {"title": "Überweisungen – 漢"}
        for changed in (taken.body + b" ", taken.body.replace(b"declared", b"resolved")):
            with pytest.raises(WebhookVerificationError):
                Webhook(self.NEW).verify(changed, taken.headers)

    def test_both_secrets_sign_while_rotating(self, server: Sink) -> None:
        taken = self.sent(server, self.NEW, self.OLD)
        assert Webhook(self.NEW).verify(taken.body, taken.headers)
        assert Webhook(self.OLD).verify(taken.body, taken.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook("whsec_c29tZWJvZHktZWxzZXM=").verify(taken.body, taken.headers)

    def test_without_a_secret_nothing_is_signed(self, server: Sink) -> None:
        assert "webhook-signature" not in self.sent(server).headers
