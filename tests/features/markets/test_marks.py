from cryptovault.features.markets.marks import CADENCE_MS, Marks

PRICES = {"BTC-USDT": 6_000_000, "ETH-USDT": 300_000}


def test_all_markets_are_marked_together_at_a_fixed_cadence() -> None:
    """One command marks everything every two seconds, and nothing in between while prices rest."""
    marks = Marks()
    everything = tuple(PRICES.items())
    times = []
    for now in range(0, 10_000, 250):
        if due := marks.due(PRICES, now):
            assert due == everything
            marks.told(due, now)
            times.append(now)
    assert times == list(range(0, 10_000, CADENCE_MS))


def test_a_move_of_a_tenth_of_a_per_cent_is_told_at_once() -> None:
    """Only the market that moved is told before its time."""
    marks = Marks()
    marks.told(marks.due(PRICES, 0), 0)
    assert marks.due(PRICES | {"BTC-USDT": 6_005_999}, 250) == ()
    assert marks.due(PRICES | {"BTC-USDT": 6_006_000}, 250) == (("BTC-USDT", 6_006_000),)
    assert marks.due(PRICES | {"BTC-USDT": 5_994_000}, 250) == (("BTC-USDT", 5_994_000),)


def test_p1_staleness_is_told_at_once_and_so_is_its_end() -> None:
    """Price 0 is told when a price ceases to be usable, and the price when it is usable again."""
    marks = Marks()
    marks.told(marks.due(PRICES, 0), 0)
    stale = marks.due(PRICES | {"BTC-USDT": 0}, 250)
    assert stale == (("BTC-USDT", 0),)
    marks.told(stale, 250)
    assert marks.due(PRICES | {"BTC-USDT": 0}, 500) == ()
    assert marks.due(PRICES, 750) == (("BTC-USDT", 6_000_000),)


def test_what_the_ledger_did_not_take_is_told_again() -> None:
    """A mark that was not acknowledged stays due."""
    marks = Marks()
    assert marks.due(PRICES, 0) == marks.due(PRICES, 250)
