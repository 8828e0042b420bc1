"""`flask reports verify FILE`: say whether the file of a report is the same, changed or unknown."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.reports.service import verification
from app.reports.service.verification import Verdict

TEXTS = {
    Verdict.SAME: "same: the file has the numbers that were frozen.",
    Verdict.CHANGED: "changed: the file is not what was frozen.",
    Verdict.UNKNOWN: "unknown: no report of this site.",
}
reports = AppGroup("reports", help="Frozen reports.")


@reports.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Compare a file with the reports of this site; exit with 1 unless it is the same."""
    verdict = verification.verify(file.read_bytes())
    click.echo(TEXTS[verdict])
    if verdict is not Verdict.SAME:
        raise click.exceptions.Exit(1)
