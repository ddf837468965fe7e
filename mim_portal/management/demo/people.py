"""The people of the demo, their sign-ins and who is on shift."""

from dataclasses import dataclass
from datetime import datetime

from mim_portal.management.demo import rotas
from teams.choices import Role
from teams.models import Person

PASSWORD = "calm-under-pressure"


@dataclass(frozen=True)
class Account:
    """One person of the demo and what they are there to show."""

    username: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    words: str
    time_zone: str = "Europe/London"


ACCOUNTS = (
    Account("ada", "Ada", "Lindqvist", (Role.ADMINISTRATOR,), "administrator"),
    Account("mia", "Mia", "Torres", (Role.INCIDENT_MANAGER,), "incident manager, on shift"),
    Account("omar", "Omar", "Haddad", (Role.INCIDENT_MANAGER,), "incident manager, next shift", "Europe/Dublin"),
    Account("kenji", "Kenji", "Mori", (Role.INCIDENT_MANAGER,), "incident manager in Singapore", "Asia/Singapore"),
    Account("lucia", "Lucía", "Reyes", (Role.INCIDENT_MANAGER,), "incident manager in Bogotá", "America/Bogota"),
    Account("carla", "Carla", "Benedetti", (Role.COMMUNICATIONS,), "communications"),
    Account("desmond", "Desmond", "Okafor", (Role.SERVICE_DESK,), "service desk"),
    Account("dara", "Dara", "Nolan", (Role.SERVICE_DESK_LEAD,), "service desk lead", "Europe/Dublin"),
    Account("petra", "Petra", "Vogel", (Role.PRACTICE_LEAD,), "practice lead", "Europe/Berlin"),
    Account("dan", "Dan", "Whitfield", (Role.DEPUTY,), "deputy"),
    Account("audra", "Audra", "Keane", (Role.AUDITOR,), "auditor"),
    Account("rosa", "Rosa", "Marchetti", (Role.RESPONDER,), "database team"),
    Account("nils", "Nils", "Aasen", (Role.RESPONDER,), "network team", "Europe/Oslo"),
    Account("eve", "Eve", "Harrington", (Role.EXECUTIVE,), "executive"),
    Account("rita", "Rita", "Kowalska", (Role.SECOND_READER,), "second reader", "Europe/Warsaw"),
    Account("leo", "Leo", "Baptiste", (Role.LEGAL_SECURITY,), "legal and security"),
    Account("olaf", "Olaf", "Brandt", (), "a colleague without a role"),
)


def load(*, now: datetime) -> dict[str, Person]:
    """Create or complete the accounts; a changed password or role of an existing person is left alone."""
    people = {}
    for account in ACCOUNTS:
        person, is_new = Person.objects.get_or_create(
            username=account.username,
            defaults={
                "first_name": account.first_name,
                "last_name": account.last_name,
                "email": f"{account.username}@halden.example",
                "roles": list(account.roles),
                "time_zone": account.time_zone,
                "is_staff": Role.ADMINISTRATOR in account.roles,
                "is_superuser": Role.ADMINISTRATOR in account.roles,
            },
        )
        if is_new:
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
        people[account.username] = person
    rotas.load(people=people, now=now)
    return people


def sign_ins() -> str:
    """One line a person, for the end of `make run`."""
    width = max(len(account.username) for account in ACCOUNTS)
    lines = [f"  {account.username:<{width}}  {account.words}" for account in ACCOUNTS]
    return "\n".join([f"Sign in as any of these with the password  {PASSWORD}", *lines])
