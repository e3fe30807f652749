"""The `portal` command. Each row names the module that holds a command; it is read when the command is used."""

import importlib
import importlib.util

import click

# command → (module in this package, name in it)
COMMANDS = {
    "demo": ("demo", "demo"),
    "db": ("database", "db"),
    "routes": ("routes", "routes"),
    "jobs": ("jobs", "jobs"),
    "worker": ("jobs", "worker"),
    "reference": ("reference", "reference"),
    "organisation": ("organisations", "organisation"),
    "docs": ("docs", "docs"),
    "audit": ("audit", "audit"),
    "vault": ("vault", "vault"),
}


class Commands(click.Group):
    """Finds commands by the table, so that one that needs no application does not wait for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if importlib.util.find_spec(f"portal.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, attribute = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"portal.cli.{module}"), attribute)
        return command


@click.group(cls=Commands, help="Bro: aftercare after a stay at a crisis centre.")
def cli() -> None:
    """Hold the commands."""


def main() -> None:
    """Run the command line; commands that need the application get it from Flask's own `with_appcontext`."""
    from flask.cli import ScriptInfo

    from portal import create_app

    cli(obj=ScriptInfo(create_app=lambda: create_app()), prog_name="portal")
