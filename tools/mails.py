"""Pictures of mails as phones and mail programs show them: each HTML part at 320 and 640 px, light and dark.

tools/mails.py var/mail --out /tmp/mails        one of each kind of subject, the newest first; --all for every mail
"""

import argparse
import re
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.shoot import chromium, findings

WIDTHS = (320, 640)
_KIND = re.compile(r"WITHDRAWN|\[([A-Z]+)(?: \d+)?\]")


def kind(mail: EmailMessage) -> str:
    """The tags of an update's subject, else its first words."""
    subject = str(mail["Subject"])
    tags = [found[1] or found[0] for found in _KIND.finditer(subject)]
    if "CORRECTION:" in subject:
        tags.append("CORRECTION")
    return "-".join(tags or subject.split()[:4]).lower()


def read(folder: Path, *, is_all: bool) -> dict[str, str]:
    """HTML by name; of each kind the newest mail, or all."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.eml"), reverse=True):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(("html",))
        if body is not None:
            name = re.sub(r"[^\w-]+", "_", kind(mail))
            found.setdefault(f"{name}-{path.stem}" if is_all else name, body.get_content())
    return found


def shoot(browser: Browser, *, name: str, html: str, out: Path) -> int:
    """Four pictures of one mail; the number of findings of axe, and whether it has to be scrolled sideways."""
    count = 0
    page = browser.new_page()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 600})
            page.set_content(html)
            page.screenshot(path=str(out / f"{name}-{width}-{scheme}.png"), full_page=True)
            for finding in findings(page):
                count += 1
                print(f"{name} {width} {scheme}: {finding}")
    page.close()
    return count


def main() -> int:
    """The number of findings is the exit status, at most 100."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("var/mail"))
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        mails = read(options.folder, is_all=options.all)
        count = sum(shoot(browser, name=name, html=html, out=options.out) for name, html in mails.items())
        browser.close()
    print(f"{len(mails)} mails in {options.out}")
    return min(count, 100)


if __name__ == "__main__":
    sys.exit(main())
