"""Settings, read once from the environment: a wrong one fails at the start, never later."""

import base64
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
KEY_BYTES = 32
KEY_FILES = ("cookie", "identity", "index", "audit")


class Mode(StrEnum):
    LIVE = "live"
    DEMO = "demo"
    TEST = "test"


class SettingError(Exception):
    """A setting is missing or wrong; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Secret keys by id, the newest first: the first writes, all of them read."""

    cookie: tuple[tuple[str, bytes], ...]
    identity: tuple[tuple[str, bytes], ...]
    index: bytes
    audit: tuple[tuple[str, bytes], ...]  # Ed25519 seeds


@dataclass(frozen=True, slots=True)
class Mail:
    """How notices leave the building; an empty host keeps them in the outbox."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "academy@localhost.invalid"
    name: str = "Academy"
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application needs to know of its site."""

    keys: Keys = field(repr=False)
    mode: Mode = Mode.LIVE
    site_url: str = "http://localhost:8000"
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'academy.sqlite'}"
    media_path: Path = ROOT / "instance" / "media"
    audit_path: Path = ROOT / "instance" / "audit"  # checkpoints of the trail, to be copied elsewhere
    courses_paths: tuple[Path, ...] = (ROOT / "courses",)
    language: str = "en"
    leave_url: str = "https://example.org/"
    proxies: int = 0
    mail: Mail = field(default_factory=Mail)
    demo_path: Path = ROOT / "instance" / "demo"
    pool_size: int = 5
    show_drafts: bool = False  # translations that nobody has checked yet, shown to learners with a line that says so

    def __post_init__(self) -> None:
        url = urlsplit(self.site_url)
        if url.scheme == "http" and url.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise SettingError("SITE_URL: plain http is for localhost only; use https.")
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise SettingError("SITE_URL: write the whole address, such as https://academy.example.org.")
        if self.mode is Mode.DEMO and (self.secure or self.proxies):  # who is behind a proxy cannot be told
            raise SettingError("ACADEMY_MODE: the demonstration lets everybody be administrator: localhost alone.")

    @property
    def secure(self) -> bool:
        """Say whether cookies can be Secure: always, but for http on the machine itself."""
        return self.site_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Return the host names that requests may name."""
        name = urlsplit(self.site_url).hostname or ""
        return [name, "127.0.0.1", "localhost"] if not self.secure else [name]


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives; raise SettingError with the name of the wrong one."""
    env = os.environ if environment is None else environment
    if env.get("FLASK_DEBUG", "0").lower() not in {"", "0", "false", "no"}:
        raise SettingError("FLASK_DEBUG: the academy does not start with it: pages would show the inside.")
    defaults = {
        "site_url": env.get("SITE_URL"),
        "database_url": env.get("DATABASE_URL"),
        "language": env.get("LANGUAGE_DEFAULT"),
        "leave_url": env.get("LEAVE_URL"),
        "media_path": _path(env.get("MEDIA_PATH")),
        "audit_path": _path(env.get("AUDIT_PATH")),
        "demo_path": _path(env.get("DEMO_PATH")),
        "courses_paths": _paths(env.get("COURSES_PATHS")),
    }
    given = {name: value for name, value in defaults.items() if value is not None}
    return Settings(
        keys=read_keys(secrets_folder(env)),
        mode=_mode(env.get("ACADEMY_MODE", "live")),
        proxies=_number(env, "PROXIES", 0),
        pool_size=_number(env, "POOL_SIZE", 5),
        show_drafts=_yes(env, "SHOW_DRAFTS", "no"),
        mail=_mail(env),
        **given,  # type: ignore[arg-type]  # each name above is a field of its own type
    )


def secrets_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the key files are, or will be."""
    env = os.environ if environment is None else environment
    return Path(env.get("SECRETS_PATH", ROOT / "instance" / "secrets"))


def make_keys(folder: Path) -> None:
    """Write fresh keys into an empty folder, readable by this user alone; leave present ones as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in KEY_FILES:
        path = folder / f"{name}.key"
        if path.exists():
            continue
        secret = base64.b64encode(os.urandom(KEY_BYTES)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"1:{secret}\n")


def read_keys(folder: Path) -> Keys:
    """Read the key files of a folder: lines `id:base64`, the newest first; refuse short and world-readable ones."""
    cookie, identity, index, audit = (_key_file(folder / f"{name}.key") for name in KEY_FILES)
    if any(len(secret) != KEY_BYTES for _name, secret in audit):
        raise SettingError(f"{folder / 'audit.key'}: every line is `id:` and an Ed25519 seed of {KEY_BYTES} bytes.")
    return Keys(cookie=cookie, identity=identity, index=index[0][1], audit=audit)


def _key_file(path: Path) -> tuple[tuple[str, bytes], ...]:
    if not path.is_file():
        raise SettingError(f"{path} is missing: `flask keys` makes the key files.")
    keys = []
    for line in _secret_file(path).read_text("ascii").split():
        name, _, secret = line.partition(":")
        keys.append((name, base64.b64decode(secret)))
    if not keys or any(len(secret) < KEY_BYTES or not name for name, secret in keys):
        raise SettingError(f"{path}: every line is `id:` and a key of at least {KEY_BYTES} bytes in base64.")
    return tuple(keys)


def _secret_file(path: Path) -> Path:
    """Return the path of a secret that this user alone can read; raise SettingError for another."""
    if not path.is_file():
        raise SettingError(f"{path} is missing.")
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingError(f"{path} can be read by others: run `chmod 600` on it.")
    return path


def _mail(env: Mapping[str, str]) -> Mail:
    password = env.get("SMTP_PASSWORD_FILE")
    try:  # found out at sending, it would look like a fault of each recipient, and every mail would be given up
        Address(env.get("MAIL_NAME", Mail().name), addr_spec=env.get("MAIL_SENDER", Mail().sender))
    except (ValueError, IndexError, MessageError):
        raise SettingError("MAIL_SENDER, MAIL_NAME: an address, such as academy@example.org, and a line.") from None
    return Mail(
        host=env.get("SMTP_HOST", ""),
        port=_number(env, "SMTP_PORT", 587),
        user=env.get("SMTP_USER", ""),
        password=_secret_file(Path(password)).read_text("utf-8").strip() if password else "",
        sender=env.get("MAIL_SENDER", Mail().sender),
        name=env.get("MAIL_NAME", Mail().name),
        starttls=_yes(env, "SMTP_STARTTLS", "yes"),
    )


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise SettingError("ACADEMY_MODE: one of live, demo, test.") from None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not (text.isascii() and text.isdecimal()):
        raise SettingError(f"{name}: a whole number, not below 0.")
    return int(text)


def _yes(env: Mapping[str, str], name: str, default: str) -> bool:
    text = env.get(name, default)
    if text not in {"yes", "no"}:  # "true" or "1" must not switch encryption off unseen
        raise SettingError(f"{name}: yes or no.")
    return text == "yes"


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _paths(text: str | None) -> tuple[Path, ...] | None:
    return tuple(Path(part) for part in text.split(os.pathsep)) if text else None
