"""Check the list of entries of a ZIP archive before anything is unpacked; unpack into memory while counting bytes."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"  # begins every line of the list of entries
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits: entry, strong encryption, list of entries
_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_FILE_TYPES = frozenset({0x0, 0x4, 0x8})  # not recorded, folder, file; others are links and devices
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, ArithmeticError, LookupError)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files and Office files with a password begin."""


class ArchiveProblem(StrEnum):
    """Why an archive is refused."""

    PACKED_TOO_LARGE = "packed_too_large"
    OLD_OR_LOCKED = "old_or_locked"
    NOT_AN_ARCHIVE = "not_an_archive"
    TOO_MANY_ENTRIES = "too_many_entries"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    RATIO = "ratio"
    ENCRYPTED = "encrypted"
    LINK = "link"
    PATH = "path"
    PACKING = "packing"
    REPEATED = "repeated"
    DAMAGED = "damaged"


class ArchiveError(Exception):
    """An archive is refused; `entry` is the name of the entry concerned, "" for the whole archive."""

    def __init__(self, problem: ArchiveProblem, entry: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.entry = entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """Limits of an archive: sizes in bytes, `path` in characters, `ratio` of entries larger than `ratio_from` bytes."""

    packed: int
    unpacked: int
    entries: int = 5_000
    ratio: int = 100
    ratio_from: int = 256 * 1024
    path: int = 200


def check_entries(entries: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """Raise ArchiveError if the list of entries exceeds a limit or has an unusual entry; nothing is unpacked."""
    if len(entries) > limits.entries:
        raise ArchiveError(ArchiveProblem.TOO_MANY_ENTRIES)
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise ArchiveError(ArchiveProblem.UNPACKS_TOO_LARGE)
    names: set[str] = set()
    for entry in entries:
        _check_entry(entry, names, limits)
        names.add(entry.filename)


def _check_entry(entry: zipfile.ZipInfo, names: set[str], limits: ArchiveLimits) -> None:
    problem = ArchiveProblem.REPEATED if entry.filename in names else _entry_problem(entry, limits)
    if problem is not None:
        raise ArchiveError(problem, entry.filename[: limits.path])


def _entry_problem(entry: zipfile.ZipInfo, limits: ArchiveLimits) -> ArchiveProblem | None:
    if entry.file_size > limits.ratio_from and entry.file_size > limits.ratio * max(1, entry.compress_size):
        return ArchiveProblem.RATIO
    if entry.flag_bits & _ENCRYPTED:
        return ArchiveProblem.ENCRYPTED
    if entry.external_attr >> 28 not in _FILE_TYPES:
        return ArchiveProblem.LINK
    if not _is_plain_path(entry.orig_filename, limits.path):
        return ArchiveProblem.PATH
    return None if entry.compress_type in _PACKINGS else ArchiveProblem.PACKING


def _is_plain_path(path: str, longest: int) -> bool:
    """Return whether a path is short, relative, and without `..`, backslash, drive letter or control character."""
    parts = path.split("/")
    is_relative = parts[0] != "" and ":" not in parts[0] and "\\" not in path
    return is_relative and ".." not in parts and len(path) <= longest and path.isprintable()


def unpack(content: bytes, limits: ArchiveLimits) -> dict[str, bytes]:
    """Return the files of an archive by path, folders left out; archives inside it are not opened.

    Raises ArchiveError. The list of entries is checked first; the bytes are counted as well, because a list can lie.
    """
    if len(content) > limits.packed:
        raise ArchiveError(ArchiveProblem.PACKED_TOO_LARGE)
    if content.startswith(OLE):
        raise ArchiveError(ArchiveProblem.OLD_OR_LOCKED)
    if not content.startswith(b"PK"):
        raise ArchiveError(ArchiveProblem.NOT_AN_ARCHIVE)
    if content.count(_ENTRY) > limits.entries:  # zipfile creates an object for every entry that is listed
        raise ArchiveError(ArchiveProblem.TOO_MANY_ENTRIES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_entries(archive.infolist(), limits)
            return _files(archive, limits)
    except _FAULTS as error:  # zipfile raises many kinds of errors for a damaged archive
        raise ArchiveError(ArchiveProblem.DAMAGED) from error


def _files(archive: zipfile.ZipFile, limits: ArchiveLimits) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = limits.unpacked
    for entry in archive.infolist():
        if not entry.is_dir():
            files[entry.filename] = _read(archive, entry, left)
            left -= len(files[entry.filename])
    return files


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the bytes of an entry; raise ArchiveError as soon as there are more than `most`."""
    chunks: list[bytes] = []
    size = 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > most:
                raise ArchiveError(ArchiveProblem.UNPACKS_TOO_LARGE, entry.filename)
    return b"".join(chunks)
