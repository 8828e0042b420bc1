"""The desk tasks in `courses/`: one for each first-year core competency that paper can show, with model answers."""

from collections import Counter
from pathlib import Path

import pytest

from app.catalogue.domain.courses import DeskTask
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.document_uses import PRODUCED
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import Fields, Item, ItemKind, Level
from app.catalogue.domain.library import CourseFolder, Library

COURSES = Path(__file__).parents[2] / "courses"
# first contact, work with interpreters, courses and coaching are seen in practice
SEEN_IN_PRACTICE = frozenset({"VIC-02", "VIC-05", "COP-06", "COP-07"})
LEAST_MINUTES, MOST_MINUTES = 20, 60


@pytest.fixture(scope="module")
def library() -> Library:
    names = ("competencies.", "rubrics.", "sources.", "desk-tasks-")
    return read_folder({path: raw for path, raw in files_on_disk(COURSES).items() if path.startswith(names)})[0]


def _tasks(library: Library) -> list[tuple[CourseFolder, DeskTask]]:
    return [(folder, task) for folder in library.courses.values() for task in folder.course.desk_tasks]


def _items(folder: CourseFolder, task: DeskTask) -> list[Item]:
    bank = folder.banks[folder.course.source_language]
    return [item for item in bank.items if item.id in task.items]


def test_core_competencies_have_desk_tasks_at_their_level(library: Library) -> None:
    """A task of a higher level verifies the lower ones."""
    competencies = {competency.id: competency for competency in library.references.competencies.competencies}
    levels = list(Level)
    highest = dict.fromkeys(competencies, -1)
    for _folder, task in _tasks(library):
        highest[task.competency] = max(highest[task.competency], levels.index(task.level))
    missing = {
        (role.id, name)
        for role in library.references.competencies.roles
        for name in set(role.core_first_year) - SEEN_IN_PRACTICE
        if highest[name] < levels.index(competencies[name].required[role.id])
    }
    assert missing == set()


def test_desk_tasks_are_marked_by_rubric_of_their_level(library: Library) -> None:
    rubrics = {rubric.id for rubric in library.references.rubrics.rubrics}
    assert {task.rubric for _folder, task in _tasks(library)} <= rubrics
    for _folder, task in _tasks(library):
        assert task.rubric == f"{task.competency}.{task.level}", task.id
        assert LEAST_MINUTES <= task.minutes <= MOST_MINUTES, task.id


def test_desk_tasks_ask_for_something_produced(library: Library) -> None:
    for folder, task in _tasks(library):
        items = _items(folder, task)
        assert len(items) == len(task.items), task.id
        assert any(item.kind in PRODUCED for item in items), task.id
        assert {item.competency for item in items} == {task.competency}, task.id


def test_open_items_of_desk_tasks_have_model_answers(library: Library) -> None:
    for folder, task in _tasks(library):
        for item in _items(folder, task):
            if item.kind is ItemKind.OPEN:
                assert item.good, item.id
                assert item.weak, item.id
                assert item.length, item.id


def test_many_desk_tasks_have_an_entry_that_stays_empty(library: Library) -> None:
    """The careful answer is that nothing is known, needed or sent in at least three of ten tasks."""
    tasks = _tasks(library)
    answers = [[item.answers for item in _items(folder, task)] for folder, task in tasks]
    empty = [
        any(isinstance(answer, Fields) and any(not entry.accepted for entry in answer.fields) for answer in task)
        for task in answers
    ]
    assert sum(empty) >= 0.3 * len(tasks)


def test_documents_of_desk_tasks_are_used_once(library: Library) -> None:
    uses = Counter(name for _folder, task in _tasks(library) for name in task.documents)
    assert {name: count for name, count in uses.items() if count > 1} == {}
    for folder, task in _tasks(library):
        others = {name for item in _items(folder, task) for name in item.document} - set(task.documents)
        assert others == set(), task.id
