"""Changes of the papers and desk tasks of a course, and of how its test draws papers.

As in `course_edits`, changes are the files to write, by path within the folder of the course.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from app.catalogue.domain.courses import CourseTest, DeskTask, Paper
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import Changes, Files, facts_of, with_facts

_Entry = TypeVar("_Entry", bound=Paper | DeskTask)


class EntryChangedError(DomainError):
    """Another user changed the entry after the form was opened."""


def entry_digest(entry: Paper | DeskTask) -> str:
    """Return 16 hexadecimal digits that change with the entry."""
    return hashlib.sha256(msgspec.json.encode(entry)).hexdigest()[:16]


def save_paper(files: Files, paper: Paper, before: str = "", opened: str = "") -> Changes:
    """Return `course.toml` with a paper; `before` is the id of the paper that it replaces, "" for a new one.

    `opened` is the digest of the paper when its form was opened. Raises EntryChangedError if another user changed it
    since; DomainError if another paper has its id, or if the paper was removed.
    """
    facts = facts_of(files)
    return with_facts(files, msgspec.structs.replace(facts, papers=_saved(facts.papers, paper, before, opened)))


def save_task(files: Files, task: DeskTask, before: str = "", opened: str = "") -> Changes:
    """Return `course.toml` with a desk task; otherwise as `save_paper`."""
    facts = facts_of(files)
    return with_facts(files, msgspec.structs.replace(facts, desk_tasks=_saved(facts.desk_tasks, task, before, opened)))


def remove(files: Files, entry_id: str) -> Changes:
    """Return `course.toml` without the paper or desk task of this id; nothing changes if it was removed before."""
    facts = facts_of(files)
    papers = tuple(paper for paper in facts.papers if paper.id != entry_id)
    tasks = tuple(task for task in facts.desk_tasks if task.id != entry_id)
    return with_facts(files, msgspec.structs.replace(facts, papers=papers, desk_tasks=tasks))


def save_rules(files: Files, papers: int, floor: Mapping[str, float]) -> Changes:
    """Return `course.toml` whose test draws so many papers, with the least rates of competencies.

    Raises DomainError if the course has no test and none is needed.
    """
    facts = facts_of(files)
    if facts.test is None and not papers:
        raise DomainError("The course has no test. Let it draw at least one paper.")
    test = facts.test or CourseTest(())
    return with_facts(
        files, msgspec.structs.replace(facts, test=msgspec.structs.replace(test, papers=papers, floor=dict(floor)))
    )


def next_id(course_code: str, letter: str, taken: Sequence[str]) -> str:
    """Return the first free id of a paper (letter P) or a desk task (letter T), such as M01-P03."""
    number = 1
    while f"{course_code}-{letter}{number:02}" in taken:
        number += 1
    return f"{course_code}-{letter}{number:02}"


def _saved(entries: tuple[_Entry, ...], saved: _Entry, before: str, opened: str) -> tuple[_Entry, ...]:
    ids = [entry.id for entry in entries]
    if saved.id != before and saved.id in ids:
        raise DomainError("Another entry has the id %(id)s. Choose another one.", id=saved.id)
    if not before:
        return (*entries, saved)
    if before not in ids:
        raise DomainError("This entry was removed by another user.")
    position = ids.index(before)
    if entry_digest(entries[position]) != opened:
        raise EntryChangedError("Another user changed this entry meanwhile. Save again to replace that change.")
    return (*entries[:position], saved, *entries[position + 1 :])
