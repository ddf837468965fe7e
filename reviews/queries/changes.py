"""The change of the portal that a plan asks for: where it is made, and whether it has been."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from comms.queries.writing import required_parts
from incidents.queries import required_facts
from incidents.rules import impact
from mim_portal.lib import addresses
from mim_portal.models import AuditEntry
from reviews.choices import PlanChange
from reviews.models import Lapse, PreventionPlan
from reviews.rules import ledger
from teams.models import GlossaryTerm, Person
from teams.rules import roles


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: its page, who may open that, and when and by whom it was made; None until then.

    A word needs no page where the person may add it: it is added from the entry itself.
    """

    words: str
    address: str
    may_open: bool
    may_add: bool
    done_at: datetime | None
    done_by: str


def of(lapse: Lapse, plan: PreventionPlan | None, *, person: Person) -> Change | None:
    """What the plan asks for; one query, two for a fact or a part, none where it asks for nothing.

    Settings keep their own record of who changed what: the first change after the plan was written is its change. A
    word that is known was added by somebody, whenever that was.
    """
    if plan is None or not plan.change:
        return None
    if plan.change == PlanChange.FACT:
        return _fact(lapse, plan, person=person)
    if plan.change == PlanChange.PART:
        return _part(plan, person=person)
    if plan.change == PlanChange.WORD:
        word = " ".join(plan.change_word.split())  # as the list keeps it
        term = GlossaryTerm.objects.filter(term__iexact=word).select_related("added_by").first()
        made = (term.added_at, term.added_by) if term else None
        return _change(plan, addresses.new_word(plan.change_word), roles.ADMINISTRATORS, made, person=person)
    audience = str(lapse.facts.get("audience") or "")
    kind, readers = ledger.template_of(code=lapse.code, audience=audience)
    if plan.change == PlanChange.TEMPLATE:
        verbs, subject = ["template.saved"], f"template {kind} {readers}"
        address = addresses.template(kind, readers)
    else:
        verbs, subject = ["cadence.changed", "cadence.reset"], f"{lapse.incident.priority}-{readers}"
        address = addresses.cadence(lapse.incident.priority)
    entries = AuditEntry.objects.filter(subject=subject, at__gte=plan.created_at, verb__in=verbs)
    entry = entries.select_related("actor").order_by("at", "pk").first()
    return _change(plan, address, roles.POLICY_EDITORS, (entry.at, entry.actor) if entry else None, person=person)


def _fact(lapse: Lapse, plan: PreventionPlan, *, person: Person) -> Change:
    """A fact that is required was required by somebody, whenever that was, of this service or of every one."""
    service = lapse.incident.service
    slugs = {service.slug, required_facts.EVERY_SERVICE}
    held = required_facts.held()
    subjects = [required_facts.subject(plan.change_word, slug) for slug in slugs if (plan.change_word, slug) in held]
    made = _made(AuditEntry.objects.filter(subject__in=subjects, verb="fact.required")) if subjects else None
    words = f"{plan.get_change_display()}: “{dict(impact.GATES)[plan.change_word]}”"
    address = addresses.required_fact(plan.change_word, service.slug)
    return _change(plan, address, roles.POLICY_EDITORS, made, person=person, words=words)


def _part(plan: PreventionPlan, *, person: Person) -> Change | None:
    """What messages have to say was asked for by somebody, whenever that was."""
    one = required_parts.read(plan.change_word)
    if one is None:  # the profession's table asks for it by now
        return None
    made = None
    if (one.kind, one.part) in required_parts.held():
        made = _made(AuditEntry.objects.filter(subject=required_parts.subject(one), verb="part.required"))
    words = f"{plan.get_change_display()}: “{one.words}”"
    return _change(
        plan, addresses.required_part(plan.change_word), roles.POLICY_EDITORS, made, person=person, words=words
    )


def _made(entries: QuerySet[AuditEntry]) -> tuple[datetime, Person | None] | None:
    """When the newest of these was made, and by whom."""
    entry = entries.select_related("actor").order_by("-at", "-pk").first()
    return (entry.at, entry.actor) if entry else None


def _change(
    plan: PreventionPlan,
    address: str,
    keepers: frozenset[str],
    made: tuple[datetime, Person | None] | None,
    *,
    person: Person,
    words: str = "",
) -> Change:
    at, by = made if made is not None else (None, None)
    return Change(
        words=words or ": ".join(filter(None, (plan.get_change_display(), plan.change_word))),
        address=address,
        may_open=person.has_role(*keepers),
        may_add=plan.change == PlanChange.WORD and person.has_role(*roles.LEDGER_KEEPERS),
        done_at=at,
        done_by=by.name if by else "",
    )
