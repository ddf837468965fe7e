"""Factors name what contributed, actions what will be different, by whom and by when."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mim_portal.lib.refusals import Invalid
from reviews.models import ContributingFactor, ImprovementAction, Review
from reviews.services import actions, factors, reviews
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
FACTOR: dict[str, Any] = {"statement": "No alert on expiry", "kind": "enabling", "layer": "tool", "evidence": "log"}


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    return rows.review(of=rows.incident(manager=cast.mia))


def add_action(review: Review, person: Any, **fields: Any) -> ImprovementAction:
    given: dict[str, Any] = {
        "title": "Alert 30 days before expiry",
        "owner": person,
        "due_date": NOON.date(),
        "strength": "intermediate",
        "done_means": "An alert is seen in a test",
        "now": NOON,
    }
    return actions.add(reference=review.incident.reference, person=person, **given | fields)


def test_factors_are_kept_in_order(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    first = factors.add(reference=reference, person=cast.rosa, **FACTOR, now=NOON)
    second = factors.add(reference=reference, person=cast.rosa, **FACTOR, now=NOON)
    assert (first.position, second.position) == (0, 1)
    changed = factors.change(
        reference=reference,
        factor_id=first.pk,
        person=cast.mia,
        **FACTOR | {"statement": "No alert", "layer": "technology"},
        now=NOON,
    )
    assert (changed.statement, changed.layer) == ("No alert", "technology")
    factors.remove(reference=reference, factor_id=second.pk, person=cast.mia, now=NOON)
    assert list(ContributingFactor.objects.values_list("statement", flat=True)) == ["No alert"]
    review.refresh_from_db()
    assert review.version == 5


@pytest.mark.parametrize("field", ["statement", "kind", "layer", "evidence"])
def test_factors_say_everything(cast: SimpleNamespace, review: Review, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        factors.add(reference=review.incident.reference, person=cast.rosa, **FACTOR | {field: ""}, now=NOON)
    assert refused.value.field == field


def test_unknown_factors(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    other = rows.factor(of=rows.review(of=rows.incident(manager=cast.omar)))
    with pytest.raises(factors.UnknownFactor):
        factors.remove(reference=reference, factor_id=other.pk, person=cast.mia, now=NOON)
    with pytest.raises(factors.UnknownFactor):
        factors.change(reference=reference, factor_id=other.pk, person=cast.mia, **FACTOR, now=NOON)


def test_an_action_is_agreed_complete(cast: SimpleNamespace, review: Review) -> None:
    factor = rows.factor(of=review)
    action = add_action(review, cast.rosa, factor_id=factor.pk)
    assert (action.state, action.factor, action.owner) == ("open", factor, cast.rosa)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"owner": None}, "owner"),
        ({"due_date": None}, "due_date"),
        ({"done_means": ""}, "done_means"),
        ({"strength": ""}, "strength"),
    ],
)
def test_the_gate_names_what_is_missing(
    cast: SimpleNamespace, review: Review, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_action(review, cast.rosa, **fields)
    assert refused.value.field == field


def test_a_factor_of_another_review_is_refused(cast: SimpleNamespace, review: Review) -> None:
    other = rows.factor(of=rows.review(of=rows.incident(manager=cast.omar)))
    with pytest.raises(Invalid):
        add_action(review, cast.rosa, factor_id=other.pk)


def test_an_action_changes_and_stays_complete(cast: SimpleNamespace, review: Review) -> None:
    action = add_action(review, cast.rosa)
    later = NOON.date() + timedelta(days=9)
    changed = actions.change(
        action_id=action.pk, person=cast.mia, fields={"owner": cast.nils, "due_date": later}, now=NOON
    )
    assert (changed.owner, changed.due_date, changed.done_means) == (cast.nils, later, "An alert is seen in a test")
    with pytest.raises(Invalid):
        actions.change(action_id=action.pk, person=cast.mia, fields={"done_means": ""}, now=NOON)


def test_actions_go_on_after_publication(cast: SimpleNamespace, review: Review) -> None:
    action = add_action(review, cast.rosa)
    Review.objects.update(state="published")
    assert actions.move(action_id=action.pk, person=cast.rosa, to="done", now=NOON).done_at == NOON
    assert actions.move(action_id=action.pk, person=cast.rosa, to="done", now=NOON + timedelta(1)).done_at == NOON
    assert actions.move(action_id=action.pk, person=cast.petra, to="verified", now=NOON).verified_at == NOON
    with pytest.raises(actions.StepRefused) as refused:
        actions.move(action_id=action.pk, person=cast.petra, to="open", now=NOON)
    assert refused.value.extra == {"allowed": []}


def test_done_can_be_opened_again(cast: SimpleNamespace, review: Review) -> None:
    action = add_action(review, cast.rosa)
    actions.move(action_id=action.pk, person=cast.rosa, to="done", now=NOON)
    opened = actions.move(action_id=action.pk, person=cast.rosa, to="open", now=NOON)
    assert (opened.state, opened.done_at) == ("open", None)


def test_actions_of_unseen_reviews_do_not_exist(cast: SimpleNamespace) -> None:
    hidden = rows.review(of=rows.incident(manager=cast.mia, is_private=True))
    action = rows.action(of=hidden, owner=cast.mia)
    with pytest.raises(actions.UnknownAction):
        actions.move(action_id=action.pk, person=cast.omar, to="done", now=NOON)
    with pytest.raises(reviews.UnknownReview):
        factors.add(reference=hidden.incident.reference, person=cast.omar, **FACTOR, now=NOON)


def test_a_factor_names_the_team_that_can_change_it(
    cast: SimpleNamespace, review: Review, signed_in: Any, api: Any
) -> None:
    factories.team(slug="identity", name="Identity")
    reference, client = review.incident.reference, signed_in(cast.mia)
    assert client.post(f"/reviews/{reference}/factors/", {**FACTOR, "control_owner": "identity"}).status_code == 302
    factor = ContributingFactor.objects.get()
    assert "Identity can change it" in client.get(f"/reviews/{reference}/").content.decode()
    page = f"/reviews/{reference}/factors/{factor.pk}/"
    assert '<option value="identity" selected>' in client.get(page).content.decode()
    assert client.post(page, {**FACTOR, "control_owner": "nobody"}).status_code == 422
    by_rest = api(cast.mia).put(f"/api/v1{page}", {**FACTOR, "control_owner": "identity"})
    assert (by_rest.status_code, by_rest.json()["control_owner"]) == (200, "identity")
    client.post(page, FACTOR)
    factor.refresh_from_db()
    assert factor.control_owner is None
