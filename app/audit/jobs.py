"""Timed work of the trail: sign where it ends every hour, verify it every night."""

import time
from pathlib import Path

from flask import current_app

from app.audit import queries, service, tracing
from app.audit.domain.checkpoints import Checkpoint, public_keys, read_folder, to_file
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from config import Settings

COMPARED = 1_000  # files, about six weeks
CAUGHT_UP = 48  # checkpoints whose files are written when they are missing: a kill or a full disk left them out


class DamagedTrailError(DomainError):
    """The trail is not what was written."""


def sign() -> None:
    """Sign where the trail ends, and put the checkpoint into the folder from which operators copy it elsewhere."""
    settings: Settings = current_app.extensions["settings"]
    with transaction():
        service.sign(settings.keys.audit[0], clock.now())
    found = queries.last_checkpoints(CAUGHT_UP)
    db.session.rollback()
    settings.audit_path.mkdir(parents=True, exist_ok=True)
    for checkpoint in reversed(found):
        _put(settings.audit_path, checkpoint)


def verify() -> None:
    """Verify the whole trail and keep what was found; raise DamagedTrailError, so that operations shows it.

    It is compared with the signed files, too: who cuts off its end in the database takes the checkpoints there along.
    """
    settings: Settings = current_app.extensions["settings"]
    before = queries.last_verification()
    db.session.rollback()
    steady = time.monotonic()
    kept = read_folder(settings.audit_path, COMPARED)
    verdict = tracing.verify(public_keys(settings.keys.audit), kept, once=before.entries if before else 0)
    took_ms = int((time.monotonic() - steady) * 1000)
    with transaction():
        service.note_verification(verdict.fault, entries=verdict.entries, took_ms=took_ms, now=clock.now())
    if verdict.fault:
        raise DamagedTrailError("The audit trail is damaged.")


def _put(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint's file, whole or not at all, unless it is there."""
    path = folder / f"{checkpoint.at:%Y%m%dT%H%M%S%fZ}-{checkpoint.last_id}.json"
    if path.exists():
        return
    half = path.with_suffix(".part")
    half.write_bytes(to_file(checkpoint))
    half.replace(path)
