"""`flask audit`: verify that no entry of the audit log was changed, and print the public keys."""

import base64
import time
from pathlib import Path

import click
from flask.cli import AppGroup

from app.audit import queries
from app.audit.domain.chain import ChainFault, FaultKind
from app.audit.domain.checkpoints import CheckpointFolder, read_folder
from app.audit.queries import Verified
from app.audit.service import public_keys, verification
from app.web.settings import settings

WORDS = {
    FaultKind.CHANGED: "Entry {} is not what was written: it was changed, or changed places with another.",
    FaultKind.MISSING: "Entry {} is missing.",
    FaultKind.ADDED: "Entry {} was put in: it does not belong to the chain.",
    FaultKind.REWRITTEN: "The audit log was rewritten before or at entry {}: a signed checkpoint contradicts it.",
    FaultKind.HEAD: "The end of the chain, at entry {}, was changed or removed.",
    FaultKind.FORGED: "The checkpoint at entry {} is forged or spoiled: no key of this audit log signed it.",
}

INTACT = (
    "The audit log is intact, as far as this machine can tell: {} has {} signed files. Compare it with files that you "
    "keep elsewhere: --checkpoints FOLDER."
)
# what a database that was restored from a copy looks like beside files of its own that are newer
BEHIND = frozenset({FaultKind.MISSING, FaultKind.REWRITTEN})
RESTORED = "Was this database restored from a copy? Then move aside the files of {} that are newer, and verify again."
audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
@click.option(
    "--checkpoints",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of checkpoints kept elsewhere, to be compared in place of AUDIT_PATH.",
)
@click.option(
    "--key", "key_texts", multiple=True, help="A public key as `flask audit key` printed it, in place of ours."
)
def verify(folder: Path | None, key_texts: tuple[str, ...]) -> None:
    """Verify the whole audit log; name the first damaged entry and exit with 1."""
    keys = dict(_key(text) for text in key_texts) or public_keys.trusted(settings().keys)
    files = _checkpoint_files(folder)
    once, earlier = queries.most_entries(), queries.last_fault()
    steady = time.monotonic()
    result = verification.verify(keys, files, once=once)
    took = time.monotonic() - steady
    click.echo(f"{result.entries} entries, {result.checkpoints} checkpoints, {took:.1f} seconds")
    for path in files.spoiled:
        click.echo(f"{path} is no checkpoint, or was changed.")
    if result.fault:
        _report_fault(result.fault, has_own_files=not folder)
        raise click.exceptions.Exit(1)
    click.echo("The audit log is intact." if folder else INTACT.format(settings().audit_path, len(files.checkpoints)))
    _report_earlier(earlier)


def _checkpoint_files(folder: Path | None) -> CheckpointFolder:
    files = read_folder(folder or settings().audit_path)
    if folder and not (files.checkpoints or files.spoiled):
        raise click.ClickException(f"{folder} holds no checkpoints.")
    return files


def _report_fault(fault: ChainFault, *, has_own_files: bool) -> None:
    click.echo(say(fault))
    if fault.kind in BEHIND and has_own_files:
        click.echo(RESTORED.format(settings().audit_path))


def _report_earlier(earlier: Verified | None) -> None:
    if earlier and earlier.fault:
        click.echo(f"The verification of {earlier.at:%Y-%m-%d %H:%M} UTC found: {say(earlier.fault)}")


@audit.command("key")
def key() -> None:
    """Print the public keys with which anybody can check checkpoints, the newest first."""
    for name, public in public_keys.trusted(settings().keys).items():
        click.echo(f"{name}:{base64.b64encode(public).decode()}")


def say(fault: ChainFault) -> str:
    """Return the message of a fault."""
    return WORDS[fault.kind].format(fault.entry)


def _key(text: str) -> tuple[str, bytes]:
    name, _, public = text.partition(":")
    try:
        public_key = base64.b64decode(public, validate=True)
    except ValueError:
        public_key = b""
    if not name or len(public_key) != 32:
        raise click.BadParameter("A key is written as `id:` and 32 bytes in base64.")
    return name, public_key
