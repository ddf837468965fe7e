"""Sites, teams with their engagement profiles, services, and the words of the house."""

from datetime import date, datetime, timedelta

from teams.choices import CallHours, ServiceTier
from teams.models import Contact, EngagementProfile, GlossaryTerm, Membership, Person, Service, Site, Team, TeamHoliday

SITES = (
    ("dublin", "Dublin", "IE", "Europe/Dublin", 640),
    ("edinburgh", "Edinburgh", "GB", "Europe/London", 410),
    ("glasgow", "Glasgow", "GB", "Europe/London", 380),
    ("london", "London", "GB", "Europe/London", 2100),
    ("berlin", "Berlin", "DE", "Europe/Berlin", 520),
    ("oslo", "Oslo", "NO", "Europe/Oslo", 160),
)

TEAMS = (
    ("database", "Database", "Keeps every database of the group available and restorable.", ("rosa",)),
    ("network", "Network", "Lines, firewalls and wireless in stores, offices and data centres.", ("nils",)),
    ("payments", "Payments", "Card terminals, tills and the payment gateway.", ()),
    ("identity", "Identity", "Sign-in, directories and access.", ()),
    ("web-shop", "Web shop", "The shop that customers see.", ()),
)

# slug, name, owner, tier, sites, what it is
SERVICES = (
    ("payroll", "Payroll", "database", ServiceTier.CRITICAL, ("dublin", "edinburgh", "glasgow", "london"),
     "Timesheets and pay of all store staff."),
    ("card-payments", "Card payments", "payments", ServiceTier.CRITICAL, ("dublin", "edinburgh", "glasgow", "london"),
     "Card payments at tills."),
    ("web-shop", "Web shop", "web-shop", ServiceTier.CRITICAL, (), "The shop at halden.example."),
    ("email", "E-mail", "identity", ServiceTier.IMPORTANT, (), "Mailboxes and calendars."),
    ("sign-in", "Sign-in", "identity", ServiceTier.CRITICAL, (), "Single sign-on to everything else."),
    ("store-wifi", "Store Wi-Fi", "network", ServiceTier.IMPORTANT, ("dublin", "edinburgh", "glasgow", "london"),
     "Wireless for hand scanners and tablets in stores."),
    ("warehouse", "Warehouse", "database", ServiceTier.IMPORTANT, ("berlin",), "Picking and shipping."),
    ("intranet", "Intranet", "web-shop", ServiceTier.STANDARD, (), "News and forms for staff."),
)  # fmt: skip

DEPENDENCIES = (("payroll", "sign-in"), ("web-shop", "card-payments"), ("warehouse", "store-wifi"))

GLOSSARY = (
    ("Halden", "our company", True),
    ("timesheet", "the record of hours that pay is made from", True),
    ("till", "where customers pay in a store", True),
    ("SSO", "single sign-on", False),
    ("failover", "moving to the standby system", False),
    ("rollback", "returning to the version before a change", False),
    ("Wi-Fi", "wireless network", True),
)


def load(*, people: dict[str, Person], now: datetime) -> None:
    """Create what is missing; what somebody changed stays."""
    sites = {
        slug: Site.objects.get_or_create(
            slug=slug, defaults={"name": name, "country": country, "time_zone": zone, "headcount": headcount}
        )[0]
        for slug, name, country, zone, headcount in SITES
    }
    teams = {slug: _team(slug, name, words, members, people) for slug, name, words, members in TEAMS}
    for slug, name, owner, tier, where, words in SERVICES:
        service, is_new = Service.objects.get_or_create(
            slug=slug, defaults={"name": name, "owner_team": teams[owner], "tier": tier, "description": words}
        )
        if is_new:
            service.sites.set([sites[site] for site in where])
    for slug, needed in DEPENDENCIES:
        Service.objects.get(slug=slug).depends_on.add(Service.objects.get(slug=needed))
    for term, meaning, is_plain in GLOSSARY:
        GlossaryTerm.objects.get_or_create(term=term, defaults={"meaning": meaning, "is_plain": is_plain})
    _profiles(teams=teams, people=people, now=now)
    _hours(teams["database"], now=now)


def _team(slug: str, name: str, words: str, members: tuple[str, ...], people: dict[str, Person]) -> Team:
    team, is_new = Team.objects.get_or_create(slug=slug, defaults={"name": name, "description": words})
    if is_new:
        Membership.objects.bulk_create(Membership(team=team, person=people[one], is_lead=True) for one in members)
        Contact.objects.bulk_create(
            [
                Contact(team=team, kind=Contact.Kind.EMAIL, value=f"{slug}-oncall@halden.example", position=2),
                Contact(team=team, kind=Contact.Kind.CHAT, value=f"#{slug}-oncall", position=0),
                Contact(
                    team=team, kind=Contact.Kind.PHONE, value="+44 20 7946 0" + f"{100 + len(slug):03d}", position=1
                ),
            ]
        )
    return team


def _hours(team: Team, *, now: datetime) -> None:
    """The database team sits in London: chat by day, phone by night and on holidays."""
    Team.objects.filter(pk=team.pk).update(time_zone="Europe/London")
    team.contacts.filter(kind=Contact.Kind.CHAT).update(hours=CallHours.IN_HOURS)
    team.contacts.filter(kind=Contact.Kind.PHONE).update(hours=CallHours.OUT_OF_HOURS)
    days = {(12, 25): "Christmas Day", (12, 26): "Boxing Day", (1, 1): "New Year’s Day"}
    TeamHoliday.objects.bulk_create(
        [
            TeamHoliday(team=team, on_date=date(year, month, day), name=name)
            for year in (now.year, now.year + 1)
            for (month, day), name in days.items()
        ],
        ignore_conflicts=True,
    )


def _profiles(*, teams: dict[str, Team], people: dict[str, Person], now: datetime) -> None:
    review_date: date = (now + timedelta(days=150)).date()
    if not teams["database"].profiles.exists():
        EngagementProfile.objects.create(
            team=teams["database"],
            version=1,
            author=people["rosa"],
            confirmed_by=people["rosa"],
            confirmed_at=now - timedelta(days=30),
            review_date=review_date,
            reach="08:00–18:00 London: chat in #database-oncall. Nights, weekends: phone, twice, five minutes apart.",
            voice="Whoever is on call speaks and may decide on a failover; a restore needs the team lead as well.",
            opening="Start with the symptom and since when. One message, no greeting needed.",
            facts_wanted=["symptom in the users' words", "since when", "recent change", "which instance, if known"],
            working="We report every 20 minutes without being asked. Give us 15 minutes undisturbed first.",
            avoid="Please do not ask for a finishing time before our first finding, and no @all.",
            know="Payroll and Warehouse share a cluster: a failover moves both.",
            care="Relief after four hours. A thank-you to the team, manager in copy.",
            ask_again_minutes=10,
        )
    if not teams["network"].profiles.exists():
        EngagementProfile.objects.create(
            team=teams["network"],
            version=1,
            author=people["nils"],
            review_date=review_date,
            reach="Phone first, day and night. Chat is read within ten minutes by day.",
            voice="The engineer on call. Changes on firewalls are decided by two of us.",
            opening="Which sites, which sites are fine, and what changed today.",
            facts_wanted=["sites affected", "sites not affected", "since when", "change in the last 24 hours"],
            working="Ask us every 15 minutes.",
            avoid="Do not open with a suspected cause.",
            ask_again_minutes=5,
        )
