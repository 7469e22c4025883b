"""Paper trading over HTTP, on the real engine: begin, trade, look, begin anew, and nothing of it is real."""

from typing import Any

import pytest

from cryptovault.engine.commands import OpenPaperMarket
from cryptovault.kit.second_factor import SecondFactors
from fixtures.trading import ALICE, BOB, MARKETS, Caller, Venue

PAIR = "PAPERBTC-PAPERUSDT"
BUY: dict[str, Any] = {"market": PAIR, "side": "buy", "type": "market", "qty": "0.5"}


@pytest.fixture(name="venue")
async def _venue_with_paper(venue: Venue) -> Venue:
    """The small exchange with paper markets, a live book, and money of her own for Alice."""
    for market in MARKETS:
        await venue.desk.do(OpenPaperMarket(market))
    await venue.desk.fund(BOB, "BTC", "5")
    await venue.desk.fund(ALICE, "USDT", "1000")
    await venue.desk.limit(BOB, "sell", "2", "64000")
    return venue


async def asked(caller: Caller, method: str, path: str, **options: Any) -> Any:
    """The answer to a request that succeeds."""
    answer = await caller(method, path, **options)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_a_day_on_paper(venue: Venue) -> None:
    """Begin with 100,000; a market order fills at the live book, at the real fee; the value follows the real price."""
    before = await asked(venue.alice, "GET", "/paper")
    assert (before["started_at"], before["items"], before["start_amount"]) == (None, [], "100000")
    begun = await asked(venue.alice, "POST", "/paper/start")
    assert begun["started_at"]
    assert (begun["reset_at"], begun["total_value_usd"], begun["profit_usd"]) == (None, "100000.00", "0.00")
    order = await asked(venue.alice, "POST", "/orders", json=BUY)
    assert (order["status"], order["average_price"], order["fee"]) == ("filled", "64000", "0.00075")
    told = await asked(venue.alice, "GET", "/paper")
    rows = {row["asset"]: (row["total"], row["value_usd"]) for row in told["items"]}
    assert rows == {"PAPERUSDT": ("68000", "68000.00"), "PAPERBTC": ("0.49925", "31952.00")}
    assert (told["total_value_usd"], told["profit_usd"]) == ("99952.00", "-48.00")


async def test_paper_needs_no_second_factor(venue: Venue) -> None:
    """Where a first order needs one, an order on paper does not: its money is not real."""
    strict = venue.services.settings.model_copy(update={"second_factor_required": True})
    venue.services.second_factors = SecondFactors(strict, venue.services.db, venue.services.clock)
    await asked(venue.alice, "POST", "/paper/start")
    await asked(venue.alice, "POST", "/orders", json=BUY)
    batch = await asked(venue.alice, "POST", "/orders/batch", json={"orders": [BUY]})
    assert batch["items"][0]["status"] == 201
    real = BUY | {"market": "BTC-USDT", "qty": "0.01"}
    for path, body in (("/orders", real), ("/orders/batch", {"orders": [BUY, real]})):
        refused = await venue.alice("POST", path, json=body)
        assert refused.json()["error"]["code"] == "SECOND_FACTOR_REQUIRED"


async def test_to_begin_twice_is_to_begin_once(venue: Venue) -> None:
    """The second start, with whatever amount, changes nothing."""
    first = await asked(venue.alice, "POST", "/paper/start", json={"amount": "5000"})
    await asked(venue.alice, "POST", "/orders", json=BUY | {"qty": "0.05"})
    again = await asked(venue.alice, "POST", "/paper/start", json={"amount": "7000"})
    assert (again["started_at"], again["start_amount"]) == (first["started_at"], "5000")
    assert len(again["items"]) == 2


async def test_a_reset_begins_anew(venue: Venue) -> None:
    """It cancels the paper orders, not the real one, and brings the amount back; once per key."""
    await asked(venue.alice, "POST", "/paper/start", json={"amount": "50000"})
    await asked(venue.alice, "POST", "/orders", json=BUY)
    resting = {"side": "buy", "type": "limit", "price": "60000", "qty": "0.01"}
    real = await asked(venue.alice, "POST", "/orders", json=resting | {"market": "BTC-USDT"})
    paper = await asked(venue.alice, "POST", "/orders", json=resting | {"market": PAIR})
    key = {"headers": {"Idempotency-Key": "anew"}}
    told = await asked(venue.alice, "POST", "/paper/reset", **key)
    assert told["reset_at"] >= told["started_at"]
    assert [(row["asset"], row["available"]) for row in told["items"]] == [("PAPERUSDT", "50000")]
    assert (await asked(venue.alice, "GET", f"/orders/{paper['id']}"))["status"] == "cancelled"
    assert (await asked(venue.alice, "GET", f"/orders/{real['id']}"))["status"] == "open"
    await asked(venue.alice, "POST", "/orders", json=BUY)
    assert len((await asked(venue.alice, "POST", "/paper/reset", **key))["items"]) == 2
    assert (await asked(venue.alice, "POST", "/paper/reset", json={"amount": "7"}))["start_amount"] == "7"


async def test_nothing_of_it_is_real(venue: Venue) -> None:
    """Balance, portfolio, statement, lists of orders and markets, tape, candles and fees show no paper by default."""
    await asked(venue.alice, "POST", "/paper/start")
    before = [await asked(venue.alice, "GET", path) for path in ("/wallet/balance", "/portfolio", "/fees")]
    for side, qty in (("buy", "0.4"), ("sell", "0.3")):
        order = BUY | {"side": side, "type": "limit", "price": "64000", "qty": qty}
        await asked(venue.alice, "POST", "/orders", json=order)
    after = [await asked(venue.alice, "GET", path) for path in ("/wallet/balance", "/portfolio", "/fees")]
    assert after[0]["items"] == before[0]["items"]
    assert after[1]["holdings"] == before[1]["holdings"]
    assert after[2] == before[2]
    venue.services.board._tickers = {}
    for path, count in (("/orders", 0), ("/transactions", 1), ("/markets", len(MARKETS)), ("/crypto", len(MARKETS))):
        assert len((await asked(venue.alice, "GET", path))["items"]) == count, path
    for path in ("/markets/BTC-USDT/trades", "/markets/BTC-USDT/candles", f"/markets/{PAIR}/trades"):
        assert (await asked(venue.nobody, "GET", path))["items"] == []
    paper = {"params": {"paper": "true"}}
    assert [order["market"] for order in (await asked(venue.alice, "GET", "/orders", **paper))["items"]] == [PAIR] * 2
    assert len((await asked(venue.alice, "GET", "/orders", params={"market": PAIR}))["items"]) == 2
    types = [line["type"] for line in (await asked(venue.alice, "GET", "/transactions", **paper))["items"]]
    assert types == ["trade_buy", "adjustment"]


async def test_paper_markets_say_what_they_mirror(venue: Venue) -> None:
    """They are listed where asked for, with rules, prices and depth of the real market."""
    venue.services.board._tickers = {}
    listed = await asked(venue.nobody, "GET", "/markets", params={"paper": "true"})
    assert {row["symbol"]: row["mirrors"] for row in listed["items"]} == {
        "PAPERBTC-PAPERUSDT": "BTC-USDT",
        "PAPERETH-PAPERUSDT": "ETH-USDT",
    }
    paper, real = [await asked(venue.nobody, "GET", f"/markets/{pair}") for pair in (PAIR, "BTC-USDT")]
    assert (paper["paper"], real["paper"], real["mirrors"]) == (True, False, None)
    same = ("status", "tick_size", "lot_size", "taker_fee", "base_name", "ticker")
    assert {name: paper[name] for name in same} == {name: real[name] for name in same}


async def test_cancelling_all_means_one_kind_of_money(venue: Venue) -> None:
    """DELETE /orders leaves paper orders alone, and with paper=true the real ones."""
    await asked(venue.alice, "POST", "/paper/start")
    resting = {"side": "buy", "type": "limit", "price": "60000", "qty": "0.01"}
    real, paper = [
        (await asked(venue.alice, "POST", "/orders", json=resting | {"market": market}))["id"]
        for market in ("BTC-USDT", PAIR)
    ]
    assert await asked(venue.alice, "DELETE", "/orders", params={"paper": "true"}) == {"cancelled": [paper]}
    assert await asked(venue.alice, "DELETE", "/orders") == {"cancelled": [real]}


async def test_play_money_goes_nowhere(venue: Venue) -> None:
    """The faucet does not give it, and an order in a real market cannot be paid with it."""
    await asked(venue.alice, "POST", "/paper/start")
    claim = await venue.alice("POST", "/wallet/faucet", json={"asset": "PAPERUSDT"})
    assert (claim.status_code, claim.json()["error"]["code"]) == (409, "ASSET_CLOSED")
    order = await venue.alice("POST", "/orders", json=BUY | {"market": "BTC-USDT"})
    assert order.json()["error"]["code"] == "INSUFFICIENT_FUNDS"


async def test_practice_needs_no_second_factor(venue: Venue) -> None:
    """Where a first order needs a second factor, one on paper does not."""
    await asked(venue.alice, "POST", "/paper/start")
    venue.services.second_factors._required = True
    assert (await venue.alice("POST", "/orders", json=BUY)).status_code == 201
    real = await venue.alice("POST", "/orders", json=BUY | {"market": "BTC-USDT", "qty": "0.01"})
    assert real.json()["error"]["code"] == "SECOND_FACTOR_REQUIRED"


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "1000000001", "0.000000001", 5])
async def test_a_bad_amount_is_refused(venue: Venue, amount: Any) -> None:
    """What is no amount, or too much, begins nothing."""
    answer = await venue.alice("POST", "/paper/start", json={"amount": amount})
    assert answer.status_code == 400
    assert (await asked(venue.alice, "GET", "/paper"))["started_at"] is None


async def test_preview_and_explain_know_the_live_book(venue: Venue) -> None:
    """A preview of a paper order is what then happens, and its explanation shows the book that it met."""
    await asked(venue.alice, "POST", "/paper/start")
    seen = await asked(venue.alice, "POST", "/orders/preview", json=BUY)
    assert (seen["average_price"], seen["best_price"], seen["refusal"]) == ("64000", "64000", None)
    order = await asked(venue.alice, "POST", "/orders", json=BUY)
    assert (order["average_price"], order["fee"]) == (seen["average_price"], seen["fee"])


async def test_without_paper_trading_there_are_no_routes(venue: Venue) -> None:
    """PAPER_START_BALANCE=0 takes paper trading away."""
    venue.services.settings = venue.services.settings.model_copy(update={"paper_start_balance": 0})
    for method, path in (("GET", "/paper"), ("POST", "/paper/start"), ("POST", "/paper/reset")):
        assert (await venue.alice(method, path)).status_code == 404
    assert (await asked(venue.nobody, "GET", "/config"))["paper_start_balance"] is None
