import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from mim_portal import livecrowd, livehub
from mim_portal.lib import tickets
from mim_portal.livehub import Hub, Stream
from teams.models import Person
from tests import factories, status_pages
from tests.live_kit import KEY, REFERENCE, event, run

NOW = 1_800_000_000.0


# --- tickets ---------------------------------------------------------------------------------------------------------
def test_a_ticket_names_incident_and_person_for_a_minute() -> None:
    text = tickets.issue(reference="MI-2026-0001", person_id=7, key=KEY, now=NOW)
    ticket = tickets.read(text, key=KEY, now=NOW + 59)
    assert ticket == tickets.Ticket(reference="MI-2026-0001", person_id=7, expires_at=int(NOW) + 60)
    assert tickets.read(text, key=KEY, now=NOW + 60) is None


@pytest.mark.parametrize("name", ["Mia Torres", "李 小龍 <b>", "", "😀" * 200])
def test_a_ticket_carries_the_name_that_others_in_the_room_see(name: str) -> None:
    text = tickets.issue(reference="MI-2026-0001", person_id=7, key=KEY, now=NOW, name=name)
    ticket = tickets.read(text, key=KEY, now=NOW)
    assert ticket is not None
    assert ticket.name == name[: tickets.LONGEST_NAME]


def test_a_ticket_that_was_not_signed_here_is_none() -> None:
    text = tickets.issue(reference="MI-2026-0001", person_id=7, key=KEY, now=NOW)
    payload, _, signature = text.partition(".")
    other = tickets.issue(reference="MI-2026-0002", person_id=7, key=KEY, now=NOW).partition(".")[0]
    for forged in (
        "",
        ".",
        payload,
        f"{other}.{signature}",
        f"{payload}.{signature[:-2]}AA",
        f"{payload}.???",
        "é.é",
        text * 20,
        tickets.issue(reference="MI-2026-0001", person_id=7, key=tickets.derive_key("another"), now=NOW),
    ):
        assert tickets.read(forged, key=KEY, now=NOW) is None


def test_whoever_may_see_the_incident_gets_an_address_of_the_stream(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    incident = status_pages.incident(service=factories.service())
    answer = signed_in(cast.nils).get(f"/live/ticket/{incident.reference}/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    url = urlsplit(answer.json()["url"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{settings.LIVE_URL}/live"
    ticket = tickets.read(
        parse_qs(url.query)["ticket"][0], key=tickets.derive_key(settings.SECRET_KEY), now=time.time()
    )
    assert ticket is not None
    assert (ticket.reference, ticket.person_id, ticket.name) == (incident.reference, cast.nils.pk, "Nils Example")


@pytest.mark.parametrize(("username", "code"), [("nils", 404), ("olaf", 403), ("eve", 403), (None, 302)])
def test_whoever_may_not_gets_none(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client], client: Client, username: str | None, code: int
) -> None:
    incident = status_pages.incident(service=factories.service(), is_private=True)
    browser = signed_in(getattr(cast, username)) if username else client
    assert browser.get(f"/live/ticket/{incident.reference}/").status_code == code


# --- the hub ---------------------------------------------------------------------------------------------------------
def stream(*, reference: str = REFERENCE, person_id: int = 1, now: float | None = None, name: str = "") -> Stream:
    at = time.monotonic() if now is None else now
    return Stream(reference=reference, person_id=person_id, name=name, now=at)


async def said(to: Stream) -> bytes:
    """Everything that waits for this reader now."""
    found = b""
    chunks = to.__aiter__()
    with contextlib.suppress(TimeoutError, StopAsyncIteration):
        while True:
            found += await asyncio.wait_for(anext(chunks), 0.01)
    return found


def test_an_event_reaches_its_room_and_no_other() -> None:
    async def scene() -> None:
        hub, here, there = Hub(), stream(), stream(reference="MI-2026-0002")
        hub.enter(here)
        hub.enter(there)
        hub.hear(event(seq=3))
        hub.hear(b"no event")
        hub.hear(b"[1]")
        heard = await said(here)
        assert heard.startswith(b"retry: ")
        assert heard.endswith(b"data: " + event(seq=3) + b"\n\n")
        assert event(seq=3) not in await said(there)

    run(scene())


def test_a_line_break_in_an_event_cannot_start_another_one() -> None:
    assert livehub.message(b'{"a":\r\n\r\ndata: 1}').count(b"\n\n") == 1


def test_streams_hear_that_the_channel_is_lost_and_found() -> None:
    async def scene() -> None:
        hub, early, late = Hub(), stream(), stream()
        hub.found()
        hub.enter(early)
        hub.lost()
        hub.lost()
        hub.enter(late)
        hub.found()
        hub.found()
        for each in (early, late):
            heard = await said(each)
            assert heard.count(b"event: stale") == 1
            assert heard.index(b"event: stale") < heard.index(b"event: fresh")
            assert heard.count(b"event: fresh") == 1

    run(scene())


def test_a_slow_reader_is_let_go_and_the_hub_forgets_it() -> None:
    async def scene() -> None:
        hub, slow = Hub(), stream()
        hub.enter(slow)
        for _ in range(livehub.WAITING_AT_MOST + 5):
            hub.hear(event(seq=1))
        chunks = [chunk async for chunk in slow]
        assert b"".join(chunks).count(b"data:") == livehub.WAITING_AT_MOST - 1
        hub.leave(slow)
        assert len(hub) == 0

    run(scene())


def test_people_are_counted_once_however_many_pages_they_have_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livecrowd, "PRESENCE_SECONDS", 0.0)
    monkeypatch.setattr(livehub, "TICK_SECONDS", 0.005)

    async def scene() -> None:
        hub, first, again = Hub(), stream(person_id=1, name="Mia"), stream(person_id=1, name="Mia")
        second = stream(person_id=2, name="Ada")
        work = asyncio.ensure_future(hub.keep_alive())
        for each in (first, again, second):
            hub.enter(each)
        await asyncio.sleep(0.1)
        assert livehub.named("presence", count=2, people=["Ada", "Mia"]) in await said(first)
        hub.leave(second)
        await asyncio.sleep(0.1)
        assert livehub.named("presence", count=1, people=["Mia"]) in await said(first)
        third = stream(person_id=1, name="Mia")
        hub.enter(third)
        assert livehub.named("presence", count=1, people=["Mia"]) in await said(third)
        work.cancel()

    run(scene())


def test_every_stream_has_a_heartbeat_and_none_lasts_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livehub, "TICK_SECONDS", 0.001)

    async def scene() -> None:
        hub, young = Hub(), stream()
        old = stream(now=time.monotonic() - livehub.LONGEST_SECONDS - 1)
        hub.enter(young)
        hub.enter(old)
        work = asyncio.ensure_future(hub.keep_alive())
        chunks = b"".join([chunk async for chunk in old])  # ends by itself
        assert livehub.HEARTBEAT in chunks
        await asyncio.sleep(0.3)
        assert livehub.HEARTBEAT in await said(young)
        work.cancel()

    run(scene())


def passed_on(sender: Hub, receiver: Hub) -> list[dict[str, object]]:
    """What one process tells, heard by the other."""
    told, sender.crowds.outgoing = sender.crowds.outgoing, []
    for line in told:
        receiver.hear(line)
    return [json.loads(line) for line in told]


def test_people_in_other_processes_are_here_too_and_leave_within_a_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livecrowd, "PRESENCE_SECONDS", 0.0)
    monkeypatch.setattr(livehub, "TICK_SECONDS", 0.005)

    async def scene() -> None:
        here, there = Hub("a:1"), Hub("b:2")
        work = [asyncio.ensure_future(hub.keep_alive()) for hub in (here, there)]
        mine, theirs, twice = (
            stream(person_id=1, name="Mia"),
            stream(person_id=2, name="Omar"),
            stream(person_id=1, name="Mia"),
        )
        here.enter(mine)
        there.enter(theirs)
        there.enter(twice)
        await asyncio.sleep(0.1)
        assert passed_on(there, here)[-1] == {
            "ref": REFERENCE,
            "presence": "b:2",
            "count": 2,
            "people": [[1, "Mia"], [2, "Omar"]],
        }
        await asyncio.sleep(0.05)
        assert livehub.named("presence", count=2, people=["Mia", "Omar"]) in await said(mine)
        there.leave(theirs)
        there.leave(twice)
        passed_on(there, here)
        await asyncio.sleep(0.05)
        assert livehub.named("presence", count=1, people=["Mia"]) in await said(mine)
        for each in work:
            each.cancel()

    run(scene())
