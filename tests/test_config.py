import base64
from pathlib import Path

import pytest
from pyrage import x25519

import config
from app.factory import create_app
from config import Mode, SettingError, from_environment, make_keys


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    make_keys(tmp_path / "secrets")
    return {"SECRETS_PATH": str(tmp_path / "secrets")}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SMTP_STARTTLS", "true"),
        ("SMTP_STARTTLS", ""),
        ("SHOW_DRAFTS", "1"),
        ("BACKUP_EVERY", "0"),
        ("BACKUP_KEEP", "7,5"),
        ("BACKUP_HOLDERS", "age1x,age1y"),
        ("BACKUP_PATH", "s3://Academy/x"),
        ("BACKUP_PATH", "s3://academy/../x"),
        ("MEDIA_PATH", "s3://academy/../x"),
        ("PROXIES", "-1"),
        ("POOL_SIZE", "five"),
        ("SITE_URL", "http://academy.example.org"),
        ("ACADEMY_MODE", "debug"),
        ("FLASK_DEBUG", "1"),
        ("MAIL_SENDER", "no address"),
        ("MAIL_NAME", "Academy\r\nBcc: x@example.org"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "academy.sqlite"),
        ("DATABASE_URL", "mysql://127.0.0.1/academy"),
        ("LEAVE_URL", "javascript:alert(1)"),
        ("LEAVE_URL", ""),
    ],
)
def test_invalid_setting_is_refused_by_name(environment: dict[str, str], name: str, text: str) -> None:
    with pytest.raises(SettingError, match=name):
        from_environment(environment | {name: text})


def test_unknown_default_language_is_refused(environment: dict[str, str]) -> None:
    given = environment | {"DATABASE_URL": "sqlite://", "LANGUAGE_DEFAULT": "klingon"}
    with pytest.raises(SettingError, match="LANGUAGE_DEFAULT: one of ar, en, fr"):
        create_app(from_environment(given))


def test_missing_postgresql_library_is_reported(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(SettingError, match="pip install"):
        from_environment(environment | {"DATABASE_URL": "postgresql+psycopg://academy@127.0.0.1/academy"})


@pytest.mark.parametrize("more", [{"SITE_URL": "https://academy.example.org"}, {"PROXIES": "1"}])
@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.TEST])
def test_demo_and_test_modes_are_for_localhost_only(
    environment: dict[str, str], more: dict[str, str], mode: Mode
) -> None:
    assert from_environment(environment | {"ACADEMY_MODE": mode}).mode is mode
    with pytest.raises(SettingError, match="localhost alone"):
        from_environment(environment | {"ACADEMY_MODE": mode} | more)
    assert from_environment(environment | {"ACADEMY_MODE": "live"} | more).mode is Mode.LIVE


def test_mail_encryption_is_on_by_default(environment: dict[str, str]) -> None:
    assert from_environment(environment).mail.starttls
    assert not from_environment(environment | {"SMTP_STARTTLS": "no"}).mail.starttls


def test_mail_password_file_readable_by_others_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    password = tmp_path / "smtp"
    given = environment | {"SMTP_PASSWORD_FILE": str(password)}
    with pytest.raises(SettingError, match="missing"):
        from_environment(given)
    password.write_text("secret\n", "ascii")
    password.chmod(0o644)
    with pytest.raises(SettingError, match="read by others"):
        from_environment(given)
    password.chmod(0o600)
    assert from_environment(given).mail.password == "secret"


def test_audit_key_is_a_seed_of_32_bytes(environment: dict[str, str]) -> None:
    path = Path(environment["SECRETS_PATH"]) / "audit.key"
    assert len(from_environment(environment).keys.audit[0][1]) == 32
    path.write_text(f"1:{base64.b64encode(bytes(33)).decode()}\n", "ascii")
    with pytest.raises(SettingError, match="Ed25519 seed of 32 bytes"):
        from_environment(environment)
    path.unlink()
    with pytest.raises(SettingError, match=r"audit\.key is missing"):
        from_environment(environment)


PLACES = "postgresql+psycopg://academy@"


@pytest.mark.parametrize(
    "end",
    [
        "127.0.0.1/a",
        "localhost:5432/a",
        "[::1]/a",
        "/a",
        "/a?host=/var/run/postgresql",
        "db.example/a?sslmode=verify-full",
    ],
)
def test_database_is_local_or_uses_tls(environment: dict[str, str], end: str) -> None:
    assert from_environment(environment | {"DATABASE_URL": PLACES + end}).database_url == PLACES + end


@pytest.mark.parametrize(
    "end",
    [
        "db.example/a",
        "10.0.0.7/a?sslmode=require",
        "db.example/a?sslmode=prefer",
        "/a?host=db.example",
        "127.0.0.1/a?host=db",
        "localhost/a?hostaddr=10.0.0.7",
        "/a?service=far",
        "[::1/a",
    ],
)
def test_remote_database_without_verified_certificate_is_refused(environment: dict[str, str], end: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        from_environment(environment | {"DATABASE_URL": PLACES + end})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+none://academy@localhost/a",
        "postgresql+pg8000://academy@localhost/a",
        "postgresql+psycopg://academy@localhost:port/a",
        "postgresql+psycopg://academy@localhost:65536/a",
        "postgresql+psycopg://academy@localhost/a?sslmod=disable",
    ],
)
def test_address_with_wrong_driver_port_or_option_is_refused(environment: dict[str, str], url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        from_environment(environment | {"DATABASE_URL": url})
    with_primary = environment | {"DATABASE_URL": PLACES + "localhost/a"}
    with pytest.raises(SettingError, match="REPLICA_URL"):
        from_environment(with_primary | {"REPLICA_URL": url})


def test_address_with_several_hosts_and_options_is_read(environment: dict[str, str]) -> None:
    url = PLACES + "/a?host=db1.example:5433&host=db2.example&target_session_attrs=any&sslmode=verify-full"
    settings = from_environment(environment | {"DATABASE_URL": PLACES + "localhost/a", "REPLICA_URL": url})
    assert settings.replica_url == url


@pytest.mark.parametrize(
    ("primary", "replica"),
    [("sqlite://", PLACES + "db/a"), (PLACES + "localhost/a", "sqlite://"), (PLACES + "localhost/a", "localhost")],
)
def test_read_replica_of_other_kind_is_refused(environment: dict[str, str], primary: str, replica: str) -> None:
    with pytest.raises(SettingError, match="REPLICA_URL"):
        from_environment(environment | {"DATABASE_URL": primary, "REPLICA_URL": replica})


def test_remote_replica_needs_a_verified_certificate(environment: dict[str, str]) -> None:
    with_primary = environment | {"DATABASE_URL": PLACES + "localhost/a"}
    with pytest.raises(SettingError, match="REPLICA_URL"):
        from_environment(with_primary | {"REPLICA_URL": PLACES + "db.example/a"})
    url = PLACES + "db.example/a?sslmode=verify-full"
    assert from_environment(with_primary | {"REPLICA_URL": url}).replica_url == url


@pytest.mark.parametrize(
    ("name", "value", "end", "good"),
    [
        ("PGHOST", "db.example", "/a", False),
        ("PGHOST", "db.example", "127.0.0.1/a", True),
        ("PGHOST", "/var/run/postgresql", "/a", True),
        ("PGHOST", "localhost,10.0.0.7", "/a", False),
        ("PGHOSTADDR", "10.0.0.7", "localhost/a", False),
        ("PGHOSTADDR", "127.0.0.1", "localhost/a", True),
        ("PGSERVICE", "far", "127.0.0.1/a", False),
        ("PGHOST", "db.example", "/a?sslmode=verify-full", True),
    ],
)
def test_postgresql_environment_variables_are_checked(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, end: str, good: bool
) -> None:
    monkeypatch.setenv(name, value)
    given = environment | {"DATABASE_URL": PLACES + end}
    if good:
        assert from_environment(given).database_url == PLACES + end
    else:
        with pytest.raises(SettingError, match="DATABASE_URL"):
            from_environment(given)


def test_unencrypted_mail_is_for_localhost_only(environment: dict[str, str]) -> None:
    plain = environment | {"SMTP_STARTTLS": "no"}
    assert not from_environment(plain | {"SMTP_HOST": "127.0.0.1"}).mail.starttls
    with pytest.raises(SettingError, match="SMTP_STARTTLS"):
        from_environment(plain | {"SMTP_HOST": "mail.example"})


@pytest.fixture
def store_environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    credentials = tmp_path / "store.key"
    credentials.write_text("key-id:planted/secret:with-colon\n")
    credentials.chmod(0o600)
    return environment | {"S3_ENDPOINT": "https://s3.example.org/", "S3_CREDENTIALS_FILE": str(credentials)}


def test_store_is_read_from_settings_and_its_key_from_a_file(store_environment: dict[str, str]) -> None:
    access = from_environment(store_environment).store
    assert access is not None
    assert (access.endpoint, access.region) == ("https://s3.example.org", "us-east-1")
    assert (access.key_id, access.secret) == ("key-id", "planted/secret:with-colon")
    assert "planted" not in repr(access)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("S3_ENDPOINT", "http://s3.example.org"),
        ("S3_ENDPOINT", "https://s3.example.org/bucket"),
        ("S3_ENDPOINT", "https://key:secret@s3.example.org"),
        ("S3_ENDPOINT", "s3.example.org"),
        ("S3_CREDENTIALS_FILE", ""),
        ("S3_CA_FILE", "/nowhere/authority.crt"),
    ],
)
def test_invalid_setting_of_a_store_is_refused_by_name(store_environment: dict[str, str], name: str, text: str) -> None:
    with pytest.raises(SettingError, match=name):
        from_environment(store_environment | {name: text})


def test_store_on_this_machine_may_do_without_tls(store_environment: dict[str, str]) -> None:
    settings = from_environment(store_environment | {"S3_ENDPOINT": "http://127.0.0.1:9000"})
    assert settings.store is not None


def test_credentials_that_others_can_read_are_refused(store_environment: dict[str, str]) -> None:
    Path(store_environment["S3_CREDENTIALS_FILE"]).chmod(0o644)
    with pytest.raises(SettingError, match="can be read by others"):
        from_environment(store_environment)


def test_missing_library_of_stores_is_reported(
    store_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(SettingError, match="pip install obstore"):
        from_environment(store_environment)


def test_path_in_a_store_needs_a_store(environment: dict[str, str]) -> None:
    holders = ",".join(str(x25519.Identity.generate().to_public()) for _ in range(2))
    with pytest.raises(SettingError, match="S3_ENDPOINT: set it"):
        from_environment(environment | {"BACKUP_PATH": "s3://academy/backups", "BACKUP_HOLDERS": holders})
    with pytest.raises(SettingError, match="because MEDIA_PATH is in a store"):
        from_environment(environment | {"MEDIA_PATH": "s3://academy/media"})


def test_media_stay_in_the_database_without_a_path(
    environment: dict[str, str], store_environment: dict[str, str]
) -> None:
    assert from_environment(environment).media_path is None
    assert from_environment(environment | {"MEDIA_PATH": ""}).media_path is None
    assert from_environment(environment | {"MEDIA_PATH": "/srv/media"}).media_path == Path("/srv/media")
    in_store = from_environment(store_environment | {"MEDIA_PATH": "s3://academy/media"})
    assert str(in_store.media_path) == "s3://academy/media"
