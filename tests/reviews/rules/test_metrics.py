"""What may be shown of a measure."""

import pytest

from reviews.rules import metrics


def test_codes_are_unique_and_defined() -> None:
    assert len(metrics.BY_CODE) == len(metrics.DEFINITIONS)
    assert all(definition.text.endswith(".") for definition in metrics.DEFINITIONS)


@pytest.mark.parametrize(("n", "evidence"), [(0, "too_few"), (7, "too_few"), (8, "exploratory"), (20, "sound")])
def test_figures_need_enough_values(n: int, evidence: str) -> None:
    measure = metrics.of_length(metrics.Length(values=tuple(float(value) for value in range(n, 0, -1)), invalid=2))
    assert (measure.n, measure.evidence, measure.invalid) == (n, evidence, 2)
    if evidence == "too_few":
        assert (measure.median, measure.p90, measure.interval) == (None, None, None)
        assert measure.dots == tuple(float(value) for value in range(1, n + 1))
    else:
        assert measure.median == (n + 1) / 2
        assert measure.dots == ()


@pytest.mark.parametrize(("n", "evidence"), [(0, "too_few"), (7, "too_few"), (8, "exploratory"), (20, "sound")])
def test_shares_need_enough_values(n: int, evidence: str) -> None:
    measure = metrics.of_share(metrics.Share(hits=n // 2, n=n))
    assert (measure.n, measure.evidence) == (n, evidence)
    assert measure.rate == (None if evidence == "too_few" else 0.5)
    assert (measure.interval is None) == (evidence == "too_few")
