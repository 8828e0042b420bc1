"""The demonstration's own folder: keys, database, the day it begins on and was moved to, whether it is filled."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from config import ROOT, Mode, make_keys

DATABASE = "academy.sqlite"
FILLED = "filled"
DAYS = "days"
WEEKS = "weeks"
WORD = "password"
AUDIT = "audit"
MARK = "demonstration"  # the folder is one
MOST_WEEKS = 104
EARLIEST = date(2027, 7, 1)  # the plan's first year is half done
# what a site's environment may say and the demonstration must not hear
FOREIGN = ("PROXIES", "POOL_SIZE", "LANGUAGE_DEFAULT", "DEMO_PATH", "MAIL_SENDER", "MAIL_NAME")


def folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the demonstration lives, unless the environment says so elsewhere."""
    env = os.environ if environment is None else environment
    return Path(env.get("DEMO_PATH", ROOT / "instance" / "demo")).resolve()


def environment(place: Path, port: int) -> dict[str, str]:
    """Return the settings of the demonstration's processes as an environment."""
    return {
        "ACADEMY_MODE": Mode.DEMO.value,
        "DATABASE_URL": f"sqlite:///{place / DATABASE}",
        "SECRETS_PATH": str(place / "secrets"),
        "MEDIA_PATH": str(place / "media"),
        "AUDIT_PATH": str(place / AUDIT),
        "DEMO_PATH": str(place),
        "SITE_URL": f"http://localhost:{port}",
        "SHOW_DRAFTS": "yes",
    }


def is_of_a_site(place: Path) -> bool:
    """Say whether a site may live in a folder: its database and the signed files of its trail have the same names."""
    if place == (ROOT / "instance").resolve():
        return True
    if any((place / name).exists() for name in (MARK, FILLED, DAYS)):
        return False
    return (place / DATABASE).exists() or any((place / AUDIT).glob("*.json"))


def take_over(place: Path, port: int) -> None:
    """Set this process's environment, and so its children's, to the demonstration's; make its keys."""
    place.mkdir(parents=True, exist_ok=True)
    (place / MARK).touch()
    make_keys(place / "secrets")
    for name in [*FOREIGN, *(name for name in os.environ if name.startswith("SMTP_"))]:
        os.environ.pop(name, None)
    os.environ.update(environment(place, port))


def empty(place: Path) -> None:
    """Remove the database and what belongs to it, and nothing else; ask first whether it is a site's."""
    for name in (FILLED, DAYS, WEEKS, WORD, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (place / name).unlink(missing_ok=True)
    for path in (place / AUDIT).glob("*.json"):  # of the trail of the database that goes
        path.unlink()


def is_filled(place: Path) -> bool:
    """Say whether the database was filled to the end, by this program from these courses."""
    try:
        return (place / FILLED).read_text("ascii") == _made_from()
    except (OSError, ValueError):
        return False


def note_filled(place: Path) -> None:
    """Keep that the database was filled to the end."""
    (place / FILLED).write_text(_made_from(), "ascii")


def begin(place: Path, real_now: datetime) -> datetime:
    """Keep how far the academy's date stands ahead of the machine's from now on, and return the academy's time."""
    days = max(0, (EARLIEST - real_now.date()).days)
    (place / DAYS).write_text(str(days), "ascii")
    return real_now + timedelta(days=days)


def set_password(place: Path) -> str:
    """Make the password of all who play in this demonstration, keep it, and return it."""
    made = secrets.token_hex(8)
    (place / WORD).write_text(made, "ascii")
    return made


def password(place: Path) -> str:
    """Return the password of all who play in this demonstration, "" when there is none: some pages ask for it."""
    try:
        return (place / WORD).read_text("ascii")
    except (OSError, ValueError):
        return ""


def weeks(place: Path) -> int:
    """Return how many weeks the bar moved the academy's date into the future."""
    return _number(place / WEEKS)


def begins_ahead(place: Path) -> timedelta:
    """Return how far the story's first day is ahead of the machine's; read each time, so that all processes agree."""
    return timedelta(days=_number(place / DAYS))


def offset(place: Path) -> timedelta:
    """Return how far the bar moved the academy's time; read each time, so that all processes agree."""
    return timedelta(weeks=weeks(place))


def set_weeks(place: Path, count: int) -> None:
    """Move the academy's date, for web server and jobs at once."""
    fresh = place / f"{WEEKS}.{os.getpid()}"
    fresh.write_text(str(max(0, min(count, MOST_WEEKS))), "ascii")
    fresh.replace(place / WEEKS)


def _number(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def _made_from() -> str:
    made = hashlib.sha256()
    for part in ("app/demo/**/*.py", "migrations/versions/*.py", "courses/**/*"):
        for path in sorted(ROOT.glob(part)):
            if path.is_file():
                made.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return made.hexdigest()
