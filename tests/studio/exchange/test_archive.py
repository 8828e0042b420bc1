import io
import stat
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from app.kernel import archives
from app.kernel.archives import ArchiveError, ArchiveLimits, ArchiveProblem
from app.studio.domain.exchange import archive
from app.studio.domain.exchange.archive import COURSE_LIMITS, WORD_LIMITS, RefusedFileError
from tests.support.examples import examples

_SMALL = ArchiveLimits(packed=100_000, unpacked=200_000, entries=20)


def _zip(files: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return file.getvalue()


def _problem(content: bytes, limits: ArchiveLimits = _SMALL) -> ArchiveProblem:
    with pytest.raises(ArchiveError) as caught:
        archives.unpack(content, limits)
    return caught.value.problem


def _refusal(content: bytes, limits: ArchiveLimits = _SMALL) -> str:
    with pytest.raises(RefusedFileError) as caught:
        archive.unpack(content, limits)
    note = caught.value.reason
    return f"{note.message % note.values} {note.hint % note.values}"


def test_files_are_returned_by_path_without_folders() -> None:
    content = _zip({"course.toml": b"id", "media/": b"", "media/a.png": b"picture"})
    assert archives.unpack(content, _SMALL) == {"course.toml": b"id", "media/a.png": b"picture"}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,3}\.md", fullmatch=True), st.binary(), max_size=10))
@settings(max_examples=50, deadline=None)
def test_what_was_packed_is_unpacked(files: dict[str, bytes]) -> None:
    assert archives.unpack(_zip(files), _SMALL) == files


@pytest.mark.parametrize(
    "path",
    ["../a", "a/../../b", "/etc/passwd", "..", "a\\..\\b", "\\a", "C:/a", "C:a", "a\nb", "a\u202eb", "a" * 201, "//a"],
)
def test_unusual_path_is_refused(path: str) -> None:
    assert _problem(_zip({path: b""})) is ArchiveProblem.PATH


def test_path_that_hides_its_end_behind_a_zero_byte_is_refused() -> None:
    content = _zip({"aaaaX../b": b""}).replace(b"aaaaX../b", b"aaaa\0../b")
    assert _problem(content) is ArchiveProblem.PATH


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_link_and_device_are_refused(kind: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (kind | 0o777) << 16
        written.writestr(entry, "/etc/passwd")
    assert _problem(file.getvalue()) is ArchiveProblem.LINK


def test_encrypted_entry_is_refused() -> None:
    content = bytearray(_zip({"a.md": b"text"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert _problem(bytes(content)) is ArchiveProblem.ENCRYPTED


def test_repeated_entry_is_refused() -> None:
    content = _zip({"a.md": b"x", "b.md": b"y"}).replace(b"b.md", b"a.md")
    assert _problem(content) is ArchiveProblem.REPEATED


def test_unusual_packing_is_refused() -> None:
    assert _problem(_zip({"a.md": b"x"}, packing=zipfile.ZIP_LZMA)) is ArchiveProblem.PACKING


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({f"{n}.md": b"" for n in range(21)}, ArchiveProblem.TOO_MANY_ENTRIES),
        ({f"{n}.md": bytes(range(256)) * 100 for n in range(9)}, ArchiveProblem.UNPACKS_TOO_LARGE),
    ],
)
def test_archive_over_a_limit_is_refused_before_it_is_unpacked(
    files: dict[str, bytes], problem: ArchiveProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = _zip(files)
    monkeypatch.delattr(zipfile.ZipFile, "open")
    assert _problem(content) is problem


def test_bomb_is_refused_by_its_ratio_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _zip({"a.md": b"\0" * 2_000_000})
    monkeypatch.delattr(zipfile.ZipFile, "open")
    limits = ArchiveLimits(packed=100_000, unpacked=10_000_000)
    assert _problem(content, limits) is ArchiveProblem.RATIO


def test_size_that_the_list_of_entries_hides_is_counted() -> None:
    content = bytearray(_zip({"a.md": b"ab" * 100_000}))
    position = content.index(b"PK\x01\x02") + 24
    content[position : position + 4] = (100).to_bytes(4, "little")
    assert _problem(bytes(content)) is ArchiveProblem.DAMAGED


def test_bytes_are_counted_although_the_list_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "check_entries", lambda *_arguments: None)
    content = _zip({"a.md": b"ab" * 90_000, "b.md": b"cd" * 90_000})
    assert _problem(content) is ArchiveProblem.UNPACKS_TOO_LARGE


def test_list_of_entries_is_counted_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _zip({f"{n}": b"" for n in range(21)})
    monkeypatch.delattr(zipfile.ZipFile, "infolist")
    assert _problem(content) is ArchiveProblem.TOO_MANY_ENTRIES


def test_archive_inside_an_archive_is_not_opened() -> None:
    inner = _zip({"../outside": b""})
    assert archives.unpack(_zip({"inner.zip": inner}), _SMALL) == {"inner.zip": inner}


def test_packed_size_is_limited() -> None:
    assert _problem(b"PK" + b"\0" * 100_000) is ArchiveProblem.PACKED_TOO_LARGE


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ArchiveProblem.NOT_AN_ARCHIVE),
        (b"%PDF", ArchiveProblem.NOT_AN_ARCHIVE),
        (archives.OLE + b"\0" * 600, ArchiveProblem.OLD_OR_LOCKED),
        (b"PK\x03\x04 and nothing else", ArchiveProblem.DAMAGED),
        (_zip({"a.md": b"text" * 9})[:-30], ArchiveProblem.DAMAGED),
    ],
    ids=["empty", "pdf", "old", "text", "cut"],
)
def test_file_that_is_no_archive_is_refused(content: bytes, problem: ArchiveProblem) -> None:
    assert _problem(content) is problem


@given(st.binary(max_size=200), st.integers(0, 300))
@settings(max_examples=examples(100), deadline=None)
def test_changed_bytes_never_raise_other_errors(change: bytes, position: int) -> None:
    content = _zip({"a.md": b"text", "media/b.png": b"picture" * 9})
    try:
        files = archives.unpack(content[:position] + change + content[position + len(change) :], _SMALL)
    except ArchiveError:
        return
    assert sum(map(len, files.values())) <= _SMALL.unpacked


def test_limits_are_those_of_the_security_rules() -> None:
    mega = 1024 * 1024
    assert (COURSE_LIMITS.packed, COURSE_LIMITS.unpacked) == (100 * mega, 300 * mega)
    assert (WORD_LIMITS.packed, WORD_LIMITS.unpacked) == (10 * mega, 60 * mega)
    assert (COURSE_LIMITS.entries, COURSE_LIMITS.ratio, COURSE_LIMITS.path) == (5_000, 100, 200)


@pytest.mark.parametrize("problem", list(ArchiveProblem))
def test_each_refusal_has_a_message_and_a_hint(problem: ArchiveProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise ArchiveError(problem, "a\nb")

    monkeypatch.setattr(archives, "unpack", refuse)
    text = _refusal(b"")
    assert "%(" not in text
    assert "\n" not in text
    assert text.count(".") >= 2


def test_refusal_names_the_entry() -> None:
    assert '"../course.toml"' in _refusal(_zip({"../course.toml": b""}))
