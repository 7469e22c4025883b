"""What commands of the command line share: the configuration, and a refusal as a sentence."""

from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from cryptovault.settings import Settings

USAGE_FAULT = 2


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong with what was typed, and end with exit code 2."""
    typer.echo(f"✗ {sentence}", err=True)
    raise typer.Exit(USAGE_FAULT)


def configuration() -> "Settings":
    """The settings, or a sentence for each faulty one and exit code 2."""
    from cryptovault.infra.secret_files import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        for fault in error.faults:
            typer.echo(f"✗ {fault}", err=True)
        raise typer.Exit(USAGE_FAULT) from None
