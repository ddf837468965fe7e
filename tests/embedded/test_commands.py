"""The commands as a person runs them: real servers, started, found, refused, stopped, and nothing left behind."""

import os
import shutil
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from mim_portal.embedded import discovery
from tests import houses
from tests.houses import ENGINE, ENVIRONMENT, READY_SECONDS, Run, processes_of, wait_until_gone


@pytest.fixture
def house() -> Iterator[Path]:
    with houses.var_dir() as folder:
        yield folder


@pytest.fixture
def servers(house: Path) -> Iterator[Run]:
    with houses.started([*ENGINE, "servers", "--fleeting"], house) as run:
        run.wait_for("Servers are up")
        yield run


def test_servers_answer_are_found_and_leave_nothing_behind(servers: Run) -> None:
    found = discovery.environment(servers.folder)
    sockets = parse_qs(urlsplit(found["DATABASE_URL"]).query)["host"][0]
    with psycopg2.connect(dbname="mim", user="postgres", host=sockets) as connection:
        assert connection.server_version >= 180000
    connection.close()
    with redis.Redis.from_url(found["REDIS_URL"]) as client:
        assert client.ping()
        assert client.connection_pool.connection_kwargs["password"]
    with smtplib.SMTP("127.0.0.1", urlsplit(found["EMAIL_URL"]).port or 0) as client:
        client.sendmail("a@example.org", ["b@example.org"], "Subject: up\r\n\r\nup\r\n")
    assert len(list((servers.folder / "mail").glob("*.eml"))) == 1
    assert found["LANGUAGETOOL_URL"] == "http://127.0.0.1:9", "an address in the environment wins"
    assert Path(found["MIM_SECRET_KEY_FILE"]).read_text(encoding="utf-8")

    assert servers.stop(signal.SIGINT) == 0
    assert discovery.environment(servers.folder) == {}
    assert not Path(sockets).exists()
    wait_until_gone(servers.folder)


def test_a_second_run_in_the_same_folder_is_refused_in_one_line(servers: Run) -> None:
    second = subprocess.run(
        [*ENGINE, "servers"],
        env={**ENVIRONMENT, "VAR_DIR": str(servers.folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    assert second.returncode == 1
    assert len(second.stderr.splitlines()) == 1
    assert f"process {servers.process.pid}" in second.stderr
    assert discovery.environment(servers.folder), "the first run goes on"


def test_a_killed_supervisor_takes_its_servers_along(servers: Run) -> None:
    sockets = Path(parse_qs(urlsplit(discovery.environment(servers.folder)["DATABASE_URL"]).query)["host"][0])
    servers.stop(signal.SIGKILL)
    wait_until_gone(servers.folder)
    assert discovery.environment(servers.folder) == {}
    shutil.rmtree(sockets)


def test_a_killed_make_takes_the_supervisor_along(house: Path) -> None:
    recipe = f"import subprocess; subprocess.run({[*ENGINE, '--with-parent', 'servers', '--fleeting']!r})"
    with houses.started([sys.executable, "-c", recipe], house) as run:
        run.wait_for("Servers are up")
        run.process.kill()
        wait_until_gone(house)
        assert not (house / discovery.SERVERS_FILE).exists(), "the supervisor had time to stop in order"


def test_the_supervisor_has_one_thread(servers: Run) -> None:
    """With more, a killed one signals its children more than once, which granian does not survive in order."""
    assert len(list(Path(f"/proc/{servers.process.pid}/task").iterdir())) == 1


def test_a_dead_server_ends_the_run_in_one_line(servers: Run) -> None:
    [redis_pid] = [pid for pid, words in processes_of(servers.folder).items() if "redis-server" in words]
    os.kill(redis_pid, signal.SIGKILL)
    lines = servers.wait_for("redis died (killed by SIGKILL)")
    assert "redis.log" in lines[-1]
    assert servers.process.wait(READY_SECONDS) == 1


def test_the_data_outlive_the_run(house: Path) -> None:
    for expected in (None, "kept"):
        with houses.started([*ENGINE, "servers"], house) as run:
            run.wait_for("Servers are up")
            sockets = parse_qs(urlsplit(discovery.environment(house)["DATABASE_URL"]).query)["host"][0]
            connection = psycopg2.connect(dbname="mim", user="postgres", host=sockets)
            with connection, connection.cursor() as cursor:
                cursor.execute("CREATE TABLE IF NOT EXISTS notes (word text)")
                cursor.execute("SELECT max(word) FROM notes")
                assert cursor.fetchone() == (expected,)
                cursor.execute("INSERT INTO notes VALUES ('kept')")
            connection.close()
            assert run.stop(signal.SIGTERM) == 0


def test_pytest_runs_against_servers_of_its_own_and_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(
        "import os, urllib.parse\n"
        "def test_servers():\n"
        "    assert os.environ['MIM_ENV'] == 'test'\n"
        "    assert 'host=' in os.environ['DATABASE_URL'] and os.environ['REDIS_URL'].startswith('redis://')\n"
        "def test_red():\n"
        "    assert False\n",
        encoding="utf-8",
    )
    options = ["-c", "/dev/null", f"--rootdir={tmp_path}", "-p", "no:django", "-p", "no:cacheprovider", "-q"]
    answer = subprocess.run(
        [*ENGINE, "test", "--", *options, str(tmp_path)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    assert answer.returncode == 1, "pytest's exit code is passed on"
    assert answer.stdout.splitlines()[-1].startswith("1 failed, 1 passed")
    assert answer.stderr == ""


def test_any_command_runs_against_servers_of_its_own() -> None:
    code = "import os, sys; print(os.environ['VAR_DIR'], os.path.isdir(os.environ['VAR_DIR'])); sys.exit(7)"
    answer = subprocess.run(
        [*ENGINE, "with", "--", sys.executable, "-c", code],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    folder, existed = answer.stdout.split()
    assert (answer.returncode, existed) == (7, "True")
    assert not Path(folder).exists()
    missing = subprocess.run(
        [*ENGINE, "with", "--", "/nowhere/tool"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    assert missing.returncode == 1
    assert missing.stderr == "mim-portal: /nowhere/tool could not be run: No such file or directory.\n"


@pytest.mark.parametrize(("options", "fsync"), [([], "off"), (["--durable"], "on")])
def test_what_is_measured_may_ask_for_a_disk_that_is_waited_for(options: list[str], fsync: str) -> None:
    code = (
        "import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']).cursor();"
        " c.execute('SHOW fsync'); print(c.fetchone()[0])"
    )
    answer = subprocess.run(
        [*ENGINE, "with", *options, "--", sys.executable, "-c", code],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    assert answer.stdout.strip() == fsync, answer.stderr


def test_a_wrong_command_explains_itself() -> None:
    answer = subprocess.run([*ENGINE, "dance"], capture_output=True, text=True, check=False, timeout=READY_SECONDS)
    assert answer.returncode == 2
    assert "run" in answer.stderr
