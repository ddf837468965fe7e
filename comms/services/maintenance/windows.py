"""The life of one window. Every step stores what readers are told and asks for new versions of its pages.

What the clock does is what a person wrote and gave a time to: it begins and ends windows with the words that were
announced with them, never with words of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from comms.choices import OPEN_MAINTENANCE, RUNNING_MAINTENANCE, MaintenanceState
from comms.models import Maintenance, MaintenanceSeries, MaintenanceUpdate, StatusPage
from comms.rendering.windows import Told
from comms.rules import maintenance as rules
from comms.services import snapshots
from comms.services.maintenance import reminders, subscribers, wording
from comms.services.maintenance.wording import Read
from mim_portal.lib import dbtime
from mim_portal.lib.refusals import Forbidden, Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person, Service
from teams.rules import fields, roles
from teams.services.cleaning import cleaned

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 4000
TEXTS: Final = ("body", "begins_with", "ends_with")
# One run of the sweep leaves the clock worker to the deadlines after this many.
BATCH: Final = 50
NOT_READ: Final = Read()  # nobody asked the language checker: our own rules alone


class NotNow(Refusal):
    """The window is in a state from which this step does not lead on."""

    code = "wrong_state"
    status = 409


class Unknown(Missing):
    """There is no such window."""


@transaction.atomic
def plan(
    *,
    values: Mapping[str, Any],
    person: Person,
    now: datetime,
    words: Read = NOT_READ,
    series: MaintenanceSeries | None = None,
) -> Maintenance:
    """Announce a window: its pages show it as soon as this commits. `words` is what was read of them before."""
    _may(person)
    made = Maintenance(planned_by=person, series=series)
    services, pages = _fill(made, values, now=now)
    kept = wording.require(_texts(made), words=words)
    made.save()
    made.services.set(services)
    made.pages.set(pages)
    _tell(made, body=made.body, person=person, now=now)
    reminders.set_anew(made, now=now)
    subscribers.tell(made, Told.ANNOUNCED, body=made.body, now=now)
    show(made, now=now)
    _audit("maintenance.planned", made, person, **kept)
    return made


def repeat(pattern: Maintenance, *, scheduled_for: datetime, now: datetime) -> Maintenance:
    """The next window of a series, as `pattern` was announced; part of the transaction of whoever keeps the series, who
    shows them together. Subscribers heard of the series when its first window was announced, and are reminded of each.
    """
    services, pages = list(pattern.services.all()), list(pattern.pages.all())
    made = Maintenance(
        title=pattern.title,
        body=pattern.body,
        begins_with=pattern.begins_with,
        ends_with=pattern.ends_with,
        is_automatic=pattern.is_automatic,
        remind_before=pattern.remind_before,
        scheduled_for=scheduled_for,
        scheduled_until=scheduled_for + (pattern.scheduled_until - pattern.scheduled_for),
        series=pattern.series,
        planned_by=pattern.planned_by,
    )
    made.next_action_at = _next_action(made)
    made.save()
    made.services.set(services)
    made.pages.set(pages)
    _tell(made, body=made.body, person=pattern.planned_by, now=now)
    reminders.set_anew(made, now=now)
    return made


@transaction.atomic
def change(*, pk: int, values: Mapping[str, Any], person: Person, now: datetime, words: Read = NOT_READ) -> Maintenance:
    """Change what was announced. Of a running window only its end; readers see what changed as a new update."""
    _may(person)
    found = _locked(pk)
    if found.state not in OPEN_MAINTENANCE:
        raise NotNow(_("This maintenance is over: what was announced stays as it was."))
    if found.state != MaintenanceState.SCHEDULED:
        values = {name: value for name, value in values.items() if name in {"scheduled_until", "ends_with"}}
    before, reminded = ({page.pk for page in found.pages.all()}, _announced(found)), _reminded(found)
    stood = set(_texts(found).values())
    services, pages = _fill(found, standing(found) | dict(values), now=now)
    new = {name: text for name, text in _texts(found).items() if text not in stood}
    kept = wording.require(new, words=words)
    found.changed_at = now
    found.save()
    found.services.set(services)
    found.pages.set(pages)
    if _reminded(found) != reminded:
        reminders.set_anew(found, now=now)
    if _announced(found) != before[1]:
        _tell(found, body=found.body, person=person, now=now)
        subscribers.tell(found, Told.CHANGED, body=found.body, now=now)
    show(found, now=now, also=before[0])
    _audit("maintenance.changed", found, person, **kept)
    return found


@transaction.atomic
def move(
    *, pk: int, to: str, body: str, person: Person, now: datetime, words: Read = NOT_READ, is_told: bool = True
) -> Maintenance:
    """Begin, verify, end or cancel by hand. Without words, those written for it show; a cancellation needs some.

    Who moves several at once tells subscribers of all of them.
    """
    _may(person)
    found = _locked(pk)
    target = _state(to)
    if target not in rules.following_states(found.state):
        raise NotNow(
            _("It is %(state)s: it cannot become %(to)s.")
            % {"state": found.get_state_display().lower(), "to": str(target.label).lower()}
        )
    typed = _text("body", body)
    said = typed or _written(found, target)
    if not said:
        raise Invalid(_("Say to those who read the page what this means for them."), field="body")
    kept = wording.require({"body": typed}, words=words)
    _step(found, target, body=said, person=person, now=now, is_told=is_told)
    _audit("maintenance.moved", found, person, to=str(target), **kept)
    return found


@transaction.atomic
def say(*, pk: int, body: str, person: Person, now: datetime, words: Read = NOT_READ) -> MaintenanceUpdate:
    """One more update, without another state."""
    _may(person)
    found = _locked(pk)
    if found.state not in OPEN_MAINTENANCE:
        raise NotNow(_("This maintenance is over: plan another, or publish an update of an incident."))
    said = _text("body", body)
    if not said:
        raise Invalid(_("Write what readers should know."), field="body")
    kept = wording.require({"body": said}, words=words)
    found.changed_at = now
    found.save(update_fields=["changed_at"])
    told = _tell(found, body=said, person=person, now=now)
    subscribers.tell(found, Told.SAID, body=said, now=now)
    show(found, now=now)
    _audit("maintenance.told", found, person, **kept)
    return told


def run_due() -> int:
    """Begin and end what is due by the database's clock; how many windows moved. Safe to run twice, safe to skip.

    One that should have begun and ended while the clock stood does both, in order, with the times at which it was done.
    """
    moved = 0
    for _turn in range(BATCH):
        with transaction.atomic():
            now = dbtime.now()
            found = (
                Maintenance.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(next_action_at__lte=now)
                .order_by("next_action_at", "pk")
                .first()
            )
            if found is None:
                break
            begins = found.state == MaintenanceState.SCHEDULED
            target = MaintenanceState.IN_PROGRESS if begins else MaintenanceState.COMPLETED
            _step(found, target, body=_written(found, target), person=None, now=now)
            moved += 1
    return moved


def _step(
    found: Maintenance,
    to: MaintenanceState,
    *,
    body: str,
    person: Person | None,
    now: datetime,
    is_told: bool = True,
) -> None:
    found.state = to
    found.changed_at = now
    if to in RUNNING_MAINTENANCE and found.started_at is None:
        found.started_at = now
    if to not in OPEN_MAINTENANCE:
        found.ended_at = now
    found.next_action_at = _next_action(found)
    found.save()
    found.reminders.filter(done_at=None).delete()
    _tell(found, body=body, person=person, now=now)
    if is_told:
        subscribers.tell(found, Told.STEP, body=body, now=now)
    show(found, now=now)


def _written(found: Maintenance, to: MaintenanceState) -> str:
    """What was written beforehand for this step."""
    return {MaintenanceState.IN_PROGRESS: found.begins_with, MaintenanceState.COMPLETED: found.ends_with}.get(to, "")


def _tell(found: Maintenance, *, body: str, person: Person | None, now: datetime) -> MaintenanceUpdate:
    """Keep what readers are told; whoever calls shows it."""
    return MaintenanceUpdate.objects.create(
        maintenance=found, state=found.state, body=body, author=person, published_at=now
    )


def show(found: Maintenance, *, now: datetime, also: Iterable[int] = ()) -> None:
    """New versions of its pages, and of those that no longer show it; its services as they look now. Once a verb: each
    time locks the pages and looks at all that was said of the services.
    """
    wanted = {*found.pages.values_list("pk", flat=True), *also}
    pages = snapshots.want(pages=wanted)
    snapshots.set_component_states(pages=pages, services=found.services.values_list("pk", flat=True), now=now)


def _next_action(found: Maintenance) -> datetime | None:
    return rules.next_action_at(
        state=found.state,
        is_automatic=found.is_automatic,
        scheduled_for=found.scheduled_for,
        scheduled_until=found.scheduled_until,
    )


def _fill(found: Maintenance, values: Mapping[str, Any], *, now: datetime) -> tuple[list[Service], list[StatusPage]]:
    """Put the values into the window; the services and pages that it is about."""
    found.title = _line(values.get("title", ""))
    for name in TEXTS:
        setattr(found, name, _text(name, str(values.get(name, ""))))
    if not found.body:
        raise Invalid(_("Say what readers will notice, and what they can do."), field="body")
    found.is_automatic = bool(values.get("is_automatic", True))
    for name, words in (("begins_with", _("begins")), ("ends_with", _("ends"))):
        if found.is_automatic and not getattr(found, name):
            raise Invalid(_("Write what the page says when it %s by itself.") % words, field=name)
    if "remind_before" in values:
        found.remind_before = cleaned("remind_before", rules.remind_before, values["remind_before"])
    found.scheduled_for, found.scheduled_until = values["scheduled_for"], values["scheduled_until"]
    wrong = rules.wrong_window(scheduled_for=found.scheduled_for, scheduled_until=found.scheduled_until, now=now)
    if wrong:
        raise Invalid(_(wrong[1]), field=wrong[0])
    found.next_action_at = _next_action(found)
    services = _services(values.get("services", ()))
    return services, _pages(values.get("pages", ()))


def _services(slugs: Iterable[str]) -> list[Service]:
    wanted = set(slugs)
    found = list(Service.objects.filter(slug__in=wanted))
    if unknown := wanted - {service.slug for service in found}:
        raise Invalid(_("There is no service %s in the catalogue.") % ", ".join(sorted(unknown)), field="services")
    if not found:
        raise Invalid(_("Name at least one service that is worked on."), field="services")
    return found


def _pages(slugs: Iterable[str]) -> list[StatusPage]:
    wanted = set(slugs)
    found = list(StatusPage.objects.filter(slug__in=wanted))
    if unknown := wanted - {page.slug for page in found}:
        raise Invalid(_("There is no status page %s.") % ", ".join(sorted(unknown)), field="pages")
    if not found:
        raise Invalid(_("Choose at least one status page that announces it."), field="pages")
    return found


def _texts(found: Maintenance) -> dict[str, str]:
    return {name: getattr(found, name) for name in wording.FIELDS}


def standing(found: Maintenance) -> dict[str, Any]:
    """The window as the values that it would be filled with."""
    names = ("title", *TEXTS, "is_automatic", "remind_before", "scheduled_for", "scheduled_until")
    return {name: getattr(found, name) for name in names} | {
        "services": [service.slug for service in found.services.all()],
        "pages": [page.slug for page in found.pages.all()],
    }


def _announced(found: Maintenance) -> tuple[object, ...]:
    return found.title, found.body, found.scheduled_for, found.scheduled_until


def _reminded(found: Maintenance) -> tuple[object, ...]:
    return found.scheduled_for, list(found.remind_before)


def _line(text: str) -> str:
    found = str(cleaned("title", partial(fields.words, longest=LONGEST_TITLE), str(text)))
    if not found:
        raise Invalid(
            _("Give it a title that readers understand, such as “Payroll moves to new servers”."), field="title"
        )
    return found


def _text(name: str, text: str) -> str:
    return str(cleaned(name, partial(fields.prose, longest=LONGEST_TEXT), text))


def _state(code: str) -> MaintenanceState:
    try:
        return MaintenanceState(code)
    except ValueError as error:
        raise Invalid(_("Choose one of %s.") % ", ".join(MaintenanceState.values), field="to") from error


def _locked(pk: int) -> Maintenance:
    found = Maintenance.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Unknown(_("There is no such maintenance."))
    return found


def _may(person: Person) -> None:
    if not person.has_role(*roles.MAINTENANCE_PLANNERS):
        raise Forbidden(_("Maintenance is planned by communications, incident managers and administrators."))


def _audit(verb: str, found: Maintenance, person: Person, **data: str) -> None:
    AuditEntry.objects.create(actor=person, verb=verb, data={"maintenance": found.pk, "title": found.title, **data})
