"""The pictures of the five main pages in docs/images, taken anew from a portal that runs with its demo.

make run, and beside it: .venv/bin/python tools/pictures.py --password … (make run prints it)
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.shoot import chromium, sign_in

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, HEIGHT = 1440, 900
LARGEST = 250_000  # bytes
CALL = {
    "service": "payroll",
    "cannot_do": "submit timesheets: the page answers “Session expired (E-4012)”",
    "contact": "Niamh Walsh, Dublin store, +353 1 555 0199",
    "affected_count": "about 40",
    "where": "Dublin",
}


def board(page: Page, base: str) -> None:
    page.goto(f"{base}/")


def room(page: Page, base: str) -> None:
    """Of the incident for which the manager is accountable and that runs."""
    page.goto(f"{base}/")
    page.locator("#mine a[href^='/incidents/']").first.click()
    page.locator("[data-live-state=live]").wait_for()


def incidents(page: Page, base: str) -> None:
    page.goto(f"{base}/incidents/")


def report(page: Page, base: str) -> None:
    """A call while somebody types it: what looks the same stands beside it."""
    page.goto(f"{base}/raise/?draft=new")
    page.select_option("[name=service]", CALL["service"])
    for name, words in CALL.items():
        if name != "service":
            page.fill(f"[name={name}]", words)
    page.locator("#advice .alike").wait_for()
    page.locator("h1").click()  # no field is in hand
    page.wait_for_timeout(2000)


def status(page: Page, base: str) -> None:
    page.goto(f"{base}/status/public/")


# By file: who looks, and at what.
PICTURES: dict[str, tuple[str, Callable[[Page, str], None]]] = {
    "board": ("mia", board),
    "raise": ("desmond", report),
    "room": ("mia", room),
    "incidents": ("mia", incidents),
    "status": ("", status),
}


def taken(page: Page, path: Path) -> int:
    """What is in sight, as a small picture; its size in bytes."""
    page.wait_for_timeout(800)
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").save(path, "WEBP", quality=88, method=6)
    return path.stat().st_size


def take(browser: Browser, base: str, name: str, *, folder: Path, password: str) -> int:
    who, look = PICTURES[name]
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page = context.new_page()
    if who:
        sign_in(page, base, who, password)
    look(page, base)
    size = taken(page, folder / f"{name}.webp")
    discard = page.get_by_role("button", name="Discard this form")
    if discard.count():  # what was typed for the picture goes again
        page.on("dialog", lambda dialog: dialog.accept())
        discard.first.click()
    context.close()
    return size


def main() -> int:
    """1 where a picture is too large for a page that many read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("MIM_DEMO_PASSWORD", ""))
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("names", nargs="*", default=list(PICTURES), help="which of them; all when left out")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        sizes = {
            name: take(browser, options.base, name, folder=options.out, password=options.password)
            for name in options.names
        }
        browser.close()
    for name, size in sizes.items():
        print(f"{options.out / name}.webp {size} bytes")
    return int(any(size > LARGEST for size in sizes.values()))


if __name__ == "__main__":
    sys.exit(main())
