"""The tiny course of `courses` with reserve items that may be watched, and with a desk task on a reserve document."""

from functools import cache

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.guesses import BANK_FIGURES, bank_fingerprint
from app.catalogue.domain.library import References
from app.catalogue.domain.problems import Weight
from app.catalogue.service.preparation import ReadyCourse, prepare
from tests.support import courses
from tests.support.courses import SLUG, Published
from tests.support.site_snapshots import kept

COMPETENCY, OTHER = "PRT-01", "PRT-02"
RESERVE = 60
TASK, TASK_ITEM, DOCUMENT = "T10-T01", "T10-Q99", "T10-D01"
FIRST = 100  # number of the first reserve item; the items with an even number are produced
PASS_VALUE = 0.6
CHOSEN = """
## T10-Q{n}
kind: single
competency: PRT-01
level: foundation
form: reserve
cite: belmora-port-rules, rule 3
pass_value: 0.6

At berth {n} of Belmora: which is right?

---

- [x] This one
  > Right.
- [ ] That one
  > Not this.
- [ ] The third one
  > Not this.
"""
PRODUCED = """
## T10-Q{n}
kind: short
competency: PRT-01
level: foundation
form: reserve
cite: belmora-port-rules, rule 3
pass_value: 0.6

Which office keeps list {n} of Belmora? One word.

---

= port
  > Right.
"""
DESK_ITEM = """
## T10-Q99
kind: open
competency: PRT-01
level: foundation
form: reserve
cite: belmora-port-rules, rule 3
document: T10-D01
words: 5..40

Write the line for the log about the one thing whose owner has to be asked first.

---

| Criterion | Points | What earns them |
| --- | --- | --- |
| Thing | 1 | the book, described and not judged |
| Place | 1 | where it lay |

/// good
On the table of the room lay a book with sums. Neutral and complete.
///

/// weak
They keep false accounts. It judges.
///
"""
DESK_TASK = """
[[desk_task]]
id = "T10-T01"
competency = "PRT-01"
level = "foundation"
rubric = "PRT-01.foundation"
documents = ["T10-D01"]
items = ["T10-Q99"]
minutes = 20
"""
GUESS = """
[[guess]]
condition = "O"
readers = "novices"
count = 12
items = 12
share = 0.30
low = 0.25
high = 0.36
chance = 0.25
bank = "{bank}"
seed = 7
on = 2026-12-14
by = "course owner"
method = "honest-tests 1"
"""
DOCUMENTS = """\
[[document]]
id = "T10-D01"
slug = "things-in-the-room"
kind = "list"
sensitivity = "unrestricted"
form = "reserve"
family = "room"
checked_fiction_on = 2026-11-28
"""
THINGS = """\
# Things in the room
id: T10-D01
kind: list
date: 2026-03-14

- Box of tin, closed
- Three telephones, one with a cracked glass
- Book with sums beside first names {#book}
"""


def right_answer(item: str) -> dict[str, str]:
    """Return the filled field of the right answer to a reserve item, for a page of the source order."""
    return {"answer": "port"} if int(item.removeprefix("T10-Q")) % 2 == 0 else {"choice": "0"}


def files(reserve: int = RESERVE, *, measured: bool = True) -> dict[str, bytes]:
    """Return the folder with so many reserve items; without a measurement no item may be watched."""
    folder = courses.files()
    items = "".join((CHOSEN if number % 2 else PRODUCED).format(n=number) for number in range(FIRST, FIRST + reserve))
    bank = folder[f"{SLUG}/test.en.md"].decode() + items + DESK_ITEM
    figures = bank_fingerprint(bank)[:BANK_FIGURES]
    facts = folder[f"{SLUG}/course.toml"].decode() + DESK_TASK + (GUESS.format(bank=figures) if measured else "")
    return folder | {
        f"{SLUG}/test.en.md": bank.encode(),
        f"{SLUG}/course.toml": facts.encode(),
        f"{SLUG}/documents/documents.toml": DOCUMENTS.encode(),
        f"{SLUG}/documents/things-in-the-room.en.md": THINGS.encode(),
    }


@cache
def ready(reserve: int = RESERVE, *, measured: bool = True) -> tuple[ReadyCourse, References]:
    """Return the course read and rendered, once a session for each folder."""
    folder = files(reserve, measured=measured)
    library, mistakes = read_folder(folder)
    errors = [str(mistake) for mistake in mistakes if mistake.weight is Weight.ERROR]
    assert not errors, errors
    return prepare(library.courses[SLUG], library.references, folder), library.references


@kept
def publish(reserve: int = RESERVE, *, measured: bool = True) -> Published:
    """Store and publish the course, and its references."""
    return courses.publish_ready(*ready(reserve, measured=measured))
