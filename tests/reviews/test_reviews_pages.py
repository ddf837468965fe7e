"""The pages of reviews: read, write together, submit, sign off."""

import html
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from incidents.choices import EntryKind
from incidents.models import EngagementFeedback
from reviews.models import ContributingFactor, ImprovementAction, Review
from tests import factories
from tests.factories import NOON
from tests.reviews import rows

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def review(cast: SimpleNamespace) -> Review:
    return rows.review(of=rows.incident(manager=cast.mia))


@pytest.fixture
def url(review: Review) -> str:
    return f"/reviews/{review.incident.reference}/"


def text_of(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def test_the_list_shows_what_is_due(cast: SimpleNamespace, signed_in: Browser, review: Review) -> None:
    late = rows.review(of=rows.incident(manager=cast.mia), draft_due_date=NOON.date() - timedelta(days=9999))
    rows.review(of=rows.incident(manager=cast.mia, title="Old one"), state="published", published_at=NOON)
    hidden = rows.review(of=rows.incident(manager=cast.omar, is_private=True))
    rows.action(of=review, owner=cast.mia, title="Alert before expiry")
    page = text_of(signed_in(cast.mia), "/reviews/")
    assert review.incident.reference in page
    assert late.incident.reference in page
    assert "draft by Mon 30 Nov 2026" in page
    assert "Late" in page
    assert "Alert before expiry" in page
    assert "Old one" not in page
    assert hidden.incident.reference not in page
    published = text_of(signed_in(cast.mia), "/reviews/?state=published")
    assert "Old one" in published
    assert late.incident.reference not in published


def test_empty_lists_say_what_will_stand_there(cast: SimpleNamespace, signed_in: Browser) -> None:
    assert "One opens by itself" in text_of(signed_in(cast.mia), "/reviews/")
    assert "No review has been published yet" in text_of(signed_in(cast.mia), "/reviews/?state=published")


def test_the_list_goes_on(cast: SimpleNamespace, signed_in: Browser, django_assert_max_num_queries: Any) -> None:
    service = factories.service(slug="mail")
    made = [rows.review(of=rows.incident(manager=cast.mia, service=service)) for _ in range(32)]
    client = signed_in(cast.mia)
    with django_assert_max_num_queries(6):  # session, person, reviews, own actions, the clock
        first = text_of(client, "/reviews/")
    assert f"?before={made[29].pk}" in first
    assert made[30].incident.reference not in first
    second = text_of(client, f"/reviews/?before={made[29].pk}")
    assert made[31].incident.reference in second
    assert made[0].incident.reference not in second
    assert text_of(client, "/reviews/?before=999999999999999999999")


@pytest.mark.parametrize("name", ["eve", "olaf"])
def test_who_reads_no_reviews(cast: SimpleNamespace, signed_in: Browser, url: str, name: str) -> None:
    client = signed_in(getattr(cast, name))
    assert client.get("/reviews/").status_code == 403
    assert client.get(url).status_code == 403


def test_hidden_reviews_do_not_exist(cast: SimpleNamespace, signed_in: Browser) -> None:
    hidden = rows.review(of=rows.incident(manager=cast.mia, is_private=True))
    client = signed_in(cast.omar)
    for address in ("", "timeline/", "factors/", "actions/", "facilitator/", "sections/summary/"):
        assert client.get(f"/reviews/{hidden.incident.reference}/{address}").status_code == 404
    assert client.get("/reviews/MI-2026-9999/").status_code == 404


def test_one_review_to_read(
    cast: SimpleNamespace, signed_in: Browser, review: Review, url: str, django_assert_max_num_queries: Any
) -> None:
    review.sections = {"summary": "**Staff** could not work. It was human error. Rosa Example helped."}
    review.save(update_fields=["sections"])
    factor = rows.factor(of=review)
    action = rows.action(of=review, owner=cast.rosa, due_date=NOON.date() - timedelta(days=9999))
    for number in range(12):
        rows.entry(of=review.incident, kind=EntryKind.DECISION, text=f"Decision {number}", actor=cast.mia)
    client = signed_in(cast.omar)
    with django_assert_max_num_queries(14):
        page = text_of(client, url)
    assert "<strong>Staff</strong>" in page
    assert factor.statement in page
    assert action.done_means in page
    assert "Decision 11" in page
    assert "human error" in page
    assert "This name becomes a role" in page
    assert "Submit for review" in page
    assert "Late" in page


def test_readers_see_no_buttons(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    page = text_of(signed_in(cast.audra), url)
    assert "Submit for review" not in page
    assert "Add a factor" not in page
    assert signed_in(cast.audra).post(f"{url}submit/").status_code == 403
    assert signed_in(cast.audra).get(f"{url}sections/summary/").status_code == 403


def test_a_published_review_names_nobody(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    rows.entry(of=review.incident, kind=EntryKind.DECISION, text="Rosa Example rolls back", actor=cast.rosa)
    rows.factor(of=review)
    Review.objects.update(state="published", published_at=NOON, signed_off_by=cast.petra)
    page = text_of(signed_in(cast.mia), url)
    main = page[page.index('id="main"') :]
    assert "Rosa" not in main
    assert "The text stands; the actions go on" in main
    assert signed_in(cast.mia).post(f"{url}sections/summary/", {"text": "x", "base": ""}).status_code == 409


def test_writing_a_section(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    client, address = signed_in(cast.mia), f"{url}sections/summary/"
    assert "Staff could not submit timesheets." in text_of(client, address)
    answer = client.post(address, {"text": "New words.", "base": "Staff could not submit timesheets."})
    assert (answer.status_code, answer["Location"]) == (302, f"{url}#summary")
    review.refresh_from_db()
    assert review.sections["summary"] == "New words."
    assert client.get(f"{url}sections/culprit/").status_code == 404


def test_two_writers_of_one_section_lose_nothing(
    cast: SimpleNamespace, signed_in: Browser, review: Review, url: str
) -> None:
    address, base = f"{url}sections/summary/", "Staff could not submit timesheets."
    signed_in(cast.mia).post(address, {"text": "Mia's words.", "base": base})
    client = signed_in(cast.omar)
    answer = client.post(address, {"text": "Omar's words.", "base": base})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Omar's words." in page
    assert "Mia's words." in page
    again = client.post(address, {"text": "Words of both.", "base": "Mia's words."})
    assert again.status_code == 302
    review.refresh_from_db()
    assert review.sections["summary"] == "Words of both."


def test_choosing_entries(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    declared = rows.entry(of=review.incident, kind=EntryKind.DECLARED)
    note = rows.entry(of=review.incident, kind=EntryKind.NOTE, text="Rollback at 80 %")
    client = signed_in(cast.rosa)
    page = text_of(client, f"{url}timeline/")
    assert "Rollback at 80 %" in page
    assert page.count("checked") == 1
    client.post(f"{url}timeline/", {"offered": [declared.pk, note.pk], "chosen": [note.pk]})
    review.refresh_from_db()
    assert review.timeline_entries == [note.pk]


def test_factors(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    client = signed_in(cast.rosa)
    text_of(client, f"{url}factors/")
    refused = client.post(f"{url}factors/", {"statement": "", "kind": "enabling", "layer": "tool", "evidence": "log"})
    assert refused.status_code == 422
    given = {"statement": "No alert", "kind": "enabling", "layer": "tool", "evidence": "log"}
    assert client.post(f"{url}factors/", given).status_code == 302
    factor = ContributingFactor.objects.get()
    address = f"{url}factors/{factor.pk}/"
    assert "No alert" in text_of(client, address)
    client.post(address, given | {"statement": "No alert on expiry"})
    factor.refresh_from_db()
    assert factor.statement == "No alert on expiry"
    assert client.post(f"{address}remove/").status_code == 302
    assert not ContributingFactor.objects.exists()
    assert client.get(address).status_code == 404
    assert "no factor" in client.post(f"{address}remove/", follow=True).content.decode()


def test_actions(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    client, factor = signed_in(cast.mia), rows.factor(of=review)
    given = {
        "title": "Alert before expiry",
        "owner": str(cast.rosa.pk),
        "due_date": "2026-12-24",
        "strength": "strong",
        "done_means": "Seen in a test",
        "factor": str(factor.pk),
    }
    text_of(client, f"{url}actions/")
    refused = client.post(f"{url}actions/", given | {"done_means": ""})
    assert refused.status_code == 422
    assert "Alert before expiry" in refused.content.decode()
    assert client.post(f"{url}actions/", given).status_code == 302
    action = ImprovementAction.objects.get()
    assert (action.owner, action.factor) == (cast.rosa, factor)
    address = f"{url}actions/{action.pk}/"
    assert 'value="2026-12-24"' in text_of(client, address)
    client.post(address, given | {"due_date": "2026-12-31", "factor": ""})
    client.post(f"{address}done/")
    action.refresh_from_db()
    assert (str(action.due_date), action.factor, action.state) == ("2026-12-31", None, "done")
    assert "does not follow" in client.post(f"{address}cancelled/", follow=True).content.decode()
    assert client.get(f"{url}actions/{action.pk + 9}/").status_code == 404
    assert client.post(f"{url}actions/{action.pk + 9}/done/").status_code == 404


def test_the_facilitator(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    client = signed_in(cast.mia)
    text_of(client, f"{url}facilitator/")
    client.post(f"{url}facilitator/", {"facilitator": str(cast.petra.pk)})
    review.refresh_from_db()
    assert review.facilitator == cast.petra
    assert client.post(f"{url}facilitator/", {"facilitator": "0"}).status_code == 422


def test_submit_send_back_sign_off(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    mia, petra = signed_in(cast.mia), signed_in(cast.petra)
    assert mia.post(f"{url}submit/").status_code == 302
    refused = petra.post(f"{url}sign-off/")
    assert refused.status_code == 409
    assert "at least one contributing factor" in refused.content.decode()
    mia.post(f"{url}send-back/")
    mia.post(f"{url}submit/")
    rows.factor(of=review)
    assert "Sign off and publish" in text_of(petra, url)
    assert petra.post(f"{url}sign-off/").status_code == 302
    review.refresh_from_db()
    assert (review.state, review.signed_off_by) == ("published", cast.petra)


def test_letting_words_stand(cast: SimpleNamespace, signed_in: Browser, review: Review, url: str) -> None:
    Review.objects.update(sections={"summary": "The title was “Outage”. It was human error."})
    client = signed_in(cast.mia)
    assert "Let it stand" in text_of(client, url)
    row = {"part": "summary", "code": "B02", "text": "human error"}
    empty = client.post(f"{url}overrides/", row | {"reason": ""})
    assert empty.status_code == 422
    assert client.post(f"{url}overrides/", row | {"reason": "Quoted from the regulator"}).status_code == 302
    assert "Stands, because: Quoted from the regulator" in text_of(client, url)


def test_a_published_review_takes_no_more_entries(
    cast: SimpleNamespace, signed_in: Browser, review: Review, url: str
) -> None:
    Review.objects.update(state="published", published_at=NOON, signed_off_by=cast.petra)
    answer = signed_in(cast.mia).post(f"{url}timeline/", {"offered": [], "chosen": []}, follow=True)
    assert "is published and stands as it is" in answer.content.decode()
    refused = signed_in(cast.mia).post(f"{url}facilitator/", {"facilitator": ""})
    assert refused.status_code == 422


def test_long_timelines_are_chosen_from_page_by_page(
    cast: SimpleNamespace, signed_in: Browser, review: Review, url: str
) -> None:
    for number in range(202):
        rows.entry(of=review.incident, kind=EntryKind.NOTE, text=f"Note {number}.")
    client = signed_in(cast.mia)
    first = text_of(client, f"{url}timeline/")
    assert "?after=200" in first
    assert "Note 201." not in first
    assert "Note 201." in text_of(client, f"{url}timeline/?after=200")
    assert "Note 0." in text_of(client, f"{url}timeline/?after=soon")
    saved = client.post(f"{url}timeline/", {"offered": [], "chosen": [], "later": "200"})
    assert saved["Location"] == f"{url}timeline/?after=200"  # ticks are saved on the way, not lost
    astray = client.post(f"{url}timeline/", {"offered": [], "chosen": [], "later": "x"})
    assert astray["Location"] == f"{url}#timeline"


def test_what_was_written_about_it_is_read_by_somebody(
    cast: SimpleNamespace, signed_in: Browser, review: Review, url: str
) -> None:
    """The facilitator alone; where nobody is it, the practice lead."""
    team = factories.team(slug="database", members=(cast.rosa,))
    engagement = rows.engagement(of=review.incident, team=team, asked_by=cast.mia)
    EngagementFeedback.objects.create(
        engagement=engagement, side="team", told_what_was_needed=4, could_work=3, glad_to_work_again=5,
        keep="", change="Phone us at night.", given_at=NOON,
    )  # fmt: skip

    def readers() -> list[str]:
        people = (cast.mia, cast.omar, cast.petra)
        return [person.username for person in people if "Phone us at night." in text_of(signed_in(person), url)]

    assert readers() == ["petra"]
    Review.objects.update(facilitator=cast.omar)
    assert readers() == ["omar"]
