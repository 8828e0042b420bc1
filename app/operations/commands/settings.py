"""`flask settings` lists all settings, as the table of the manual or as the template of an environment file."""

from collections.abc import Sequence

import click

from config import SETTINGS, Setting


@click.command("settings")
@click.option("--environment", "is_environment", is_flag=True, help="Print the template of an environment file.")
def show_settings(*, is_environment: bool) -> None:
    """Print the table of all settings as Markdown; it needs no site."""
    click.echo(environment_template(SETTINGS) if is_environment else settings_table(SETTINGS), nl=False)


def settings_table(settings: Sequence[Setting]) -> str:
    """Return the table of the operations manual."""
    rows = [f"| `{each.name}` | {_default(each)} | {each.meaning} |" for each in settings]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows]) + "\n"


def environment_template(settings: Sequence[Setting]) -> str:
    """Return an environment file with each setting as a comment, to be changed by the operator."""
    head = "# Environment of the academy, made by `flask settings --environment`. Remove the # before what differs.\n"
    entries = [f"\n# {each.meaning.replace('`', '')}\n#{each.name}={_example(each)}\n" for each in settings]
    return head + "".join(entries)


def _default(setting: Setting) -> str:
    if not setting.default or " " in setting.default:
        return setting.default or "none"
    return f"`{setting.default}`"


def _example(setting: Setting) -> str:
    return "" if " " in setting.default else setting.default
