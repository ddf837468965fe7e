"""Words of the record as the checks compare them."""

from comms.rules.checking import recorded


def test_stems_and_lists() -> None:
    assert recorded.stem("timesheets") == recorded.stem("timesheet")
    assert recorded.stem("queries") == recorded.stem("query")
    assert recorded.listed("a b") == {"a", "b"}
    assert recorded.content_words("The staff cannot submit") == {"staff", "submit"}
