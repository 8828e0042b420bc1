"""Jobs of the audit log: sign its end every hour, verify all of it every day."""

import os
import time
from contextlib import suppress
from pathlib import Path

from app.audit import queries
from app.audit.domain.checkpoints import Checkpoint, read_folder, to_file
from app.audit.service import entries, public_keys, verification
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.durable_files import flush_folder
from app.kernel.errors import DomainError
from app.web.settings import settings
from config import Settings

CAUGHT_UP = 48  # checkpoints whose files are written when they are missing: a kill or a full disk left them out


class ForeignKeyError(DomainError):
    """The key file does not contain the signing key of this audit log."""


class DamagedAuditLogError(DomainError):
    """The verification of the audit log found a fault."""


def sign() -> None:
    """Sign the end of the audit log, and write the checkpoint to `AUDIT_PATH`, which operators copy elsewhere."""
    last = queries.last_checkpoints(1)
    db.session.rollback()
    if last and not public_keys.can_follow(last[0].key_id, settings().keys):
        # it would call forged what the right key signs again
        raise ForeignKeyError("audit.key lacks the key of the last checkpoint: put its line back.")
    _save_public_keys(settings())
    with transaction():
        entries.sign(settings().keys.audit[0], clock.now())
    checkpoints = queries.last_checkpoints(CAUGHT_UP)
    db.session.rollback()
    settings().audit_path.mkdir(parents=True, exist_ok=True)
    for checkpoint in reversed(checkpoints):
        _put(settings().audit_path, checkpoint)


def verify() -> None:
    """Verify the audit log and record the result. Raises DamagedAuditLogError, which the operations page shows.

    Files of checkpoints are compared, too: an attacker who deletes the last entries can delete checkpoint rows as well.
    """
    once = queries.most_entries()
    db.session.rollback()
    steady = time.monotonic()
    verdict = verification.verify(public_keys.trusted(settings().keys), read_folder(settings().audit_path), once=once)
    took_ms = int((time.monotonic() - steady) * 1000)
    with transaction():
        entries.record_verification(verdict.fault, entries=verdict.entries, took_ms=took_ms, now=clock.now())
    if verdict.fault:
        raise DamagedAuditLogError("The audit log is damaged.")


def _save_public_keys(settings: Settings) -> None:
    """Save the public keys before signing; if this process may not write there, `flask keys` saves them."""
    if settings.secrets_path is not None:
        with suppress(OSError):
            public_keys.save(settings.secrets_path, settings.keys.audit)


def _put(folder: Path, checkpoint: Checkpoint) -> None:
    """Write the file of a checkpoint atomically, unless it exists."""
    path = folder / f"{checkpoint.at:%Y%m%dT%H%M%S%fZ}-{checkpoint.last_id}.json"
    if path.exists():
        return
    half = path.with_suffix(".part")
    with half.open("wb") as file:
        file.write(to_file(checkpoint))
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the name without the content
    half.replace(path)
    flush_folder(folder)
