"""Events of backups: made, failed, deleted, checked by a holder, restored; upgrades."""

from dataclasses import dataclass

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade(Event):
    """A backup was proved, encrypted and written; `sha256` is that of its file."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsDeleted(Event):
    """Backups were deleted by the rule of retention."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupChecked(Event):
    """A holder restored a backup from its encrypted file, and typed the code that it contains."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRestored(Event):
    """This database was restored from a backup; `sessions` were ended."""

    file: str
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteUpgraded(Event):
    """The tables of the site were migrated from one revision to another, and checked."""

    old_tables: str
    new_tables: str
