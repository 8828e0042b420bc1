import base64
import errno
import os
import stat
from pathlib import Path

import pytest

from config import KEY_BYTES, KEY_FILES, SettingError, adding_key, from_environment, make_keys

posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_keys_are_readable_by_their_user_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    before = os.umask(0)
    try:
        make_keys(folder)
        with adding_key(folder / "cookie.key"):
            pass
    finally:
        os.umask(before)
    assert _mode(folder) == 0o700
    assert {path.name: _mode(path) for path in folder.iterdir()} == {f"{name}.key": 0o600 for name in KEY_FILES}


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
@pytest.mark.parametrize("name", KEY_FILES)
def test_key_readable_by_others_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    make_keys(tmp_path)
    (tmp_path / f"{name}.key").chmod(mode)
    with pytest.raises(SettingError, match="read by others"):
        from_environment({"SECRETS_PATH": str(tmp_path)})


@pytest.mark.parametrize("name", KEY_FILES)
@pytest.mark.parametrize("line", ["", f"1:{base64.b64encode(bytes(KEY_BYTES - 1)).decode()}", ":AAAA", "1:"])
def test_key_under_256_bits_is_refused(tmp_path: Path, name: str, line: str) -> None:
    make_keys(tmp_path)
    (tmp_path / f"{name}.key").write_text(line, "ascii")
    with pytest.raises(SettingError, match=r"\.key"):
        from_environment({"SECRETS_PATH": str(tmp_path)})


@pytest.mark.parametrize("spoiled", [b"1:AAA!", b"1:A", b"\xff\xfe", b"SQLite format 3\0"])
def test_damaged_key_file_is_reported_by_name(tmp_path: Path, spoiled: bytes) -> None:
    make_keys(tmp_path)
    (tmp_path / "index.key").write_bytes(spoiled)
    with pytest.raises(SettingError, match=r"index\.key: every line is"):
        from_environment({"SECRETS_PATH": str(tmp_path)})


def test_key_file_of_another_user_is_reported_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    make_keys(tmp_path)
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingError, match=r"cookie\.key cannot be read \(Permission denied\)"):
        from_environment({"SECRETS_PATH": str(tmp_path)})


def test_new_keys_differ(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        make_keys(tmp_path / folder)
    texts = [path.read_text("ascii") for path in tmp_path.rglob("*.key")]
    assert len(set(texts)) == 2 * len(KEY_FILES)


def test_settings_do_not_print_secrets(tmp_path: Path) -> None:
    make_keys(tmp_path)
    secret = tmp_path / "smtp"
    secret.write_text("not for eyes", "ascii")
    secret.chmod(0o600)
    shown = repr(from_environment({"SECRETS_PATH": str(tmp_path), "SMTP_PASSWORD_FILE": str(secret)}))
    for path in tmp_path.glob("*.key"):
        assert path.read_text("ascii").strip().partition(":")[2] not in shown
    assert "not for eyes" not in shown
