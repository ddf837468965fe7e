"""Who receives updates, and the status pages."""

from comms.models import Audience, Component, Recipient, StatusPage
from mim_portal.models import OrganisationSetting
from teams.models import Service, Site

# audience, address, service, site
RECIPIENTS = (
    ("service_desk", "service-desk@halden.example", None, None),
    ("service_owners", "payroll-owner@halden.example", "payroll", None),
    ("service_owners", "payments-owner@halden.example", "card-payments", None),
    ("service_owners", "it-service-owners@halden.example", None, None),
    ("end_users", "all-stores@halden.example", None, None),
    ("end_users", "staff-dublin@halden.example", None, "dublin"),
    ("end_users", "staff-edinburgh@halden.example", None, "edinburgh"),
    ("end_users", "staff-glasgow@halden.example", None, "glasgow"),
    ("executives", "executive-office@halden.example", None, None),
    ("technical", "technical-bridge@halden.example", None, None),
    ("public", "press-watch@halden.example", None, None),
)

# May stand in any message: the desk's own line and mailbox.
PUBLIC_CONTACTS = ["+44 20 7946 0100", "service-desk@halden.example"]

GROUPS = {
    "payroll": "For staff", "email": "For staff", "sign-in": "For staff", "intranet": "For staff",
    "card-payments": "In stores", "store-wifi": "In stores", "warehouse": "In stores", "web-shop": "For customers",
}  # fmt: skip


def load() -> None:
    """Create what is missing."""
    OrganisationSetting.objects.get_or_create(name="public_contacts", defaults={"value": PUBLIC_CONTACTS})
    audiences = {audience.code: audience for audience in Audience.objects.all()}
    services = {service.slug: service for service in Service.objects.all()}
    sites = {site.slug: site for site in Site.objects.all()}
    for code, address, service, site in RECIPIENTS:
        Recipient.objects.get_or_create(
            audience=audiences[code],
            address=address,
            service=services[service] if service else None,
            site=sites[site] if site else None,
        )
    _page("public", "Halden Group status", audiences["public"], services, is_public=True)
    _page("staff", "Halden services for staff", audiences["end_users"], services, is_public=False)
    _page("executive", "Major incidents", audiences["executives"], services, is_public=False, is_executive=True)


def _page(
    slug: str,
    name: str,
    audience: Audience,
    services: dict[str, Service],
    *,
    is_public: bool,
    is_executive: bool = False,
) -> None:
    page, is_new = StatusPage.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "audience": audience,
            "is_public": is_public,
            "is_executive": is_executive,
            "time_zone": "Europe/London",
        },
    )
    if is_new:
        Component.objects.bulk_create(
            Component(page=page, service=services[service], group=group, position=position)
            for position, (service, group) in enumerate(GROUPS.items())
            if service in services
        )
