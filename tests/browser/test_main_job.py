"""The main job in the browser, on the whole portal: from the desk's form to a signed-off review."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.browser import portal
from tests.browser.journey import (
    EVERYBODY,
    LATE,
    Journey,
    begin_update,
    change_state,
    check,
    close_record,
    fill,
    follow,
    mark,
    panel,
    press,
    status_page,
    status_says,
)
from tests.browser.portal import text_of
from tests.reviews import files

SEND = re.compile("^Send (now )?to ")
FACTS = {
    "cannot_do": "staff cannot submit timesheets",
    "contact": "Dublin desk, ext. 4410",
    "affected_count": "about 1,200",
    "basis": "headcount of both sites",
    "where": "Dublin and Edinburgh; not affected: London",
}


def in_days(count: int) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=count)}"


def raise_it(journey: Journey) -> None:
    page = journey.as_("desmond")
    journey.go(page, "/raise/")
    fill(page, service="payroll", **FACTS)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Saved")
    page.reload()
    for name, value in FACTS.items():
        expect(page.locator(f"main [name={name}]")).to_have_value(value)
    expect(page.locator("main [name=service]")).to_have_value("payroll")
    press(page, "Raise it now")
    page.wait_for_url("**/candidates/*/")
    expect(page.locator("main")).to_contain_text("is raised. The manager on shift is told.")
    journey.candidate = page.url.rstrip("/").rpartition("/")[2]
    expect(page.locator("#facts")).to_contain_text(FACTS["where"])


def accept_it(journey: Journey) -> None:
    page = journey.as_("mia")
    journey.go(page, "/")
    page.get_by_role("link", name=journey.candidate).click()
    page.locator("[name=impact][value='1']").check()
    page.locator("[name=urgency][value='1']").check()
    fill(page, manager="mia")
    press(page, "Accept and declare")
    page.wait_for_url("**/incidents/MI-*/")
    journey.reference = page.url.rstrip("/").rpartition("/")[2]
    expect(panel(page, "header")).to_contain_text("P1")
    expect(panel(page, "header")).to_contain_text("Mia Torres")
    expect(panel(page, "impact")).to_contain_text(re.compile("submit timesheets"))
    clock = panel(page, "next").locator("time[data-due]")
    first = clock.inner_text()
    expect(clock).not_to_have_text(first)  # it counts down


def hand_over(journey: Journey) -> None:
    """Mia offers, Omar says back what is due next; from then on he is accountable, and Mia's window says so."""
    watching = journey.watch("mia")
    page = journey.in_room("mia")
    follow(page, "Hand over")
    fill(page, to="omar")
    press(page, "Offer")
    page.wait_for_url(f"**{journey.room}")
    expect(panel(page, "acts")).to_contain_text("handover offered to Omar Haddad")
    expect(panel(watching, "acts")).to_contain_text("handover offered to Omar Haddad")
    receiver = journey.as_("omar")
    journey.go(receiver, "/")
    expect(receiver.locator("main")).to_contain_text(f"Mia Torres offers you {journey.reference}")
    follow(receiver, "Read the brief and accept")
    expect(receiver.locator("#brief")).to_contain_text("submit timesheets")
    fill(receiver, restatement="First message to everybody at once, then the database team, then the count again.")
    press(receiver, "Accept")
    receiver.wait_for_url(f"**{journey.room}command/")
    expect(receiver.locator("main")).to_contain_text(f"Omar Haddad has command of {journey.reference}")
    expect(receiver.locator("main")).to_contain_text("0 s without a manager")
    follow(receiver, "Back to the room")
    for each in (receiver, watching):
        expect(panel(each, "header")).to_contain_text("Omar Haddad")
        expect(panel(each, "acts")).not_to_contain_text("handover offered")
    watching.close()
    (managers,) = journey.portal.sql(
        "SELECT count(*) FILTER (WHERE ended_at IS NULL), count(*) FROM incidents_commandtenure tenure"
        " JOIN incidents_incident incident ON incident.id = tenure.incident_id WHERE reference = %s",
        journey.reference,
    )
    assert managers == (1, 2)


def engage_a_team(journey: Journey) -> None:
    """Help is asked for beside the team's card; the team answers, and the room shows it without a reload."""
    page = journey.in_room("omar")
    follow(page, "Engage a team")
    expect(page.locator("#card-database")).to_contain_text("Start with the symptom and since when.")
    fill(page, team="database", note="Timesheets are not saved: please look at the payroll database.")
    press(page, "Ask for help now")
    expect(panel(page, "teams")).to_contain_text("no answer yet")
    mark(page)
    journey.portal.mail(journey.reference, "look at the payroll database", to="database-oncall@halden.example")
    team = journey.as_("rosa")
    journey.go(team, "/")
    follow(team, journey.reference, within=team.locator("#engagements"))
    press(team, "Acknowledge")
    expect(panel(team, "teams")).not_to_contain_text("no answer yet")
    press(team, "Joined")
    expect(panel(team, "teams")).to_contain_text("joined")
    expect(panel(page, "teams")).to_contain_text("joined")
    expect(panel(page, "timeline")).to_contain_text("Database joined.")
    expect(page.locator("body")).to_have_attribute("data-seen", "before")


def first_word(journey: Journey) -> None:
    """The initial update with a typing mistake: the check shows it, it is mended, everybody gets the right text."""
    page = journey.as_("omar")
    begin_update(page, journey, "Initial", audiences=EVERYBODY)
    fill(
        page,
        subject="staff cannot submit timesheets",
        body="About 1,200 staff in Dublin and Edinburgh cannot submit timesheets in Payroll. We recieve reports since"
        " this morning. The database team is looking at it. London is not affected.",
        component_state="major_outage",
    )
    check(page)
    findings = page.locator(".composer-findings")
    expect(findings).to_contain_text("recieve")
    press(page, "Write “receive”")
    expect(page.locator("main [name=body]")).to_have_value(re.compile("receive"))
    check(page)
    expect(findings).not_to_contain_text("recieve")
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url(f"**{journey.room}")
    for address in ("all-stores@halden.example", "press-watch@halden.example", "service-desk@halden.example"):
        mail = journey.portal.mail(journey.reference, "[INITIAL]", "We receive reports", to=address)
        assert "Next update by:" in text_of(mail)
        assert "Rosa" not in text_of(mail)
    expect(panel(page, "updates")).to_contain_text("#1")
    expect(panel(page, "next")).to_contain_text("Kept on time so far: 6 of 6.")
    expect(panel(page, "updates").locator("progress")).to_have_js_property("position", 1)
    status_says(journey, "We receive reports since this morning.")


def a_second_reader(journey: Journey) -> None:
    """A later word to end users: Carla writes it, may not send it alone, Omar reads and approves it, then it leaves."""
    writer = journey.as_("carla")
    begin_update(writer, journey, "Update", audiences=("End users",))
    fill(
        writer,
        subject="staff cannot submit timesheets",
        body="The database of Payroll accepts no new entries. Staff in Dublin and Edinburgh still"
        " cannot submit timesheets. The paper form works. Nobody loses pay for today.",
    )
    check(writer)
    expect(writer.locator(".composer-findings")).to_contain_text("of which 0 stop the text")
    press(writer, "Ask a second reader")
    expect(writer.locator("main")).to_contain_text("second reader")
    reader = journey.as_("omar")
    journey.go(reader, "/")
    follow(reader, journey.reference, within=reader.locator("#to-read"))
    press(reader, "Approve this text")
    expect(reader.locator("main")).to_contain_text("Approved by Omar Haddad")
    writer.reload()
    press(writer, "Send to")
    writer.wait_for_url(f"**{journey.room}")
    expect(panel(writer, "updates")).to_contain_text("#2")
    mail = journey.portal.mail(journey.reference, "accepts no new entries", to="all-stores@halden.example")
    assert "[UPDATE 2]" in text_of(mail)
    assert not journey.portal.mails(journey.reference, "accepts no new entries", to="executive-office@halden.example")
    expect(status_page(journey)).not_to_contain_text("accepts no new entries")


def pass_promises(journey: Journey, *, seconds: int) -> None:
    """Time passes: the open promises of the incident were due so many seconds ago."""
    journey.portal.sql(
        "UPDATE comms_updatedeadline deadline SET opened_at = least(opened_at, now() - interval '30 minutes'),"
        " due_at = now() - %s * interval '1 second', next_action_at = now() FROM incidents_incident incident"
        " WHERE incident.id = deadline.incident_id AND reference = %s AND kept_at IS NULL AND ended_at IS NULL",
        seconds,
        journey.reference,
    )


def a_late_promise(journey: Journey) -> None:
    """A promise passes while the room and the board stand open: both say LATE by themselves, and people are told."""
    pass_promises(journey, seconds=-8)
    room, board = journey.watch("omar"), journey.as_("omar")
    journey.go(board, "/")
    promise = board.locator("#next-promises li").filter(has_text=journey.reference).first
    expect(promise.locator("[data-clock]")).not_to_have_attribute("data-clock", "late")
    expect(promise).to_contain_text(LATE)
    expect(panel(room, "next")).to_contain_text(LATE)
    expect(panel(room, "timeline")).to_contain_text("is late; it was due at")
    journey.portal.mail("Late: update promised for", journey.reference, to="omar@halden.example")
    pass_promises(journey, seconds=130)
    expect(panel(room, "next")).to_contain_text("Deputy told")
    expect(room.locator("body")).to_have_attribute("data-seen", "before")
    journey.portal.mail("Late: update promised for", journey.reference, to="dan@halden.example")
    (missed,) = journey.portal.sql(
        "SELECT count(*), bool_and(missed_at IS NOT NULL AND deputy_told_at IS NOT NULL) FROM comms_updatedeadline d"
        " JOIN incidents_incident i ON i.id = d.incident_id WHERE reference = %s AND kept_at IS NULL",
        journey.reference,
    )
    assert missed == (6, True)
    journey.go(board, "/ledger/")
    expect(board.locator("main")).not_to_contain_text(journey.reference)  # the ledger stays out of the room
    room.close()


def keep_it_late(journey: Journey) -> None:
    """A holding update, late: it keeps the promises late and opens the next ones."""
    page = journey.in_room("omar")
    press(page, "No change…")
    page.wait_for_url("**/updates/*/")
    page.get_by_role("button", name=SEND).first.click()
    page.wait_for_url(f"**{journey.room}")
    expect(panel(page, "updates")).to_contain_text("Holding")
    expect(panel(page, "next")).not_to_contain_text(LATE)


def restore(journey: Journey) -> None:
    """Restored is confirmed from the users' side and told to everybody; then resolved and closed."""
    page = journey.as_("omar")
    change_state(
        page,
        journey,
        "The service is restored",
        confirmed_by="desk",
        reason="Dublin desk: three people submitted theirs.",
    )
    begin_update(page, journey, "Restored", audiences=EVERYBODY)
    fill(
        page,
        subject="staff can submit timesheets again",
        body="Staff in Dublin and Edinburgh can submit timesheets in Payroll again. The service desk confirmed it with"
        " three of them. The entries made on paper are typed in by tomorrow evening. We keep watching it.",
        component_state="operational",
    )
    check(page)
    expect(page.locator(".composer-findings")).to_contain_text("of which 0 stop the text")
    press(page, "Ask a second reader")
    reader = journey.as_("carla")
    journey.go(reader, "/updates/")
    follow(reader, "Read it", within=reader.locator("#waiting li").filter(has_text=journey.reference))
    press(reader, "Approve this text")
    expect(reader.locator("main")).to_contain_text("Approved by Carla Benedetti")
    page.reload()
    press(page, "Send to")
    page.wait_for_url(f"**{journey.room}")
    for address in ("all-stores@halden.example", "executive-office@halden.example"):
        journey.portal.mail(journey.reference, "[RESTORED", "can submit timesheets", to=address)
    status_says(journey, "can submit timesheets in Payroll again")
    change_state(page, journey, "Resolve")
    expect(panel(page, "next")).to_contain_text("Nobody is owed an update")
    close_record(journey)
    expect(panel(page, "header")).to_contain_text("Closed")


def review(journey: Journey) -> None:
    """The review is there by itself; it gets a factor and an action, is submitted, signed off, and leaves as PDF."""
    page = journey.as_("omar")
    journey.go(page, "/reviews/")
    follow(page, journey.reference)
    expect(page.locator("#timeline")).to_contain_text("Declared as P1")
    follow(page, "Add a factor")
    fill(page, statement="The payroll database had no room left for new entries.")
    press(page, "Add it")
    expect(page.locator("#factors")).to_contain_text("no room left for new entries")
    follow(page, "Agree on an action")
    owner = page.locator("main [name=owner] option", has_text="Omar Haddad").get_attribute("value")
    fill(
        page,
        title="Warn the database team when less than a tenth of the space is free",
        owner=owner or "",
        due_date=in_days(14),
        done_means="The warning arrives in a trial.",
    )
    page.locator("main [name=strength]").first.check()
    press(page, "Agree")
    expect(page.locator("#actions")).to_contain_text("Warn the database team")
    expect(page.locator("#actions")).to_contain_text("Omar Haddad")
    press(page, "Submit for review")
    expect(page.locator("#next")).to_contain_text("It waits for its sign-off")
    lead = journey.as_("petra")
    journey.go(lead, f"/reviews/{journey.reference}/")
    lead.on("dialog", lambda dialog: dialog.accept())
    press(lead, "Sign off and publish")
    expect(lead.locator("#next")).to_contain_text("Signed off by Petra Vogel.")
    expect(lead.locator("main")).to_contain_text("Published")
    with lead.expect_download() as download:
        follow(lead, "PDF, with roles instead of names")
    text = files.pdf_text(download.value.path().read_bytes())
    assert "Warn the database team when less than a tenth of the space is free" in text
    assert not re.search("Haddad|Torres|Vogel|Rosa", text)


def ledger(journey: Journey) -> None:
    """The late promise was suggested to the accountable manager alone; owned, others see it, and it gets a plan."""
    others = journey.as_("mia")
    journey.go(others, "/ledger/")
    expect(others.locator("main")).not_to_contain_text(journey.reference)
    page = journey.as_("omar")
    journey.go(page, "/ledger/")
    waiting = page.locator(".ledger-entry").filter(has_text=journey.reference).first
    waiting.get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Only you see this")
    fill(page, **{"own-acknowledgement": "We did not keep the promise of an update to anybody in time."})
    press(page, "Own it", within=page.locator("#own"))
    expect(page.locator("#so-far")).to_contain_text("We did not keep the promise")
    page.locator("#plan [name=plan-strength]").first.check()
    plan = {
        "plan-plan": "The rota shows who writes while the other one leads.",
        "plan-due_date": in_days(7),
        "plan-measure": "No late promise in the next twenty incidents.",
    }
    fill(page, **plan)
    press(page, "Save the plan")
    expect(page.locator("#so-far")).to_contain_text("The rota shows who writes")
    journey.go(others, "/ledger/")
    expect(others.locator("main")).to_contain_text(journey.reference)


def read_without_the_database(journey: Journey) -> None:
    """PostgreSQL and Redis are stopped: readers still have the page and its JSON, and other pages say what failed."""
    journey.portal.stop_servers()
    page = status_page(journey)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("work", re.IGNORECASE))
    summary = journey.portal.get("/status/public/api/v2/summary.json")
    assert summary.status_code == 200
    assert summary.json()["page"]["name"] == "Halden Group status"
    assert {one["name"]: one["status"] for one in summary.json()["components"]}["Payroll"] == "operational"
    failed = journey.portal.get("/", cookies={f"mim_session_{urlsplit(journey.portal.base).port}": "a" * 32})
    assert failed.status_code == 500
    assert "Something failed on our side" in failed.text


STEPS = (
    raise_it,
    accept_it,
    hand_over,
    engage_a_team,
    first_word,
    a_second_reader,
    a_late_promise,
    keep_it_late,
    restore,
    review,
    ledger,
    read_without_the_database,
)


def test_an_incident_from_the_call_to_the_signed_review(browser: Browser, language_tool: str) -> None:
    with portal.running(WATCH_MINUTES_P1="0", LANGUAGETOOL_URL=language_tool) as running:
        journey = Journey(running, browser)
        for step in STEPS:
            step(journey)
