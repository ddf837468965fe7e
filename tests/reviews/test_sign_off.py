"""A review is published complete, without blame that nobody answered for, and without names."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from mim_portal.lib.refusals import Invalid
from mim_portal.models import AuditEntry
from reviews.models import Review
from reviews.services import reviews, signoff
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    made = rows.review(of=rows.incident(manager=cast.mia), state="in_review")
    rows.factor(of=made)
    rows.action(of=made, owner=cast.rosa)
    return made


def sign(review: Review, person: Any, **given: Any) -> Review:
    return signoff.sign_off(reference=review.incident.reference, person=person, now=NOON, **given)


def write(review: Review, text: str) -> None:
    review.sections["summary"] = text
    review.save(update_fields=["sections"])


def test_submitted_and_sent_back(cast: SimpleNamespace) -> None:
    draft = rows.review(of=rows.incident(manager=cast.mia))
    reference = draft.incident.reference
    submitted = signoff.submit(reference=reference, person=cast.mia, now=NOON)
    assert (submitted.state, submitted.submitted_at) == ("in_review", NOON)
    again = signoff.submit(reference=reference, person=cast.mia, now=NOON + timedelta(hours=1))
    assert again.submitted_at == NOON
    assert signoff.send_back(reference=reference, person=cast.petra, now=NOON).state == "draft"
    verbs = AuditEntry.objects.filter(subject=reference).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["review_submitted", "review_sent_back"]


def test_a_summary_comes_first(cast: SimpleNamespace) -> None:
    draft = rows.review(of=rows.incident(manager=cast.mia), sections={})
    with pytest.raises(signoff.NotReady):
        signoff.submit(reference=draft.incident.reference, person=cast.mia, now=NOON)


def test_signed_off_is_published(cast: SimpleNamespace, review: Review) -> None:
    signed = sign(review, cast.petra)
    assert (signed.state, signed.published_at, signed.signed_off_by) == ("published", NOON, cast.petra)
    assert AuditEntry.objects.filter(verb="review_signed_off", actor=cast.petra).exists()


def test_drafts_are_read_first(cast: SimpleNamespace, review: Review) -> None:
    Review.objects.update(state="draft")
    with pytest.raises(signoff.NotReady):
        sign(review, cast.petra)


def test_at_least_one_factor(cast: SimpleNamespace, review: Review) -> None:
    review.factors.all().delete()
    with pytest.raises(signoff.NotReady) as refused:
        sign(review, cast.petra)
    assert "contributing factor" in refused.value.message


def test_every_action_says_what_done_means(cast: SimpleNamespace, review: Review) -> None:
    vague = rows.action(of=review, owner=cast.rosa, title="Improve things", done_means="")
    with pytest.raises(signoff.NotReady) as refused:
        sign(review, cast.petra)
    assert refused.value.extra == {"actions": [vague.pk]}


def test_blame_stops_until_reworded_or_answered_for(cast: SimpleNamespace, review: Review) -> None:
    write(review, "This was human error.")
    with pytest.raises(signoff.Blaming) as refused:
        sign(review, cast.petra)
    (finding,) = refused.value.extra["findings"]
    assert (finding["part"], finding["code"], finding["text"]) == ("summary", "B02", "human error")
    assert finding["message"]

    row = {"part": "summary", "code": "B02", "text": "human error"}
    with pytest.raises(Invalid):
        sign(review, cast.petra, overrides=[row | {"reason": " "}])
    signed = sign(review, cast.petra, overrides=[row | {"reason": "The regulator's own title"}])
    assert signed.lint_overrides[0]["reason"] == "The regulator's own title"
    assert signed.lint_overrides[0]["by"] == cast.petra.pk
    assert AuditEntry.objects.filter(verb="review_finding_overridden").exists()


def test_an_override_holds_for_its_words_only(cast: SimpleNamespace, review: Review) -> None:
    write(review, "This was human error.")
    reference = review.incident.reference
    signoff.override(
        reference=reference, person=cast.mia, part="summary", code="B02", text="human error", reason="Quoted", now=NOON
    )
    review.refresh_from_db()
    write(review, "This was human error, and careless.")
    with pytest.raises(signoff.Blaming) as refused:
        sign(review, cast.petra)
    assert [finding["code"] for finding in refused.value.extra["findings"]] == ["B03"]


def test_blame_in_factors_stops_too(cast: SimpleNamespace, review: Review) -> None:
    factor = rows.factor(of=review, statement="The operator ignored the alarm.")
    with pytest.raises(signoff.Blaming) as refused:
        sign(review, cast.petra)
    assert refused.value.extra["findings"][0]["part"] == f"factor:{factor.pk}"


def test_warnings_do_not_stop(cast: SimpleNamespace, review: Review) -> None:
    write(review, "It was decided to restart.")
    assert sign(review, cast.petra).state == "published"


def test_names_become_roles(cast: SimpleNamespace, review: Review) -> None:
    database = factories.team(name="Database", members=(cast.rosa,))
    rows.engagement(of=review.incident, team=database, asked_by=cast.mia)
    write(review, "Rosa restarted the node. At 09:20 Mia Example asked Carla Example and Desmond Example.")
    factor = review.factors.get()
    factor.statement = "The runbook that Rosa Example had was of 2019."
    factor.save(update_fields=["statement"])

    signed = sign(review, cast.petra)

    assert signed.sections["summary"] == (
        "An engineer of Database restarted the node. At 09:20 the incident manager asked the communications lead and "
        "the service desk."
    )
    factor.refresh_from_db()
    assert factor.statement == "The runbook that an engineer of Database had was of 2019."


def test_names_that_may_be_words_are_the_authors_to_reword(cast: SimpleNamespace, review: Review) -> None:
    """A first name or a surname alone of somebody who took no part: no machine takes it out, nor is it overlooked."""
    factories.person(username="okafor.d", first_name="Desmond", last_name="Okafor", roles=("service_desk",))
    factories.site(slug="okafor-house", name="Okafor House")
    write(review, "**Desmond** asked for more. Nobody had a list, as Okafor said. Okafor House was open.")
    with pytest.raises(signoff.Blaming) as refused:
        sign(review, cast.petra)
    assert [finding["text"] for finding in refused.value.extra["findings"]] == ["Desmond", "Okafor"]
    for text in ("Desmond", "Okafor"):
        signoff.override(
            reference=review.incident.reference, person=cast.mia, part="summary", code="B00", text=text,
            reason="A printer", now=NOON,
        )  # fmt: skip
    review.refresh_from_db()
    assert sign(review, cast.petra).state == "published"


def test_published_reviews_are_not_signed_again(cast: SimpleNamespace, review: Review) -> None:
    sign(review, cast.petra)
    review.refresh_from_db()
    with pytest.raises(reviews.Published):
        sign(review, cast.petra)
