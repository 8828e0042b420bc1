"""Write the archive of own data: all rows as JSON and a readable page, in one ZIP file built on disk."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

import msgspec

from app.audit import personal_data as audit
from app.catalogue import personal_data as catalogue
from app.checks import personal_data as checks
from app.competence import personal_data as competence
from app.coordination import personal_data as coordination
from app.credentials import personal_data as credentials
from app.db import personal_data
from app.db.personal_data import PersonalDataTable
from app.identity import personal_data as identity
from app.intake import personal_data as intake
from app.invitations import personal_data as invitations
from app.kernel import clock
from app.learning import personal_data as learning
from app.messages import personal_data as messages
from app.operations import personal_data as operations
from app.plan import personal_data as plan
from app.privacy import personal_data as privacy
from app.privacy.queries import sources
from app.quizzes import personal_data as quizzes
from app.recovery import personal_data as recovery
from app.reports import personal_data as reports
from app.rights import personal_data as rights
from app.scenarios import personal_data as scenarios
from app.sign_in import personal_data as sign_in
from app.studio import personal_data as studio
from app.workshops import personal_data as workshops

# the personal data of every package, in the order of the archive
PARTS: tuple[PersonalDataTable, ...] = (
    *identity.PERSONAL_DATA,
    *sign_in.PERSONAL_DATA,
    *rights.PERSONAL_DATA,
    *recovery.PERSONAL_DATA,
    *invitations.PERSONAL_DATA,
    *learning.PERSONAL_DATA,
    *quizzes.PERSONAL_DATA,
    *scenarios.PERSONAL_DATA,
    *studio.PERSONAL_DATA,
    *checks.PERSONAL_DATA,
    *credentials.PERSONAL_DATA,
    *coordination.PERSONAL_DATA,
    *reports.PERSONAL_DATA,
    *competence.PERSONAL_DATA,
    *workshops.PERSONAL_DATA,
    *plan.PERSONAL_DATA,
    *messages.PERSONAL_DATA,
    *catalogue.PERSONAL_DATA,
    *intake.PERSONAL_DATA,
    *operations.PERSONAL_DATA,
    *privacy.PERSONAL_DATA,
    *audit.PERSONAL_DATA,
)


SAMPLE = 200  # rows of a part that the readable page shows
FORMAT = 1
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger file is sent from the disk
_encode = msgspec.json.Encoder(order="sorted", enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class PartSample:
    """The first rows of a part, for the readable page, and the number of all rows."""

    name: str
    rows: list[dict[str, Any]]
    count: int


Pages = Callable[[list[PartSample], dict[str, str]], Mapping[str, str]]


def write(person_id: UUID, pages_of: Pages) -> IO[bytes]:
    """Write all data about a person; `pages_of` returns the readable files by name."""
    file = TemporaryFile()  # noqa: SIM115 - closed, and with that gone, at once or when the answer is sent
    courses = sources.course_codes()
    samples: list[PartSample] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w") as data:
            for piece in _json(person_id, courses, samples):
                data.write(piece)
        for name, text in pages_of(samples, courses).items():
            archive.writestr(name, text)
    size = file.tell()
    file.seek(0)
    if size > IN_MEMORY:
        return file
    with file:
        return BytesIO(file.read())


def _json(person_id: UUID, courses: dict[str, str], samples: list[PartSample]) -> Iterator[bytes]:
    """Yield the file in pieces: `parts` by name, each with a description and rows; `courses`: codes by id."""
    head = {"format": FORMAT, "made_at": clock.now(), "courses": courses}
    yield _encode(head)[:-1] + b',"parts":{'
    for index, part in enumerate(PARTS):
        yield (b"," if index else b"") + _encode(part.name) + b':{"what":' + _encode(part.description) + b',"rows":['
        sample: list[dict[str, Any]] = []
        count = 0
        for row in personal_data.rows(part, person_id):
            yield (b"," if count else b"") + _encode(row)
            count += 1
            if count <= SAMPLE:
                sample.append(row)
        yield b"]}"
        samples.append(PartSample(part.name, sample, count))
    yield b"}}"
