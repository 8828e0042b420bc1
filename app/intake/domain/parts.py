"""The parts of an .xlsx file: none is unpacked before its size is known, no entity of one is followed."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from app.intake.domain.grid import Trouble, UnreadableError

MOST_PARTS = 500
MOST_UNPACKED = 32 * 1024 * 1024
MOST_RATIO = 100
SMALL = 256 * 1024  # below, a part may be as regular as it likes
LONGEST_PATH = 200
DEEPEST = 64
MOST_ELEMENTS = 600_000  # of all parts that are read: cells that are coloured and empty count, too
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of files under a password
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
Attributes = Mapping[str, str]


class Part:
    """What reads a part: `begin` and `end` hear each element by its plain name, `text` what is in it."""

    def begin(self, name: str, attributes: Attributes) -> None:
        """Hear that an element begins."""

    def end(self, name: str) -> None:
        """Hear that an element ends."""

    def text(self, text: str) -> None:
        """Hear some of the text within an element."""


class Parts:
    """An opened file of parts."""

    def __init__(self, raw: bytes) -> None:
        if raw.startswith(_OLD):
            raise UnreadableError(Trouble.OLD_OR_LOCKED)
        try:
            self._file = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise UnreadableError(Trouble.DAMAGED) from error
        _check(self._file.infolist())
        self._left = MOST_ELEMENTS

    def has(self, name: str) -> bool:
        """Say whether there is such a part."""
        return name in self._file.NameToInfo

    def read(self, name: str, reader: Part) -> None:
        """Let a part be read; raise UnreadableError when it is not there, damaged, or declares types of its own."""
        try:
            raw = self._file.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise UnreadableError(Trouble.DAMAGED) from error
        self._parse(raw, reader)

    def _parse(self, raw: bytes, reader: Part) -> None:
        depth = 0

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._left -= 1
            if self._left < 0:
                raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
            if depth > DEEPEST:
                raise UnreadableError(Trouble.DAMAGED)
            reader.begin(_plain(name), {_plain(key): value for key, value in attributes.items()})

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            reader.end(_plain(name))

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parser.CharacterDataHandler = reader.text
        try:
            parser.Parse(raw, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise UnreadableError(Trouble.DAMAGED) from error


def _check(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to too much or is no plain file, by what the list of parts says."""
    names = {info.filename for info in infos}
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
    for info in infos:
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
        if info.flag_bits & 0x1:
            raise UnreadableError(Trouble.OLD_OR_LOCKED)
        odd = len(info.filename) > LONGEST_PATH or ".." in info.filename or info.filename.startswith(("/", "\\"))
        if odd or info.compress_type not in _PACKINGS or info.external_attr >> 28 == 0xA:
            raise UnreadableError(Trouble.DAMAGED)
    if len(names) != len(infos):
        raise UnreadableError(Trouble.DAMAGED)


def _refuse(*_declared: object) -> None:
    raise UnreadableError(Trouble.DOCTYPE)


def _plain(name: str) -> str:
    """Return a name without its space: transitional and strict files differ in nothing else."""
    return name.rpartition(" ")[2]
