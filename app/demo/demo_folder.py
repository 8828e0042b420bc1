"""The demonstration's folder (`DEMO_PATH`): keys, database, password, time offsets, and whether it is filled.

`flask demo` calls `is_of_a_site`, `take_over`, `is_filled` and `empty`; `fill-demo` then `begin` to `note_filled`.
A site is a real installation: its files have the same names, so its folder must never be emptied.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from config import ROOT, Mode, make_keys

DATABASE = "academy.sqlite"
FILLED = "filled"  # the digest of the sources with which the database was filled
DAYS = "days"  # by how many days the academy was ahead of the machine when it was filled
WEEKS = "weeks"  # by how many weeks the bar has moved the date since
PASSWORD_FILE = "password"  # noqa: S105 - the name of a file
AUDIT = "audit"
SHEET = "past-completions.xlsx"  # a sheet with two wrong rows, to send during the tour
MARKER = "demonstration"  # an empty file in each folder of a demonstration
MOST_WEEKS = 104
EARLIEST = date(2027, 7, 1)  # the plan's first year is half done
# settings of a site that do not apply to the demonstration
FOREIGN = ("PROXIES", "POOL_SIZE", "LANGUAGE_DEFAULT", "DEMO_PATH", "MAIL_SENDER", "MAIL_NAME")


def folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the demonstration from the environment, or the default."""
    env = os.environ if environment is None else environment
    return Path(env.get("DEMO_PATH", ROOT / "instance" / "demo")).resolve()


def environment(folder_path: Path, port: int) -> dict[str, str]:
    """Return the settings of the demonstration's processes as an environment."""
    return {
        "ACADEMY_MODE": Mode.DEMO.value,
        "DATABASE_URL": f"sqlite:///{folder_path / DATABASE}",
        "SECRETS_PATH": str(folder_path / "secrets"),
        "MEDIA_PATH": "",  # what a demonstration resets is the database alone
        "AUDIT_PATH": str(folder_path / AUDIT),
        "DEMO_PATH": str(folder_path),
        "SITE_URL": f"http://localhost:{port}",
        "SHOW_DRAFTS": "yes",
    }


def is_of_a_site(folder_path: Path) -> bool:
    """Return whether a folder may belong to a site: it has a site's files and no file of a demonstration."""
    if folder_path == (ROOT / "instance").resolve():
        return True
    if any((folder_path / name).exists() for name in (MARKER, FILLED, DAYS)):
        return False
    return (folder_path / DATABASE).exists() or any((folder_path / AUDIT).glob("*.json"))


def take_over(folder_path: Path, port: int) -> None:
    """Set the environment of this process and its children, and create the keys of the demonstration."""
    folder_path.mkdir(parents=True, exist_ok=True)
    (folder_path / MARKER).touch()
    make_keys(folder_path / "secrets")
    for name in [*FOREIGN, *(name for name in os.environ if name.startswith(("SMTP_", "BACKUP_")))]:
        os.environ.pop(name, None)
    os.environ.update(environment(folder_path, port))


def empty(folder_path: Path) -> None:
    """Remove database, password, sheet, offsets and audit files, not the keys. Check `is_of_a_site` first."""
    for name in (FILLED, DAYS, WEEKS, PASSWORD_FILE, SHEET, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder_path / name).unlink(missing_ok=True)
    for path in (folder_path / AUDIT).glob("*.json"):  # of the audit log in the removed database
        path.unlink()


def is_filled(folder_path: Path) -> bool:
    """Return whether the database was filled completely, with the present `app/demo`, migrations and courses."""
    try:
        return (folder_path / FILLED).read_text("ascii") == _source_digest()
    except (OSError, ValueError):
        return False


def note_filled(folder_path: Path) -> None:
    """Record that the database was filled completely."""
    (folder_path / FILLED).write_text(_source_digest(), "ascii")


def begin(folder_path: Path, real_now: datetime) -> datetime:
    """Save by how many days the academy is ahead of the machine, and return the time of the academy."""
    days = max(0, (EARLIEST - real_now.date()).days)
    (folder_path / DAYS).write_text(str(days), "ascii")
    return real_now + timedelta(days=days)


def set_password(folder_path: Path) -> str:
    """Create, save and return the password of all users of this demonstration."""
    new_password = secrets.token_hex(8)
    (folder_path / PASSWORD_FILE).write_text(new_password, "ascii")
    return new_password


def password(folder_path: Path) -> str:
    """Return the password of all users of this demonstration, or an empty string."""
    try:
        return (folder_path / PASSWORD_FILE).read_text("ascii")
    except (OSError, ValueError):
        return ""


def store_sheet(folder_path: Path, content: bytes) -> None:
    """Save the sheet that users may send during the tour."""
    (folder_path / SHEET).write_bytes(content)


def weeks(folder_path: Path) -> int:
    """Return by how many weeks the bar has moved the date of the academy into the future."""
    return _number(folder_path / WEEKS)


def begins_ahead(folder_path: Path) -> timedelta:
    """Return the offset of the first day. It is read each time, so that all processes agree."""
    return timedelta(days=_number(folder_path / DAYS))


def offset(folder_path: Path) -> timedelta:
    """Return the offset set by the bar. It is read each time, so that all processes agree."""
    return timedelta(weeks=weeks(folder_path))


def set_weeks(folder_path: Path, count: int) -> None:
    """Move the date of the academy, for web server and jobs at once."""
    fresh = folder_path / f"{WEEKS}.{os.getpid()}"
    fresh.write_text(str(max(0, min(count, MOST_WEEKS))), "ascii")
    fresh.replace(folder_path / WEEKS)


def _number(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _source_digest() -> str:
    digest = hashlib.sha256()
    for pattern in ("app/demo/**/*.py", "migrations/versions/*.py", "courses/**/*"):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
