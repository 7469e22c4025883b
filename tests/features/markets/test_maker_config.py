from decimal import Decimal
from pathlib import Path

import pytest

from cryptovault.features.markets.maker import ladder, lean
from cryptovault.features.markets.maker_config import MakerConfigError, load_plan
from cryptovault.infra.feeds.catalog import load_catalog

LISTINGS = load_catalog().listings
DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "market-maker.md"


def write(tmp_path: Path, text: str) -> str:
    """A file with this text."""
    path = tmp_path / "maker.toml"
    path.write_text(text)
    return str(path)


def test_without_a_file_everything_is_as_in_the_catalogue() -> None:
    """No file, no change and no daily limit."""
    plan = load_plan("", LISTINGS, {"BTC": Decimal(1)})
    assert (plan.listings, plan.daily_loss, plan.targets) == (LISTINGS, 0, {"BTC": Decimal(1)})


def test_a_market_overrides_the_defaults_and_they_the_catalogue(tmp_path: Path) -> None:
    """What a market says counts, then what all are told, then the catalogue."""
    text = """
        daily_loss_limit = 50_000
        [defaults]
        levels = 6
        level_size = 2000
        [markets.BTC-USDT]
        half_spread_percent = 0.05
        level_size = "2500.5"
        inventory_limit = 10000
        daily_loss_limit = 900
        [markets.ETH-USDT]
        enabled = false
        [targets]
        BTC = 12.5
    """
    plan = load_plan(write(tmp_path, text), LISTINGS, {"BTC": Decimal(1), "ETH": Decimal(2)})
    terms = {one.market: one.maker for one in plan.listings}
    btc, sol = terms["BTC-USDT"], terms["SOL-USDT"]
    assert (btc.half_spread_ppm, btc.levels, btc.level_usd) == (500, 6, Decimal("2500.5"))
    assert (btc.inventory_limit, btc.loss_usd) == (10_000, 900)
    assert (sol.levels, sol.level_usd, sol.half_spread_ppm) == (6, 2_000, LISTINGS[4].maker.half_spread_ppm)
    assert (terms["ETH-USDT"].enabled, sol.enabled) == (False, True)
    assert (plan.daily_loss, plan.targets) == (50_000, {"BTC": Decimal("12.5"), "ETH": Decimal(2)})
    listing = plan.listings[0]
    assert len(ladder(listing, Decimal(64_000), 0).bids) == 6
    assert lean(listing, Decimal(64_000), Decimal(10_000) / 64_000) == 1_000_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("levels = 3", "levels: Extra inputs are not permitted."),
        ("[defaults]\nlevels = 0", "defaults.levels: Input should be greater than or equal to 1."),
        ("[markets.BTC-USDT]\nhalf_spread_percent = -1", "markets.BTC-USDT.half_spread_percent: Input should be"),
        ("[markets.BTC-USDT]\nhalf_spread_percent = 0.00001", "markets.BTC-USDT.half_spread_percent: Decimal input"),
        ("[markets.BTC-USDT]\nlevel_size = nan", "markets.BTC-USDT.level_size: Input should be a finite number."),
        ("[markets.BTC-EUR]\nlevels = 3", "there is no market BTC-EUR."),
        ("[targets]\nGOLD = 3", "there is no coin GOLD."),
        ("[defaults]\nstep_percent = 10\nlevels = 12", "its last level is half the price away or more."),
        ("[defaults", "is no TOML:"),
    ],
)
def test_a_faulty_file_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    """The error names the file, the place in it, and what is wrong there."""
    path = write(tmp_path, text)
    with pytest.raises(MakerConfigError) as caught:
        load_plan(path, LISTINGS, {})
    assert path in str(caught.value)
    assert sentence in str(caught.value)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    """A file that is not there is not taken for an empty one."""
    with pytest.raises(MakerConfigError, match="cannot be read"):
        load_plan(str(tmp_path / "nothing.toml"), LISTINGS, {})


def test_the_documented_example_can_be_used(tmp_path: Path) -> None:
    """The example of the reference is read, and every setting it names exists."""
    example = DOCUMENT.read_text().split("```toml\n")[1].split("```")[0]
    assert load_plan(write(tmp_path, example), LISTINGS, {}).daily_loss > 0
