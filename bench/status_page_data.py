"""A status page of about 15 KB in the database that DATABASE_URL names, made for a benchmark and removed after it."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mim_portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from comms.models import Audience, Component, StatusPage  # noqa: E402
from comms.services import snapshots  # noqa: E402
from teams.models import Service  # noqa: E402

SERVICES = 36  # each line of the list with its ninety days is some 380 bytes


def make(slug: str) -> None:
    call_command("migrate", verbosity=0, interactive=False)  # servers of their own begin with an empty database
    audience = Audience.objects.create(code=slug, name=slug)
    page = StatusPage.objects.create(slug=slug, name="Benchmark", audience=audience, is_public=True)
    services = [Service(slug=f"{slug}-{number}", name=f"Service number {number}") for number in range(SERVICES)]
    Component.objects.bulk_create(
        [
            Component(page=page, service=service, position=number)
            for number, service in enumerate(Service.objects.bulk_create(services))
        ]
    )
    snapshots.render_due()


def body(slug: str) -> bytes:
    page = StatusPage.objects.get(slug=slug)
    return bytes(page.snapshots.get(path="", version=page.rendered_version).body)


def publish(slug: str) -> None:
    """What a publication does to pages, and what the sweep does right after it."""
    page = StatusPage.objects.get(slug=slug)
    snapshots.want(audiences=[page.audience_id])
    StatusPage.objects.filter(slug=slug).update(intro=f"version {page.wanted_version}")
    snapshots.render_due()


def remove(slug: str) -> None:
    StatusPage.objects.filter(slug=slug).delete()
    Service.objects.filter(slug__startswith=f"{slug}-").delete()
    Audience.objects.filter(code=slug).delete()
