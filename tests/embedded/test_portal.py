"""What the portal's processes are started with."""

import asyncio
from pathlib import Path

import pytest

from mim_portal.embedded import discovery, portal
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor

ADDRESSES = {"DATABASE_URL": "postgres:///mim", "REDIS_URL": "redis://127.0.0.1:1/0"}


def _environment(folder: Path, **given: str) -> dict[str, str]:
    house = Folder(folder)
    house.prepare()

    async def build() -> dict[str, str]:
        supervisor = Supervisor(house, environment=given, report=Report(quiet=True))
        try:
            return portal.portal_environment(supervisor, ADDRESSES, port=8100, live_port=8101)
        finally:
            await supervisor.stop()

    return asyncio.run(build())


def test_the_portal_is_told_where_its_servers_and_its_key_are(tmp_path: Path) -> None:
    environment = _environment(tmp_path, HOME="/home/ada")
    assert ADDRESSES.items() <= environment.items()
    assert environment["HOME"] == "/home/ada"
    assert environment["MIM_ENV"] == "embedded"
    assert environment["BASE_URL"] == "http://127.0.0.1:8100"
    assert (environment["PORT"], environment["LIVE_PORT"]) == ("8100", "8101")
    assert environment["VAR_DIR"] == str(tmp_path)
    assert environment["WATCH_MINUTES_P1"] == "5"  # a demo's service is not watched for an hour
    assert len(Path(environment["MIM_SECRET_KEY_FILE"]).read_text(encoding="utf-8")) >= 50


def test_what_the_caller_has_set_stays(tmp_path: Path) -> None:
    environment = _environment(
        tmp_path, MIM_SECRET_KEY="mine", BASE_URL="https://portal.example.org", WATCH_MINUTES_P1="60"
    )
    assert environment["WATCH_MINUTES_P1"] == "60"
    assert environment["BASE_URL"] == "https://portal.example.org"
    assert "MIM_SECRET_KEY_FILE" not in environment


def test_everything_listens_on_this_machine_only() -> None:
    for spec in (portal.web_spec({}, port=8100), portal.live_spec({}, port=8101)):
        words = list(spec.argv)
        assert words[words.index("--host") + 1] == "127.0.0.1"


def test_the_clock_has_a_worker_of_its_own(tmp_path: Path) -> None:
    clock, beat, worker, channels = portal.celery_specs({}, tmp_path)
    assert [spec.name for spec in (clock, beat, worker, channels)] == ["clock", "beat", "worker", "channels"]
    words = list(clock.argv)
    assert words[words.index("-Q") + 1] == "clock"
    assert words[words.index("-c") + 1] == "2"
    assert words[words.index("--prefetch-multiplier") + 1] == "1"
    assert "clock" not in list(worker.argv)[list(worker.argv).index("-Q") + 1].split(",")
    assert list(channels.argv)[list(channels.argv).index("-Q") + 1] == "channels"  # nothing else waits for it
    assert "--max-interval" in beat.argv
    assert str(tmp_path / "beat.schedule") in beat.argv


def test_only_web_ends_the_run_at_once(tmp_path: Path) -> None:
    assert portal.web_spec({}, port=1).restarts == 0
    assert all(spec.restarts for spec in (portal.live_spec({}, port=1), *portal.celery_specs({}, tmp_path)))


def test_static_files_are_collected_again_when_one_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "REPOSITORY", tmp_path)
    (tmp_path / "static" / "build").mkdir(parents=True)
    (tmp_path / "requirements.lock").write_text("django==5.2", encoding="utf-8")
    style = tmp_path / "static" / "build" / "app.css"
    style.write_text("a{}", encoding="utf-8")
    first = portal.static_fingerprint()
    assert portal.static_fingerprint() == first
    style.write_text("b{}", encoding="utf-8")
    second = portal.static_fingerprint()
    (tmp_path / "requirements.lock").write_text("django==5.3", encoding="utf-8")
    assert len({first, second, portal.static_fingerprint()}) == 3
