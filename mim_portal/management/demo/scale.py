"""A larger organisation for measuring: people, teams, services and recipients in bulk, repeatable by seed."""

from random import Random

from comms.models import Audience, Recipient
from teams.choices import Role, ServiceTier
from teams.models import Membership, Person, Service, Site, Team

PEOPLE, TEAMS, SERVICES, SITES, RECIPIENTS, INCIDENTS = 50, 5, 20, 2, 1000, 100
STEP = 1000


def load(*, times: int, seed: int) -> None:
    """`times` times 50 people, 5 teams, 20 services, 2 sites and 1,000 recipients; what is there is not made twice."""
    random = Random(seed)  # noqa: S311 -- repeatable, not secret
    done = Team.objects.filter(slug__startswith="scale-team-").count() // TEAMS
    for round_number in range(done, done + times):
        _round(round_number, random)


def _round(number: int, random: Random) -> None:
    people = Person.objects.bulk_create(
        Person(
            username=f"scale{number}-{index}", first_name=f"Person {number}", last_name=f"{index}",
            email=f"scale{number}-{index}@halden.example", roles=[Role.RESPONDER],
        )
        for index in range(PEOPLE)
    )  # fmt: skip
    teams = Team.objects.bulk_create(
        Team(slug=f"scale-team-{number}-{index}", name=f"Team {number}.{index}") for index in range(TEAMS)
    )
    Membership.objects.bulk_create(
        Membership(team=teams[index % TEAMS], person=person) for index, person in enumerate(people)
    )
    Site.objects.bulk_create(
        Site(slug=f"scale-site-{number}-{index}", name=f"Site {number}.{index}") for index in range(SITES)
    )
    Service.objects.bulk_create(
        Service(
            slug=f"scale-service-{number}-{index}", name=f"Service {number}.{index}",
            owner_team=random.choice(teams), tier=random.choice(ServiceTier.values),
        )
        for index in range(SERVICES)
    )  # fmt: skip
    audience = Audience.objects.get(code="end_users")
    Recipient.objects.bulk_create(
        (Recipient(audience=audience, address=f"user{number}-{index}@halden.example") for index in range(RECIPIENTS)),
        batch_size=STEP,
    )
