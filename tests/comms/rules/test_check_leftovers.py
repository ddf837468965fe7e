import pytest
from hypothesis import given
from hypothesis import strategies as st

from comms.rules.checking.wording import check_leftovers
from tests.comms.rules.kit import BODY, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear [NAME], hello.", "[NAME]"),
        ("Since [TIME + ZONE] nobody", "[TIME + ZONE]"),
        ("Since [START TIME] nobody", "[START TIME]"),
        ("Site: [insert site]", "[insert site]"),
        ("Hello <name>.", "<name>"),
        ("Hello {{ incident.title }}.", "{{ incident.title }}"),
        ("{% if x %}", "{% if x %}"),
        ("Unclosed {{ name", "{{"),
        ("Costs ${amount}", "${amount}"),
        ("The next update is TBC.", "TBC"),
        ("TBD.", "TBD"),
        ("Call XXX.", "XXX"),
        ("call xxx now", "xxx"),
        ("since ____", "____"),
        ("since ???", "???"),
        ("TODO write this", "TODO"),
        ("at hh:mm", "hh:mm"),
        ("Lorem ipsum dolor", "Lorem ipsum"),
        ("done [ ]", "[ ]"),
        ("Use {service} later.", "{service}"),
        ("@@site@@ is down.", "@@site@@"),
        ("At %%time%% it began.", "%%time%%"),
        ("The site (to be confirmed) is down.", "(to be confirmed)"),
        ("Affected: tbd", "tbd"),
        ("Since when??", None),
        ("Bitte [was Sie jetzt tun können].", "[was Sie jetzt tun können]"),
        ("Nötig: [welche Entscheidung, bis wann]", "[welche Entscheidung, bis wann]"),
        ("Notez : [ce qu’il faut noter].", "[ce qu’il faut noter]"),
        ("Ou [où trouver de l’aide].", "[où trouver de l’aide]"),
        ("Nous nous excusons. Daten, für die die Bank haftet.", None),
        ("Since ??.", "??"),
        ("It began at ... add the time.", "... add the time"),
    ],
)
def test_c10_placeholders_are_found(text: str, expected: str | None) -> None:
    found = [finding for finding in check_leftovers.leftovers(text) if finding.rule == "placeholder"]
    assert [finding.text for finding in found] == ([expected] if expected else [])
    assert all(finding.severity == "error" for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "[P1] is the priority, [UPDATE 3] the third.",
        "Really? Yes.",
        "[our page](https://example.com)",
        "a[0] = {x}",
        "The time is to be confirmed by the supplier... we wait.",
    ],
)
def test_c10_ordinary_text_is_left_alone(text: str) -> None:
    assert list(check_leftovers.leftovers(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are are here.", ["are are"]),
        ("The the desk.", ["The the"]),
        ("don't don't", ["don't don't"]),
        ("It had had no effect that that day.", []),
        ("It is. Is it?", []),
        ("10 10 times", []),
        ("this\nthis", []),
    ],
)
def test_c10_doubled_words(text: str, expected: list[str]) -> None:
    found = list(check_leftovers.leftovers(text))
    assert [finding.text for finding in found] == expected
    assert all(finding.suggestions == (finding.text.split()[0],) for finding in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two  spaces.", [("spacing", "  ")]),
        ("Before , comma .", [("spacing", " "), ("spacing", " ")]),
        ("Trailing. \nNext.", [("spacing", " ")]),
        ("No stop", [("final_stop", "stop")]),
        ("Ends (here)", []),
        ("See https://example.com/x", []),
        ("Points:\n- first\n- second", []),
        ("Steps:\n1. first", []),
        ("He said “done.”", []),
        ("", []),
        ("  - indented list", []),
    ],
)
def test_c10_spacing_is_advice(text: str, expected: list[tuple[str, str]]) -> None:
    found = list(check_leftovers.spacing(text))
    assert said(found) == expected
    assert all(finding.severity == "advice" for finding in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two  spaces here , too", "Two spaces here, too."),
        ("One. \n\nTwo  ", "One.\n\nTwo."),
        ("- list  item", "- list item"),
        ("\n\nHello.\n", "Hello."),
        ("   - indented stays", "   - indented stays"),
        ("", ""),
        (BODY, BODY),
    ],
)
def test_spacing_mends_itself(text: str, expected: str) -> None:
    assert check_leftovers.tidy(text) == expected


@given(st.text(alphabet=st.sampled_from("ab .,;:!?\n\t-1)x"), max_size=80))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = check_leftovers.tidy(text)
    assert check_leftovers.tidy(once) == once
    assert list(check_leftovers.spacing(once)) == []


@given(st.text(alphabet=st.sampled_from("ab .,\n"), max_size=80))
def test_spacing_suggestions_lead_to_the_same_words(text: str) -> None:
    mended = text
    for finding in reversed([found for found in check_leftovers.spacing(text) if found.rule == "spacing"]):
        mended = mended[: finding.start] + finding.suggestions[0] + mended[finding.end :]
    assert check_leftovers.tidy(mended).split() == check_leftovers.tidy(text).split()
