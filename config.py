"""Settings, read once from the environment: a wrong one fails at the start, never later."""

import base64
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent
KEY_BYTES = 32
LOCAL = frozenset({None, "", "localhost", "127.0.0.1", "::1"})  # host names; none stands for a socket
DRIVERS = frozenset({"pysqlite", "psycopg"})  # of databases, as SQLAlchemy calls them
PORTS = range(1, 65536)
KEY_FILES = ("cookie", "identity", "index", "audit", "badge")  # without badge.key a site starts, and issues no badges
KeyLines = tuple[tuple[str, bytes], ...]  # of a key file: id and secret, the newest first
AUDIT_PUBLIC = "audit.pub"  # beside the key files: the public halves of all keys that signed the audit log
BADGE_PUBLIC = "badge.pub"  # the same for badges: holders keep theirs for years
REPLACED = "replaced"


STORE = "s3://"  # what a path in an object store begins with
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
STORE_NAMES = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/|\Z))*\Z")


class Mode(StrEnum):
    LIVE = "live"
    DEMO = "demo"
    TEST = "test"


class SettingError(Exception):
    """A setting is missing or wrong; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Public half of a signing key; a replaced one verifies what it signed, and signs no more."""

    id: str
    key: bytes
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """Secret keys by id, the newest first: the first writes, all of them read."""

    cookie: KeyLines
    identity: KeyLines
    index: KeyLines
    audit: KeyLines  # Ed25519 seeds
    audit_public: tuple[PublicKey, ...] = ()
    badge: KeyLines = ()  # Ed25519 seeds; none: this site issues no badges
    badge_public: tuple[PublicKey, ...] = ()


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
class StorePath:
    """A path in an object store: `s3://bucket/prefix`, without a slash at its end."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{STORE}{self.bucket}/{self.prefix}".rstrip("/")

    def __truediv__(self, name: str) -> "StorePath":
        return StorePath(self.bucket, f"{self.prefix}/{name}".lstrip("/"))

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.prefix.rpartition("/")[2]

    @property
    def parent(self) -> "StorePath":
        """Return the path without its last part."""
        return StorePath(self.bucket, self.prefix.rpartition("/")[0])


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """Address and key of the S3-compatible store for backups and media; `authority`: a certificate in PEM, or ""."""

    endpoint: str
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = field(default="", repr=False)
    authority: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        url = urlsplit(self.endpoint)
        if url.scheme != "https" and not (url.scheme == "http" and url.hostname in LOCAL and url.hostname):
            raise SettingError("S3_ENDPOINT: write the https address of the store; plain http is for localhost only.")
        if not url.hostname or url.path.strip("/") or url.query or url.username:
            raise SettingError("S3_ENDPOINT: an address without a path, such as https://s3.example.org.")
        if not (self.key_id and self.secret):
            raise SettingError("S3_CREDENTIALS_FILE: a file with one line, the id of the key, `:`, the secret key.")


@dataclass(frozen=True, slots=True)
class Backups:
    """Where backups go, to whose public keys they are encrypted, how often they are made, and how long each is kept.

    Without a path no backup is made by itself. `keep`: numbers of days, weeks and months; None: all are kept.
    `work_path`: where the plain copy is, while it is checked and encrypted.
    """

    path: Path | StorePath | None = None
    holders: tuple[str, ...] = ()
    every: timedelta = timedelta(hours=6)
    keep: tuple[int, int, int] | None = (7, 5, 12)
    work_path: Path = ROOT / "instance" / "backup-work"

    def __post_init__(self) -> None:
        if (self.path or self.holders) and len(set(self.holders)) < 2:
            raise SettingError("BACKUP_HOLDERS: the public keys of two holders at least, separated by commas.")
        for holder in self.holders:
            _check_holder(holder)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Port on this machine at which `flask metrics` answers, 0 for none, and where web processes keep their counts."""

    port: int = 0
    path: Path = ROOT / "instance" / "metrics"


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable as the operations manual explains it; "" as default: none."""

    name: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application needs to know of its site."""

    keys: Keys = field(repr=False)
    mode: Mode = Mode.LIVE
    site_url: str = "http://localhost:8000"
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'academy.sqlite'}"
    replica_url: str = ""  # a read replica of the database, for reports
    media_path: Path | StorePath | None = None  # of large media; None: they stay in the database
    audit_path: Path = ROOT / "instance" / "audit"  # checkpoints of the trail, to be copied elsewhere
    courses_paths: tuple[Path, ...] = (ROOT / "courses",)
    language: str = "en"
    leave_url: str = "https://example.org/"
    proxies: int = 0
    mail: Mail = field(default_factory=Mail)
    demo_path: Path = ROOT / "instance" / "demo"
    pool_size: int = 5
    show_drafts: bool = False  # translations that nobody has checked yet, shown to learners with a line that says so
    secrets_path: Path | None = None  # where the key files are; None: the keys are in `keys` alone
    backups: Backups = field(default_factory=Backups)
    metrics: Metrics = field(default_factory=Metrics)
    store: StoreAccess | None = None

    def __post_init__(self) -> None:
        url = urlsplit(self.site_url)
        if url.scheme == "http" and url.hostname not in LOCAL:
            raise SettingError("SITE_URL: plain http is for localhost only; use https.")
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise SettingError("SITE_URL: write the whole address, such as https://academy.example.org.")
        self._check_database()
        self._check_store()
        if urlsplit(self.leave_url).scheme not in {"http", "https"}:  # what else the button would open runs on the page
            raise SettingError("LEAVE_URL: write the whole address, such as https://example.org/.")
        if not self.mail.starttls and self.mail.host not in LOCAL:
            raise SettingError("SMTP_STARTTLS: mail goes unencrypted to this machine alone.")
        if self.mode is not Mode.LIVE and (self.secure or self.proxies):  # who is behind a proxy cannot be told
            why = {
                Mode.DEMO: "the demonstration lets everybody be administrator",
                Mode.TEST: "a site of tests shows its faults and lets administrators do without a passkey",
            }
            raise SettingError(f"ACADEMY_MODE: {why[self.mode]}: localhost alone.")

    def _check_database(self) -> None:
        if self.database_url.startswith("postgresql") and find_spec("psycopg") is None:
            raise SettingError("DATABASE_URL: for PostgreSQL run `pip install 'psycopg[binary]'` in `.venv` first.")
        if not _is_database(self.database_url):
            raise SettingError("DATABASE_URL: sqlite:////folder/file or postgresql+psycopg://role@host/database.")
        if self.replica_url and not self._can_have_replica():
            raise SettingError("REPLICA_URL: a replica of PostgreSQL, postgresql+psycopg://role@host/database.")
        for name, url in (("DATABASE_URL", self.database_url), ("REPLICA_URL", self.replica_url)):
            if url and not _is_sealed(url):
                cure = "write ?sslmode=verify-full at its end, and sslrootcert if need be."
                raise SettingError(f"{name}: for a database on another machine {cure}")

    def _can_have_replica(self) -> bool:
        urls = (self.database_url, self.replica_url)
        return all(url.startswith("postgresql") for url in urls) and _is_database(self.replica_url)

    def _check_store(self) -> None:
        for name, path in (("BACKUP_PATH", self.backups.path), ("MEDIA_PATH", self.media_path)):
            if isinstance(path, StorePath) and self.store is None:
                raise SettingError(f"S3_ENDPOINT: set it, and S3_CREDENTIALS_FILE, because {name} is in a store.")
        if self.store is not None and find_spec("obstore") is None:
            raise SettingError("S3_ENDPOINT: for an object store run `pip install obstore` in `.venv` first.")

    @property
    def files_path(self) -> Path:
        """Return the folder of files that grow with the site: its disk must not become full."""
        return self.media_path if isinstance(self.media_path, Path) else self.audit_path

    @property
    def secure(self) -> bool:
        """Say whether cookies can be Secure: always, but for http on the machine itself."""
        return self.site_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Return the host names that requests may name."""
        name = urlsplit(self.site_url).hostname or ""
        return [name, "127.0.0.1", "localhost"] if not self.secure else [name]


SETTINGS = (  # `flask settings` writes them into the operations manual and the template of an environment
    Setting("SITE_URL", "http://localhost:8000", "public address; https, unless it is this machine"),
    Setting(
        "DATABASE_URL", "SQLite in instance/academy.sqlite",
        "`sqlite:////folder/file` or `postgresql+psycopg://role@host/database`",
    ),
    Setting(
        "REPLICA_URL", "",
        "read replica of that PostgreSQL, written like `DATABASE_URL`; reports read from it while it is up to date",
    ),
    Setting("POOL_SIZE", "5", "connections of each web process to PostgreSQL (5 more under load)"),
    Setting("SECRETS_PATH", "instance/secrets", "folder of the key files"),
    Setting(
        "MEDIA_PATH", "",
        "folder, or `s3://bucket/path`, for media of courses larger than 64 KB; without one they stay in the database",
    ),
    Setting("AUDIT_PATH", "instance/audit", "signed checkpoints of the audit log: copy them to another machine"),
    Setting("COURSES_PATHS", "courses", "folders with courses, separated by `:` (`;` on Windows)"),
    Setting("LANGUAGE_DEFAULT", "en", "`en`, `ar` or `fr`"),
    Setting("LEAVE_URL", "https://example.org/", "where the button for leaving quickly leads"),
    Setting("SHOW_DRAFTS", "no", "`yes` shows translations that nobody has reviewed yet, marked as such"),
    Setting("PROXIES", "0", "number of web servers in front whose forwarded headers are trusted"),
    Setting("METRICS_PORT", "0", "port of `flask metrics` on 127.0.0.1; 0: nothing is counted"),
    Setting(
        "METRICS_PATH", "instance/metrics",
        "folder of the counts, best in memory; empty it when all processes are stopped",
    ),
    Setting("SMTP_HOST", "", "mail server; without one, mails stay in the outbox"),
    Setting("SMTP_PORT", "587", "port of the mail server"),
    Setting("SMTP_USER", "", "account at the mail server"),
    Setting("SMTP_PASSWORD_FILE", "", "file with its password that only this user can read"),
    Setting("SMTP_STARTTLS", "yes", "`no` is accepted for a mail server on this machine only"),
    Setting("MAIL_SENDER", "academy@localhost.invalid", "address that all mails come from"),
    Setting("MAIL_NAME", "Academy", "name that all mails come from"),
    Setting(
        "BACKUP_PATH", "",
        "folder for backups, also a mounted share, or `s3://bucket/path`; without one the jobs make no backups",
    ),
    Setting(
        "BACKUP_HOLDERS", "",
        "public keys of at least two holders, separated by commas: only their private keys open a backup",
    ),
    Setting("BACKUP_EVERY", "6", "hours between two backups"),
    Setting(
        "BACKUP_KEEP", "7,5,12",
        "days, weeks and months for which the newest backup is kept; `all` deletes nothing",
    ),
    Setting(
        "BACKUP_WORK_PATH", "instance/backup-work",
        "folder on a local disk for the plain copy while it is checked",
    ),
    Setting("S3_ENDPOINT", "", "https address of an S3-compatible store, for settings that begin with `s3://`"),
    Setting("S3_REGION", "us-east-1", "region of the store"),
    Setting(
        "S3_CREDENTIALS_FILE", "",
        "file with the line `id:secret key` of the store that only this user can read",
    ),
    Setting("S3_CA_FILE", "", "certificate (PEM) of the authority of the store, if it is not a public one"),
    Setting("ACADEMY_MODE", "live", "`demo` and `test` are accepted on localhost only"),
    Setting("DEMO_PATH", "instance/demo", "folder of the demonstration"),
)  # fmt: skip


def from_environment(environment: Mapping[str, str] | None = None, *, audit_key_lost: bool = False) -> Settings:
    """Return the settings that the environment gives; raise SettingError with the name of the wrong one.

    `audit_key_lost`: for the command that replaces audit.key, which is then not read.
    """
    env = os.environ if environment is None else environment
    if env.get("FLASK_DEBUG", "0").lower() not in {"", "0", "false", "no"}:
        raise SettingError("FLASK_DEBUG: the academy does not start with it: pages would show the inside.")
    defaults = {
        "site_url": env.get("SITE_URL"),
        "database_url": env.get("DATABASE_URL"),
        "replica_url": env.get("REPLICA_URL"),
        "language": env.get("LANGUAGE_DEFAULT"),
        "leave_url": env.get("LEAVE_URL"),
        "media_path": _path_or_store("MEDIA_PATH", env.get("MEDIA_PATH")),
        "audit_path": _path(env.get("AUDIT_PATH")),
        "demo_path": _path(env.get("DEMO_PATH")),
        "courses_paths": courses_folders(env),
    }
    given = {name: value for name, value in defaults.items() if value is not None}
    return Settings(
        keys=read_keys(secrets_folder(env), audit_key_lost=audit_key_lost),
        mode=_mode(env.get("ACADEMY_MODE", "live")),
        proxies=_number(env, "PROXIES", 0),
        pool_size=_number(env, "POOL_SIZE", 5),
        show_drafts=_yes(env, "SHOW_DRAFTS", "no"),
        mail=_mail(env),
        backups=_backups(env),
        store=_store(env),
        metrics=Metrics(_number(env, "METRICS_PORT", 0), _path(env.get("METRICS_PATH")) or Metrics().path),
        secrets_path=secrets_folder(env),
        **given,  # type: ignore[arg-type]  # each name above is a field of its own type
    )


def secrets_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return where the key files are, or will be."""
    env = os.environ if environment is None else environment
    return Path(env.get("SECRETS_PATH", ROOT / "instance" / "secrets"))


def courses_folders(environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Return the folders of the site's courses."""
    env = os.environ if environment is None else environment
    return _paths(env.get("COURSES_PATHS")) or (ROOT / "courses",)


def make_keys(folder: Path) -> list[str]:
    """Write fresh keys into a folder, readable by this user alone; leave present ones as they are; name those made."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    missing = [name for name in KEY_FILES if not (folder / f"{name}.key").exists()]
    for name in missing:
        _write_new(folder / f"{name}.key", (_fresh(),))
    return missing


def read_keys(folder: Path, *, audit_key_lost: bool = False) -> Keys:
    """Read the key files of a folder: lines `id:base64`, the newest first; refuse short and world-readable ones."""
    cookie, identity, index = (read_key_file(folder / f"{name}.key") for name in ("cookie", "identity", "index"))
    audit = () if audit_key_lost else read_signing_key(folder / "audit.key")
    badge = folder / "badge.key"
    return Keys(
        cookie=cookie,
        identity=identity,
        index=index,
        audit=audit,
        audit_public=read_public_keys(folder / AUDIT_PUBLIC),
        badge=read_signing_key(badge) if badge.exists() else (),
        badge_public=read_public_keys(folder / BADGE_PUBLIC),
    )


def read_signing_key(path: Path) -> KeyLines:
    """Read the file of a signing key; raise SettingError for seeds of another length, too."""
    lines = read_key_file(path)
    if any(len(secret) != KEY_BYTES for _name, secret in lines):
        raise SettingError(f"{path}: every line is `id:` and an Ed25519 seed of {KEY_BYTES} bytes.")
    return lines


def read_public_keys(path: Path) -> tuple[PublicKey, ...]:
    """Read the public halves of signing keys: lines `id:base64`, or `id:base64:replaced`; none without a file."""
    if not path.exists():
        return ()
    keys = []
    try:
        for line in _secret_file(path).read_text("ascii").split():
            name, key, *state = line.split(":")
            keys.append(PublicKey(name, base64.b64decode(key, validate=True), replaced=state == [REPLACED]))
    except OSError as error:
        raise SettingError(f"{path} cannot be read ({error.strerror}).") from None
    except ValueError:  # of the line, the text and base64
        keys = [PublicKey("", b"")]
    if any(len(one.key) != KEY_BYTES or not one.id for one in keys):
        raise SettingError(f"{path}: every line is `id:` and a public key of {KEY_BYTES} bytes in base64.")
    return tuple(keys)


def write_public_keys(path: Path, keys: Sequence[PublicKey]) -> None:
    """Write the public halves of signing keys in place of the file, whole or not at all."""
    beside = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        for one in keys:
            state = f":{REPLACED}" if one.replaced else ""
            file.write(f"{one.id}:{base64.b64encode(one.key).decode()}{state}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _flush_folder(path.parent)


def read_key_file(path: Path) -> KeyLines:
    """Read a key file; raise SettingError for one that is missing, short or readable by others."""
    keys = []
    try:
        if not path.is_file():
            cure = "`flask keys` makes the key files of a new site; for one that has data, put the copy back."
            raise SettingError(f"{path} is missing: {cure}")
        for line in _secret_file(path).read_text("ascii").split():
            name, _, secret = line.partition(":")
            keys.append((name, base64.b64decode(secret, validate=True)))
    except OSError as error:
        raise SettingError(
            f"{path} cannot be read ({error.strerror}): let the user who runs the academy own it."
        ) from None
    except ValueError:  # of the text and of base64
        keys = []
    if not keys or any(len(secret) < KEY_BYTES or not name for name, secret in keys):
        raise SettingError(f"{path}: every line is `id:` and a key of at least {KEY_BYTES} bytes in base64.")
    return tuple(keys)


@contextmanager
def adding_key(path: Path) -> Iterator[KeyLines]:
    """Put a fresh key before the others of a file once the block has ended well; yield the lines to be.

    Raises SettingError while another process changes the file.
    """
    lines = (_fresh(), *read_key_file(path))
    with _changing(path, lines):
        yield lines


@contextmanager
def replacing_key(path: Path, older: KeyLines) -> Iterator[KeyLines]:
    """Put a file with a fresh key and these older ones in the place of a lost one once the block has ended well."""
    lines = (_fresh(), *older)
    with _changing(path, lines):
        yield lines


@contextmanager
def dropping_key(path: Path, key_id: str) -> Iterator[None]:
    """Take an older key out of a file once the block has ended well; raise SettingError for the newest or none."""
    lines = read_key_file(path)
    if key_id not in {name for name, _secret in lines[1:]}:
        raise SettingError(f"{path}: `{key_id}` is not among the older keys of this file.")
    with _changing(path, tuple(line for line in lines if line[0] != key_id)):
        yield


@contextmanager
def _changing(path: Path, lines: KeyLines) -> Iterator[None]:
    """Hold the new file beside the old one, and put it in its place at the end: of two processes only one gets there.

    A reader finds the old lines or the new ones, never half of them.
    """
    beside = path.with_suffix(".new")
    try:
        _write_new(beside, lines)
    except FileExistsError:
        cure = f"Wait for it; if none is running, one was stopped: remove {beside}."
        raise SettingError(f"{path}: another process is changing the keys. {cure}") from None
    try:
        yield
        beside.replace(path)
        _flush_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _fresh() -> tuple[str, bytes]:
    """Return a fresh key, called by its own fingerprint: two keys never share a name, and a wrong one is told."""
    secret = os.urandom(KEY_BYTES)
    return hashlib.sha256(secret).hexdigest()[:8], secret


def _write_new(path: Path, lines: Sequence[tuple[str, bytes]]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{name}:{base64.b64encode(secret).decode()}\n" for name, secret in lines)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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


def _backups(env: Mapping[str, str]) -> Backups:
    hours = _number(env, "BACKUP_EVERY", 6)
    if hours < 1:
        raise SettingError("BACKUP_EVERY: a number of hours, 1 or more.")
    return Backups(
        path=_path_or_store("BACKUP_PATH", env.get("BACKUP_PATH")),
        holders=tuple(filter(None, (text.strip() for text in env.get("BACKUP_HOLDERS", "").split(",")))),
        every=timedelta(hours=hours),
        keep=_keep(env.get("BACKUP_KEEP", "7,5,12")),
        work_path=_path(env.get("BACKUP_WORK_PATH")) or Backups().work_path,
    )


def read_store_path(text: str) -> StorePath:
    """Read `s3://bucket/path`; raise ValueError for another text."""
    bucket, _, prefix = text.removeprefix(STORE).partition("/")
    if not (text.startswith(STORE) and BUCKET.match(bucket) and STORE_NAMES.match(prefix)):
        raise ValueError(text)
    return StorePath(bucket, prefix.rstrip("/"))


def _path_or_store(name: str, text: str | None) -> Path | StorePath | None:
    if not (text and text.startswith(STORE)):
        return _path(text)
    try:
        return read_store_path(text)
    except ValueError:
        raise SettingError(f"{name}: a folder, or s3://bucket/path in letters, digits, `-`, `_`, `.`.") from None


def _store(env: Mapping[str, str]) -> StoreAccess | None:
    if not env.get("S3_ENDPOINT"):
        return None
    key_id, _, secret = _text_file("S3_CREDENTIALS_FILE", env.get("S3_CREDENTIALS_FILE"), is_secret=True).partition(":")
    return StoreAccess(
        endpoint=env["S3_ENDPOINT"].rstrip("/"),
        region=env.get("S3_REGION") or "us-east-1",
        key_id=key_id,
        secret=secret,
        authority=_text_file("S3_CA_FILE", env.get("S3_CA_FILE")),
    )


def _text_file(name: str, file: str | None, *, is_secret: bool = False) -> str:
    """Return the text of the file that a setting names, "" without one."""
    if not file:
        return ""
    try:
        return (_secret_file(Path(file)) if is_secret else Path(file)).read_text("ascii").strip()
    except (OSError, ValueError):
        raise SettingError(f"{name}: {file} cannot be read.") from None


def _keep(text: str) -> tuple[int, int, int] | None:
    if text == "all":
        return None
    numbers = text.split(",")
    if len(numbers) != 3 or not all(number.isascii() and number.isdecimal() for number in numbers):
        raise SettingError("BACKUP_KEEP: numbers of days, weeks and months, such as 7,5,12; or all.")
    days, weeks, months = map(int, numbers)
    return days, weeks, months


def _check_holder(holder: str) -> None:
    from pyrage import RecipientError, x25519

    try:
        x25519.Recipient.from_str(holder)
    except RecipientError:
        raise SettingError(
            f"BACKUP_HOLDERS: `{holder[:12]}...` is no public key of a holder: `flask backup-key` prints one."
        ) from None


def _is_database(url: str) -> bool:
    """Return whether this is the address of a database: its driver, port and options are read, it is not asked."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
        dialect = address.get_dialect()
        _, options = dialect().create_connect_args(address)
    except (ArgumentError, ValueError):
        return False
    is_known = dialect.driver in DRIVERS and (address.port is None or address.port in PORTS)
    return is_known and (dialect.name == "sqlite" or _are_options(options))


def _are_options(options: Mapping[str, object]) -> bool:
    """Return whether the client library of PostgreSQL knows these options by name."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**{name: str(value) for name, value in options.items()})
    except ProgrammingError:
        return False
    return True


def _is_sealed(database_url: str) -> bool:
    """Say whether nobody reads along on the way to the database: on one machine, or by TLS with a known other end."""
    try:
        url = urlsplit(database_url)
    except ValueError:
        return False
    asked = parse_qs(url.query)
    if url.scheme.startswith("sqlite") or asked.get("sslmode") == ["verify-full"]:
        return True
    if "service" in asked or "PGSERVICE" in os.environ:  # where it leads stands elsewhere
        return False
    named = [*asked.get("host", []), *asked.get("hostaddr", [])]
    # what the address leaves out, the client library takes from the environment
    if not url.hostname and "host" not in asked:
        named.append(os.environ.get("PGHOST", ""))
    if "hostaddr" not in asked:
        named.append(os.environ.get("PGHOSTADDR", ""))
    hosts = {url.hostname, *(name for given in named for name in given.split(",") if name)}
    return all(name in LOCAL or (name or "").startswith("/") for name in hosts)


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
