import pytest
from hypothesis import given
from hypothesis import strategies as st

from mim_portal.lib import blame_lint

PEOPLE = ("Rosa Díaz", "Dan Berg", "Will Turner", "Li Wei", "Niamh O'Neill", " ")


def codes(text: str) -> list[str]:
    return [finding.code for finding in blame_lint.lint(text, names=PEOPLE)]


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("Rosa Díaz restarted the node.", "B00", "Rosa Díaz"),
        ("Then Rosa restarted it.", "B00", "Rosa"),
        ("Mr. Berg approved the change.", "B00", "Mr. Berg"),
        ("Will Turner ran the script.", "B00", "Will Turner"),
        ("Niamh O'Neill called.", "B00", "Niamh O'Neill"),
        ("Ask @rosa about it.", "B00", "@rosa"),
        ("She restarted the wrong node.", "B00", "She restarted"),
        ("Nobody is to blame.", "B01", "blame"),
        ("It was the vendor's fault.", "B01", "vendor's fault"),
        ("The network was at fault.", "B01", "at fault"),
        ("They let us down.", "B01", "let us down"),
        ("This was human error.", "B02", "human error"),
        ("A fat-fingered command.", "B02", "fat-fingered"),
        ("A careless change.", "B03", "careless"),
        ("There was a lack of attention.", "B03", "lack of attention"),
        ("The alert should have been seen.", "B04", "should have been"),
        ("We could not have known.", "B04", "could not have known"),
        ("It wouldn't have failed.", "B04", "wouldn't have failed"),
        ("If only the disk had been bigger.", "B04", "If only"),
        ("The job was supposed to run.", "B04", "was supposed to"),
        ("The engineer failed to check.", "B05", "engineer failed to"),
        ("The engineer on duty made a mistake.", "B05", "engineer on duty made a mistake"),
        ("The operator on call missed the page.", "B05", "operator on call missed"),
        ("The team had forgotten to renew it.", "B05", "team had forgotten to"),
        ("The storage team broke the database.", "B05", "team broke"),
        ("Somebody in operations forgot to renew it.", "B05", "Somebody in operations forgot to"),
        ("An employee accidentally unplugged it.", "B05", "employee accidentally"),
        ("The engineer deleted it by mistake.", "B05", "engineer deleted it by mistake"),
        ("Obviously the disk was full.", "B06", "Obviously"),
        ("The disk was of course full.", "B06", "of course"),
        ("The desk did not tell us.", "B07", "The desk did not tell"),
        ("It is not our fault.", "B07", "not our fault"),
        ("We were never told.", "B07", "were never told"),
        ("The supplier hasn't replied.", "B07", "The supplier hasn't replied"),
        ("It was a shambles.", "B08", "shambles"),
        ("A disaster for everyone.", "B08", "disaster"),
        ("The root cause was a full disk.", "B09", "The root cause was"),
        ("Retrain the desk.", "B10", "Retrain"),
        ("Be more careful with changes.", "B10", "Be more careful"),
        ("It was decided to wait.", "B11", "It was decided"),
    ],
)
def test_words_that_pass_blame(text: str, code: str, marked: str) -> None:
    found = blame_lint.lint(text, names=PEOPLE)
    [finding] = [hit for hit in found if hit.code == code and hit.text == marked]
    assert text[finding.start : finding.end] == marked
    assert finding.message
    assert finding.rule == code


@pytest.mark.parametrize(
    "text",
    [
        "We did not keep the 14:30 promise; our plan is a second reader.",
        "The node failed to respond and the backup failed to finish.",
        "Customers were charged twice by mistake; our engineers are deleting the second charge.",
        "Our engineers in Leeds have restarted it.",
        "The cluster is fault tolerant across fault domains.",
        "A page fault in the driver filled the fault log.",
        "Disaster recovery was started at 09:20 (UTC+0).",
        "Chaos engineering found it last year.",
        "This is a blameless review; git blame was not used.",
        "The default route was lost; the defaults were restored.",
        'The log says "operator error at 09:14".',
        "The runbook says “human error is impossible”.",
        "> should have been restarted\nWe restarted it at 09:20 (UTC+0).",
        "Run `blame --all` and read ```\nuser error\n``` for details.",
        "You should have received an e-mail by now.",
        "You shouldn't have lost any work.",
        "Staff failed to log in from 09:10 (UTC+0).",
        "The team failed to connect from the Dublin office.",
        "Two missed calls and missed heartbeats were recorded.",
        "We will restart the service.",
        "The will to fix it was there.",
        "Write to rosa.diaz@example.com.",
        "",
    ],
)
def test_accountability_machines_quotes_and_terms_pass(text: str) -> None:
    assert codes(text) == []


def test_the_managers_contact_may_stand() -> None:
    text = "Questions to Dan Berg. Rosa restarted it."
    found = blame_lint.lint(text, names=PEOPLE, allowed_names=("Dan Berg", " "))
    assert [finding.text for finding in found] == ["Rosa"]


def test_only_the_rules_asked_for_speak() -> None:
    text = "Rosa should have known. Obviously."
    assert [f.code for f in blame_lint.lint(text, names=PEOPLE, codes=("B06",))] == ["B06"]
    assert [f.code for f in blame_lint.lint(text, names=PEOPLE)] == ["B00", "B04", "B06"]


def test_first_names_that_are_words_need_their_surname() -> None:
    assert blame_lint.lint("Will restart it.", names=PEOPLE) == ()
    assert blame_lint.lint("Li is two letters.", names=PEOPLE) == ()


def test_people_of_one_name_are_found_too() -> None:
    [finding] = blame_lint.lint("Then Ronaldo restarted it.", names=("Ronaldo",))
    assert finding.text == "Ronaldo"


@given(st.text(max_size=300))
def test_marked_text_is_what_stands_there(text: str) -> None:
    for finding in blame_lint.lint(text, names=PEOPLE):
        assert text[finding.start : finding.end] == finding.text


@given(st.text(alphabet=st.sampled_from("abAB \n`\"“”>@.,'"), max_size=60))
def test_quotes_are_never_marked(text: str) -> None:
    exempt = blame_lint.exempt_spans(text)
    for finding in blame_lint.lint(text, names=PEOPLE):
        assert not any(finding.start < end and start < finding.end for start, end in exempt)
