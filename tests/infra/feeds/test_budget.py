import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.infra.feeds.budget import Budget
from cryptovault.infra.feeds.quote import FeedLimited
from fixtures.fake_clock import FakeClock


@given(
    st.integers(1, 100),
    st.integers(1, 100),
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5_000)), max_size=40),
)
def test_no_span_of_time_sees_more_than_is_allowed(burst: int, rate: int, calls: list[tuple[int, int]]) -> None:
    """However callers come, n seconds see at most the burst and n times the rate."""
    clock = FakeClock()
    budget = Budget(burst, rate, clock)
    spent: list[tuple[int, int]] = []

    async def play() -> None:
        for cost, pause_ms in calls:
            clock.now += pause_ms
            await budget.take(min(cost, burst))
            spent.append((clock.now, min(cost, burst)))

    asyncio.run(play())
    for number, (start, _) in enumerate(spent):
        total = 0
        for at, cost in spent[number:]:
            total += cost
            assert total <= burst + (at - start + len(spent)) / 1_000 * rate  # this clock counts whole milliseconds


async def test_prices_wait_for_one_candle_at_most() -> None:
    """Ten requests of history and a poll at the same time: the poll has its turn as the callers came."""
    clock = FakeClock()
    budget = Budget(1, 1.0, clock)
    order: list[str] = []

    async def ask(name: str, times: int) -> None:
        for _ in range(times):
            await budget.take()
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(ask("history", 10), ask("poll", 1))
    assert order.index("poll") <= 1
    assert clock.now - 1_800_000_000_000 == 10_000  # eleven requests, the first of them at once


async def test_a_closed_budget_refuses_until_it_reopens() -> None:
    """After Retry-After nobody asks; then everybody may again, and a shorter patience never shortens a longer one."""
    clock = FakeClock()
    budget = Budget(5, 1.0, clock)
    budget.close(60)
    budget.close(7)
    with pytest.raises(FeedLimited) as caught:
        await budget.take()
    assert caught.value.retry_after == pytest.approx(60)
    clock.now += 60_000
    await budget.take()
