"""Load the demo organisation: `manage.py demo`, `manage.py demo --scale 10 --seed 7`."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mim_portal.management.demo import catalogue, communications, desk, history, learning, live, people, scale
from mim_portal.models import OrganisationSetting

LOADED = "demo_loaded"
PAST_INCIDENTS = 24


class Command(BaseCommand):
    """Loads Halden Group once; loading again completes what is missing and changes nothing that somebody edited."""

    help = "Load the demo organisation. Refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing where it was loaded before")
        parser.add_argument("--print-accounts", action="store_true", help="print the sign-ins and stop")
        parser.add_argument("--scale", type=int, default=0, metavar="N", help="add N times 100 incidents and the rest")
        parser.add_argument("--seed", type=int, default=1, help="makes --scale repeatable (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_accounts"]:
            self.stdout.write(people.sign_ins())
            return
        if settings.PRODUCTION:
            raise CommandError("The demo has known passwords and is refused in production (MIM_ENV=production).")
        if options["scale"] < 0:
            raise CommandError("--scale must be 0 or more.")
        now = timezone.now()
        is_loaded = OrganisationSetting.objects.filter(name=LOADED).exists()
        if is_loaded and options["once"]:
            return
        with transaction.atomic():
            cast = people.load(now=now)
            catalogue.load(people=cast, now=now)
            communications.load()
            OrganisationSetting.objects.update_or_create(name=LOADED, defaults={"value": now.isoformat()})
        managers = [cast["mia"], cast["omar"]]
        if not is_loaded:
            history.Historian(seed=options["seed"], managers=managers, now=now).write(PAST_INCIDENTS)
            learning.load(people=cast, now=now)
            live.load(people=cast, now=now)
            desk.load(people=cast, now=now)
        if options["scale"]:
            scale.load(times=options["scale"], seed=options["seed"])
            count = options["scale"] * scale.INCIDENTS
            history.Historian(seed=options["seed"], managers=managers, now=now).write(count)
        self.stdout.write("The demo organisation is loaded.")
