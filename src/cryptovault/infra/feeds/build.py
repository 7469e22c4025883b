"""The sources of the settings, side by side, each with the pace its provider allows."""

from collections.abc import Sequence

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.coinbase import CoinbaseSource
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.desk import PriceDesk
from cryptovault.infra.feeds.kraken import KrakenSource
from cryptovault.infra.feeds.past import ExchangeHistory
from cryptovault.infra.feeds.quote import CandleSource, PriceSource
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.settings import Settings

# 50 tickers weigh 40 of the 6,000 a minute that Binance allows: 1 s is 2,400.
BINANCE_PLAN = Plan(1.0, 1.0, 2.0, max_silence_ms=5_000, max_age_ms=5_000, max_lag_ms=60_000, backoff=5.0)
# Kraken allows about one public request a second: 2 s leave half of them to the candles.
KRAKEN_PLAN = Plan(2.0, 2.0, 3.0, max_silence_ms=5_000, max_age_ms=5_000, max_lag_ms=60_000, backoff=15.0)
# Coinbase allows ten public requests a second.
COINBASE_PLAN = Plan(1.0, 1.0, 3.0, max_silence_ms=5_000, max_age_ms=5_000, max_lag_ms=60_000, backoff=5.0)
# 30 calls a minute with a demo key; without one the limit is shared by IP address. Its figures change about once a
# minute, so their age is bounded by that, not by the 5 s of an exchange.
COINGECKO_PLAN = Plan(
    2.2, 30.0, 4.0, max_silence_ms=5_000, max_age_ms=90_000, max_lag_ms=300_000, live=False, witness_ms=90_000
)
COINGECKO_KEYLESS_PLAN = COINGECKO_PLAN._replace(interval=8.0, standby=60.0, max_silence_ms=17_000)
# 4,000 credits a month, and an answer costs about seven: a witness twice in three hours, and a price where nobody else
# has any, as often as COINCAP_RATE_LIMIT allows.
_COINCAP_STANDBY = 5_400.0


def build_desk(
    settings: Settings, listings: Sequence[Listing], clock: Clock
) -> tuple[PriceDesk, ExchangeHistory | None]:
    """The desk as configured, and the history of its exchanges (None where prices are invented on purpose)."""
    if settings.use_mock_prices:
        return PriceDesk([], listings, clock, SimulatedFeed()), None
    exchanges, others = _exchanges(settings, clock), _others(settings)
    by_pace = sorted(exchanges, key=lambda exchange: exchange[1].interval)  # history from those that allow the most
    runners = [SourceRunner(source, plan, listings, clock) for source, plan in [*exchanges, *others]]
    simulated = None if settings.production else SimulatedFeed()
    history = ExchangeHistory([source for source, _ in by_pace], listings)
    return PriceDesk(runners, listings, clock, simulated), history


def _exchanges(settings: Settings, clock: Clock) -> list[tuple[CandleSource, Plan]]:
    found: list[tuple[CandleSource, Plan]] = []
    if "binance" in settings.chosen_price_sources:
        found.append((BinanceSource(settings.binance_url, clock=clock), BINANCE_PLAN))
    if "kraken" in settings.chosen_price_sources:
        found.append((KrakenSource(settings.kraken_url, clock=clock), KRAKEN_PLAN))
    if "coinbase" in settings.chosen_price_sources:
        found.append((CoinbaseSource(settings.coinbase_url, clock=clock), COINBASE_PLAN))
    return found


def _others(settings: Settings) -> list[tuple[PriceSource, Plan]]:
    found: list[tuple[PriceSource, Plan]] = []
    gecko_key, cap_key = settings.coingecko_api_key.get_secret_value(), settings.coincap_api_key.get_secret_value()
    if "coingecko" in settings.chosen_price_sources:
        source = CoinGeckoSource(settings.coingecko_url, key=gecko_key)
        found.append((source, COINGECKO_PLAN if gecko_key else COINGECKO_KEYLESS_PLAN))
    if "coincap" in settings.chosen_price_sources and cap_key:
        found.append((CoinCapSource(settings.coincap_url, key=cap_key), _coincap_plan(settings.coincap_rate_limit)))
    return found


def _coincap_plan(calls_a_minute: int) -> Plan:
    """In use at the pace that the operator's plan allows."""
    pause = 60.0 / calls_a_minute
    silence = int(2_000 * pause + 1_000)
    return Plan(
        pause, _COINCAP_STANDBY, 4.0, silence, max_age_ms=90_000, max_lag_ms=120_000, live=False, witness_ms=90_000
    )
