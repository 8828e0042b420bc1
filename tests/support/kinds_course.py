"""A published course whose test draws one item of each kind, and whose first lesson asks them: documents beside them.

The items and documents are those of `documents_course`, in the folder of `courses`.
"""

import re
from collections.abc import Mapping
from functools import cache

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import References
from app.catalogue.domain.problems import Weight
from app.catalogue.service.preparation import ReadyCourse, prepare
from tests.support import courses, documents_course
from tests.support.site_snapshots import kept

ITEMS = tuple(f"D01-Q{number:02}" for number in range(1, 16))  # in the order of `items.ItemKind`, each kind once
_FORM = re.compile(r"^form: .*\n", re.M)
_FOLDER = f"{documents_course.SLUG}/"


def files(changes: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """Return the folder; `changes` are texts of the bank to replace."""
    documents = documents_course.files()
    bank = _one_of_each(documents[f"{_FOLDER}test.en.md"].decode())
    for before, after in (changes or {}).items():
        assert before in bank, before
        bank = bank.replace(before, after)
    own = {
        path.replace(_FOLDER, f"{courses.SLUG}/"): text
        for path, text in documents.items()
        if "/documents/" in path and path.startswith(_FOLDER)
    }
    shared = {
        path: text.replace(b'"D01"', b'"T10"') for path, text in documents.items() if path.startswith("documents/")
    }
    asked = "".join(f"/// check | {item}\n///\n\n" for item in ITEMS)
    facts = (courses.COURSE % {"minutes": 0}).replace(
        'draw = [{ competency = "PRT-01", items = 2 }, { competency = "PRT-02", items = 2 }]',
        f'draw = [{{ competency = "PRT-01", items = {len(ITEMS) - 1} }}]',
    )
    facts = facts.replace("hours =", "peer_marking = true\nhours =", 1)
    base = courses.files()
    texts = {
        f"{courses.SLUG}/course.toml": facts,
        f"{courses.SLUG}/test.en.md": bank,
        f"{courses.SLUG}/lessons/the-list.en.md": f"# The list\n\nEvery ship is on the list.\n\n{asked}",
    }
    del base[f"{courses.SLUG}/lessons/the-list.ar.md"]
    return base | own | shared | {path: text.encode() for path, text in texts.items()}


def _one_of_each(bank: str) -> str:
    """Return the first fifteen items, of no form."""
    head, *items = _FORM.sub("", bank).split("\n## ")
    return "\n## ".join([head, *(item for item in items if item.split("\n")[0] in ITEMS)]).rstrip() + "\n"


@cache
def _ready(changes: tuple[tuple[str, str], ...]) -> tuple[ReadyCourse, References]:
    folder = files(dict(changes))
    library, problems = read_folder(folder)
    errors = [str(problem) for problem in problems if problem.weight is Weight.ERROR]
    assert not errors, errors
    return prepare(library.courses[courses.SLUG], library.references, folder), library.references


def ready() -> ReadyCourse:
    """Return the course as it can be stored."""
    return _ready(())[0]


@kept
def publish(changes: Mapping[str, str] | None = None) -> courses.Published:
    """Store and publish the course."""
    return courses.publish_ready(*_ready(tuple((changes or {}).items())))
