from mim_portal.lib.buckets import Buckets


def test_a_burst_passes_and_then_as_much_as_comes_in() -> None:
    rate = Buckets(burst=3, per_second=2)
    assert [rate.take("a", now=10) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.take("b", now=10) == 0
    assert rate.take("a", now=10.5) == 0
    assert rate.take("a", now=10.5) == 0.5
    assert [rate.take("a", now=99) for _ in range(4)] == [0, 0, 0, 0.5]
