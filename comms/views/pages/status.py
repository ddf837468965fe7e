"""Status pages through Django: those behind sign-in, and public ones before the front has them."""

import re
from datetime import datetime
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from comms.models import PageSnapshot, StatusPage
from comms.queries import status
from comms.queries.pages import pages
from comms.rendering import status_page
from comms.services import snapshots
from mim_portal.lib import access, addresses, snapshot_files
from teams.rules import roles

# Those who write updates and those who look after the portal read every page.
OVERSEERS = roles.WRITERS | roles.SECOND_READERS | roles.ADMINISTRATORS
_ONE_INCIDENT = re.compile(r"incidents/([A-Za-z0-9-]{1,40})/")


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
    face = _face(found, path, now=timezone.now())
    if face is None:
        if (incident := _ONE_INCIDENT.fullmatch(path)) is not None:
            return _older(request, found, incident[1], now=timezone.now())
        if path and not path.endswith("/") and _face(found, f"{path}/", now=timezone.now()) is not None:
            return HttpResponsePermanentRedirect(f"{request.path}/")
        raise Http404
    return _answer(request, found, face)


def _older(request: HttpRequest, page: StatusPage, reference: str, *, now: datetime) -> HttpResponse:
    """An incident that the snapshots no longer hold: its address stays, through the same renderer."""
    facts = status.incident_facts(page, reference)
    if facts is None:
        raise Http404
    body = status_page.incident_html(facts, facts.incidents[0], at=now)
    face = PageSnapshot(
        page=page,
        path=addresses.incident_path(reference),
        content_type=status_page.HTML,
        body=body,
        etag=snapshots.tag_of(body),
        modified_at=facts.incidents[0].latest.published_at,
    )
    return _answer(request, page, face)


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
