"""The sources of the settings, in order of preference, each with the pace its provider allows."""

from collections.abc import Sequence

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.catalog import Coin
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.desk import PriceDesk
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.settings import Settings

# 50 tickers weigh 40 of the 6,000 a minute that Binance allows: 1 s is 2,400.
BINANCE_PLAN = Plan(
    1.0, 1.0, 2.0, max_silence_ms=5_000, max_age_ms=5_000, witness_age_ms=5_000, max_lag_ms=60_000, backoff=5.0
)  # fmt: skip
# 30 calls a minute with a demo key; without one the limit is shared by IP address. Its figures change about once a
# minute, so their age is bounded by that, not by the 5 s of a feed that really is live.
COINGECKO_PLAN = Plan(
    2.2, 60.0, 4.0, max_silence_ms=5_000, max_age_ms=90_000, witness_age_ms=90_000, max_lag_ms=300_000
)  # fmt: skip
COINGECKO_KEYLESS_PLAN = COINGECKO_PLAN._replace(
    interval=8.0, standby=120.0, max_silence_ms=17_000, witness_age_ms=150_000
)
# 4,000 credits a month: asked only where nothing else answers, and four times an hour to know whether it would.
COINCAP_PLAN = Plan(
    5.0, 900.0, 4.0, max_silence_ms=11_000, max_age_ms=15_000, witness_age_ms=15_000, max_lag_ms=120_000
)  # fmt: skip


def build_desk(settings: Settings, coins: Sequence[Coin], clock: Clock) -> tuple[PriceDesk, BinanceSource | None]:
    """The desk as configured, and the source that also has candles (None where prices are invented on purpose)."""
    if settings.use_mock_prices:
        return PriceDesk([], coins, clock, SimulatedFeed()), None
    binance = BinanceSource(settings.binance_url)
    gecko_key = settings.coingecko_api_key.get_secret_value()
    gecko = CoinGeckoSource(settings.coingecko_url, key=gecko_key)
    runners = [
        SourceRunner(binance, BINANCE_PLAN, coins, clock),
        SourceRunner(gecko, COINGECKO_PLAN if gecko_key else COINGECKO_KEYLESS_PLAN, coins, clock),
    ]
    if cap_key := settings.coincap_api_key.get_secret_value():
        cap = CoinCapSource(settings.coincap_url, key=cap_key)
        runners.append(SourceRunner(cap, COINCAP_PLAN, coins, clock))
    simulated = None if settings.production else SimulatedFeed()
    return PriceDesk(runners, coins, clock, simulated), binance
