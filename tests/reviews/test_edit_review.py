"""Writing a review together: nothing that somebody typed is overwritten."""

from types import SimpleNamespace

import pytest

from incidents.choices import EntryKind
from mim_portal.lib.refusals import Invalid
from reviews.models import Review
from reviews.queries import reviews as queries
from reviews.services import reviews
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    return rows.review(of=rows.incident(manager=cast.mia), sections={"summary": "One."})


def test_sections_are_written_with_the_version_that_was_seen(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    edited = reviews.edit(
        reference=reference, person=cast.rosa, version=1, sections={"summary": "Two.\r\n", "glossary": "WAN"}, now=NOON
    )
    assert (edited.version, edited.sections) == (2, {"summary": "Two.", "glossary": "WAN"})
    with pytest.raises(reviews.Changed) as refused:
        reviews.edit(reference=reference, person=cast.omar, version=1, sections={"summary": "Three."}, now=NOON)
    assert (refused.value.status, refused.value.extra) == (412, {"version": 2})
    review.refresh_from_db()
    assert review.sections["summary"] == "Two."


def test_two_sections_can_be_written_at_once(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    reviews.write_section(reference=reference, person=cast.mia, code="summary", text="Mine.", base="One.", now=NOON)
    reviews.write_section(reference=reference, person=cast.omar, code="glossary", text="WAN", base="", now=NOON)
    review.refresh_from_db()
    assert review.sections == {"summary": "Mine.", "glossary": "WAN"}


def test_the_same_section_twice_keeps_both_texts(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    reviews.write_section(reference=reference, person=cast.mia, code="summary", text="Mine.", base="One.", now=NOON)
    with pytest.raises(reviews.Changed) as refused:
        reviews.write_section(
            reference=reference, person=cast.omar, code="summary", text="Theirs.", base="One.", now=NOON
        )
    assert refused.value.extra["current"] == "Mine."


def test_line_ends_and_repeats_are_no_change(cast: SimpleNamespace, review: Review) -> None:
    reference = review.incident.reference
    reviews.write_section(
        reference=reference, person=cast.mia, code="summary", text="One.\r\n", base="anything", now=NOON
    )
    review.refresh_from_db()
    assert review.version == 1


def test_unknown_sections_are_refused(cast: SimpleNamespace, review: Review) -> None:
    with pytest.raises(Invalid):
        reviews.edit(
            reference=review.incident.reference, person=cast.mia, version=None, sections={"culprit": "x"}, now=NOON
        )


def test_published_stands_as_it_is(cast: SimpleNamespace, review: Review) -> None:
    Review.objects.update(state="published")
    with pytest.raises(reviews.Published):
        reviews.edit(
            reference=review.incident.reference, person=cast.mia, version=None, sections={"summary": "x"}, now=NOON
        )


def test_unseen_reviews_do_not_exist(cast: SimpleNamespace) -> None:
    hidden = rows.review(of=rows.incident(manager=cast.mia, is_private=True))
    with pytest.raises(reviews.UnknownReview):
        reviews.edit(
            reference=hidden.incident.reference, person=cast.rosa, version=None, sections={"summary": "x"}, now=NOON
        )
    assert queries.get(hidden.incident.reference, cast.mia) == hidden
    assert queries.get(hidden.incident.reference, cast.omar) is None
    assert not queries.visible_reviews(cast.eve).exists()


def test_the_timeline_shows_key_entries_until_somebody_chooses(cast: SimpleNamespace, review: Review) -> None:
    incident = review.incident
    declared = rows.entry(of=incident, kind=EntryKind.DECLARED)
    note = rows.entry(of=incident, kind=EntryKind.NOTE, text="Rollback at 80 %")
    stranger = rows.entry(of=rows.incident(manager=cast.omar), kind=EntryKind.NOTE)
    assert queries.chosen_entries(review) == [declared]

    review = reviews.choose_entries(
        reference=incident.reference,
        person=cast.mia,
        offered={note.pk, stranger.pk},
        chosen={note.pk, stranger.pk},
        now=NOON,
    )
    assert queries.chosen_entries(review) == [declared, note]
    review = reviews.choose_entries(
        reference=incident.reference, person=cast.mia, offered={declared.pk, note.pk}, chosen={note.pk}, now=NOON
    )
    assert queries.chosen_entries(review) == [note]
    assert queries.entries_after(review, seq=1, limit=10) == [note]


def test_facilitator(cast: SimpleNamespace, review: Review) -> None:
    edited = reviews.set_facilitator(
        reference=review.incident.reference, person=cast.petra, facilitator=cast.omar, now=NOON
    )
    assert (edited.facilitator, edited.version) == (cast.omar, 2)
