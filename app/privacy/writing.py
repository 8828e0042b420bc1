"""Writing the archive: all rows as JSON, and a page to read, in one file that is put together on disk."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

import msgspec

from app.db import about
from app.kernel import clock
from app.privacy import gathering

SAMPLE = 200  # rows of a part that stand on the page to read
FORMAT = 1
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger is sent from the disk
_encode = msgspec.json.Encoder(order="sorted", enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class Told:
    """A part as the page to read shows it: its first rows, and how many there are."""

    name: str
    rows: list[dict[str, Any]]
    count: int


Pages = Callable[[list[Told], dict[str, str]], Mapping[str, str]]


def write(person_id: UUID, pages_of: Pages) -> IO[bytes]:
    """Write everything that is held about a person; `pages_of` makes what is to be read of it, by names of files."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and with that gone, at once or when the answer is sent
    courses = gathering.course_codes()
    told: list[Told] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w") as data:
            for piece in _json(person_id, courses, told):
                data.write(piece)
        for name, text in pages_of(told, courses).items():
            archive.writestr(name, text)
    size = file.tell()
    file.seek(0)
    if size > IN_MEMORY:
        return file
    with file:
        return BytesIO(file.read())


def _json(person_id: UUID, courses: dict[str, str], told: list[Told]) -> Iterator[bytes]:
    """Yield the file in pieces: `parts` by name, each with what it is and its rows; `courses`: codes by their ids."""
    head = {"format": FORMAT, "made_at": clock.now(), "courses": courses}
    yield _encode(head)[:-1] + b',"parts":{'
    for place, part in enumerate(gathering.PARTS):
        yield (b"," if place else b"") + _encode(part.name) + b':{"what":' + _encode(part.what) + b',"rows":['
        sample: list[dict[str, Any]] = []
        count = 0
        for row in about.rows(part, person_id):
            yield (b"," if count else b"") + _encode(row)
            count += 1
            if count <= SAMPLE:
                sample.append(row)
        yield b"]}"
        told.append(Told(part.name, sample, count))
    yield b"}}"
