"""LanguageTool's jars in a cache outside the checkout, brought once by Maven, or else by language-tool-python."""

import asyncio
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from mim_portal.embedded.failures import Failure
from mim_portal.embedded.process import output_of
from mim_portal.embedded.report import Report
from mim_portal.lib import caches

VERSION = "6.8"
DOWNLOAD_SECONDS = 900.0
PROGRESS_SECONDS = 15.0
MAVEN_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy-dependencies"
# English alone makes the server refuse to start, so all languages come along.
POM = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>portal.mim</groupId>
  <artifactId>languagetool-jars</artifactId>
  <version>{VERSION}</version>
  <dependencies>
    <dependency>
      <groupId>org.languagetool</groupId><artifactId>languagetool-server</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.languagetool</groupId><artifactId>language-all</artifactId><version>{VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


async def provide(report: Report) -> str:
    """The Java class path of the server's jars; fetches them the first time, one run at a time."""
    home = caches.folder() / f"languagetool-{VERSION}"
    if not _complete(home):
        home.parent.mkdir(parents=True, exist_ok=True)
        with (home.parent / f"languagetool-{VERSION}.lock").open("a") as lock:
            await _locked(lock.fileno())
            if not _complete(home):
                await _fetch(home, report)
    return os.pathsep.join(f"{folder}/*" for folder in (home, home / "libs") if folder.is_dir())


async def _locked(handle: int) -> None:
    """Wait for our turn without a thread, which could not be interrupted."""
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.2)
        else:
            return


def _complete(home: Path) -> bool:
    """The folder appears under its name only when whole."""
    return any(home.glob("languagetool-server*.jar"))


async def _fetch(home: Path, report: Report) -> None:
    report.line(f"Fetching LanguageTool {VERSION} (about 250 MB, once) into {home}.")
    reasons = []
    for fetch in (_by_maven, _by_language_tool_python):
        with tempfile.TemporaryDirectory(dir=home.parent, prefix="fetching-") as part:
            try:
                found = await _patiently(fetch(Path(part)), report)
                shutil.rmtree(home, ignore_errors=True)
                found.rename(home)
            except (Failure, TimeoutError, OSError) as failure:
                reasons.append(str(failure) or "It took too long.")
            else:
                return
    why = " ".join(reasons)
    raise Failure(f"LanguageTool could not be fetched: {why} Start again when online, or set LANGUAGETOOL_URL.")


async def _patiently(fetch: Coroutine[Any, Any, Path], report: Report) -> Path:
    """Wait for a download, say now and then that it goes on, and give up in the end."""
    task, started = asyncio.ensure_future(fetch), time.monotonic()
    try:
        while time.monotonic() - started < DOWNLOAD_SECONDS:
            done, _ = await asyncio.wait({task}, timeout=PROGRESS_SECONDS)
            if done:
                return await task
            report.line(f"Still fetching LanguageTool; {time.monotonic() - started:.0f} s so far.")
        raise TimeoutError
    finally:
        task.cancel()


async def _by_maven(part: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise Failure("Maven (mvn) is not installed.")
    (part / "pom.xml").write_text(POM, encoding="utf-8")
    jars = part / "jars"
    await _run([maven, "-B", "-q", "-f", str(part / "pom.xml"), MAVEN_PLUGIN, f"-DoutputDirectory={jars}"], {}, "Maven")
    if not _complete(jars):
        raise Failure("Maven brought no server.")
    return jars


async def _by_language_tool_python(part: Path) -> Path:
    """Its own download of a release from languagetool.org, a folder with the server and its ``libs``."""
    code = f"from language_tool_python.download_lt import download_lt; download_lt({VERSION!r})"
    await _run([sys.executable, "-c", code], {"LTP_PATH": str(part)}, "languagetool.org")
    for server in part.glob("*/languagetool-server.jar"):
        return server.parent
    raise Failure("languagetool.org brought no server.")


async def _run(argv: Sequence[str], extra: Mapping[str, str], source: str) -> None:
    code, text = await output_of(argv, environment={**os.environ, **extra})
    if code:
        if "No space left" in text:
            raise Failure(f"The disk is full at {caches.folder()}.")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        raise Failure(f"{source} failed ({(lines[0] if lines else 'no message')[:160]}).")
