from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cryptovault.features.markets.gains import Books, Fill, Position, fills_of
from cryptovault.features.markets.maker_report import rows, sums

MARKETS = ("BTC-USDT", "BTC-USD", "ETH-USDT")
units = st.integers(1, 10**12).map(lambda number: Decimal(number).scaleb(-8))


@st.composite
def fills(draw: st.DrawFn) -> Fill:
    """A trade of any size; the fee is at most what was received."""
    price, qty, buys = draw(units), draw(units), draw(st.booleans())
    fee = (qty if buys else price * qty) * draw(st.integers(0, 1_000)) / 1_000
    return Fill(draw(st.sampled_from(MARKETS)), buys, price, qty, fee)


def by_hand(told: list[Fill], mark: Fraction) -> dict[str, Fraction]:
    """The same figures computed otherwise: each sold coin is matched with the coin bought that many coins ago."""
    fees = cash = Fraction(0)
    bought: list[tuple[Fraction, Fraction]] = []
    sold: list[tuple[Fraction, Fraction]] = []
    for fill in told:
        price, qty, fee = Fraction(fill.price), Fraction(fill.qty), Fraction(fill.fee)
        fees += fee * price if fill.buys else fee
        cash += -price * qty if fill.buys else price * qty - fee
        (bought if fill.buys else sold).append((qty - fee if fill.buys else qty, price))
    inventory = sum((qty for qty, _ in bought), Fraction(0)) - sum((qty for qty, _ in sold), Fraction(0))
    pairs, left, right = Fraction(0), list(bought), list(sold)
    while left and right:
        matched = min(left[0][0], right[0][0])
        pairs += matched * (right[0][1] - left[0][1])
        left[0], right[0] = (left[0][0] - matched, left[0][1]), (right[0][0] - matched, right[0][1])
        left, right = [row for row in left if row[0]], [row for row in right if row[0]]
    open_gain = sum((qty * (mark - price) for qty, price in left), Fraction(0))
    open_gain += sum((qty * (price - mark) for qty, price in right), Fraction(0))
    return {
        "inventory": inventory, "fees": fees, "realised": pairs, "unrealised": open_gain,
        "total": cash + inventory * mark,
    }  # fmt: skip


@given(st.lists(fills(), max_size=30), units)
def test_the_report_equals_an_independent_computation(told: list[Fill], mark: Decimal) -> None:
    """Inventory, fees, realised, unrealised and total of each market are exactly those computed with fractions."""
    books = Books()
    books.take(told)
    found = rows(books, dict.fromkeys(MARKETS, mark))
    assert [row.market for row in found] == sorted({fill.market for fill in told})
    for row in found:
        expected = by_hand([fill for fill in told if fill.market == row.market], Fraction(mark))
        assert {name: Fraction(getattr(row, name)) for name in expected} == expected, row.market
        assert expected["total"] == expected["realised"] + expected["unrealised"] - expected["fees"]
    for one in sums(found):
        parts = [row for row in found if row.market.endswith(f"-{one.quote}")]
        assert Fraction(one.total or 0) == sum(Fraction(row.total or 0) for row in parts)


def test_first_in_first_out() -> None:
    """Bought at 100 and 110, sold one at 120: 20 are realised, 10 more wait; fees are told by themselves."""
    position = Position()
    for buys, price in ((True, 100), (True, 110), (False, 120)):
        position.add(Fill("BTC-USDT", buys, Decimal(price), Decimal(1), Decimal(0)))
    assert (position.realised, position.unrealised(Decimal(120)), position.inventory) == (20, 10, 1)
    position.add(Fill("BTC-USDT", False, Decimal(120), Decimal(2), Decimal(3)))
    assert (position.realised, position.inventory, position.fees) == (30, -1, 3)
    assert (position.unrealised(Decimal(130)), position.total(Decimal(130))) == (-10, 17)


def test_an_inventory_without_a_price_has_no_total() -> None:
    """What cannot be valued is not guessed; what has been sold off needs no price."""
    books = Books()
    books.take([Fill("BTC-USDT", True, Decimal(100), Decimal(1), Decimal(0))])
    assert (rows(books, {})[0].total, sums(rows(books, {}))[0].total) == (None, None)
    books.take([Fill("BTC-USDT", False, Decimal(101), Decimal(1), Decimal(0))])
    assert rows(books, {})[0].total == 1


def test_a_trade_with_oneself_is_both_sides() -> None:
    """A row of `trades` is a buy, a sale, both or neither, each with its own fee."""
    trade = {
        "market": "BTC-USDT", "price": "100", "qty": "2", "taker_side": "sell", "maker_user_id": "@maker",
        "taker_user_id": "@maker", "maker_fee": "0.002", "taker_fee": "0.3",
    }  # fmt: skip
    assert fills_of(trade, "@maker") == [
        Fill("BTC-USDT", False, Decimal(100), Decimal(2), Decimal("0.3")),
        Fill("BTC-USDT", True, Decimal(100), Decimal(2), Decimal("0.002")),
    ]
    assert fills_of(trade, "somebody") == []
