"""Who is on shift in the demo: managers follow the sun through three regions; deputies and the practice lead."""

from datetime import datetime, time, timedelta

from teams.choices import Role
from teams.models import Person, Rota, RotaLine, RotaShift
from teams.services import rotas

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
# Username, days, from, to, by the clock of. Together round the clock in winter; in summer London is an hour early,
# and the pages say so.
FOLLOW_THE_SUN = (
    ("kenji", EVERY_DAY, time(8), time(16), "Asia/Singapore"),
    ("mia", (0, 1, 2, 3), time(8), time(16), "Europe/London"),
    ("omar", (4, 5, 6), time(8), time(16), "Europe/London"),
    ("lucia", EVERY_DAY, time(11), time(19), "America/Bogota"),
)
ROTAS = (
    ("Incident managers", Role.INCIDENT_MANAGER, FOLLOW_THE_SUN),
    ("Deputies", Role.DEPUTY, (("dan", EVERY_DAY, time(0), time(0), "Europe/London"),)),
    ("Practice leads", Role.PRACTICE_LEAD, (("petra", EVERY_DAY, time(0), time(0), "Europe/Berlin"),)),
)
SHIFT = timedelta(hours=8)


def load(*, people: dict[str, Person], now: datetime) -> None:
    """Make what is missing; a rota that exists is left alone."""
    for name, role, lines in ROTAS:
        rota, is_new = Rota.objects.get_or_create(name=name, defaults={"role": role, "time_zone": "Europe/London"})
        if not is_new:
            continue
        made = [
            RotaLine.objects.create(
                rota=rota,
                person=people[username],
                weekdays=list(days),
                starts=starts,
                ends=ends,
                time_zone=zone,
                first_date=now.date() - timedelta(days=14),
            )
            for username, days, starts, ends, zone in lines
        ]
        rotas.write_ahead(made, now=now)
        if role == Role.INCIDENT_MANAGER:
            _mia_is_on(rota, people, now=now)


def _mia_is_on(rota: Rota, people: dict[str, Person], *, now: datetime) -> None:
    """Whenever the demo is loaded, Mia is on shift and Omar comes after her: both stand in for whoever is planned."""
    starts_at = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    for number, username in enumerate(("mia", "omar")):
        RotaShift.objects.create(
            rota=rota,
            person=people[username],
            is_override=True,
            starts_at=starts_at + number * SHIFT,
            ends_at=starts_at + (number + 1) * SHIFT,
        )
