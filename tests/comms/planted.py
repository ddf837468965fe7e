"""Distinctive words in everything that is not for the public, the operations that plant them, and a look at every byte
that the public can have."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connection

from comms.choices import UpdateKind
from comms.models import PageSnapshot, StatusPage
from comms.services import status_copies
from comms.services.writing import approval
from incidents.models import Incident
from incidents.queries import command
from incidents.services.states import declaration
from mim_portal.lib import dbtime, snapshot_files, static_tree
from mim_portal.lib.refusals import Refusal
from mim_portal.web import front
from mim_portal.web.published import Follower, Library, Variant
from teams.choices import Role
from tests import factories, status_pages
from tests.comms import update_kit

# What each place holds. Letters and digits only, so that no escaping hides one.
WORDS: Final = {
    place: f"xq{place}zq"
    for place in (
        *("draft", "title", "private", "drill", "note", "task", "taskoutcome", "workstream", "report"),
        *("decision", "option", "objection", "hypothesis", "proof", "technical", "executives", "desk", "surname"),
        *("username", "mailbox", "slug", "team", "profile", "engagement", "impact", "reason", "candidate", "alert"),
        *("ticket", "bridge", "file", "filename", "brief", "restated", "withdrawn", "sealed", "recipient", "unready"),
        "reader",
    )
}
HOST: Final = f"db07{WORDS['alert']}.corp"
ROOM: Final = f"https://wiki.{WORDS['bridge']}.corp/rooms/4"
PUBLIC_BODY: Final = update_kit.BODY
BACK: Final = "Timesheets work again. We are watching, and write when that is over. Enter your paper hours now."


class World:
    """Three incidents of one service with a public, an internal and an executive page: one open, one private, one a
    drill. Every operation is a real transaction; what the portal refuses changes nothing."""

    def __init__(self, folder: Path, *, roles: SimpleNamespace) -> None:
        self.folder = folder
        self.published = 0
        self.leaks_refused = 0
        self.refused: dict[str, str] = {}  # by operation, what the portal said last
        surname = WORDS["surname"].capitalize()
        self.mia = factories.manager(
            username=f"mia{WORDS['username']}", last_name=surname, email=f"mia@{WORDS['mailbox']}.example.org"
        )
        self.omar = factories.manager(last_name=surname)
        self.rosa = factories.person(first_name="Rosalind", last_name=surname, roles=(Role.RESPONDER,))
        self.team = factories.team(slug=f"db-{WORDS['team']}", name=WORDS["team"], members=(self.rosa,))
        factories.profile(of=self.team, reach=WORDS["profile"])
        self.service = factories.service(slug=f"payroll-{WORDS['slug']}", name="Payroll", owner_team=self.team)
        factories.endpoint(name=WORDS["sealed"], address=f"https://{WORDS['sealed']}.example.org/x")
        factories.recipient(audience="public", address=f"reader@{WORDS['recipient']}.example.org")
        self.page = status_pages.page()
        for page in (
            self.page,
            status_pages.page(slug="internal", audience="service_desk", is_public=False),
            status_pages.page(slug="executive", audience="executives", is_public=False, is_executive=True),
        ):
            status_pages.component(of=page, service=self.service)
        self.reader = roles.carla
        self.follower = Follower(
            Library(headers=front.headers()), folder=folder / "front", connection=connection.get_connection_params()
        )
        self.incidents: list[Incident] = []
        self._seen: tuple[int, ...] = ()  # the versions that were looked at last

    def begin(self) -> None:
        """Three new incidents; those of an earlier sequence stay on the pages."""
        self.incidents = [
            self._declared(WORDS["title"]),
            self._declared(WORDS["private"], is_private=True),
            self._declared(WORDS["drill"], is_exercise=True),
        ]

    def _declared(self, title: str, **options: Any) -> Incident:
        return declaration.declare(
            person=self.mia,
            title=title,
            service=self.service,
            impact=1,
            urgency=1,
            impact_statement={**update_kit.IMPACT, "consequence": WORDS["impact"]},
            manager=self.mia,
            now=dbtime.now() - timedelta(hours=3),
            external_ref=WORDS["ticket"],
            **options,
        )

    def manager(self, incident: Incident) -> Any:
        return command.current_manager(incident)

    # --- what the public may read ---
    def publish(self, incident: Incident, kind: UpdateKind, body: str = PUBLIC_BODY, **fields: Any) -> None:
        """An update to the public and others, its technical words apart; only the gate of a public text decides."""
        technical = {"technical": {"subject": "", "body": f"{HOST} and {ROOM}: {WORDS['technical']}"}}
        others = ("executives", "service_desk") if body == BACK else ()
        made = update_kit.drafted(
            incident, self.mia, "public", "technical", *others, kind=kind, body=body, texts=technical, **fields
        )
        if kind not in {UpdateKind.INITIAL, UpdateKind.HOLDING}:
            update_kit.checked(made, self.mia)
            approval.submit(update_id=made.pk, person=self.mia, now=dbtime.now())
            approval.approve(update_id=made.pk, person=self.reader, now=dbtime.now())
        reasons = [{"code": code, "reason": WORDS["reason"]} for code in ("C11", "C12", "C05", "C04")]
        is_clean = body in {PUBLIC_BODY, BACK}
        update_kit.published(made, self.mia, send_now=True, overrides=reasons if is_clean else ())
        assert is_clean, f"{body!r} was published"
        self.published += 1

    def leak(self, incident: Incident, body: str, kind: UpdateKind) -> None:
        try:
            self.publish(incident, kind, body=body)
        except Refusal as refusal:
            if refusal.code != "blocked":  # an incident that has ended, or that is nobody's any more
                raise
            self.leaks_refused += 1

    # --- the look ---
    def found(self) -> set[str]:
        """The planted words that stand in any byte that the public can have, each with where. Bytes only change with
        a version of the page."""
        version = tuple(StatusPage.objects.order_by("pk").values_list("rendered_version", flat=True))
        if version == self._seen:
            return set()
        words = {**WORDS, "private reference": self.incidents[1].reference, "drill": self.incidents[2].reference}
        planted = {name: word.lower().encode() for name, word in words.items()}
        planted |= {"room's address": b"/incidents/mi-", "candidate's address": b"/candidates/ca-"}
        planted |= {"reading link": b"/four-lines/", "one tap": b"/answer/", "estimate": b"expected to work again"}
        self._seen = version
        own = b"status/public/incidents/"  # the page of an incident is no room
        return {
            f"{name} in {place}"
            for place, said in self.bytes()
            for name, word in planted.items()
            if word in said.lower().replace(own, b"")
        }

    def bytes(self) -> Iterator[tuple[str, bytes]]:
        """Every byte: rows, files of web processes, answers with their headers in each encoding, the tree for a CDN."""
        for row in PageSnapshot.objects.filter(page__is_public=True):
            yield f"row {row.path}", _unfolded(bytes(row.body))
            yield f"row {row.path}, beside its body", f"{row.path} {row.content_type} {row.etag}".encode()
        self.follower.look()
        for folder in (settings.SNAPSHOT_DIR, self.folder / "front"):
            for page in snapshot_files.read_all(folder):
                for face in page.faces:
                    yield f"file {folder.name} {page.slug}/{face.path}", _unfolded(face.body)
        for path, views in self.follower._library.addresses.items():
            for view in views:
                for name in ("plain", "gzipped", "brotli"):
                    yield f"{name} {path}", _read(getattr(view, name))
        status_copies.write(static_tree.Folder(self.folder / "copies"), now=dbtime.now())
        for file in sorted((self.folder / "copies").rglob("*")):
            if file.is_file():
                yield f"copy {file.relative_to(self.folder)}", str(file).encode() + _unfolded(file.read_bytes())

    def close(self) -> None:
        self.follower.stop()
        self.follower._forget_connection()


def _read(variant: Variant) -> bytes:
    """What a client makes of an answer: headers, and the body decoded."""
    headers = dict(variant.headers)
    decode = {"gzip": gzip.decompress, "br": brotli.decompress}.get(headers.get("Content-Encoding", ""), bytes)
    return json.dumps(variant.headers).encode() + _unfolded(decode(b"".join(variant.answer)))


def _unfolded(body: bytes) -> bytes:
    """Calendars break long lines anywhere."""
    return re.sub(rb"\r?\n[ \t]", b"", body)
