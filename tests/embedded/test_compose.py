"""docker-compose.yml is valid, and runs the same processes as `make run`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from ruamel.yaml import YAML

from mim_portal.embedded import discovery, portal

FILE = discovery.REPOSITORY / "docker-compose.yml"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    content = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return json.loads(json.dumps(content))["services"]  # type: ignore[no-any-return]


def _check(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_follows_the_compose_schema() -> None:
    answer = _check(FILE)
    assert answer.returncode == 0, answer.stdout


def test_the_schema_finds_a_bogus_key(tmp_path: Path) -> None:
    bogus = tmp_path / "docker-compose.yml"
    bogus.write_text(FILE.read_text(encoding="utf-8").replace("healthcheck:", "healthchekc:", 1), encoding="utf-8")
    answer = _check(bogus)
    assert answer.returncode != 0
    assert "healthchekc" in answer.stdout


def test_every_part_is_a_service_of_its_own(services: dict[str, Any]) -> None:
    parts = {
        "web",
        "live",
        "worker",
        "channels",
        "clock",
        "beat",
        "migrate",
        "proxy",
        "postgres",
        "redis",
        "languagetool",
        "mailpit",
    }
    assert set(services) == parts
    for name in ("web", "live", "worker", "channels", "clock", "beat"):
        assert "container_name" not in services[name], "a named container cannot be scaled"
        assert "ports" not in services[name], "a published port cannot be scaled"


def test_every_queue_has_exactly_one_kind_of_worker(services: dict[str, Any]) -> None:
    def queues(words: list[str]) -> list[str]:
        return words[words.index("-Q") + 1].split(",")

    composed = [
        queue for name in ("worker", "channels", "clock") for queue in queues(services[name]["command"].split())
    ]
    clock, _, worker, channels = portal.celery_specs({}, Path("/nowhere"))
    assert sorted(composed) == sorted(queue for spec in (worker, channels, clock) for queue in queues(list(spec.argv)))
    assert len(composed) == len(set(composed))
    used = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert used <= set(composed)


def test_web_and_live_serve_what_make_run_serves(services: dict[str, Any]) -> None:
    web = [word.replace("0.0.0.0", "127.0.0.1") for word in services["web"]["command"].split()]
    assert web[1:] == list(portal.web_spec({}, port=8000).argv)[1:]
    live = services["live"]["command"].split()
    spec = portal.live_spec({}, port=8001)
    assert live[-1] == spec.argv[-1]
    assert live[live.index("--interface") + 1] == list(spec.argv)[list(spec.argv).index("--interface") + 1]


def test_production_gets_no_secret_from_the_file() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert "${MIM_SECRET_KEY:?" in text
    assert "${POSTGRES_PASSWORD:?" in text


@pytest.mark.parametrize("name", ["clock", "worker", "channels", "beat"])
def test_a_part_that_no_longer_works_is_noticed_and_started_again(services: dict[str, Any], name: str) -> None:
    service = services[name]
    words = service["command"].split()
    assert words[:5] == ["python", "-m", "mim_portal.embedded.watchdog", name, "--"]
    assert words[5] == "celery"
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][1:] == ["python", "-m", "mim_portal.embedded.watchdog", name]
    assert service["healthcheck"]["interval"]
