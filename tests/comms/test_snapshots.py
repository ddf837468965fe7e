import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from comms.choices import UpdateKind, UpdateState
from comms.models import PageSnapshot, StatusPage
from comms.reactions import snapshots as reaction
from comms.rendering import status_page
from comms.services import snapshots
from comms.tasks.snapshots import sweep_snapshots
from incidents.choices import EntryKind, IncidentState
from mim_portal.lib import nudge, snapshot_files
from tests import factories, status_pages
from tests.comms import update_kit
from tests.status_pages import START

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.SNAPSHOT_DIR = tmp_path / "snapshots"
    return tmp_path / "snapshots"


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(nudge, "nudge", names.append)
    return names


def test_a_published_update_wants_new_versions_of_its_audiences_pages_only(
    cast: SimpleNamespace, nudged: list[str]
) -> None:
    public = status_pages.page()
    executive = status_pages.page(slug="executive", audience="executives", is_public=False)
    incident = status_pages.incident(service=factories.service())

    status_pages.publish(of=incident, author=cast.mia, audiences=("public", "end_users"))

    public.refresh_from_db()
    executive.refresh_from_db()
    assert (public.wanted_version, executive.wanted_version) == (2, 1)
    assert nudged == ["comms.tasks.sweep_snapshots"]


@pytest.mark.parametrize(
    ("impact", "fields", "state"),
    [
        (1, {"kind": "initial"}, "major_outage"),
        (2, {"kind": "initial"}, "partial_outage"),
        (3, {"kind": "update"}, "degraded_performance"),
        (1, {"kind": "update", "component_state": "degraded_performance"}, "degraded_performance"),
        (1, {"kind": "restored", "incident_state": "monitoring"}, "operational"),
        (1, {"kind": "closure", "incident_state": "resolved"}, "operational"),
    ],
)
def test_the_component_shows_what_the_update_says(
    cast: SimpleNamespace, impact: int, fields: dict[str, Any], state: str
) -> None:
    service = factories.service()
    component = status_pages.component(of=status_pages.page(), service=service, state="under_maintenance")
    other = status_pages.component(of=component.page, service=factories.service())

    status_pages.publish(of=status_pages.incident(service=service, impact=impact), author=cast.mia, **fields)

    component.refresh_from_db()
    other.refresh_from_db()
    assert (component.state, component.changed_at) == (state, START)
    assert other.state == "operational"


def test_a_service_with_two_incidents_shows_the_worse_until_both_are_over(cast: SimpleNamespace) -> None:
    service = factories.service()
    component = status_pages.component(of=status_pages.page(), service=service)
    small, large = (status_pages.incident(service=service, impact=impact) for impact in (3, 1))
    states = []
    for incident, kind in ((small, "initial"), (large, "initial"), (large, "closure"), (small, "closure")):
        status_pages.publish(of=incident, author=cast.mia, kind=kind)
        component.refresh_from_db()
        states.append(component.state)

    assert states == ["degraded_performance", "major_outage", "degraded_performance", "operational"]


def test_a_withdrawn_update_gives_the_word_back_to_the_one_before(cast: SimpleNamespace) -> None:
    service = factories.service()
    component = status_pages.component(of=status_pages.page(), service=service)
    incident = status_pages.incident(service=service, impact=3)
    status_pages.publish(of=incident, author=cast.mia)
    wrong = status_pages.publish(of=incident, author=cast.mia, component_state="major_outage")
    wrong.state = UpdateState.WITHDRAWN
    wrong.save()

    reaction.react([status_pages.entry(of=incident, kind=EntryKind.UPDATE_WITHDRAWN, update=wrong.pk, by=cast.mia.pk)])

    component.refresh_from_db()
    assert component.state == "degraded_performance"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (EntryKind.STATE_CHANGED, {"from": "monitoring", "to": "resolved"}),
        (EntryKind.STATE_CHANGED, {"from": "resolved", "to": "closed"}),
        (EntryKind.CANCELLED, {"from": "investigating", "reason": "no major incident"}),
        (EntryKind.REOPENED, {"from": "resolved", "to": "investigating"}),
    ],
)
def test_nothing_but_an_update_changes_a_public_state(
    cast: SimpleNamespace, kind: EntryKind, data: dict[str, Any]
) -> None:
    service = factories.service()
    component = status_pages.component(of=status_pages.page(), service=service)
    incident = status_pages.incident(service=service, impact=1)
    status_pages.publish(of=incident, author=cast.mia)

    reaction.react([status_pages.entry(of=incident, kind=kind, **data)])

    component.refresh_from_db()
    page = StatusPage.objects.get(pk=component.page_id)
    assert (component.state, page.wanted_version) == ("major_outage", 3)


@pytest.mark.parametrize("kind", [EntryKind.NOTE, EntryKind.STATE_CHANGED, EntryKind.DEADLINE_MISSED])
def test_what_no_reader_was_told_costs_no_query(
    cast: SimpleNamespace, kind: EntryKind, django_assert_num_queries: Callable[..., Any]
) -> None:
    incident = status_pages.incident(service=factories.service())
    entry = status_pages.entry(of=incident, kind=kind, to="identified")
    with django_assert_num_queries(0):
        reaction.react([entry])


@pytest.mark.parametrize("hidden", ["is_private", "is_exercise"])
def test_private_incidents_and_exercises_leave_every_page_alone(cast: SimpleNamespace, hidden: str) -> None:
    service = factories.service()
    component = status_pages.component(of=status_pages.page(), service=service)
    flags: dict[str, Any] = {hidden: True}
    incident = status_pages.incident(service=service, impact=1, **flags)
    status_pages.publish(of=incident, author=cast.mia, body="the secret word is heron")

    component.refresh_from_db()
    snapshots.render_due(now=START)
    assert component.state == "operational"
    assert not any(b"heron" in bytes(row.body) for row in PageSnapshot.objects.all())


def test_an_incident_made_private_leaves_the_page(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    incident = status_pages.incident(service=factories.service())
    status_pages.publish(of=incident, author=cast.mia, body="a heron in the pond")
    assert "heron" in status_pages.html(page, at=START)

    incident.is_private = True
    incident.save()
    reaction.react([status_pages.entry(of=incident, kind=EntryKind.DETAILS_CHANGED, fields=["is_private"])])
    snapshots.render_due(now=START)

    assert not any(b"heron" in bytes(row.body) for row in PageSnapshot.objects.all())


def test_the_reaction_needs_a_fixed_number_of_queries(
    cast: SimpleNamespace, django_assert_num_queries: Callable[..., Any]
) -> None:
    page = status_pages.page()
    entries = []
    for _ in range(5):
        incident = status_pages.incident(service=factories.service())
        status_pages.component(of=page, service=incident.service)
        made = status_pages.update(of=incident, author=cast.mia)
        entries.append(status_pages.entry(of=incident, kind=EntryKind.UPDATE_PUBLISHED, update=made.pk))
    # audiences of the updates; savepoint, lock pages, raise their version, release;
    # savepoint, components, standing updates, what is worked on, one new state, release
    with django_assert_num_queries(11):
        reaction.react(entries)


def test_all_addresses_of_a_version_are_stored_together_and_the_older_ones_go(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    assert snapshots.render_due(now=START) == 1
    status_pages.publish(of=status_pages.incident(service=factories.service()), author=cast.mia)
    assert snapshots.render_due(now=START) == 1
    assert snapshots.render_due(now=START) == 0

    page.refresh_from_db()
    assert (page.wanted_version, page.rendered_version) == (2, 2)
    assert set(page.snapshots.values_list("version", flat=True)) == {2}
    paths = page.snapshots.exclude(path__startswith="incidents/").values_list("path", flat=True)
    assert page.snapshots.count() == len(paths) + 1
    assert sorted(paths) == [
        "",
        "api/v2/components.json",
        "api/v2/incidents.json",
        "api/v2/incidents/unresolved.json",
        "api/v2/scheduled-maintenances.json",
        "api/v2/scheduled-maintenances/active.json",
        "api/v2/scheduled-maintenances/upcoming.json",
        "api/v2/status.json",
        "api/v2/summary.json",
        "badge.svg",
        "embed.js",
        "embed/",
        "feed.atom",
        "feed.rss",
        "feeds/",
        "history/",
        "history/2026-11/",
        "maintenance.ics",
    ]


def test_bytes_that_stay_the_same_keep_their_date(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    snapshots.render_due(now=START)
    snapshots.want(audiences=[page.audience_id])
    snapshots.render_due(now=START + timedelta(minutes=5))

    assert page.snapshots.get(path="history/").modified_at == START
    assert page.snapshots.get(path="history/").valid_from == START + timedelta(minutes=5)


def test_a_page_is_renewed_by_time_alone() -> None:
    page = status_pages.page()
    snapshots.render_due(now=START)
    assert snapshots.render_due(now=START + timedelta(minutes=59)) == 0
    assert snapshots.render_due(now=START + timedelta(minutes=61)) == 1
    page.refresh_from_db()
    assert (page.wanted_version, page.rendered_version) == (2, 2)


def test_a_page_that_cannot_be_rendered_keeps_its_version_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = status_pages.page(slug="broken")
    snapshots.render_due(now=START)
    snapshots.want(audiences=[broken.audience_id])
    status_pages.page(slug="whole", audience="end_users")
    render = status_page.render

    def fails(facts: Any, **options: Any) -> Any:
        if facts.slug == "broken":
            raise ValueError("no such template")
        return render(facts, **options)

    monkeypatch.setattr(status_page, "render", fails)
    assert snapshots.render_due(now=START) == 1
    broken.refresh_from_db()
    assert (broken.wanted_version, broken.rendered_version) == (2, 1)
    assert set(broken.snapshots.values_list("version", flat=True)) == {1}
    assert "status page broken could not be rendered" in caplog.text


def test_what_cannot_be_rendered_is_tried_ever_less_often_until_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    page = status_pages.page(slug="broken")
    tries: list[int] = []

    def fails(facts: Any, **options: Any) -> Any:
        tries.append(second)
        raise ValueError("no such template")

    render = status_page.render
    monkeypatch.setattr(status_page, "render", fails)
    for second in range(1200):
        snapshots.render_due(now=START + timedelta(seconds=second))
    assert tries == [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110]
    snapshots.want(audiences=[page.audience_id])
    snapshots.render_due(now=START + timedelta(seconds=second))
    assert len(tries) == 12  # a change is tried at once
    monkeypatch.setattr(status_page, "render", render)
    assert snapshots.render_due(now=START + timedelta(seconds=second + 1)) == 0
    assert snapshots.render_due(now=START + timedelta(seconds=second + 2)) == 1
    page.refresh_from_db()
    assert (page.failures, page.tries_again_at, page.rendered_version) == (0, None, page.wanted_version)


def test_public_bytes_are_kept_as_a_file_and_private_ones_never(
    folder: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    status_pages.page(slug="public")
    status_pages.page(slug="executive", audience="executives", is_public=False)
    with django_capture_on_commit_callbacks(execute=True):
        assert snapshots.render_due(now=START) == 2
    (kept,) = snapshot_files.read_all(folder)
    assert (kept.slug, kept.version) == ("public", 1)
    assert {face.path for face in kept.faces} >= {"", "history/", "api/v2/summary.json"}

    StatusPage.objects.filter(slug="public").update(is_public=False, wanted_version=2)
    with django_capture_on_commit_callbacks(execute=True):
        snapshots.render_due(now=START)
    assert snapshot_files.read_all(folder) == []


def test_a_full_disk_does_not_keep_a_page_from_being_published(
    settings: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    settings.SNAPSHOT_DIR = tmp_path / "file"
    page = status_pages.page()
    with django_capture_on_commit_callbacks(execute=True):
        snapshots.render_due(now=START)
    page.refresh_from_db()
    assert page.rendered_version == 1
    assert "published but not kept as a file" in caplog.text


def test_the_sweep_renders_by_the_clock_of_the_database(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    sweep_snapshots()
    page.refresh_from_db()
    assert page.rendered_version == 1
    assert page.render_after is not None


@pytest.mark.django_db(transaction=True)
def test_a_claimed_page_is_skipped_by_the_second_sweep_and_waited_for_by_a_publisher() -> None:
    page = status_pages.page()
    rendered: list[int] = []

    def second() -> None:
        rendered.append(snapshots.render_due(now=START))
        connection.close()

    with transaction.atomic():
        StatusPage.objects.select_for_update(no_key=True).get(pk=page.pk)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=10)
    assert rendered == [0]
    assert snapshots.render_due(now=START) == 1


@pytest.mark.usefixtures("nudged")
def test_a_real_publication_reaches_the_page_in_its_own_transaction(cast: SimpleNamespace) -> None:
    service = factories.service(slug="payroll", name="Payroll")
    page = status_pages.page()
    component = status_pages.component(of=page, service=service)
    incident = update_kit.declared(cast.mia, service=service)
    update_kit.published(
        update_kit.drafted(incident, cast.mia, "public", kind=UpdateKind.INITIAL), cast.mia, send_now=True
    )

    page.refresh_from_db()
    component.refresh_from_db()
    assert (page.wanted_version, component.state) == (2, "major_outage")
    snapshots.render_due()
    shown = bytes(page.snapshots.filter(path="").order_by("valid_from")[0].body).decode()
    assert "Payroll does not work." in shown
    assert update_kit.BODY in shown
    assert page.snapshots.filter(path="").count() == 2  # on time, and late from the promised minute on


def test_resolved_inside_stays_live_outside_and_is_no_longer_called_late(cast: SimpleNamespace) -> None:
    page = status_pages.page()
    incident = status_pages.incident(service=factories.service(name="Payroll"))
    status_pages.publish(of=incident, author=cast.mia, next_in=10)
    late = START + timedelta(minutes=11)
    assert "This update is late since" in status_pages.html(page, at=late)

    incident.state = IncidentState.RESOLVED
    incident.save()
    reaction.react([status_pages.entry(of=incident, kind=EntryKind.STATE_CHANGED, to="resolved")])
    shown = status_pages.html(page, at=late)

    assert "Payroll works only in part." in shown
    assert "This update is late" not in shown
    assert "No further update is promised." in shown
