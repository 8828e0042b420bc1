"""A new signing key for the audit log, when the old one is lost for good."""

import base64
from collections.abc import Sequence
from pathlib import Path

from app.audit import queries as audit
from app.audit.domain.checkpoints import is_genuine
from app.audit.service import public_keys
from app.db.session import db, record, transaction
from app.operations.domain import AuditKeyReason
from app.operations.events import AuditKeyReplaced
from config import AUDIT_PUBLIC, KEY_BYTES, KeyLines, SettingError, read_audit_key, read_public_keys, replacing_key


class ReplacementError(Exception):
    """Why the key is not replaced, with what to do."""


def replace(path: Path, reason: AuditKeyReason, told: Sequence[str], *, force: bool) -> tuple[list[str], str]:
    """Replace the signing key; return the ids of the replaced keys and of the new one. Raises ReplacementError.

    First the public halves are saved, then the audit entry, last the key file: stopped anywhere, it can be run again.
    """
    present = _present(path, force=force)
    last = audit.last_checkpoint_by_key()
    db.session.rollback()
    saved = {one.id: one for one in read_public_keys(path.with_name(AUDIT_PUBLIC))}
    over = {key_id for key_id, one in saved.items() if one.replaced}
    lost = sorted(last.keys() - dict(present).keys() - over)
    if present and not lost and not force:
        raise ReplacementError(
            "audit.key can still be read. For another key run `flask keys rotate audit`; "
            "if this one must sign no more, add --force."
        )
    known = {key_id: one.key for key_id, one in saved.items()} | dict(_key(text) for text in told)
    for key_id in lost:
        if key_id not in known or not is_genuine(last[key_id], known):
            raise ReplacementError(
                f"The public key of {key_id} is not known here: without it older checkpoints verify no more. "
                "Give it as --public-key, as `flask audit key` printed it."
            )
    replaced = [*lost, *(key_id for key_id, _secret in present if force)]
    public_keys.save(path.parent, present, more=known, replaced=replaced)
    with replacing_key(path, () if force else present) as lines:
        public_keys.save(path.parent, lines)
        with transaction():
            record(AuditKeyReplaced(key_id=lines[0][0], replaced=tuple(replaced), reason=reason))
    return replaced, lines[0][0]


def _present(path: Path, *, force: bool) -> KeyLines:
    """Return the lines of the key file, none if it is missing; an unreadable file is given up by force alone."""
    if not path.exists():
        return ()
    try:
        return read_audit_key(path)
    except SettingError as error:
        if force:
            return ()
        raise ReplacementError(f"{error} If its content is lost for good, add --force.") from error


def _key(text: str) -> tuple[str, bytes]:
    key_id, _, public = text.partition(":")
    try:
        key = base64.b64decode(public, validate=True)
    except ValueError:
        key = b""
    if not key_id or len(key) != KEY_BYTES:
        raise ReplacementError("A public key is written as `id:` and 32 bytes in base64.")
    return key_id, key
