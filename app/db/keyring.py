"""Key ring for encryption or blind indexes: the newest key writes, all of them read; a changed file is loaded again.

So a rotation needs no restart: a running process may read texts under a key that was added after its start.
"""

from collections.abc import Mapping
from pathlib import Path

from config import KeyLines, SettingError, read_key_file


class LostKeyError(Exception):
    """A text cannot be decrypted: its key is missing or wrong, or it was changed. The message contains no value."""


class KeyRing:
    """Keys by id, the newest first, from a file that may change, or fixed keys (`path` is None)."""

    def __init__(self, keys: KeyLines = (), path: Path | None = None) -> None:
        self._keys = dict(keys)
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._stamp = self._look()

    def __bool__(self) -> bool:
        return bool(self._keys)

    @property
    def newest(self) -> tuple[str, bytes]:
        """Return the id and the secret of the newest key, which encrypts."""
        return next(iter(self.all.items()))

    @property
    def all(self) -> Mapping[str, bytes]:
        """Return every key by its id, the newest first."""
        stamp = self._look()
        if stamp != self._stamp and self._path is not None:
            try:
                self._keys = dict(read_key_file(self._path))
            except (SettingError, OSError, ValueError):
                return self._keys  # what is known is better than nothing; `flask doctor` says what is wrong
            self._stamp = stamp
        return self._keys

    def secret(self, key_id: str) -> bytes:
        """Return the key of an id; raise LostKeyError when there is none."""
        try:
            return self.all[key_id]
        except KeyError:
            raise LostKeyError(f"key {key_id}") from None

    def _look(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat() if self._path else None
        except OSError:
            return self._stamp
        return (status.st_mtime_ns, status.st_ino) if status else None
