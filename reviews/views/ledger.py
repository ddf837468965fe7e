"""The ledger: what waits for the reader, what is being watched, what held."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mim_portal.lib import access, addresses
from mim_portal.lib.forms import attempt
from reviews.choices import ActionStrength, LapseCode, LapseState
from reviews.forms import CorrectForm, DismissForm, OwnForm, PlanForm
from reviews.models import Lapse
from reviews.queries import changes, ended
from reviews.queries import lapses as queries
from reviews.rendering import a3 as sheets
from reviews.rendering import ledger as rendering
from reviews.rules import ledger as rules
from reviews.services import lapses
from reviews.views.base import before, owners
from teams.models import Person
from teams.requests import PersonRequest
from teams.rules import roles

PAGE = 25
WAITING = 50
FORMS: dict[str, type[Form]] = {
    "confirm": Form,
    "dismiss": DismissForm,
    "own": OwnForm,
    "correct": CorrectForm,
    "in-place": Form,
    "word": Form,
}


@access.allow(read=roles.LEDGER_READERS)
@require_GET
def ledger(request: PersonRequest) -> HttpResponse:
    """Rows are sentences that name the practice; colour only for what needs somebody today."""
    person, now = request.user, timezone.now()
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    waiting = list(queries.waiting_for(person, today=now.date()).order_by("-occurred_at", "-pk")[:WAITING])
    rest = queries.visible_lapses(person).exclude(pk__in=[lapse.pk for lapse in waiting])
    if state in LapseState.values:
        rest = rest.filter(state=state)
    if code in LapseCode.values:
        rest = rest.filter(code=code)
    if key := before(request):
        rest = rest.filter(pk__lt=key)
    found = list(rest.order_by("-pk")[: PAGE + 1])
    rows = rendering.rows([*waiting, *found[:PAGE]], person=person, now=now)
    query = request.GET.copy()
    query.pop("before", None)
    first = query.urlencode()
    if len(found) > PAGE:
        query["before"] = str(found[PAGE - 1].pk)
    context = {
        "waiting": rows[: len(waiting)],
        "rows": rows[len(waiting) :],
        "numbers": ended.numbers(person, now=now),
        "states": LapseState.choices,
        "codes": LapseCode.choices,
        "state": state,
        "code": code,
        "is_filtered": bool(state or code),
        "first_url": f"?{first}" if before(request) else None,
        "next_url": f"?{query.urlencode()}" if len(found) > PAGE else None,
    }
    return render(request, "ledger/ledger.html", context)


@access.allow(read=roles.LEDGER_READERS)
@require_GET
def lapse(request: PersonRequest, lapse_id: int) -> HttpResponse:
    """One lapse, with the step that comes next."""
    return _page(request, _lapse_or_404(request, lapse_id))


@access.allow(read=roles.LEDGER_READERS)
@require_GET
def a3(request: PersonRequest, lapse_id: int) -> HttpResponse:
    """The same entry on one sheet, to be printed, for whoever may see it; it names nobody."""
    shown, now = _lapse_or_404(request, lapse_id), timezone.now()
    (row,) = rendering.rows([shown], person=request.user, now=now)
    change = changes.of(shown, row.plan, person=request.user)
    context = {"lapse": shown, "sheet": sheets.sheet(row, change=change), "printed_at": now}
    return render(request, "ledger/a3.html", context)


@access.allow(read=(), act=roles.LEDGER_KEEPERS)
@require_POST
def step(request: PersonRequest, lapse_id: int, name: str) -> HttpResponse:
    """Take one step; a refusal shows the page again with what was typed.

    An answer may be meant for every audience that waited for the same message.
    """
    shown = _lapse_or_404(request, lapse_id)
    verb = VERBS.get(name)
    if verb is None:
        raise Http404
    form = _form(name, request.user, request.POST)
    is_for_all = name in ANSWERS and "same" in request.POST
    if attempt(form, lambda: _take(verb, shown.pk, request.user, form, is_for_all=is_for_all)):
        messages.success(request, _("Saved."))
        return redirect(addresses.lapse(lapse_id))
    return _page(request, _lapse_or_404(request, lapse_id), bound={name: form}, status=422)


@transaction.atomic
def _take(verb: Callable[..., object], lapse_id: int, person: Person, form: Any, *, is_for_all: bool) -> None:
    """The step, and the same answer for whoever waited for the same message: both or neither."""
    verb(lapse_id, person, form)
    if is_for_all:
        lapses.answer_same(lapse_id=lapse_id, person=person, now=timezone.now())


VERBS: dict[str, Callable[[int, Person, Any], object]] = {
    "confirm": lambda pk, person, _form: lapses.confirm(lapse_id=pk, person=person, now=timezone.now()),
    "dismiss": lambda pk, person, form: lapses.dismiss(
        lapse_id=pk, person=person, **form.cleaned_data, now=timezone.now()
    ),
    "own": lambda pk, person, form: lapses.own(lapse_id=pk, person=person, **form.cleaned_data, now=timezone.now()),
    "correct": lambda pk, person, form: lapses.correct(
        lapse_id=pk, person=person, **form.cleaned_data, now=timezone.now()
    ),
    "plan": lambda pk, person, form: lapses.plan(lapse_id=pk, person=person, **form.given(), now=timezone.now()),
    "in-place": lambda pk, person, _form: lapses.put_in_place(lapse_id=pk, person=person, now=timezone.now()),
    "word": lambda pk, person, _form: lapses.add_word(lapse_id=pk, person=person),
}
ANSWERS = frozenset({"confirm", "dismiss", "own"})


def _lapse_or_404(request: PersonRequest, lapse_id: int) -> Lapse:
    found = queries.get(lapse_id, request.user)
    if found is None:
        raise Http404
    return found


def _form(name: str, person: Person, data: QueryDict | None = None) -> Form:
    """The form of a step; one without questions is a button."""
    if name == "plan":
        initial = {"owner": str(person.pk), "strength": ActionStrength.INTERMEDIATE}
        return PlanForm(data, prefix=name, people=owners(), initial=initial)
    return FORMS[name](data, prefix=name)


def _page(
    request: PersonRequest, shown: Lapse, *, bound: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    person, now = request.user, timezone.now()
    (row,) = rendering.rows([shown], person=person, now=now)
    came_back, before_it = rendering.linked(shown, person=person, now=now)
    fresh = {name: _form(name, person) for name in _steps(shown, row, person)}
    context = {
        "row": row,
        "lapse": shown,
        "came_back": came_back,
        "before_it": before_it,
        "answers": ANSWERS,
        "same_readers": rendering.readers(queries.same_message(shown, person)) if ANSWERS & fresh.keys() else "",
        "same_is_chosen": not bound or "same" in request.POST,
        "change": changes.of(shown, row.plan, person=person),
        "incident": shown.incident,
        "forms": fresh | (bound or {}),
        "is_private": shown.state in {LapseState.SUGGESTED, LapseState.DISMISSED},
        "is_yours": shown.addressee_id == person.pk,
    }
    return render(request, "ledger/lapse.html", context, status=status)


def _steps(shown: Lapse, row: rendering.Row, person: Person) -> set[str]:
    """The steps that the person may take now."""
    following = set(rules.allowed(shown.state))
    found: set[str] = set()
    if queries.may_decide(shown, person):
        if LapseState.CONFIRMED in following:
            found |= {"confirm", "dismiss", "own"}
        if LapseState.OWNED in following:
            found.add("own")
    if queries.may_plan(shown, person):
        found |= {"correct"} if LapseState.CORRECTED in following else set()
        found |= {"plan"} if LapseState.PLANNED in following else set()
    owns_plan = row.plan is not None and row.plan.owner_id == person.pk
    if LapseState.WATCHING in following and (owns_plan or queries.may_plan(shown, person)):
        found.add("in-place")
    return found
