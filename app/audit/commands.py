"""`flask audit`: prove that the trail is what was written."""

import base64
import time
from pathlib import Path

import click
from flask.cli import AppGroup

from app.audit import queries
from app.audit.domain.chain import Fault, Kind
from app.audit.domain.checkpoints import read_folder
from app.audit.service import public_keys, verification
from app.web.settings import settings

WORDS = {
    Kind.CHANGED: "Entry {} is not what was written: it was changed, or changed places with another.",
    Kind.MISSING: "Entry {} is missing.",
    Kind.ADDED: "Entry {} was put in: it does not belong to the chain.",
    Kind.REWRITTEN: "The trail was written anew before or at entry {}: a signed checkpoint says otherwise.",
    Kind.HEAD: "The end of the chain, at entry {}, was changed or removed.",
    Kind.FORGED: "The checkpoint at entry {} is forged or spoiled: no key of this trail signed what it says.",
}

INTACT = (
    "The trail is intact, as far as this machine can tell: {} holds {} signed files of its own. Compare it with files "
    "that you keep elsewhere: --checkpoints FOLDER."
)
# what a database that was restored from a copy looks like beside files of its own that are newer
BEHIND = frozenset({Kind.MISSING, Kind.REWRITTEN})
RESTORED = "Was this database restored from a copy? Then move aside the files of {} that are newer, and verify again."
audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option(
    "--checkpoints",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of checkpoints kept elsewhere, to be compared in place of AUDIT_PATH.",
)
@click.option("--key", "told", multiple=True, help="A public key as `flask audit key` printed it, in place of ours.")
def verify(folder: Path | None, told: tuple[str, ...]) -> None:
    """Verify the whole trail; name the first damaged entry and exit with 1."""
    keys = dict(_key(text) for text in told) or public_keys.trusted(settings().keys)
    kept = read_folder(folder or settings().audit_path)
    if folder and not (kept.checkpoints or kept.spoiled):
        raise click.ClickException(f"{folder} holds no checkpoints.")
    once, before = queries.most_entries(), queries.last_fault()
    steady = time.monotonic()
    verdict = verification.verify(keys, kept, once=once)
    took = time.monotonic() - steady
    click.echo(f"{verdict.entries} entries, {verdict.checkpoints} checkpoints, {took:.1f} seconds")
    for path in kept.spoiled:
        click.echo(f"{path} is no checkpoint, or was changed.")
    if verdict.fault:
        click.echo(say(verdict.fault))
        if verdict.fault.kind in BEHIND and not folder:
            click.echo(RESTORED.format(settings().audit_path))
        raise click.exceptions.Exit(1)
    click.echo("The trail is intact." if folder else INTACT.format(settings().audit_path, len(kept.checkpoints)))
    if before and before.fault:
        click.echo(f"The verification of {before.at:%Y-%m-%d %H:%M} UTC found: {say(before.fault)}")


@audit.command("key")
def key() -> None:
    """Print the public keys with which anybody can check checkpoints, the newest first."""
    for name, public in public_keys.trusted(settings().keys).items():
        click.echo(f"{name}:{base64.b64encode(public).decode()}")


def say(fault: Fault) -> str:
    """Return a fault as a sentence."""
    return WORDS[fault.kind].format(fault.entry)


def _key(text: str) -> tuple[str, bytes]:
    name, _, public = text.partition(":")
    try:
        found = base64.b64decode(public, validate=True)
    except ValueError:
        found = b""
    if not name or len(found) != 32:
        raise click.BadParameter("A key is written as `id:` and 32 bytes in base64.")
    return name, found
