"""Collections of desk tasks: checks of the folder, and the lists of courses that leave them out."""

from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.course_writer import write_course
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.text import TextFile
from app.catalogue.models import Course
from app.catalogue.queries import courses, versions
from app.db.session import db
from app.kernel.errors import DomainError
from app.messages.models import Notice
from app.plan.queries import sources
from tests.support import courses as course, desk_tasks, factories

READER = Actor(UUID(int=1), "IQ", frozenset({Role.PRACTITIONER}))
TEST = '\n[test]\ndraw = [{ competency = "PRT-01", items = 1 }]\n'


def _messages(toml: str = desk_tasks.COURSE, bank: str = desk_tasks.BANK) -> list[tuple[str, Weight]]:
    problems = desk_tasks.problems(desk_tasks.files(toml=toml, bank=bank))
    return [(problem.message % problem.values, problem.weight) for problem in problems]


def test_collection_of_desk_tasks_has_no_problems() -> None:
    assert _messages() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"PRT-01.foundation"', '"PRT-01.practitioner"'),
        ('level = "foundation"\nrubric', 'level = "practitioner"\nrubric'),
    ],
)
def test_desk_task_without_rubric_of_its_level_is_an_error_at_its_line(before: str, after: str) -> None:
    toml = desk_tasks.COURSE.replace(before, after)
    [problem] = desk_tasks.problems(desk_tasks.files(toml=toml))
    assert problem.message.startswith("There is no rubric")
    line = next(number for number, text in enumerate(toml.split("\n"), 1) if text.startswith("rubric"))
    assert (problem.file, problem.line, problem.weight) == ("desk-tasks/course.toml", line, Weight.ERROR)


def test_collection_is_written_as_it_was_read() -> None:
    facts = read_course(TextFile("course.toml", desk_tasks.COURSE))[0]
    assert facts is not None
    assert facts.collection
    assert write_course(facts, desk_tasks.COURSE) == desk_tasks.COURSE
    assert read_course(TextFile("course.toml", write_course(facts)))[0] == facts
    assert "collection" not in write_course(msgspec.structs.replace(facts, collection=False))


def test_collection_with_test_is_an_error() -> None:
    assert ("A collection of desk tasks has no test.", Weight.ERROR) in _messages(desk_tasks.COURSE + TEST)


def test_collection_with_lesson_is_an_error() -> None:
    toml = f'{desk_tasks.COURSE}\n[[lesson]]\nslug = "first"\nminutes = 5\n'
    assert ("A collection of desk tasks has no lesson.", Weight.ERROR) in _messages(toml)


def test_collection_without_tasks_is_an_error() -> None:
    messages = _messages(desk_tasks.COURSE.partition("[[desk_task]]")[0])
    assert ("The collection has no desk task.", Weight.ERROR) in messages
    assert ("No desk task uses the document T90-D01.", Weight.WARNING) in messages
    assert ("No desk task uses the item T90-Q01.", Weight.WARNING) in messages


@pytest.mark.parametrize("block", ["good", "weak"])
def test_open_item_without_model_answer_is_an_error(block: str) -> None:
    start, _opening, after = desk_tasks.BANK.partition(f"/// {block}\n")
    messages = _messages(bank=start + after.partition("///\n")[2].lstrip("\n"))
    assert messages == [("The open item T90-Q01 of a desk task has no good or no weak answer.", Weight.ERROR)]


@pytest.mark.each_database
def test_collection_is_in_no_list_of_courses(context: Flask) -> None:
    published = course.publish()
    version_id = desk_tasks.publish()
    assert [outline.code for outline in courses.all_visible(READER)] == [course.CODE]
    assert courses.published_codes() == {course.CODE}
    assert [record.code for record in versions.course_records()] == [course.CODE]
    assert db.session.scalars(courses.readable(READER)).all() == [published.course_id]
    assert [outline.code for outline in versions.published_with_collections()] == [course.CODE, desk_tasks.CODE]
    assert [record.code for record in versions.all_records()] == [course.CODE, desk_tasks.CODE]
    assert [record.code for record in versions.course_records({courses.outline(version_id).course_id})] == ["T90"]


def test_collection_cannot_be_opened_as_a_course(context: Flask) -> None:
    desk_tasks.publish()
    with pytest.raises(NoResultFound):
        courses.visible(READER, desk_tasks.SLUG)
    with pytest.raises(NoResultFound):
        courses.visible_version(READER, desk_tasks.SLUG, 1)


def test_publishing_a_collection_notifies_nobody(context: Flask) -> None:
    factories.person()
    version_id = desk_tasks.publish()
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0
    assert not sources.is_module(version_id)


def test_draft_becomes_a_collection_until_it_is_published(context: Flask) -> None:
    as_course = desk_tasks.COURSE.replace("collection = true\n", "")
    desk_tasks.store(as_course)
    assert not _stored_as_collection()
    desk_tasks.publish()
    assert _stored_as_collection()
    with pytest.raises(DomainError, match="is published"):
        desk_tasks.store(as_course)
    db.session.rollback()
    assert _stored_as_collection()


def _stored_as_collection() -> bool:
    return db.session.execute(select(Course.collection).where(Course.code == desk_tasks.CODE)).scalar_one()
