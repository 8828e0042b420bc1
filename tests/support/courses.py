"""One tiny published course, from an in-memory folder: read and rendered once a session, stored for each test."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import References
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from tests.support import factories
from tests.support.site_snapshots import kept

SLUG, CODE = "night-harbour", "T10"
LESSONS = ("the-list", "the-quay", "after-the-watch")
CHECK = "T10-Q09"  # is part of the first lesson, and is drawn last
RIGHT = {
    "T10-Q01": {"place": 0},
    "T10-Q02": {"places": [0, 1]},
    "T10-Q03": {"place": 0},
    "T10-Q04": {"places": [0, 1, 2]},
}
WRONG = {"T10-Q01": {"place": 1}, "T10-Q02": {"places": [2]}, "T10-Q03": {"place": 1}, "T10-Q04": {"places": [2, 1, 0]}}

COURSE = """\
id = "T10"
source_language = "en"
sensitivity = "unrestricted"
hours = 1
roles = ["first_responder"]
prerequisites = []
licence = "CC-BY-4.0"
authors = ["COLEP Academy"]
owner = "COLEP Academy"
checked_on = 2026-11-24
retired = []

[[competency]]
id = "PRT-01"
level = "foundation"

[[competency]]
id = "PRT-02"
level = "foundation"

[[lesson]]
slug = "the-list"
minutes = 5
competencies = ["PRT-01"]

[[lesson]]
slug = "the-quay"
minutes = 6
competencies = ["PRT-02"]
warning = 1

[[lesson]]
slug = "after-the-watch"
minutes = 4
competencies = ["PRT-02"]

[test]
draw = [{ competency = "PRT-01", items = 2 }, { competency = "PRT-02", items = 2 }]
pass_mark = 0.75
attempts = 3
wait_hours = 24
minutes = %(minutes)s
certainty = true
feedback = "after_attempt"
"""
RETENTION = """
[retention]
items = 2
months = 6
"""
REVIEWED = """\
[[review]]
by = "practitioner"
on = 2026-11-20

[checklist]
on = 2026-11-21
done = ["facts", "mark"]

"""
WORDS = """\
# Night at the harbour

A night at the quay of an invented port.

You will be able to:

- compare the list with the quay
- write down what you saw
"""
LIST = """\
# The list

Every ship at a berth is on the list [@belmora-port-rules, rule 3].

The second paragraph has a place to stop.

/// check | T10-Q09
///
"""
LIST_AR = """\
---
follows: - - -
state: draft
---

# القائمة

كل سفينة في مرسى مذكورة في القائمة [@belmora-port-rules, القاعدة 3].

في الفقرة الثانية موضع للتوقف.

/// check | T10-Q09
///
"""
QUAY = """\
# The quay

/// sensitive | Before you read
A person in distress is spoken of. You may skip to the next lesson.
///

Walk the quay with a second officer.
"""
AFTER = """\
# After the watch

Write down what you saw, with the time.
"""
BANK = """\
# Night at the harbour: questions

## T10-Q01
kind: single
competency: PRT-01
level: foundation
cite: belmora-port-rules, rule 3

The list names no ship for berth 2, but a ship lies there. What comes first?

---

- [%(first)s] Write it down with the time
  > %(why)s
- [%(second)s] Go on board alone now
  > Feedback of the second.
- [ ] Wait until the morning (miss)
  > By then it may be gone.

## T10-Q02
kind: several
competency: PRT-01
level: foundation
cite: belmora-port-rules, rule 4

What belongs in the note?

---

- [x] The time of night
  > The note needs a time.
- [x] The number of the berth
  > The note needs a place.
- [ ] What you feel about it
  > A note holds facts.

## T10-Q03
kind: truefalse
competency: PRT-02
level: foundation
cite: belmora-port-rules, rule 3

Every ship at a berth is on the list.

---

- [x] True
  > Rule 3 says so.
- [ ] False
  > Look at rule 3 again.

## T10-Q04
kind: order
competency: PRT-02
level: foundation
cite: belmora-port-rules, rule 4

Put the steps of the watch in order.

---

1. Read the list
  > Before you go out.
2. Walk the quay
  > With a second officer.
3. Write the note
  > The same night.

## T10-Q09
kind: single
competency: PRT-01
level: foundation
cite: belmora-port-rules, rule 3

Who keeps the list of berths?

---

- [x] The office of the port
  > It keeps the list.
- [ ] Each captain for himself
  > A captain keeps a log.
- [ ] There is no list at all
  > Rule 3 names the office.
"""


def _practice_items() -> str:
    """Return ten items for practice, five of each competency; the first option is right."""
    item = "\n## T10-Q{n}\nkind: single\ncompetency: {competency}\nform: {form}\ncite: belmora-port-rules, rule 3\n"
    options = "\nWatch {n}: which is right?\n\n---\n\n- [x] This one\n  > Right.\n- [ ] That one\n  > Not this.\n"
    return "".join(
        (item + options).format(n=n, competency="PRT-01" if n < 25 else "PRT-02", form="A" if n % 2 else "practice")
        for n in range(20, 30)
    )


SCENARIO = """\
# The ship without a name
id: S91
truth: other
start: d1

A ship lies at berth 2 of Belmora. The list says that the berth is empty.

## d1
What do you do first?

---

- Write it down and call a second officer -> end (best)
  > The second officer comes in ten minutes.
  > Why: A note and a witness cost nothing.
- Walk away -> r1 (poor, miss)
  > The ship leaves before dawn.
  > Why: No record will show that it was there.

## r1 recovery
The port office asks what you saw.

---

- Tell them all, with the time -> end (acceptable)
  > They find the ship on the list of the next port.
  > Why: Late is better than never.
- Say that you saw nothing -> end (harmful, miss)
  > The record stays empty.
  > Why: A false record harms the next watch.

## end
The watch is over.
"""
STEPS = (
    "- not_shown: Does not.\n- with_help: Does it when told.\n- alone: Does it.\n- securely: Does it and says why.\n"
)


def _rubric(*criteria: str) -> str:
    """Return the texts of a rubric, each criterion with the same four steps."""
    name = "PRT-01.foundation"
    heads = "".join(
        f"\n## {name}.{criterion}\nThe {criterion}\n\nWatch the {criterion}.\n\n{STEPS}" for criterion in criteria
    )
    return f"# Rubrics\n\n## {name}\nA watch at the quay\n\nTen minutes.\n{heads}"


SHARED = {
    "competencies.en.md": """\
# Competencies

## foundation
Foundation

## PORT
Ports

## first_responder
First responder

## PRT-01
Read a berth list

Compares the berth list with what lies at the quay.

- foundation: Names three differences.

## PRT-02
Keep a watch

Walks the quay and writes the note.

- foundation: Names the three steps.
""",
    "competencies.toml": """\
[[level]]
id = "foundation"
evidence = ["quiz", "scenario"]
verified_by = ["watched_check"]

[[area]]
id = "PORT"

[[role]]
id = "first_responder"

[[competency]]
id = "PRT-01"
area = "PORT"
levels = ["foundation"]
months = 24
fading = "knowledge"

[[competency]]
id = "PRT-02"
area = "PORT"
levels = ["foundation"]
months = 24
fading = "procedure"
""",
    "rubrics.en.md": _rubric("list", "quay", "note", "call"),
    "rubrics.toml": """\
[[rubric]]
id = "PRT-01.foundation"
competency = "PRT-01"
level = "foundation"
criteria = ["list", "quay", "note", "call"]
""",
    "sources.toml": """\
[[source]]
id = "belmora-port-rules"
title = "Rules of the port of Belmora"
publisher = "Port of Belmora (invented)"
year = 2024
kind = "manual"
binding_for = "no state: invented"
where = "nowhere"
checked = "no"
how = "invented for tests"
check_by = 2099-01-01
""",
}


@dataclass(frozen=True, slots=True)
class Published:
    """A published course; `first` and `second` are the people who published it."""

    outline: Outline
    first: UUID
    second: UUID

    @property
    def course_id(self) -> UUID:
        return self.outline.course_id

    @property
    def version_id(self) -> UUID:
        return self.outline.version_id


def files(
    *,
    minutes: int = 0,
    right: int = 0,
    why: str = "Right: the note comes first.",
    retention: bool = True,
    reviewed: bool = False,
    feedback: str = "after_attempt",
    practice: bool = False,
) -> dict[str, bytes]:
    """Return the folder; `right` is the right option (0 or 1) of the first item, `why` the first option's feedback."""
    facts = COURSE.replace("[[lesson]]", f"{REVIEWED}[[lesson]]", 1) if reviewed else COURSE
    facts = facts.replace('feedback = "after_attempt"', f'feedback = "{feedback}"')
    marks = {"first": "x" if right == 0 else " ", "second": "x" if right == 1 else " ", "why": why}
    texts = {
        **SHARED,
        f"{SLUG}/course.toml": facts % {"minutes": minutes} + (RETENTION if retention else ""),
        f"{SLUG}/course.en.md": WORDS,
        f"{SLUG}/lessons/the-list.en.md": LIST,
        f"{SLUG}/lessons/the-list.ar.md": LIST_AR,
        f"{SLUG}/lessons/the-quay.en.md": QUAY,
        f"{SLUG}/lessons/after-the-watch.en.md": AFTER,
        f"{SLUG}/test.en.md": BANK % marks + (_practice_items() if practice else ""),
        f"{SLUG}/scenario.en.md": SCENARIO,
    }
    return {path: text.encode() for path, text in texts.items()}


@cache
def ready(
    *,
    minutes: int = 0,
    right: int = 0,
    why: str = "Right: the note comes first.",
    retention: bool = True,
    reviewed: bool = False,
    feedback: str = "after_attempt",
    practice: bool = False,
) -> tuple[ReadyCourse, References]:
    """Return the course read and rendered, once a session for each folder."""
    folder = files(
        minutes=minutes,
        right=right,
        why=why,
        retention=retention,
        reviewed=reviewed,
        feedback=feedback,
        practice=practice,
    )
    library, mistakes = read_folder(folder)
    errors = [str(mistake) for mistake in mistakes if mistake.weight is Weight.ERROR]
    assert not errors, errors
    return prepare(library.courses[SLUG], library.references, folder), library.references


@kept
def publish(
    *,
    minutes: int = 0,
    right: int = 0,
    why: str = "Right: the note comes first.",
    now: datetime | None = None,
    reviewed: bool = False,
    feedback: str = "after_attempt",
    practice: bool = False,
) -> Published:
    """Store and publish the course, and its references, in transactions of their own."""
    ready_course = ready(minutes=minutes, right=right, why=why, reviewed=reviewed, feedback=feedback, practice=practice)
    return publish_ready(*ready_course, at=now)


def publish_ready(course: ReadyCourse, references: References, *, at: datetime | None = None) -> Published:
    """Store and publish a course that was read and rendered, and its references."""
    at = at or clock.now()
    first, second = factories.person(), factories.person()
    with transaction():
        publication.store_draft(course, at)
        publication.store_references(references, at)
    with transaction():
        publication.publish(
            CODE, kind=VersionKind.EDITORIAL, message="First version.", first_id=first, second_id=second, now=at
        )
    outline = courses.visible(Actor(first, "IQ", frozenset({Role.PRACTITIONER})), SLUG)
    db.session.rollback()
    return Published(outline, first, second)
