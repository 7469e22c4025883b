"""The statement over HTTP, on the real engine."""

from decimal import Decimal

import pytest

from cryptovault.engine.commands import Adjust, HoldWithdrawal, SettleWithdrawal, Transfer
from fixtures.trading import ALICE, BOB, Desk, Venue


async def history(desk: Desk) -> None:
    """A bit of everything between Alice and Bob."""
    await desk.fund(ALICE, "USDT", "10000")
    await desk.fund(BOB, "BTC", "1")
    await desk.limit(BOB, "sell", "0.1", "64000")
    await desk.limit(ALICE, "buy", "0.05", "64000")
    await desk.do(Transfer(ALICE, "t-1", BOB, "USDT", 10**9))
    await desk.do(HoldWithdrawal(BOB, "w-1", "BTC", 10**7, 10**5, "bitcoin"))
    await desk.do(SettleWithdrawal(BOB, "w-1"))
    await desk.do(Adjust(ALICE, "a-1", "USDT", -(10**8), "a correction"))


async def test_anonymous_gets_401(venue: Venue) -> None:
    """Nobody reads a statement without signing in."""
    for path in ("/transactions", "/transactions/1:0:x"):
        answer = await venue.nobody("GET", path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTHENTICATION_ERROR")


async def test_the_statement_tells_everything_newest_first(venue: Venue) -> None:
    """Deposits, trades with their fee, transfers, withdrawals and corrections each have one line per account."""
    await history(venue.desk)
    mine = (await venue.alice("GET", "/transactions")).json()["items"]
    assert [(row["type"], row["asset"], row["amount"]) for row in mine] == [
        ("adjustment", "USDT", "-1"),
        ("transfer_out", "USDT", "-10"),
        ("trade_buy", "BTC", "0.049925"),
        ("deposit", "USDT", "10000"),
    ]
    trade = mine[2]
    assert trade["role"] == "taker"
    assert (trade["price"], trade["fee"], trade["fee_asset"]) == ("64000", "0.000075", "BTC")
    assert (trade["quote_asset"], trade["quote_amount"], trade["market"]) == ("USDT", "-3200", "BTC-USDT")
    theirs = (await venue.bob("GET", "/transactions")).json()["items"]
    assert [(row["type"], row["asset"], row["amount"]) for row in theirs] == [
        ("withdrawal", "BTC", "-0.101"),
        ("transfer_in", "USDT", "10"),
        ("trade_sell", "BTC", "-0.05"),
        ("deposit", "BTC", "1"),
    ]
    assert theirs[2]["role"] == "maker"
    assert (theirs[2]["quote_amount"], theirs[2]["fee"], theirs[2]["fee_asset"]) == ("3196.8", "3.2", "USDT")


async def test_the_statement_adds_up_to_the_balances(venue: Venue) -> None:
    """The sum of all amounts of an asset is what the account has of it, available and held together (L8)."""
    await history(venue.desk)
    for caller, account in ((venue.alice, ALICE), (venue.bob, BOB)):
        sums: dict[str, Decimal] = {}
        for row in (await caller("GET", "/transactions")).json()["items"]:
            sums[row["asset"]] = sums.get(row["asset"], Decimal(0)) + Decimal(row["amount"])
            if row["quote_asset"]:
                sums[row["quote_asset"]] = sums.get(row["quote_asset"], Decimal(0)) + Decimal(row["quote_amount"])
        for asset, (available, held) in venue.desk.exchange.balances(account).items():
            assert sums.get(asset, Decimal(0)) * 10**8 == available + held


async def test_lists_are_filtered_and_paged(venue: Venue) -> None:
    """Filters narrow the list, and pages follow each other without gap or repetition."""
    await history(venue.desk)
    for _ in range(3):
        await venue.desk.fund(ALICE, "BTC", "0.1")
    everything = (await venue.alice("GET", "/transactions")).json()["items"]
    seen: list[object] = []
    cursor = ""
    while cursor is not None:
        page = (await venue.alice("GET", f"/transactions?limit=2&cursor={cursor}")).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert seen == everything
    deposits = (await venue.alice("GET", "/transactions?type=deposit&limit=3")).json()
    assert [row["asset"] for row in deposits["items"]] == ["BTC", "BTC", "BTC"]
    rest = await venue.alice("GET", f"/transactions?type=deposit&limit=3&cursor={deposits['next_cursor']}")
    assert [row["asset"] for row in rest.json()["items"]] == ["USDT"]
    usdt = (await venue.alice("GET", "/transactions?asset=USDT")).json()["items"]
    assert [row["type"] for row in usdt] == ["adjustment", "transfer_out", "trade_buy", "deposit"]


async def test_t11_others_lines_do_not_exist(venue: Venue) -> None:
    """Another user's line is 404, and their name is in none of one's own."""
    await history(venue.desk)
    answer = await venue.alice("GET", "/transactions")
    line = answer.json()["items"][0]
    assert (await venue.alice("GET", f"/transactions/{line['id']}")).json() == line
    assert (await venue.bob("GET", f"/transactions/{line['id']}")).status_code == 404
    assert (await venue.alice("GET", "/transactions/1:0:nobody")).status_code == 404
    assert BOB not in answer.text


@pytest.mark.parametrize("query", ["limit=0", "limit=100000", "cursor=nonsense", "type=theft", "asset=x%24"])
async def test_bad_queries_are_400(venue: Venue, query: str) -> None:
    """Limits are bounded, cursors are ours, filters are known."""
    assert (await venue.alice("GET", f"/transactions?{query}")).status_code == 400
