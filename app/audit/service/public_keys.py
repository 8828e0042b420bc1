"""Public keys of the audit log, saved beside the key files: they verify checkpoints of keys that are gone."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from app.audit.domain.checkpoints import public_keys
from config import AUDIT_PUBLIC, KeyLines, Keys, PublicKey, read_public_keys, write_public_keys


def trusted(keys: Keys) -> dict[str, bytes]:
    """Return the public keys that verify the checkpoints of this site, by id; keys that sign come first."""
    return public_keys(keys.audit) | {
        public_key.id: public_key.key for public_key in keys.audit_public if public_key.id not in dict(keys.audit)
    }


def can_follow(key_id: str, keys: Keys) -> bool:
    """Return whether the current keys may sign after a key: it is in the key file, or was replaced for good."""
    return key_id in dict(keys.audit) or any(
        public_key.id == key_id and public_key.replaced for public_key in keys.audit_public
    )


def save(
    folder: Path,
    lines: KeyLines,
    *,
    more: Mapping[str, bytes] | None = None,
    replaced: Iterable[str] = (),
    name: str = AUDIT_PUBLIC,
) -> None:
    """Add the public halves of these keys, and `more`, to the file `name`; mark the replaced ones. Raises OSError."""
    path, over = folder / name, set(replaced)
    before = {public_key.id: public_key for public_key in read_public_keys(path)}
    both = public_keys(lines) | dict(more or {})
    new = {key_id: PublicKey(key_id, key) for key_id, key in both.items() if key_id not in before}
    keys = (*before.values(), *new.values())
    after = [PublicKey(key.id, key.key, replaced=key.replaced or key.id in over) for key in keys]
    if after != list(before.values()):
        write_public_keys(path, after)
