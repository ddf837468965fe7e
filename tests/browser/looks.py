"""How a page looks to everybody: axe in both colour schemes, wide and on a phone, and nothing goes sideways."""

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

# Every rule at a desk in light colours; on a phone in dark ones those that colours and width can break.
LOOKS = (
    ("light", 1440, 900, None),
    ("dark", 375, 812, ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]),
)
AXE = """async (rules) => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
  const found = await axe.run({resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target).join(" ")}`);
}"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open, in every look."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for scheme, width, height, rules in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{scheme} {width}: {one}" for one in page.evaluate(AXE, rules)]
        over = page.evaluate(OVER)
        found += [f"{width}: sideways by {over} px"] if over > 0 else []
    return found


def opened(browser: Browser, site: LiveServer, client: Client | None) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    if client is not None:
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site.url}])
    return context.new_page()


def told_by(page: Page, site: LiveServer) -> list[str]:
    """What the page says that was refused or broke, but for the stream, which does not run here; the list fills."""
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"].startswith(site.url) and "404" not in message.text:
            told.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


def walk(page: Page, site: LiveServer, who: str, addresses: list[str]) -> dict[str, list[str]]:
    """What is wrong, by person and address."""
    told = told_by(page, site)
    wrong = {}
    for address in addresses:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(site.url + address)
        if found := [*faults(page), *told]:
            wrong[f"{who or 'anybody'} {address}"] = found
        told.clear()
    return wrong
