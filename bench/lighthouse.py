"""Lighthouse's performance of the pages that people live on: board, raise, room, list, status; on a phone, at a desk.

Against a portal that `make run` started, with its demo. Lighthouse itself is no dependency of the project:

    cd "$(mktemp -d)" && npm install lighthouse@12
    LIGHTHOUSE=$PWD/node_modules/.bin/lighthouse
    cd <repository> && .venv/bin/python -m bench.lighthouse $LIGHTHOUSE --password … [--base http://127.0.0.1:8000]

Scores move by several points on a machine that does something else: “blocked” is the first to show it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import requests

GOAL = 95
AUDITS = {
    "server-response-time": "answer_ms",
    "first-contentful-paint": "first_paint_ms",
    "largest-contentful-paint": "largest_paint_ms",
    "total-blocking-time": "blocked_ms",
    "cumulative-layout-shift": "shift",
}


def signed_in(base: str, user: str, password: str) -> requests.Session:
    session = requests.Session()
    form = session.get(f"{base}/account/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    given = {"csrfmiddlewaretoken": token[1], "login": user, "password": password}
    session.post(f"{base}/account/login/", data=given, headers={"Referer": base}, timeout=30)
    return session


def measured(lighthouse: str, url: str, session: requests.Session, preset: str) -> dict[str, Any]:
    """Score and times of one page."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            lighthouse, url, "--only-categories=performance", "--output=json", f"--output-path={out}", "--quiet",
            "--chrome-flags=--headless=new --no-sandbox", f"--extra-headers={json.dumps({'Cookie': cookies})}",
        ]  # fmt: skip
        if preset == "desktop":
            command.append("--preset=desktop")
        chromium = os.environ.get("MIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
        subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, check=True, capture_output=True)
        report = json.loads(out.read_text())
    audits = {name: round(report["audits"][code]["numericValue"], 3) for code, name in AUDITS.items()}
    return {"score": round(report["categories"]["performance"]["score"] * 100), **audits}


def main() -> int:
    """1 where a page stays below the goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lighthouse")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("MIM_DEMO_PASSWORD", ""))
    parser.add_argument("--pages", nargs="+", default=["board", "raise", "room", "list", "status"])
    parser.add_argument("--presets", nargs="+", default=["mobile", "desktop"])
    options = parser.parse_args()
    mia, desmond = (signed_in(options.base, user, options.password) for user in ("mia", "desmond"))
    running = re.search(r"/incidents/(MI-[\d-]+)/", mia.get(f"{options.base}/", timeout=30).text)
    assert running is not None, "the demo's incident does not run any more"
    pages = {
        "board": ("/", mia),
        "raise": ("/raise/", desmond),
        "room": (f"/incidents/{running[1]}/", mia),
        "list": ("/incidents/", mia),
        "status": ("/status/public/", mia),
    }
    figures = {
        f"{name}, {preset}": measured(options.lighthouse, options.base + pages[name][0], pages[name][1], preset)
        for name in options.pages
        for preset in options.presets
    }
    print(json.dumps({"goal": GOAL, "load": os.getloadavg()[0], "pages": figures}, indent=2))
    return int(any(one["score"] < GOAL for one in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
