"""Replace the signing key of the audit log if it is lost for good: `flask keys replace-audit`."""

import base64
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

from app.audit import queries as audit
from app.audit.domain.checkpoints import Checkpoint, is_genuine
from app.audit.service import public_keys
from app.db.session import db, record, transaction
from app.operations.domain import AuditKeyReason
from app.operations.events import AuditKeyReplaced
from config import (
    AUDIT_PUBLIC,
    KEY_BYTES,
    KeyLines,
    PublicKey,
    SettingError,
    read_public_keys,
    read_signing_key,
    replacing_key,
)


class ReplacementError(Exception):
    """Why the key is not replaced, with what to do."""


def replace(
    path: Path, reason: AuditKeyReason, public_key_texts: Sequence[str], *, force: bool
) -> tuple[list[str], str]:
    """Replace the signing key; return the ids of the replaced keys and of the new one. Raises ReplacementError.

    First the public halves are saved, then the audit entry, last the key file: stopped anywhere, it can be run again.
    """
    present = _present(path, force=force)
    last = audit.last_checkpoint_by_key()
    db.session.rollback()
    saved = {public_key.id: public_key for public_key in read_public_keys(path.with_name(AUDIT_PUBLIC))}
    lost = _lost(last.keys() - dict(present).keys(), saved)
    _check(present, lost, force=force)
    keys = {key_id: public_key.key for key_id, public_key in saved.items()} | dict(map(_key, public_key_texts))
    _check_public_keys(lost, last, keys)
    replaced = [*lost, *dict(present)] if force else lost
    public_keys.save(path.parent, present, more=keys, replaced=replaced)
    with replacing_key(path, () if force else present) as lines:
        public_keys.save(path.parent, lines)
        with transaction():
            record(AuditKeyReplaced(key_id=lines[0][0], replaced=tuple(replaced), reason=reason))
    return replaced, lines[0][0]


def _check(present: KeyLines, lost: Sequence[str], *, force: bool) -> None:
    if present and not lost and not force:
        raise ReplacementError(
            "audit.key can still be read. For another key run `flask keys rotate audit`; "
            "if this one must sign no more, add --force."
        )


def _lost(missing: Set[str], saved: Mapping[str, PublicKey]) -> list[str]:
    """Return the missing keys that were not replaced before."""
    return sorted(key_id for key_id in missing if not (key_id in saved and saved[key_id].replaced))


def _check_public_keys(lost: Iterable[str], last: Mapping[str, Checkpoint], keys: Mapping[str, bytes]) -> None:
    """Raise ReplacementError unless the public key of each lost key verifies its last checkpoint."""
    for key_id in lost:
        if key_id not in keys or not is_genuine(last[key_id], keys):
            raise ReplacementError(
                f"The public key of {key_id} is not known here: without it older checkpoints verify no more. "
                "Give it as --public-key, as `flask audit key` printed it."
            )


def _present(path: Path, *, force: bool) -> KeyLines:
    """Return the lines of the key file, none if it is missing; an unreadable file is ignored only with `force`."""
    if not path.exists():
        return ()
    try:
        return read_signing_key(path)
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
