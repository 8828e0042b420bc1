from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.identity.queries import roles as role_queries
from app.kernel import clock
from app.kernel.errors import DomainError
from app.rights.service import roles
from app.studio.domain.course_edits import NewCourse
from app.studio.domain.revisions import RevisionKind
from app.studio.models import DraftRevision
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import courses, drafts as service
from app.studio.service.drafts import Conflict, FileSave, SavedFile
from tests.support import factories, studio_site

LESSON = "lessons/the-quay.en.md"


def _save(
    workspace: Workspace, text: str, opened: str, by: UUID, *, is_automatic: bool = False
) -> SavedFile | Conflict:
    with transaction():
        save = FileSave(LESSON, text, opened, is_automatic)
        return service.save_file(workspace.course_id, save, by=by, now=clock.now())


def _text(author: studio_site.Author) -> str:
    return drafts.file(author.workspace(), LESSON).decode()


@pytest.mark.each_database
def test_first_save_copies_the_published_files_and_adds_a_revision(context: Flask) -> None:
    author = studio_site.author()
    before = author.workspace()
    text = _text(author)
    saved = _save(before, f"{text}\nOne more line.\n", drafts.digest_of(text.encode()), author.id)
    after = author.workspace()
    assert isinstance(saved, SavedFile)
    assert (before.revision, after.revision, saved.number) == (0, 2, 2)
    assert drafts.files(after) == {**versions.files_of(after.version_id), LESSON: saved.content}
    assert [line.kind for line in drafts.revisions(after.course_id)] == [RevisionKind.SAVED, RevisionKind.OPENED]


@pytest.mark.each_database
def test_saves_of_two_people_at_different_places_are_combined(context: Flask) -> None:
    author = studio_site.author()
    other = studio_site.author()
    text = _text(author)
    opened = drafts.digest_of(text.encode())
    _save(author.workspace(), f"{text}\nAt the end.\n", opened, author.id)
    second = _save(other.workspace(), text.replace("# The quay", "# The night quay"), opened, other.id)
    assert isinstance(second, SavedFile)
    assert second.merged
    assert "# The night quay" in _text(author)
    assert "At the end." in _text(author)


def test_saves_of_two_people_at_the_same_place_overwrite_nothing(context: Flask) -> None:
    author = studio_site.author()
    other = studio_site.author()
    text = _text(author)
    opened = drafts.digest_of(text.encode())
    _save(author.workspace(), text.replace("# The quay", "# The first quay"), opened, author.id)
    refused = _save(other.workspace(), text.replace("# The quay", "# The second quay"), opened, other.id)
    assert isinstance(refused, Conflict)
    assert [(conflict.own, conflict.theirs) for conflict in refused.merged.conflicts] == [
        ("# The second quay\n", "# The first quay\n")
    ]
    assert "# The first quay" in _text(author)
    again = _save(other.workspace(), refused.merged.text, refused.digest, other.id)
    assert isinstance(again, SavedFile)
    assert "# The second quay" in _text(author)


def test_automatic_saves_of_one_person_are_one_revision(context: Flask) -> None:
    author = studio_site.author()
    text = _text(author)
    digest = drafts.digest_of(text.encode())
    for line in ("a", "ab", "abc"):
        saved = _save(author.workspace(), f"{text}\n{line}\n", digest, author.id, is_automatic=True)
        assert isinstance(saved, SavedFile)
        digest = saved.digest
    last = _save(author.workspace(), f"{text}\nabcd\n", digest, author.id)
    assert isinstance(last, SavedFile)
    count = select(func.count()).select_from(DraftRevision)
    assert db.session.scalar(count) == 2
    assert drafts.revisions(author.course_id, path=LESSON)[0].kind is RevisionKind.SAVED


def test_automatic_save_after_ten_minutes_is_a_revision_of_its_own(context: Flask, still_clock: None) -> None:
    author = studio_site.author()
    text = _text(author)
    first = _save(author.workspace(), f"{text}\na\n", drafts.digest_of(text.encode()), author.id, is_automatic=True)
    assert isinstance(first, SavedFile)
    with transaction():
        save = FileSave(LESSON, f"{text}\nab\n", first.digest, is_automatic=True)
        later = clock.now() + timedelta(minutes=11)
        second = service.save_file(author.course_id, save, by=author.id, now=later)
    assert isinstance(second, SavedFile)
    assert second.number == first.number + 1


@pytest.mark.each_database
def test_page_opened_before_an_automatic_save_was_extended_is_saved(context: Flask) -> None:
    author, other = studio_site.author(), studio_site.author()
    text = _text(author)
    first = _save(author.workspace(), f"{text}\na\n", drafts.digest_of(text.encode()), author.id, is_automatic=True)
    opened = _text(other)
    _save(author.workspace(), f"{text}\nabc\n", first.digest, author.id, is_automatic=True)
    saved = _save(other.workspace(), opened.replace("# The quay", "# The night quay"), first.digest, other.id)
    assert isinstance(saved, SavedFile)
    assert saved.content.decode() == f"{text}\nabc\n".replace("# The quay", "# The night quay")


def test_content_of_another_course_is_not_what_a_user_began_from(context: Flask) -> None:
    author = studio_site.author()
    with transaction():
        other_id = courses.create_course(_new("M92"), by=author.id, now=clock.now())
        secret = b"# The quay\n\nA text of another course.\n"
        service.change_files(other_id, {LESSON: secret}, RevisionKind.SAVED, by=author.id, now=clock.now())
    with pytest.raises(DomainError, match="too old"):
        _save(author.workspace(), "# Own\n", drafts.digest_of(secret), author.id)
    assert drafts.opened(other_id, LESSON, drafts.digest_of(secret)) == secret
    assert drafts.opened(other_id, "lessons/another.en.md", drafts.digest_of(secret)) is None


@pytest.mark.each_database
def test_restored_revision_has_the_files_of_that_time(context: Flask) -> None:
    author = studio_site.author()
    text = _text(author)
    _save(author.workspace(), "# Another\n\nText.\n", drafts.digest_of(text.encode()), author.id)
    with transaction():
        service.restore(author.course_id, 1, by=author.id, now=clock.now())
    assert _text(author) == text
    assert all(state.digest == state.base_digest for state in drafts.file_states(author.workspace()).values())


def test_undone_revision_leaves_files_that_were_changed_again(context: Flask) -> None:
    author = studio_site.author()
    with transaction():
        files = {"lessons/one.en.md": b"# One\n", "lessons/two.en.md": b"# Two\n"}
        number = service.change_files(author.course_id, files, RevisionKind.IMPORTED, by=author.id, now=clock.now())
        service.change_files(
            author.course_id, {"lessons/two.en.md": b"# Changed\n"}, RevisionKind.SAVED, by=author.id, now=clock.now()
        )
        undone = service.undo(author.course_id, number, by=author.id, now=clock.now())
    assert undone.left == ("lessons/two.en.md",)
    assert "lessons/one.en.md" not in drafts.tree(author.course_id)
    assert drafts.contents(drafts.tree(author.course_id).values())


def _new(code: str) -> NewCourse:
    return replace(studio_site.COPY, code=code, slug=f"a-new-course-{code.lower()}")


def test_new_course_has_a_draft_and_its_creator_as_author(context: Flask) -> None:
    person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    new = _new("T90")
    with transaction():
        course_id = courses.create_course(new, by=person_id, now=clock.now())
    actor = studio_site.actor(person_id)
    workspace = workspaces.workspace(actor, "a-new-course-t90")
    assert workspace.course_id == course_id
    assert workspace.trainers == {person_id}
    assert not checked.checked(workspace).errors
    with pytest.raises(DomainError), transaction():
        courses.create_course(new, by=person_id, now=clock.now())


def test_creator_is_an_author_only_as_long_as_a_trainer(context: Flask) -> None:
    person_id = factories.person()
    until = clock.today() + timedelta(days=30)
    with transaction():
        roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach="another", since=clock.today(), until=until)
    with transaction():
        courses.create_course(_new("T93"), by=person_id, now=clock.now())
    assert role_queries.last_day_of(person_id, Role.TRAINER, clock.today()) == until


def test_reviewer_whose_role_as_a_trainer_ended_finds_no_draft(context: Flask) -> None:
    author = studio_site.author()
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, "another"),))
    with transaction():
        courses.add_reviewer(author.workspace(), reviewer, clock.now())
    assert workspaces.workspace(studio_site.actor(reviewer), author.workspace().slug)
    with transaction():
        roles.revoke_role(reviewer, Role.TRAINER, scope=Scope.COURSE, reach="another", today=clock.today())
    with pytest.raises(NoResultFound):
        workspaces.workspace(studio_site.actor(reviewer), author.workspace().slug)
