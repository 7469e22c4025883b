"""The command line. Each command imports what it needs itself, so that `cryptovault --help` answers at once."""

import asyncio
import importlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cryptovault.entrypoints.cli_markets import fees_app, market_app
from cryptovault.entrypoints.cli_settings import configuration, refuse

if TYPE_CHECKING:
    from cryptovault.settings import Settings

app = typer.Typer(
    help="CryptoVault: a self-hosted crypto exchange whose books always balance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, secrets among them
)
secrets_app = typer.Typer(help="The secrets of this installation.", no_args_is_help=True)
app.add_typer(secrets_app, name="secrets")
maker_app = typer.Typer(help="The house's market maker.", no_args_is_help=True)
app.add_typer(maker_app, name="maker")
app.add_typer(market_app, name="market")
app.add_typer(fees_app, name="fees")
admin_app = typer.Typer(help="Administrators of this exchange.", no_args_is_help=True)
app.add_typer(admin_app, name="admin")
outbox_app = typer.Typer(help="Mail and Telegram messages that were given up.", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")


@app.command()
def run() -> None:
    """Run a whole exchange and watch over it, until Ctrl-C."""
    from cryptovault.entrypoints.supervisor import run as supervise

    raise typer.Exit(asyncio.run(supervise(configuration())))


@app.command()
def api() -> None:
    """Run one worker of the HTTP API and the web app."""
    _serve("api")


@app.command()
def engine() -> None:
    """Run the engine: leader if it gets the lease, else hot standby."""
    _serve("engine")


@app.command()
def projector() -> None:
    """Run the projector, which writes the read models and publishes events."""
    _serve("projector")


@app.command()
def worker() -> None:
    """Run the worker: price feeds, market maker, candles."""
    _serve("worker")


@app.command()
def verify() -> None:
    """Replay the journal from zero, prove that books, snapshots and read models agree, and check the security log."""
    from cryptovault.entrypoints import administrators, offline

    books = asyncio.run(offline.run(configuration(), offline.verify))
    raise typer.Exit(books or asyncio.run(offline.run(configuration(), administrators.security_log)))


@app.command()
def rebuild() -> None:
    """Drop the read models and make them anew from the journal."""
    from cryptovault.entrypoints import offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), offline.rebuild)))


@app.command()
def explain(order_id: int) -> None:
    """Explain an order: each decision about it, in order, with the book as it was, rebuilt from the journal."""
    from cryptovault.entrypoints import offline
    from cryptovault.entrypoints.explaining import Explain

    raise typer.Exit(asyncio.run(offline.run(configuration(), Explain(order_id))))


@app.command()
def doctor() -> None:
    """Check this installation and say what to do about what is not well."""
    from cryptovault.entrypoints.doctor import doctor as examine

    raise typer.Exit(asyncio.run(examine()))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP API."""
    import json

    from cryptovault.entrypoints.api import create_app
    from cryptovault.settings import Settings

    document = create_app(Settings(_env_file=None)).framework.openapi()
    typer.echo(json.dumps(document, indent=1, ensure_ascii=False))


@app.command()
def version() -> None:
    """Print the version."""
    from cryptovault import __version__

    typer.echo(__version__)


@secrets_app.command("init")
def secrets_init() -> None:
    """Make the secrets that do not exist yet, readable by their owner only."""
    from cryptovault.infra.secret_files import configured_home, create_secrets, secret_dir

    home = configured_home()
    made = create_secrets(home)
    typer.echo(f"{', '.join(made) or 'nothing new'} in {secret_dir(home)}")


@secrets_app.command("rotate")
def secrets_rotate() -> None:
    """Make a new ENCRYPTION_KEY and seal everything with it. The exchange must be stopped."""
    from cryptovault.entrypoints import key_rotation, offline
    from cryptovault.entrypoints.instance import running_pid
    from cryptovault.infra.secret_files import NotAFile, rotate_encryption_key

    settings = configuration()
    if running_pid(settings):
        refuse("The exchange runs with the present key. Stop it, then repeat this.")
    try:
        rotate_encryption_key(settings.cryptovault_home, settings.encryption_key.get_secret_value())
    except NotAFile:
        refuse(
            "ENCRYPTION_KEY does not come from the file in secrets/. Put the old key into ENCRYPTION_KEYS_OLD, "
            "a new one into ENCRYPTION_KEY, then: cryptovault secrets reseal"
        )
    raise typer.Exit(asyncio.run(offline.run(configuration(), key_rotation.reseal)))


@secrets_app.command("reseal")
def secrets_reseal() -> None:
    """Seal everything in the database that ENCRYPTION_KEYS_OLD has sealed with ENCRYPTION_KEY. May be repeated."""
    from cryptovault.entrypoints import key_rotation, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), key_rotation.reseal)))


@outbox_app.command("list")
def outbox_list() -> None:
    """List the messages that were given up, the newest first, with the reason of each."""
    from cryptovault.entrypoints import dead_letters, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), dead_letters.show)))


@outbox_app.command("resend")
def outbox_resend(
    message_ids: Annotated[list[str] | None, typer.Argument()] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
) -> None:
    """Have messages that were given up delivered after all: those named, or all of them."""
    from cryptovault.entrypoints import dead_letters, offline

    if not message_ids and not everything:
        refuse("Name the messages (cryptovault outbox list), or say --all.")
    command = dead_letters.Resend(message_ids or [], everything=everything)
    raise typer.Exit(asyncio.run(offline.run(configuration(), command)))


@admin_app.command("create")
def admin_create(
    email: str,
    name: str = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="CRYPTOVAULT_ADMIN_PASSWORD")] = "",
) -> None:
    """Make an administrator, or make one of an existing account. The password is asked for."""
    from cryptovault.entrypoints import administrators, offline

    command = administrators.Create(email, password, name)
    raise typer.Exit(asyncio.run(offline.run(configuration(), command)))


@maker_app.command("stop")
def maker_stop(reason: str = "") -> None:
    """Take back all its quotes at once; none until `start`, whatever is restarted meanwhile."""
    from cryptovault.entrypoints import maker_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), maker_commands.Stop(reason))))


@maker_app.command("start")
def maker_start() -> None:
    """Let it quote again; limits that were reached are forgiven."""
    from cryptovault.entrypoints import maker_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), maker_commands.start)))


@maker_app.command("status")
def maker_status() -> None:
    """Whether it quotes, and if not, why."""
    from cryptovault.entrypoints import maker_commands, offline

    raise typer.Exit(asyncio.run(offline.run(configuration(), maker_commands.status)))


@maker_app.command("report")
def maker_report(
    today: Annotated[bool, typer.Option(help="Only trades since midnight UTC.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Exact figures for programs.")] = False,
) -> None:
    """What it earned: realised, unrealised, fees and inventory by market."""
    from cryptovault.entrypoints import maker_commands, offline

    command = maker_commands.Report(today=today, as_json=as_json)
    raise typer.Exit(asyncio.run(offline.run(configuration(), command)))


def _serve(name: str) -> None:
    module = importlib.import_module(f"cryptovault.entrypoints.{name}")
    _loop(module.serve(_addressed()))


def _loop(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, which halves the cost of a socket message."""
    import uvloop

    uvloop.run(work)


def _addressed() -> "Settings":
    """The configuration with the addresses of the embedded servers filled in."""
    from cryptovault.infra.embedded import with_embedded

    return with_embedded(configuration())


def main() -> None:
    """Entry point of the `cryptovault` command."""
    app()


if __name__ == "__main__":
    main()
