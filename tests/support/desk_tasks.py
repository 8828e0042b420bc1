"""A small collection of desk tasks, made of the invented course with documents; rendered once, stored as asked."""

from functools import cache
from uuid import UUID

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.catalogue.service.publication import Stored
from app.db.session import transaction
from app.kernel import clock
from tests.support import documents_course, factories

SLUG, CODE = "desk-tasks", "T90"
COURSE = """\
id = "T90"
source_language = "en"
sensitivity = "unrestricted"
hours = 1
roles = ["first_responder"]
prerequisites = []
licence = "CC-BY-4.0"
authors = ["COLEP Academy"]
owner = "COLEP Academy"
checked_on = 2026-11-28
retired = []
collection = true

[[competency]]
id = "PRT-01"
level = "foundation"

[[desk_task]]
id = "T90-T01"
competency = "PRT-01"
level = "foundation"
rubric = "PRT-01.foundation"
documents = ["T90-D01"]
items = ["T90-Q01"]
minutes = 20
"""
TEXT = """\
# Desk tasks of the night

Tasks for watched sittings.

You will be able to:

- show in a sitting what you write
"""
DOCUMENTS = """\
[[document]]
id = "T90-D01"
slug = "things-in-a-room"
kind = "list"
sensitivity = "unrestricted"
form = "reserve"
family = "room"
checked_fiction_on = 2026-11-28
"""
DOCUMENT = """\
# Things in a room
id: T90-D01
kind: list
date: 2026-03-12

- 06:40, shelf beside the door: a book with sums beside first names.
- 06:44, under the bed: a bag with a lock, owner not known.
"""
BANK = """\
# Desk tasks

## T90-Q01
kind: open
competency: PRT-01
level: foundation
form: reserve
cite: belmora-port-rules, rule 3
document: T90-D01
words: 10..40

Write the line for the log about the thing whose owner has to be asked first.

---

| Criterion | Points | What earns them |
| --- | --- | --- |
| Thing | 1 | described and not judged |
| Place and time | 1 | where it lay, and when |

/// good
"06:44, under the bed: locked bag, owner not known." It judges nothing.
///

/// weak
"Found a bag." Where and when?
///
"""


def files(*, toml: str = COURSE, bank: str = BANK) -> dict[str, bytes]:
    """Return the folder of the collection by path."""
    texts = {
        "course.toml": toml,
        "course.en.md": TEXT,
        "documents/documents.toml": DOCUMENTS,
        "documents/things-in-a-room.en.md": DOCUMENT,
        "test.en.md": bank,
    }
    return {f"{SLUG}/{path}": text.encode() for path, text in texts.items()}


def problems(changed: dict[str, bytes]) -> list[Problem]:
    """Return the problems of a folder."""
    return read_folder(changed, base=documents_course.references())[1]


@cache
def ready(toml: str = COURSE) -> ReadyCourse:
    """Return the rendered collection."""
    library, _problems = read_folder(files(toml=toml), base=documents_course.references())
    return prepare(library.courses[SLUG], library.references, files(toml=toml))


def store(toml: str = COURSE) -> None:
    """Store the collection as a draft."""
    with transaction():
        publication.store_draft(ready(toml), clock.now())


def publish_for(competency: str, level: Level) -> UUID:
    """Publish the collection with its task for another competency at a level; return the id of the version."""
    folder = {
        path: raw.replace(b"PRT-01", competency.encode()).replace(b"foundation", level.encode())
        for path, raw in files().items()
    }
    library, _problems = read_folder(folder, base=documents_course.references())
    with transaction():
        publication.store_draft(prepare(library.courses[SLUG], library.references, folder), clock.now())
    return _publish()


def publish(toml: str = COURSE) -> UUID:
    """Store and publish the collection; return the id of the version."""
    store(toml)
    return _publish()


def _publish() -> UUID:
    first, second = factories.person(), factories.person()
    with transaction():
        stored = publication.publish(
            CODE, kind=VersionKind.EDITORIAL, message="First.", first_id=first, second_id=second, now=clock.now()
        )
    assert isinstance(stored, Stored)
    return stored.version_id
