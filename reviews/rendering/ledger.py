"""The ledger in sentences: they name the practice, never a person, and say what needs somebody today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.rules.readers import named
from reviews.choices import UNCONFIRMED_LAPSES, LapseCode, LapseState
from reviews.models import Lapse, PreventionPlan
from reviews.queries import lapses as lapse_queries
from reviews.queries import promises, watching
from reviews.rules import lapses as rules
from reviews.rules import statistics
from reviews.rules.ledger import CHANCE_OF, Chance
from teams.models import Person


@dataclass(frozen=True, kw_only=True)
class Row:
    """One lapse as the ledger shows it. `needs` says what waits for the reader today, and is empty otherwise."""

    lapse: Lapse
    sentence: str
    plan: PreventionPlan | None
    plan_words: str
    watch: watching.Watch | None
    watch_words: str
    needs: str

    @property
    def chance_words(self) -> str:
        """What a chance is for this code; only the entry's own page says it."""
        return chance_words(self.lapse.code)

    @property
    def comes_next(self) -> str:
        """What follows, for whoever reads along; the role that does it, never a person."""
        return comes_next(self.lapse.state)


def rows(lapses: Sequence[Lapse], *, person: Person, now: datetime) -> list[Row]:
    """The lapses with their latest plans and how these have held; a fixed number of queries."""
    plans = watching.latest_plans([lapse.pk for lapse in lapses])
    held = watching.proven(lapses, plans)
    watches = held | watching.watches([lapse for lapse in lapses if lapse.pk not in held], plans, now=now)
    return [_row(lapse, plans.get(lapse.pk), watches.get(lapse.pk), person=person, now=now) for lapse in lapses]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What waits for a person, in the fewest words that tell one entry from another."""

    lapse: Lapse
    sentence: str
    needs: str


def asked(lapses: Iterable[Lapse], *, person: Person, now: datetime) -> list[Asked]:
    """Entries that wait for the person, for their board; no query."""
    return [
        Asked(lapse=one, sentence=sentence(one, now=now), needs=needs(one, None, person=person, now=now))
        for one in lapses
    ]


def sentence(lapse: Lapse, *, now: datetime) -> str:
    """“An update promised to end users was 6 min late.”"""
    promise = promises.from_facts(lapse.facts)
    suggestion = rules.from_promise(promise, now=now) if promise else None
    if suggestion is not None:
        return suggestion.sentence
    return str(lapse.facts.get("sentence") or f"{lapse.get_code_display()}.")


def readers(lapses: Iterable[Lapse]) -> str:
    """Whom the promises of these were made to: “executives, the service desk”."""
    found = (promises.from_facts(lapse.facts) for lapse in lapses)
    return named(promise.audience for promise in found if promise)


@dataclass(frozen=True, kw_only=True)
class Link:
    """Another entry of the same promise, in one line."""

    lapse: Lapse
    sentence: str


def linked(lapse: Lapse, *, person: Person, now: datetime) -> tuple[list[Link], list[Link]]:
    """Where it came back, and what was put in place before it."""
    found = watching.linked(lapse, person=person)
    later, earlier = (
        [Link(lapse=one, sentence=sentence(one, now=now)) for one in ones] for ones in (found.later, found.earlier)
    )
    return later, earlier


def plan_words(plan: PreventionPlan) -> str:
    """“Plan: reminder at two thirds of the interval (intermediate, in place 3 Nov).”"""
    if plan.in_place_at:
        when = _("in place %(day)s") % {"day": f"{plan.in_place_at.day} {plan.in_place_at:%b}"}
    else:
        when = _("due %(day)s") % {"day": f"{plan.due_date.day} {plan.due_date:%b}"}
    return _("Plan: %(plan)s (%(strength)s, %(when)s).") % {
        "plan": plan.plan.rstrip(". "),
        "strength": plan.get_strength_display().lower(),
        "when": when,
    }


def watch_words(watch: watching.Watch) -> str:
    """“No repeat in 12 chances; true rate may still be up to 22 %.”"""
    said = statistics.repeat_sentence(repeats=watch.repeats, chances=watch.chances)
    if not watch.unclear:
        return said
    more = ngettext(
        "%(n)s more has no cause written down yet.", "%(n)s more have no cause written down yet.", watch.unclear
    )
    return f"{said} {more % {'n': watch.unclear}}"


def chance_words(code: str) -> str:
    """What a chance is: “A chance is a message that was sent.”"""
    words = {
        Chance.FIRST_UPDATE: _("A chance is a time at which first updates fell due, whoever waited for them."),
        Chance.LATER_UPDATE: _("A chance is a time at which later updates fell due, whoever waited for them."),
        Chance.ANY_UPDATE: _("A chance is a time at which updates fell due, whoever waited for them."),
        Chance.MESSAGE: _("A chance is a message that was sent."),
        Chance.CORRECTION: _("A chance is a correction that was sent."),
        Chance.STATEMENT: _("A chance is a version of an impact that was recorded."),
        Chance.WEAK_INTAKE: _("A chance is a hand-over by the desk that lacked something."),
        Chance.CALL: _("A chance is a call of a team with an engagement profile."),
        Chance.HANDOVER: _("A chance is a handover of command."),
        Chance.RESTORATION: _("A chance is an incident whose service was restored."),
        Chance.REVIEW: _("A chance is a review that fell due."),
        Chance.PLAN: _("A chance is a plan that fell due."),
    }
    chance = CHANCE_OF.get(LapseCode(code))
    return words[chance] if chance else ""


def needs(lapse: Lapse, plan: PreventionPlan | None, *, person: Person, now: datetime) -> str:
    """What the person is asked to do about it today."""
    decides, plans = lapse_queries.may_decide(lapse, person), lapse_queries.may_plan(lapse, person)
    if lapse.state == LapseState.SUGGESTED and decides:
        return _("Is this so? Own it, confirm it, or dismiss it with the reason.")
    if lapse.state == LapseState.CONFIRMED and decides:
        return _("Own it, in your own words.")
    if lapse.state in {LapseState.OWNED, LapseState.CORRECTED, LapseState.RECURRED} and plans:
        return _("Write down what prevents the next one.")
    is_due = lapse.state == LapseState.PLANNED and plan is not None and plan.due_date <= now.date()
    if is_due and plan is not None and (plans or plan.owner_id == person.pk):
        return _("The plan is due. Is it in place?")
    return ""


def comes_next(state: str) -> str:
    """The next step of an entry that is not over and is not watched yet; empty otherwise."""
    words = {
        LapseState.CONFIRMED: _("Next, the manager who was accountable owns it in their own words."),
        LapseState.PLANNED: _("Next, the plan is put in place. From then on it is watched."),
    }
    to_plan = _("Next, the accountable manager or the practice lead writes down what prevents another one.")
    words |= dict.fromkeys((LapseState.OWNED, LapseState.CORRECTED, LapseState.RECURRED), to_plan)
    return words.get(LapseState(state), "")


def _row(
    lapse: Lapse, plan: PreventionPlan | None, watch: watching.Watch | None, *, person: Person, now: datetime
) -> Row:
    return Row(
        lapse=lapse,
        sentence=sentence(lapse, now=now),
        plan=plan,
        plan_words=plan_words(plan) if plan and lapse.state not in UNCONFIRMED_LAPSES else "",
        watch=watch,
        watch_words=watch_words(watch) if watch else "",
        needs=needs(lapse, plan, person=person, now=now),
    )
