from datetime import UTC, datetime

import pytest

from app.audit.domain.checkpoints import public_key
from app.backup.domain import manifest
from app.backup.domain.manifest import BackupError, FileHash, Manifest, RowHash

SEED = b"s" * 32
FILES = {"database.sqlite": FileHash(1, "aa"), "media/ab/picture": FileHash(2, "bb")}


def _manifest(**changes: object) -> Manifest:
    values: dict[str, object] = {
        "format": 1, "made_at": "2027-03-31T12:00:00+00:00", "program": "2.0", "schema": "0051", "database": "sqlite",
        "server": "3", "tables": {"person": RowHash(3, "cc")}, "files": FILES, "key_ids": {"identity": ["1"]},
        "check_code": "00",
    }  # fmt: skip
    return Manifest(**(values | changes))  # type: ignore[arg-type]


def test_manifest_is_read_as_it_was_written() -> None:
    assert manifest.from_json(manifest.to_json(_manifest())) == _manifest()


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 9_000, b'{"format": 1}'])
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(BackupError, match="cannot be read"):
        manifest.from_json(content)


@pytest.mark.parametrize(
    "path",
    ["../evil", "media/../../evil", "/etc/passwd", "media/a/../b", "media\\b", "secrets/identity.key", "media", "a",
     "media/C:x", ""],
)  # fmt: skip
def test_paths_outside_of_the_backup_are_refused(path: str) -> None:
    assert not manifest.is_inside(path)
    with pytest.raises(BackupError, match="do not belong"):
        manifest.from_json(manifest.to_json(_manifest(files=FILES | {path: FileHash(1, "dd")})))


def test_changed_missing_and_added_tables_are_named() -> None:
    expected = _manifest(tables={"a": RowHash(1, "1"), "b": RowHash(1, "2"), "c": RowHash(1, "3")})
    tables = {"a": RowHash(1, "1"), "b": RowHash(1, "x"), "d": RowHash(0, "0")}
    assert manifest.differences(expected, tables) == ["b", "c", "d"]


def test_signature_is_of_one_manifest_and_a_known_key() -> None:
    content = manifest.to_json(_manifest())
    signature = manifest.sign(content, "k1", SEED)
    keys = {"k1": public_key(SEED)}
    assert manifest.is_signed(content, signature, keys)
    assert not manifest.is_signed(content + b" ", signature, keys)
    assert not manifest.is_signed(content, signature, {"k1": public_key(b"t" * 32)})
    assert not manifest.is_signed(content, signature, {"k2": public_key(SEED)})
    assert not manifest.is_signed(content, b"k1:???", keys)
    assert not manifest.is_signed(content, b"\xff", keys)


def test_file_name_says_when_the_backup_was_made() -> None:
    moment = datetime(2027, 3, 31, 12, 0, 5, tzinfo=UTC)
    assert manifest.file_name(moment) == "academy-20270331T120005Z.age"
    assert manifest.made_at("academy-20270331T120005Z.age") == moment
    others = ["academy-20270331T120005Z.age.part", "academy-20271331T120005Z.age", "notes.txt", "x" * 300]
    assert [manifest.made_at(name) for name in others] == [None] * 4
