import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules import statistics

VALUES = [12.0, 15.0, 18.0, 22.0, 30.0, 41.0, 55.0, 240.0]


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, 12.0), (0.5, 26.0), (0.9, 110.5), (1.0, 240.0)],
)
def test_percentiles_are_linear_between_neighbours(share: float, expected: float) -> None:
    assert statistics.percentile(VALUES, share=share) == pytest.approx(expected)


def test_median_of_odd_even_and_single() -> None:
    assert statistics.median([3, 1, 2]) == 2
    assert statistics.median([4, 1]) == 2.5
    assert statistics.median([7]) == 7


def test_no_values_no_percentile() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        statistics.percentile([], share=0.5)


def test_below_eight_there_is_no_figure() -> None:
    figure = statistics.figure(VALUES[:7])
    assert figure == statistics.Figure(n=7, label="too_few")


@pytest.mark.parametrize(("n", "label"), [(8, "exploratory"), (19, "exploratory"), (20, "sound")])
def test_a_figure_carries_n_and_how_sure_it_is(n: int, label: str) -> None:
    figure = statistics.figure([float(value) for value in range(n)])
    assert (figure.n, figure.label) == (n, label)
    assert figure.median == (n - 1) / 2
    assert figure.interval is not None
    low, high = figure.interval
    assert 0 <= low <= figure.median <= high <= n - 1


def test_the_interval_is_the_same_on_every_machine_and_in_every_order() -> None:
    first = statistics.bootstrap(VALUES)
    assert first == statistics.bootstrap(list(reversed(VALUES)))
    assert first == (15.0, 55.0)
    assert statistics.bootstrap(VALUES, statistic=max, resamples=200) == (30.0, 240.0)
    assert statistics.bootstrap([5.0] * 9) == (5.0, 5.0)


@pytest.mark.parametrize(
    ("repeats", "chances", "percent"),
    [
        (0, 10, 26),
        (0, 12, 22),
        (0, 20, 14),
        (0, 30, 10),
        (0, 60, 5),
        (1, 10, 39),
        (2, 20, 28),
        (10, 10, 100),
        (0, 0, 100),
    ],
)
def test_the_highest_rate_that_still_fits(repeats: int, chances: int, percent: int) -> None:
    assert round(100 * statistics.upper_bound(repeats=repeats, chances=chances)) == percent


@pytest.mark.parametrize(("repeats", "chances"), [(-1, 3), (4, 3)])
def test_more_repeats_than_chances_cannot_be(repeats: int, chances: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        statistics.upper_bound(repeats=repeats, chances=chances)


@given(chances=st.integers(1, 80), data=st.data())
def test_the_bound_is_the_rate_at_which_so_few_become_unlikely(chances: int, data: st.DataObject) -> None:
    repeats = data.draw(st.integers(0, chances - 1))
    bound = statistics.upper_bound(repeats=repeats, chances=chances)
    assert repeats / chances < bound < 1
    assert statistics._at_most(repeats, chances, bound) == pytest.approx(0.05, abs=1e-6)
    assert bound < statistics.upper_bound(repeats=repeats + 1, chances=chances)


@pytest.mark.parametrize(
    ("repeats", "chances", "sentence"),
    [
        (0, 12, "No repeat in 12 chances; true rate may still be up to 22 %."),
        (0, 1, "No repeat in 1 chance; true rate may still be up to 95 %."),
        (1, 10, "1 repeat in 10 chances; true rate may still be up to 39 %."),
        (2, 20, "2 repeats in 20 chances; true rate may still be up to 28 %."),
        (0, 0, "No chance to repeat it yet."),
    ],
)
def test_the_sentence_of_the_ledger(repeats: int, chances: int, sentence: str) -> None:
    assert statistics.repeat_sentence(repeats=repeats, chances=chances) == sentence
