"""Screenshots of pages at 1440 and 375 px in light and dark, with axe's serious findings and sideways scroll.

tools/shoot.py --base http://127.0.0.1:8000 --user mia --password … --out /tmp/shots / /incidents/MI-2026-0001/
tools/shoot.py --password … composer-stopped channels: named in tools/communications.py; `communications` is all.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import communications

WIDTHS = {1440: 900, 375: 812}
SERIOUS = {"serious", "critical"}


def chromium() -> str:
    """The browser's path: MIM_CHROMIUM, or the first found on the PATH."""
    found = os.environ.get("MIM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        sys.exit("No Chromium: install the package `chromium` or set MIM_CHROMIUM to its path.")
    return found


def sign_in(page: Page, base: str, user: str, password: str) -> None:
    """Through the portal's own form."""
    page.goto(f"{base}/account/login/")
    page.fill("#id_login", user)
    page.fill("#id_password", password)
    page.click("main button[type=submit]")
    if "/account/login" in page.url:
        sys.exit(f"{user} could not sign in: {page.inner_text('main')}")


def findings(page: Page) -> list[str]:
    """Serious and critical findings of axe, and whether the page scrolls sideways."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in SERIOUS:
            places = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:4])
            found.append(f"axe {violation['impact']} {violation['id']}: {' '.join(places.split())[:600]}")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        found.append(f"scrolls sideways by {over} px")
    return found


def shoot(browser: Browser, options: argparse.Namespace, width: int, scheme: str, states: dict[str, dict]) -> int:
    """All addresses and names at one width and colour scheme; the number of findings."""
    count = 0
    for wanted in options.addresses:
        named = communications.PAGES.get(wanted, communications.Named(options.user or "", wanted))
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 900)},
            color_scheme=scheme,
            storage_state=states.get(named.who),
            has_touch=width < 768,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        told: list[str] = []
        hear = told.append
        page.on(
            "console",
            lambda said, hear=hear: (
                hear(f"console: {said.text}") if said.type == "error" and " 422 " not in said.text else None
            ),
        )
        page.on("pageerror", lambda error, hear=hear: hear(f"script: {error}"))
        try:
            page.goto(options.base + named.address)
            named.steps(page)
        except Error as error:
            told.append(f"the way there broke: {error.message.splitlines()[0]}")
        page.wait_for_timeout(options.wait)
        name = re.sub(r"[^\w-]+", "_", wanted).strip("_") or "index"
        target = options.out / f"{name}-{width}-{scheme}.png"
        page.screenshot(path=str(target), full_page=not options.viewport)
        for finding in [*([] if options.no_axe else findings(page)), *told]:
            count += 1
            print(f"{wanted} {width} {scheme}: {finding}")
        print(target, flush=True)
        context.close()
    return count


def main() -> int:
    """The number of findings is the exit status, at most 100."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user")
    parser.add_argument("--password", default=os.environ.get("MIM_DEMO_PASSWORD", ""))
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--widths", type=int, nargs="+", default=list(WIDTHS))
    parser.add_argument("--schemes", nargs="+", default=["light", "dark"])
    parser.add_argument("--wait", type=int, default=400, help="milliseconds before each picture")
    parser.add_argument("--no-axe", action="store_true", help="pictures only, in a fraction of the time")
    parser.add_argument("--viewport", action="store_true", help="only what is seen first, not the whole page")
    options = parser.parse_intermixed_args()
    if "communications" in options.addresses:
        options.addresses = list(communications.PAGES)
    options.out.mkdir(parents=True, exist_ok=True)
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        states = {}
        named = [communications.PAGES[each].who for each in options.addresses if each in communications.PAGES]
        for user in {*named, options.user or ""} - {""}:
            context = browser.new_context()
            sign_in(context.new_page(), options.base, user, options.password)
            states[user] = context.storage_state()
            context.close()
        for width in options.widths:
            for scheme in options.schemes:
                count += shoot(browser, options, width, scheme, states)
        browser.close()
    return min(count, 100)


if __name__ == "__main__":
    sys.exit(main())
