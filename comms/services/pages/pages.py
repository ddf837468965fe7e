"""Status pages from making to retiring: every change asks for new snapshots and is written into the audit."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from comms.models import Audience, Component, FormerAddress, StatusPage
from comms.queries.pages import pages as queries
from comms.queries.recipients import endpoints
from comms.rules import numbers, page_looks, subscriptions
from comms.rules.page_looks import Listed
from comms.services import snapshots
from mim_portal.lib import snapshot_files
from mim_portal.lib.refusals import Invalid, Missing, Refusal
from mim_portal.models import AuditEntry
from teams.models import Person, Service
from teams.rules import fields
from teams.services.cleaning import cleaned

# Two people who choose an address at the same time wait for each other, so that no address has two owners.
_ADDRESSES: Final = 0x6D696D20
_KINDS: Final = ("is_public", "is_executive", "only_its_services")


class Unknown(Missing):
    """There is no such page."""


class Outdated(Refusal):
    """Somebody else has changed it since it was read."""

    code = "changed_meanwhile"
    status = 412


@transaction.atomic
def add(*, values: Mapping[str, Any], by: Person, now: datetime) -> StatusPage:
    """A page of its own address, for one audience."""
    given = dict(values)
    made = StatusPage(slug=_free(given.pop("slug", "")), changed_at=now)
    _fill(made, {"name": "", "kind": "", "audience": "", **given})
    made.save()
    snapshots.want(pages=[made.pk])
    audit("status_page.added", made, by, {"kind": queries.kind(made).value, "audience": made.audience.code})
    return made


@transaction.atomic
def change(
    *, slug: str, changes: Mapping[str, Any], by: Person, now: datetime, version: str | None = None
) -> StatusPage:
    """Change what is sent. With another `slug` the page moves, and its former address leads to the new one."""
    found = locked(slug)
    if version is not None and version != queries.version(found):
        raise Outdated(_("Somebody else has changed this page in the meantime. Look at it, then change it again."))
    before, was_public = queries.state(found), found.is_public
    given = dict(changes)
    wanted = given.pop("slug", slug)
    _fill(found, given)
    if wanted != slug:
        _move(found, to=wanted)
    after = queries.state(found)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return found
    found.save(update_fields=["slug", "first_slug", "audience", *queries.FIELDS, *_KINDS])
    if before["audience"] != after["audience"]:
        _follow(found, now=now)
    snapshots.want(pages=[found.pk])
    if before["slug"] != found.slug or (was_public and not found.is_public):
        leave_public_store(before["slug"])
    audit("status_page.changed", found, by, {"fields": changed, "before": {"slug": before["slug"]}})
    return found


@transaction.atomic
def arrange(*, slug: str, services: Iterable[Listed], by: Person, now: datetime) -> StatusPage:
    """Show these services, in this order, under these headings; what each is like follows from what was published."""
    found = locked(slug)
    rows = cleaned("services", page_looks.ordered, [_listed(each) for each in services])
    known = {service.slug: service for service in Service.objects.filter(slug__in=[row.service for row in rows])}
    if unknown := sorted({row.service for row in rows} - set(known)):
        raise Invalid(_("There is no service %s.") % ", ".join(unknown), field="services")
    if rows == queries.services(found):
        return found
    held = {component.service_id: component for component in found.components.all()}
    wanted = {known[row.service].pk for row in rows}
    found.components.exclude(service__in=wanted).delete()
    new = []
    for position, row in enumerate(rows):
        service = known[row.service]
        one = held.get(service.pk) or Component(page=found, service=service, created_at=now, changed_at=now)
        one.name, one.group, one.position = row.name, row.group, position
        new.append(one)
    Component.objects.bulk_create([one for one in new if one.pk is None])
    Component.objects.bulk_update([one for one in new if one.service_id in held], ["name", "group", "position"])
    snapshots.set_component_states(pages=[found], services=wanted, now=now)
    snapshots.want(pages=[found.pk])
    audit("status_page.services", found, by, {"services": [row.service for row in rows]})
    return found


@transaction.atomic
def retire(*, slug: str, by: Person, now: datetime) -> StatusPage:
    """Nobody reads the page any more, at once and in every copy; what was written stays, and it can be brought back."""
    found = locked(slug)
    if found.retired_at is not None:
        return found
    found.retired_at = now
    found.save(update_fields=["retired_at"])
    found.snapshots.all().delete()
    leave_public_store(found.slug)
    audit("status_page.retired", found, by, {})
    return found


@transaction.atomic
def bring_back(*, slug: str, by: Person, now: datetime) -> StatusPage:
    """The page is read again and says what was published in the meantime too."""
    found = locked(slug)
    if found.retired_at is None:
        return found
    found.retired_at = None
    found.save(update_fields=["retired_at"])
    _follow(found, now=now)
    snapshots.want(pages=[found.pk])
    audit("status_page.brought_back", found, by, {})
    return found


def locked(slug: str) -> StatusPage:
    found = StatusPage.objects.select_for_update(no_key=True, of=("self",)).select_related("audience")
    page = found.filter(slug=slug).first()
    if page is None:
        raise Unknown(_("There is no status page %s.") % slug)
    return page


def audit(verb: str, page: StatusPage, by: Person | None, data: Mapping[str, Any]) -> None:
    """What was done to a page, or to whoever reads it; by nobody where a reader did it."""
    AuditEntry.objects.create(actor=by, verb=verb, subject=f"status page {page.slug}", data=dict(data))


def leave_public_store(slug: str) -> None:
    """The bytes below this address are taken out of the files that web processes start from."""
    transaction.on_commit(lambda: snapshot_files.remove(settings.SNAPSHOT_DIR, slug), robust=True)


def _follow(page: StatusPage, *, now: datetime) -> None:
    """Its services look as what was published to its readers says."""
    shown = page.components.values_list("service", flat=True)
    snapshots.set_component_states(pages=[page], services=list(shown), now=now)


def _move(page: StatusPage, *, to: Any) -> None:
    left = page.slug
    page.first_slug = page.first_slug or left
    page.slug = _free(to, own=page)
    FormerAddress.objects.filter(slug=page.slug).delete()
    FormerAddress.objects.create(slug=left, page=page)


def _free(text: Any, *, own: StatusPage | None = None) -> str:
    """An address that no other page has or had: an old link never opens somebody else's page."""
    slug: str = cleaned("slug", page_looks.address, str(text))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADDRESSES])
    if StatusPage.objects.filter(slug__iexact=slug).exists():
        raise Invalid(_("%s is taken by another page.") % slug, field="slug", code="slug_taken")
    if FormerAddress.objects.filter(slug__iexact=slug).exclude(page=own).exists():
        raise Invalid(
            _("%s was the address of another page, and links to it still lead there.") % slug,
            field="slug",
            code="slug_taken",
        )
    return slug


def _fill(page: StatusPage, values: Mapping[str, Any]) -> None:
    given = dict(values)
    if "kind" in given:
        for name, value in cleaned("kind", page_looks.flags, given.pop("kind")).items():
            setattr(page, name, value)
    if "audience" in given:
        page.audience = _audience(given.pop("audience"))
    for name, value in given.items():
        if name not in _CLEANERS:
            raise Invalid(_("There is no field %s.") % name, field=name)
        setattr(page, name, cleaned(name, _CLEANERS[name], value if name in _AS_THEY_ARE else str(value)))
    _refuse_sms_without_a_way(page, given)
    page.other_languages = [each for each in page.other_languages if each != page.language]
    if not page.name:
        raise Invalid(_("Give the page a name."), field="name")
    if page.is_public and not page.audience.is_public:
        raise Invalid(
            _("Anybody reads a public page, and %s is not a public audience. Choose one that is.") % page.audience.name,
            field="audience",
            code="audience_not_public",
        )


def _refuse_sms_without_a_way(page: StatusPage, given: Mapping[str, Any]) -> None:
    """SMS are switched on where something can send them; what is on already stays when other fields change."""
    was_on = page.pk is not None and StatusPage.objects.filter(pk=page.pk, takes_sms=True).exists()
    if given.get("takes_sms") and not was_on and endpoints.sms() is None:
        raise Invalid(
            _("Nothing can send SMS yet. Add a channel of the kind SMS under Settings, Channels, then switch it on."),
            field="takes_sms",
            code="no_sms_channel",
        )


def _audience(code: Any) -> Audience:
    found = Audience.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose whose updates stand on the page."), field="audience")
    return found


def _listed(row: Listed) -> Listed:
    return Listed(
        service=row.service,
        name=cleaned("services", lambda text: fields.words(text, longest=120), row.name),
        group=cleaned("services", lambda text: fields.words(text, longest=120), row.group),
    )


_AS_THEY_ARE: Final = frozenset({"other_languages", "takes_sms", "sms_a_day", "sms_countries"})
_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda text: fields.words(text, longest=120),
    "intro": lambda text: fields.words(text, longest=300),
    "footer": lambda text: fields.prose(text, longest=1000),
    "accent": page_looks.accent,
    "accent_dark": lambda text: page_looks.accent(text, grounds=page_looks.DARK),
    "time_zone": fields.time_zone,
    "language": page_looks.language,
    "other_languages": page_looks.other_languages,
    "takes_sms": bool,
    "sms_a_day": subscriptions.texts_a_day,
    "sms_countries": numbers.calling_codes,
}
