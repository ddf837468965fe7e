"""Status pages through Django: those behind sign-in, and public ones before the front has them."""

import re
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from comms.models import PageSnapshot, StatusPage
from comms.queries import status, status_months
from comms.queries.pages import pages
from comms.rendering import status_frame, status_history, status_page
from comms.services import snapshots
from mim_portal.lib import access, addresses, snapshot_files
from teams.rules import roles

# Those who write updates and those who look after the portal read every page.
OVERSEERS = roles.WRITERS | roles.SECOND_READERS | roles.ADMINISTRATORS
_ONE_INCIDENT = re.compile(r"incidents/([A-Za-z0-9-]{1,40})/")
_ONE_MONTH = re.compile(r"history/(20[0-9]{2})-(0[1-9]|1[0-2])/(?:([1-9][0-9]{0,3})/)?")


@access.public
@require_safe
def page(request: HttpRequest, slug: str, path: str = "") -> HttpResponse:
    """One address of a page: anyone's where the page is public, else for the roles of its audience.

    Whom a page is not for learns no more than that there is nothing here.
    """
    found = pages.at_address(slug)
    if found is None:
        raise Http404
    if not found.is_public:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not status.may_read(found, roles=request.user.roles, overseers=OVERSEERS):
            raise Http404
    if found.slug != slug:
        return _moved(found, path)
    if found.retired_at is not None:
        return render(request, "status/retired.html", {"name": found.name}, status=410)
    face = face_of(found, path, now=timezone.now())
    if face is None:
        if path and not path.endswith("/") and _face(found, f"{path}/", now=timezone.now()) is not None:
            return HttpResponsePermanentRedirect(f"{request.path}/")
        raise Http404
    return _answer(request, found, face)


def face_of(page: StatusPage, path: str, *, now: datetime) -> PageSnapshot | None:
    """What the address shows now, whether the snapshots hold it or no longer do."""
    return _face(page, path, now=now) or _older(page, path, now=now)


def _older(page: StatusPage, path: str, *, now: datetime) -> PageSnapshot | None:
    """What the snapshots no longer hold, through the same renderer: the addresses of incidents and months stay."""
    first, _slash, rest = path.partition("/")
    spoken, below = (first, rest) if first in page.other_languages else ("", path)
    if (incident := _ONE_INCIDENT.fullmatch(below)) is not None:
        facts = status.incident_facts(page, incident[1])
        if facts is None:
            return None
        body = status_page.incident_html(replace(facts, spoken=spoken), facts.incidents[0], at=now)
        return _made(page, path, body, modified_at=facts.incidents[0].latest.published_at)
    if (month := _ONE_MONTH.fullmatch(below)) is not None:
        found = status_months.one(page, date(int(month[1]), int(month[2]), 1), number=int(month[3] or 1))
        if found is None:
            return None
        said = replace(found, facts=replace(found.facts, spoken=spoken))
        return _made(page, path, status_history.month_html(said, at=now), modified_at=page.changed_at)
    return None


def _made(page: StatusPage, path: str, body: bytes, *, modified_at: datetime) -> PageSnapshot:
    return PageSnapshot(
        page=page,
        path=path,
        content_type=status_frame.HTML,
        body=body,
        etag=snapshots.tag_of(body),
        modified_at=modified_at,
    )


def _moved(page: StatusPage, path: str) -> HttpResponse:
    """A former address leads to the same place below the present one."""
    answer = HttpResponsePermanentRedirect(f"{addresses.status_page(page.slug)}{quote(path)}")
    answer["Cache-Control"] = "no-cache" if page.is_public else "private, no-cache"
    if page.is_public and snapshot_files.use_of(path) in snapshot_files.OPEN_USES:
        answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _face(page: StatusPage, path: str, *, now: datetime) -> PageSnapshot | None:
    """What the address shows now; with a clock behind the database's, its first face."""
    faces = PageSnapshot.objects.filter(page=page, version=page.rendered_version, path=path).order_by("valid_from")
    holding = faces.filter(valid_from__lte=now).last()
    return holding or faces.first()


def _answer(request: HttpRequest, page: StatusPage, face: PageSnapshot) -> HttpResponse:
    answer = HttpResponse(bytes(face.body), content_type=face.content_type)
    answer["ETag"] = f'"{face.etag}"'
    answer["Cache-Control"] = "no-cache" if page.is_public else "private, no-cache"
    if page.is_public and snapshot_files.use_of(face.path) in snapshot_files.OPEN_USES:
        answer["Access-Control-Allow-Origin"] = "*"
    conditional = get_conditional_response(
        request, etag=answer["ETag"], last_modified=int(face.modified_at.timestamp()), response=answer
    )
    return conditional or answer
