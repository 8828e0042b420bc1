"""`flask credentials`: check a badge without the site's database, settings and network."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.credentials.domain import checking
from app.credentials.domain.checking import CheckResult
from app.credentials.domain.multibase import MultibaseError

_MESSAGES = {
    CheckResult.GENUINE: "Genuine: signed by this issuer, and unchanged. Give --status to see whether it was revoked.",
    CheckResult.VALID: "Valid: signed by this issuer, unchanged, and neither revoked nor replaced by this status list.",
    CheckResult.ENDED: "Revoked or replaced: the signature is right, but the status list has ended this credential.",
    CheckResult.CHANGED: "Changed: this is not what the issuer signed.",
    CheckResult.UNKNOWN_KEY: "Unknown key: it is signed with a key that is not among those given.",
    CheckResult.NO_BADGE: "No credential: the file holds no signed credential that can be read.",
    CheckResult.WRONG_LIST: "Wrong status list: the credential names another one, or this issuer did not sign it.",
}
_GOOD = {CheckResult.GENUINE, CheckResult.VALID}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

credentials = AppGroup("credentials", help="Certificates as Open Badges 3.0.")


@credentials.command("check", with_appcontext=False)
@click.argument("file", type=_FILE)
@click.option("--key", required=True, help="A public key (z6Mk...), or the file of the issuer: /verify/issuer.")
@click.option("--status", type=_FILE, help="The file of the status list: /verify/status/0.")
def check_badge(file: Path, key: str, status: Path | None) -> None:
    """Check the signature of a badge (JSON, PNG or SVG) offline; exit with 1 unless it is genuine."""
    try:
        keys = checking.public_keys(Path(key).read_text("utf-8") if Path(key).is_file() else key)
    except (MultibaseError, UnicodeDecodeError) as error:
        raise click.ClickException("--key: a public key that begins with z6Mk, or an issuer file.") from error
    result = checking.check(file.read_bytes(), keys, status.read_bytes() if status else None)
    click.echo(_MESSAGES[result])
    if result not in _GOOD:
        raise click.exceptions.Exit(1)
