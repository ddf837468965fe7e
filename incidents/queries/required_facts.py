"""Facts of the impact that the organisation requires from the second message on: of one service, or of every one."""

from dataclasses import dataclass

from incidents.rules import impact as rules
from mim_portal.models import OrganisationSetting
from teams.models import Service

REQUIRED = "required_facts"
EVERY_SERVICE = ""  # where the slug of a service would stand


@dataclass(frozen=True, kw_only=True)
class Required:
    """One of the seven facts, and of which service; None: of every one."""

    fact: str
    service: Service | None

    @property
    def question(self) -> str:
        """What the statement has to answer."""
        return dict(rules.GATES)[self.fact]

    @property
    def slug(self) -> str | None:
        """The service's, where it is of one."""
        return self.service.slug if self.service else None


def of(service: Service) -> frozenset[str]:
    """The facts that a statement about this service has to answer."""
    return frozenset(fact for fact, slug in held() if slug in {EVERY_SERVICE, service.slug})


def every() -> list[Required]:
    """All of them, in the order in which the facts are asked, every service first."""
    order = [code for code, _question in rules.GATES]
    pairs = sorted(held(), key=lambda pair: (order.index(pair[0]), pair[1]))
    services = {row.slug: row for row in Service.objects.filter(slug__in=[slug for _fact, slug in pairs])}
    return [
        Required(fact=fact, service=services.get(slug))
        for fact, slug in pairs
        if slug == EVERY_SERVICE or slug in services
    ]


def held() -> set[tuple[str, str]]:
    """Fact and slug, as they are kept."""
    return OrganisationSetting.pairs(REQUIRED)


def subject(fact: str, slug: str) -> str:
    """What an audit entry about one is about."""
    return f"fact {fact} {slug}".rstrip()
