"""The forms with words of comms that are no update: audiences, channels, pages, maintenance, promises, approval."""

from types import SimpleNamespace

from comms.queries.writing import policies
from tests.naughty.cases import NO_LIMIT, Case


def _audiences(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """Who is written to, and why somebody is written to again."""
    at = "/settings/audiences/end_users/"
    kept = "/settings/suppressions/"
    rest = {"position": "100", "is_active": "on"}
    address = {"channel": "email", "used_for": "incidents"}
    rows = "channel,address\nemail,c@example.org\n"
    return {
        "audience": Case("ada", at, {"name": 120}, rest),
        "new audience": Case("ada", "/settings/audiences/+new/", {"name": 120}, rest, {"code": (50, "store-managers")}),
        "recipient": Case("ada", f"{at}recipients/+new/", {}, address, {"address": (320, "b@example.org")}),
        "recipients": Case("ada", f"{at}recipients/import/", {}, {"deed": "import"}, {"text": (NO_LIMIT, rows)}),
        "lift": Case("ada", f"{kept}{world.suppression.pk}/lift/", {"reason": 300}),
        "lift opt-out": Case("ada", f"{kept}opted-out/{world.left.pk}/lift/", {"reason": 300}),
        "place": Case(
            "carla", f"/replies/{world.reply.pk}/place/", {}, {}, {"incident": (40, world.incident.reference)}
        ),
    }


def _channels(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """Ways out other than mail, and where a team is paged."""
    at, paging = "/settings/channels/", "/teams/payments-team/paging/"
    rest = {"per_minute": "60", "is_active": "on"}
    ways = {"address": (2000, "https://hooks.example.org/in"), "fallback_mail": (254, "ops@example.org")}
    provider = {"address": (2000, f"twilio://AC{'a' * 32}:{'b' * 32}@+15551234567"), "number": (40, "+441632960001")}
    return {
        "channel": Case("ada", f"{at}ops-hook/", {"name": 120}, rest, ways),
        "new channel": Case(
            "ada", f"{at}+new/?kind=webhook", {"name": 120}, rest, {**ways, "code": (50, "other-hook")}
        ),
        "test channel": Case("ada", f"{at}texts/test/", {}, {}, {"number": (40, "+441632960001")}),
        "paging by key": Case(
            "rosa",
            f"{paging}+new/?kind=pagerduty",
            {"name": 120},
            {},
            {"key": (100, "a" * 32), "address": (2000, ""), "secret": (200, "b" * 32)},
        ),
        "paging by number": Case("ada", f"{paging}+new/?kind=sms", {"name": 120}, {}, provider),
    }


def _pages(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """Status pages, who reads them, and planned maintenance on them."""
    at = "/settings/status-pages/public/"
    look = {"kind": "public", "audience": "public", "time_zone": "UTC", "language": "en"}
    named = {
        "slug": (50, "public"),
        "accent": (7, "#0b6170"),
        "accent_dark": (7, ""),
        "sms_countries": (300, "44, 353"),
    }
    window = {"services": ["payroll"], "pages": ["public"], "is_automatic": "on"}
    window |= {"scheduled_for": "2099-01-31T10:00", "scheduled_until": "2099-01-31T12:00"}
    window |= {"send_anyway": "It is right as it stands."}
    words = {"title": 120, "body": 4000, "begins_with": 4000, "ends_with": 4000}
    anyway = {"send_anyway": "It is right as it stands.", "to": ""}
    rows = "address\nd@example.org\n"
    return {
        "page": Case("ada", at, {"name": 120, "intro": 300, "footer": 1000}, look, named),
        "page services": Case(
            "ada", f"{at}services/", {"group-payroll": 120, "name-payroll": 120}, {"order-payroll": "1"}
        ),
        "subscribers": Case(
            "carla", f"{at}subscribers/import/", {"consent": 300}, {"deed": "import"}, {"text": (NO_LIMIT, rows)}
        ),
        "subscribe": Case("eve", "/subscribe/public/", {}, {"what": "whole"}, {"address": (2000, "sam.b@example.org")}),
        "subscribe by SMS": Case(
            "eve", "/subscribe/public/", {}, {"what": "whole", "channel": "sms"}, {"address": (2000, "+447911123456")}
        ),
        "window": Case("carla", "/maintenance/+new/", words, {**window, "repeat": ""}),
        "change window": Case("carla", f"/maintenance/{world.window.pk}/edit/", words, window),
        "tell": Case("carla", f"/maintenance/{world.window.pk}/tell/", {"body": 4000}, anyway),
    }


def _promises(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """What is agreed with readers, and what executives may read by a link."""
    at = f"/incidents/{world.incident.reference}/promises"
    some = {"audiences": ["executives"]}
    times = {"times": (100, "07:00 and 19:00")}
    return {
        "stop": Case("mia", f"{at}/stop/", {"reason": 300}, some, is_folded=True),
        "interval": Case("mia", f"{at}/interval/", {"reason": 300}, {**some, "minutes": "60"}, is_folded=True),
        "timetable": Case("mia", f"{at}/timetable/", {"reason": 300}, {**some, "days": "2"}, times, is_folded=True),
        "waiting": Case("mia", f"{at}/waiting/", {"what": 200}, {"until_at": "2099-01-31T10:00"}, is_folded=True),
        "reading link": Case(
            "mia",
            "/reading-links/",
            {},
            {"email": "g@example.org", "days": "14"},
            {"name": (100, "Gina Board"), "reference": (20, world.incident.reference)},  # kept as two names
        ),
    }


def _approval(world: SimpleNamespace, cast: SimpleNamespace) -> dict[str, Case]:
    """Who reads a text before it leaves, what they say of it, and how texts begin."""
    cells = {f"{cell.kind}-{cell.audience.code}": cell.reading.value for cell in policies.table()}
    source = (8000, "{{ doing }}")
    parts = {"subject": source, "body": source, "sms": source, "status_text": source}
    return {
        "policy": Case("petra", "/settings/approval/", {"neutral_words": 1000}, cells),
        "return": Case("rita", f"/updates/{world.unsent.pk}/read/", {"comment": 1000}, {"deed": "return"}),
        "template": Case("ada", "/settings/templates/update/end_users/", {}, {"deed": "save", "version": "1"}, parts),
    }


PARTS = {
    "audiences": _audiences,
    "channels": _channels,
    "pages": _pages,
    "promises": _promises,
    "approval": _approval,
}
