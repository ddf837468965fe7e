"""The examples of docs/integrate.md, run as they stand by a shell against a portal that listens."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from comms.services import snapshots
from incidents.models import Incident
from mim_portal.lib import dbtime
from teams.choices import Scope
from teams.models import ApiToken, Person
from tests.journeys.kit import Portal
from tests.plugins.mail import MailSink

PAGE = Path(__file__).resolve().parents[2] / "docs" / "integrate.md"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("language_tool")]


def examples() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    return [block for block in blocks if "manage.py token" not in block]


def token(person: Person, *scopes: str) -> str:
    _row, text = ApiToken.objects.create(user=person, scopes=list(scopes))
    return str(text)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not installed")
def test_every_example_does_what_the_page_says(
    cast: SimpleNamespace, api: Callable[..., APIClient], mail_sink: MailSink, live_server: LiveServer
) -> None:
    Portal(cast, api, mail_sink)
    snapshots.render_due(now=dbtime.now())
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL": live_server.url,
        "DESK": token(cast.desmond, "read", "raise"),
        "MANAGER": token(cast.mia, *Scope.values),
        "ADMIN": token(cast.ada, "read", "admin", "comms", "teams"),
        "READER": token(cast.omar, "read", "comms"),
    }
    script = "set -euo pipefail\n" + "\n".join(examples())
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    incident = Incident.objects.get()
    assert incident.title == "Payroll: timesheets cannot be submitted"
    assert incident.state == "monitoring"
    said = re.sub(r"\s+", " ", done.stdout)
    assert '"code": "blocked", "found": [ "enginers" ]' in said
    assert '"code": "second_reader", "release_at": "20' in said
    assert '"state": "published", "sequence": 2' in said
    assert '"status": 409, "code": "watch_period"' in said
    assert '{ "code": "tickets", "secret": "whsec_' in said
    assert '304 [] { "state": "scheduled", "services": [ "payroll" ], "is_automatic": true }' in said
