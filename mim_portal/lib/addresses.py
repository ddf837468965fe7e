"""Addresses by reference, so that templates and messages of one app can point at another's pages."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings


def incident(reference: str) -> str:
    """The room."""
    return f"/incidents/{reference}/"


def candidate(reference: str) -> str:
    return f"/candidates/{reference}/"


def new_update(reference: str, kind: str) -> str:
    """Where a message of this kind begins."""
    return f"/incidents/{reference}/updates/new/?kind={kind}"


def update(update_id: int) -> str:
    """The composer of one update."""
    return f"/updates/{update_id}/"


def deliveries(update_id: int, state: str = "") -> str:
    """Which address got the update and which did not; those in one state."""
    return f"/updates/{update_id}/deliveries/" + (f"?state={state}" if state else "")


def replies(reference: str, state: str = "") -> str:
    """What readers answered to updates of the incident; what is in one state."""
    return f"/incidents/{reference}/replies/" + (f"?state={state}" if state else "")


def reading(update_id: int) -> str:
    """Where a second reader answers: the text, what is new in it, two buttons."""
    return f"/updates/{update_id}/read/"


def team(slug: str) -> str:
    return f"/teams/{slug}/"


def team_evidence(slug: str) -> str:
    """Whether the team came faster once it had confirmed its profile."""
    return f"/teams/{slug}/evidence/"


def team_calls(slug: str) -> str:
    """The calls that a team got, for its members."""
    return f"/teams/{slug}/calls/"


def person(username: str) -> str:
    """What an administrator sees of a person."""
    return f"/settings/people/{username}/"


def invitation(token: str) -> str:
    """Where an invited person chooses a password."""
    return f"/invitation/{token}/"


def review(reference: str) -> str:
    """The review of the incident with this reference."""
    return f"/reviews/{reference}/"


def metrics_report(month: str) -> str:
    """The report of a month such as 2026-10, as PDF."""
    return f"/metrics/report/?month={month}"


def lapse(lapse_id: int) -> str:
    return f"/ledger/{lapse_id}/"


def lapse_sheet(lapse_id: int) -> str:
    """The same on one sheet to print."""
    return f"/ledger/{lapse_id}/a3/"


def new_word(term: str) -> str:
    """Where an administrator adds a word of the organisation, with the word filled in."""
    return f"/settings/words/+new/?{urlencode({'term': term})}"


def template(kind: str, audience: str) -> str:
    """What messages of this kind to these readers begin with."""
    return f"/settings/templates/{kind}/{audience}/"


def cadence(priority: str) -> str:
    """How often whom at this priority."""
    return f"/settings/cadence/#{priority.lower()}"


def required_fact(fact: str, service: str) -> str:
    """Where a fact of the impact is required, with it and the service filled in."""
    return f"/settings/facts/?{urlencode({'fact': fact, 'service': service})}"


def required_part(part: str) -> str:
    """Where messages of a kind are asked to say something, with it filled in."""
    return f"/settings/parts/?{urlencode({'part': part})}"


def status_page(slug: str) -> str:
    return f"/status/{slug}/"


def subscribe(slug: str, *, incident: str = "", language: str = "") -> str:
    """Where a reader of a status page asks for its updates, or for those of one incident, in a language other than the
    page's own where it is named; not below the page, which is served without a database."""
    asked = urlencode({name: said for name, said in (("incident", incident), ("language", language)) if said})
    return f"/subscribe/{slug}/{'?' if asked else ''}{asked}"


def subscription(token: str, *, language: str = "") -> str:
    """Where a subscriber changes and ends what they get, by their own signed link."""
    return f"/subscription/{token}/" + (f"?language={language}" if language else "")


def subscription_confirm(token: str) -> str:
    return f"/subscription/confirm/{token}/"


def short_subscription(code: str) -> str:
    """The same in an SMS."""
    return f"/s/{code}/"


def opt_out(token: str) -> str:
    """Where a reader leaves a list, and comes back to it."""
    return f"/opt-out/{token}/"


def answer(token: str) -> str:
    """Where one reader answers one question."""
    return f"/answer/{token}/"


def call(token: str) -> str:
    """Where whoever was called for help answers for the team."""
    return f"/call/{token}/"


def paging(slug: str) -> str:
    """How a team is paged."""
    return f"/teams/{slug}/paging/"


def page_answers(key: str) -> str:
    """What PagerDuty, Opsgenie or another system posts to when somebody there answers a call."""
    return f"/paging/{key}/"


def feedback(token: str) -> str:
    """Where whoever was asked says how it went for their team."""
    return f"/feedback/{token}/"


def customer_page(token: str) -> str:
    """A customer's page for a reader without an account."""
    return f"/customer-page/{token}/"


def four_lines(token: str) -> str:
    """Where a reader without an account reads what runs."""
    return f"/four-lines/{token}/"


def status_incident(slug: str, reference: str) -> str:
    """What a status page says of one incident, for ever."""
    return f"{status_page(slug)}{incident_path(reference)}"


def incident_path(reference: str) -> str:
    """The same below the page's address."""
    return f"incidents/{reference}/"


def month_path(first: date, number: int = 1) -> str:
    """A month of the history below a status page's address, and the pieces after its first one."""
    return f"history/{first:%Y-%m}/" + (f"{number}/" if number > 1 else "")


def absolute(path: str) -> str:
    """With the portal's public origin, for messages that leave it."""
    return f"{settings.BASE_URL}{path}"
