"""`flask keys`: create the key files, add and retire keys, encrypt and index stored data under a new key."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from flask.cli import with_appcontext
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from app.audit import queries as audit
from app.audit.service import public_keys
from app.db import blind_index, reencryption
from app.db.base import EncryptedText
from app.db.keyring import KeyRing, LostKeyError
from app.db.session import db, record, transaction
from app.directory.service import reindexing
from app.operations.domain import AuditKeyReason
from app.operations.events import IdentitiesIndexed, KeyAdded, KeyRetired, TextsRenewed
from app.operations.service import key_replacement
from app.web.settings import has_settings
from config import (
    BADGE_PUBLIC,
    KEY_FILES,
    SettingError,
    adding_key,
    dropping_key,
    make_keys,
    read_key_file,
    read_keys,
    secrets_folder,
)

P = ParamSpec("P")
# a request that began before a rotation may still write under the old key
UNDER_WAY = timedelta(minutes=10)
FOLLOWS = {
    "cookie": "Restart web server and jobs now: until then, old processes do not accept sessions of new ones.",
    "identity": "Running processes load it by themselves. Next, run `flask keys reencrypt`.",
    "index": "All identities are indexed again. Printed codes remain valid until the old key is retired.",
    "badge": "Restart the web server: from then on, badges are signed with it. Older badges still verify by badge.pub.",
    "audit": "Restart the jobs: from then on, checkpoints are signed with it. Publish `flask audit key` again.",
}


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Create missing key files; existing ones are not changed. Subcommands rotate the keys."""
    if context.invoked_subcommand is None:
        folder = secrets_folder()
        try:
            created = make_keys(folder)
            lines = read_keys(folder)
            public_keys.save(folder, lines.audit)
            public_keys.save(folder, lines.badge, name=BADGE_PUBLIC)
        except SettingError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            cure = "Let this user write there, or name another folder by SECRETS_PATH."
            raise click.ClickException(f"{folder} takes no keys ({error.strerror}). {cure}") from error
        if 0 < len(created) < len(KEY_FILES):
            named = ", ".join(f"{name}.key" for name in created)
            click.echo(f"Made afresh: {named}. If this site has data, put the lines of your copy back into it now.")
        click.echo(f"The keys are in {folder}, readable by this user alone. Keep a copy elsewhere.")


def _with_readable_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Report expected errors of a command as one message."""

    @wraps(command)
    def command_with_errors(*args: P.args, **kwargs: P.kwargs) -> None:
        if not has_settings():
            raise click.ClickException("The settings come first: `flask doctor` says what is wrong with them.")
        try:
            command(*args, **kwargs)
        except SettingError as error:
            raise click.ClickException(str(error)) from error
        except LostKeyError as error:
            text = f"Something stored under {error} cannot be read. Nothing was changed: see `flask doctor --keys`."
            raise click.ClickException(text) from error
        except SQLAlchemyError as error:
            text = f"The database did not take it ({type(error).__name__}). What was done before stands; run it again."
            raise click.ClickException(text) from error

    return command_with_errors


@keys.command("rotate")
@click.argument("name", type=click.Choice(KEY_FILES))
@with_appcontext
@_with_readable_errors
def rotate(name: str) -> None:
    """Add a new key, which encrypts from now on; the old ones still decrypt."""
    with adding_key(_path(name)) as lines, transaction():
        key_id = lines[0][0]
        if name == "index":
            blind_index.use(KeyRing(lines))  # in this process alone, before others find it in the file
            record(IdentitiesIndexed(key_id=key_id, count=reindexing.reindex()))
        record(KeyAdded(key=name, key_id=key_id))
        if name == "audit":
            public_keys.save(_path(name).parent, lines)
        if name == "badge":
            public_keys.save(_path(name).parent, lines, name=BADGE_PUBLIC)
    if name == "index":  # others found the new key in the file only now
        with transaction():
            reindexing.catch_up()
    click.echo(f"{name}: the key {key_id} writes from now on. {FOLLOWS[name]} Keep a copy of the file elsewhere.")


@keys.command("replace-audit")
@click.option("--reason", type=click.Choice([str(choice) for choice in AuditKeyReason]), prompt="Why is it replaced")
@click.option(
    "--public-key", "public_key_texts", multiple=True, help="A public key as `flask audit key` printed it once."
)
@click.option("--force", is_flag=True, help="Replace a key that can still be read, or a file that is damaged.")
@with_appcontext
@_with_readable_errors
def replace_audit(reason: str, public_key_texts: tuple[str, ...], *, force: bool) -> None:
    """Begin a new signing key of the audit log when audit.key is lost for good; older checkpoints still verify."""
    try:
        replaced, key_id = key_replacement.replace(
            _path("audit"), AuditKeyReason(reason), public_key_texts, force=force
        )
    except key_replacement.ReplacementError as error:
        raise click.ClickException(str(error)) from error
    over = ", ".join(replaced) or "none"
    click.echo(f"audit: the key {key_id} signs from now on; replaced: {over}. Older checkpoints still verify.")
    click.echo("Restart web server and jobs. Keep a copy of audit.key and audit.pub elsewhere; see `flask audit key`.")


@keys.command("reencrypt")
@with_appcontext
@_with_readable_errors
def reencrypt() -> None:
    """Encrypt all names, mail addresses and seeds under the newest key; can be interrupted and repeated."""
    lost = 0
    for table, names in reencryption.tables():
        after: reencryption.Place | None = None
        while (portion := _renew(table, names, after)) is not None:
            after, lost = portion.last, lost + portion.lost
            db.session.rollback()
            click.echo(f"{table.name}: {reencryption.remaining(table, names)} rows remain")
    if lost:
        click.echo(f"{lost} texts are under keys that are not there, and stay as they are: see `flask doctor --keys`.")
        raise click.exceptions.Exit(1)
    click.echo(f"All is under the key {EncryptedText.ring.newest[0]}.")


@keys.command("reindex")
@with_appcontext
@_with_readable_errors
def reindex() -> None:
    """Index all identities again under the newest key, in one transaction, after an interrupted rotation."""
    with transaction():
        count = reindexing.reindex()
        record(IdentitiesIndexed(key_id=read_key_file(_path("index"))[0][0], count=count))
    click.echo(f"{count} identities and invitations are indexed under the newest key.")


@keys.command("retire")
@click.argument("name", type=click.Choice(KEY_FILES))
@click.argument("key_id")
@with_appcontext
@_with_readable_errors
def retire(name: str, key_id: str) -> None:
    """Remove an old key from its file; refuse while stored data still needs it."""
    path = _path(name)
    with dropping_key(path, key_id), transaction():
        if (refusal := _needed(name, key_id, path)) is not None:
            raise click.ClickException(refusal)
        record(KeyRetired(key=name, key_id=key_id))
    click.echo(f"{name}: the key {key_id} is gone from this file. Old backups still need it: keep the copy elsewhere.")


def _needed(name: str, key_id: str, path: Path) -> str | None:
    """Return the reason why a key is still needed, or None."""
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if time.time() - changed.timestamp() < UNDER_WAY.total_seconds():
        return "The file was changed less than 10 minutes ago: what is under way may still need the old key. Wait."
    match name:
        case "identity":
            return _texts_need(key_id)
        case "index":
            return _indexes_need(changed)
        case "audit":
            return _checkpoints_need(key_id)
        case _:
            return None


def _texts_need(key_id: str) -> str | None:
    count = reencryption.by_key().get(key_id, 0)
    return f"{count} texts are still under the key {key_id}: run `flask keys reencrypt` first." if count else None


def _indexes_need(changed: datetime) -> str | None:
    if count := reindexing.unindexed():
        return f"{count} identities are not found by the newest key: run `flask keys reindex` first."
    if count := reindexing.codes_made_before(changed):
        return f"{count} codes of before still open under it. They are used up or replaced first."
    return None


def _checkpoints_need(key_id: str) -> str | None:
    if count := audit.signed_with(key_id):
        return f"{count} checkpoints are signed with {key_id}: it is needed to verify them and stays."
    return None


def _renew(
    table: Table, names: reencryption.Columns, after: reencryption.Place | None
) -> reencryption.ReencryptedPortion | None:
    with transaction():
        portion = reencryption.renew(table, names, after)
        if portion is not None and portion.renewed:
            record(TextsRenewed(key_id=EncryptedText.ring.newest[0], table=str(table.name), count=portion.renewed))
    return portion


def _path(name: str) -> Path:
    return secrets_folder() / f"{name}.key"
