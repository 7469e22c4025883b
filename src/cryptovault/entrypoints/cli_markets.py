"""`cryptovault market` and `cryptovault fees`. Each command imports what it needs itself, as in cli.py."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cryptovault.entrypoints.cli_settings import configuration, refuse

market_app = typer.Typer(help="The status and the rules of markets.", no_args_is_help=True)
fees_app = typer.Typer(help="The fee schedule of the house.", no_args_is_help=True)


@market_app.command("list")
def market_list() -> None:
    """List the markets: status, band, and the next change of the status."""
    from cryptovault.entrypoints import market_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), market_commands.show)))


@market_app.command("set")
def market_set(
    market: str,
    status: Annotated[str, typer.Argument(help="open, post_only, cancel_only, halted or pre_open")],
    at: Annotated[str, typer.Option(help="A time to come, such as 2026-12-31T23:00:00Z; now, if none is said.")] = "",
) -> None:
    """Open, restrict or halt a market, now or at a time to come. The exchange must run."""
    from cryptovault.entrypoints import market_commands, offline
    from cryptovault.entrypoints.typed_values import Fault

    try:
        command = market_commands.Decide.to_set(market, status, at)
    except Fault as fault:
        refuse(str(fault))
    raise typer.Exit(asyncio.run(offline.run(configuration(), command)))


@market_app.command("unschedule")
def market_unschedule(market: str) -> None:
    """Take back all changes of a market's status that were planned."""
    from cryptovault.entrypoints import market_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), market_commands.Decide.to_unschedule(market))))


@market_app.command("show")
def market_show(market: str) -> None:
    """Print the rules of a market as they hold now, each under the name of the option that changes it."""
    from cryptovault.entrypoints import market_rules, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), market_rules.Show(market))))


@market_app.command("change")
def market_change(
    market: str,
    *,
    maker_fee: Annotated[str, typer.Option(help="A share in per cent, such as 0.1%.")] = "",
    taker_fee: Annotated[str, typer.Option(help="A share in per cent.")] = "",
    order_types: Annotated[str, typer.Option(help="Names separated by commas, or all.")] = "",
    min_notional: Annotated[str, typer.Option(help="The least worth of an order, in the quote asset.")] = "",
    max_qty: Annotated[str, typer.Option(help="The largest quantity of an order, in the base asset.")] = "",
    max_orders: Annotated[str, typer.Option(help="Open orders of an account.")] = "",
    collar: Annotated[str, typer.Option(help="How far from the reference price a market order may trade.")] = "",
    band: Annotated[str, typer.Option(help="A move beyond it halts the market; 0% for none.")] = "",
    band_window: Annotated[str, typer.Option(help="Within what time, such as 5m.")] = "",
    halt_for: Annotated[str, typer.Option(help="How long; 0s until somebody opens it.")] = "",
    stale_after: Annotated[str, typer.Option(help="How old a reference price may be.")] = "",
    quotes_expire: Annotated[str, typer.Option(help="Whether quotes end with it: yes or no.")] = "",
) -> None:
    """Change rules of a market, from now on; orders that are open stay. The exchange must run."""
    from cryptovault.entrypoints import market_rules, offline

    wanted = {
        "maker-fee": maker_fee, "taker-fee": taker_fee, "order-types": order_types, "min-notional": min_notional,
        "max-qty": max_qty, "max-orders": max_orders, "collar": collar, "band": band, "band-window": band_window,
        "halt-for": halt_for, "stale-after": stale_after, "quotes-expire": quotes_expire,
    }  # fmt: skip
    if not any(wanted.values()):
        refuse("Say what to change; cryptovault market change --help has the options.")
    raise typer.Exit(asyncio.run(offline.run(configuration(), market_rules.Change(market, wanted))))


@fees_app.command("show")
def fees_show(
    as_json: Annotated[bool, typer.Option("--json", help="As the file that `fees set` takes.")] = False,
) -> None:
    """Print the fee tiers by 30-day volume."""
    from cryptovault.entrypoints import fee_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), fee_commands.Show(as_json=as_json))))


@fees_app.command("set")
def fees_set(file: Path) -> None:
    """Set the fee tiers from a file; everybody moves to the tier of their volume at once. The exchange must run."""
    from cryptovault.entrypoints import fee_commands, offline
    from cryptovault.entrypoints.typed_values import Fault

    try:
        command = fee_commands.Set(file)
    except Fault as fault:
        refuse(str(fault))
    raise typer.Exit(asyncio.run(offline.run(configuration(), command)))
