"""A person without a mouse: what they reach by Tab, by the arrow keys, by the palette and by single keys."""

from playwright.sync_api import Locator, Page, expect

MOST = 150  # times that somebody presses Tab on one page, looking for something
# Counts what only a mouse, a finger or a script's click on a place does; kept over all pages of the window.
WATCH = """addEventListener("pointerdown", () => {
  sessionStorage.setItem("pointed", Number(sessionStorage.getItem("pointed") ?? 0) + 1);
}, true);"""
FOCUSED = "document.activeElement"


def without_mouse(page: Page) -> None:
    """From now on the page counts every press of a mouse."""
    page.context.add_init_script(WATCH)


def pointed(page: Page) -> int:
    """How often a mouse was pressed."""
    return int(page.evaluate("Number(sessionStorage.getItem('pointed') ?? 0)"))


def reach(page: Page, css: str, words: str = "") -> None:
    """Tab until something that matches, and begins with these words, has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(f"css => {FOCUSED}.matches(css) ? {FOCUSED}.innerText : null", css)
        if found is not None and found.strip().startswith(words):
            return
    raise AssertionError(f"{css} {words} is not reached by Tab on {page.url}")


def press(page: Page, words: str) -> None:
    """Tab to the button with these words, then Enter."""
    reach(page, "button", words)
    page.keyboard.press("Enter")


def write(page: Page, name: str, words: str) -> None:
    """Tab to the field, then type; what stood in it goes."""
    reach(page, f"[name={name}], [data-editor={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def pick(page: Page, name: str, value: str) -> None:
    """Tab to the list, then down until this value is chosen."""
    reach(page, f"select[name={name}]")
    _down(page, f"{FOCUSED}.value", value, page.locator(f"select[name={name}] option").count())


def choose(page: Page, name: str, value: str) -> None:
    """Tab to the group of radio buttons, then down until this one is chosen."""
    group = f"input[type=radio][name={name}]"
    reach(page, group)
    page.keyboard.press("Space")
    _down(page, f"{FOCUSED}.value", value, page.locator(group).count())


def _down(page: Page, read: str, value: str, steps: int) -> None:
    for _ in range(steps):
        if page.evaluate(read) == value:
            return
        page.keyboard.press("ArrowDown")
    assert page.evaluate(read) == value, f"{value} is not reached by the arrow keys on {page.url}"


def command(page: Page, words: str) -> None:
    """Ctrl-K, some words, Enter."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    chosen: Locator = page.locator("#palette-list [aria-selected=true]")
    expect(chosen).to_contain_text(words, ignore_case=True)
    page.keyboard.press("Enter")


def answer_all(page: Page, note: str) -> None:
    """Tab through the form: every list that is not answered gets its first answer, every empty note these words."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        what = page.evaluate(
            f"{FOCUSED}.closest('main form') && !{FOCUSED}.value ? {FOCUSED}.tagName + ({FOCUSED}.name ?? '') : ''"
        )
        if what.startswith("SELECT"):
            page.keyboard.press("ArrowDown")
        elif what.startswith("INPUTnote-"):
            page.keyboard.type(note)
        elif page.evaluate(f"{FOCUSED}.innerText").startswith("Save the answers"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the form has no end on {page.url}")
