"""Answers are shown together or not at all."""

from reviews.rules import feedback

QUESTIONS = ("told", "could")


def test_under_five_there_is_only_their_number() -> None:
    assert feedback.pool(QUESTIONS, [(1, 5)] * 4) == feedback.Pooled(n=4)
    assert feedback.pool(QUESTIONS, []) == feedback.Pooled(n=0)


def test_from_five_on_each_question_has_its_middle_and_its_counts() -> None:
    found = feedback.pool(QUESTIONS, [(1, 5), (2, 5), (4, 5), (5, 5), (5, 5), (4, 1)])
    assert found.n == 6
    assert found.answers == (
        feedback.Answers(question="told", middle=4, counts=(1, 1, 0, 2, 2)),
        feedback.Answers(question="could", middle=5, counts=(1, 0, 0, 0, 5)),
    )
