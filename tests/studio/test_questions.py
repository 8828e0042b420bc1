import pytest
from flask import Flask

from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts, questions
from app.studio.service import drafts as drafts_service, questions as service
from app.studio.service.drafts import Conflict, SavedFile
from app.studio.service.questions import QuestionSave
from tests.support import studio_site
from tests.support.studio_site import Author

PATH = "test.en.md"
TEXT = "## T10-Q01\nkind: single\ncompetency: PRT-01\n\nWhich berth?\n\n---\n\n- [x] Berth 2\n- [ ] Berth 3\n"


def _save(author: Author, item_id: str, text: str, opened: str) -> SavedFile | Conflict:
    with transaction():
        save = QuestionSave(item_id, text, opened)
        return service.save_question(author.workspace(), save, by=author.id, now=clock.now())


def _opened(author: Author) -> str:
    return questions.bank(author.workspace()).digest


@pytest.mark.each_database
def test_first_save_of_a_question_opens_the_draft(context: Flask) -> None:
    author = studio_site.author()
    before = drafts.file(author.workspace(), PATH).decode()
    saved = _save(author, "T10-Q01", TEXT, _opened(author))
    assert isinstance(saved, SavedFile)
    after = drafts.file(author.workspace(), PATH).decode()
    assert TEXT in after
    assert after[after.index("## T10-Q02") :] == before[before.index("## T10-Q02") :]


@pytest.mark.each_database
def test_saves_of_two_users_at_different_questions_are_combined(context: Flask) -> None:
    author, other = studio_site.author(), studio_site.author()
    opened = _opened(author)
    third = questions.bank(author.workspace()).lines["T10-Q03"].text.replace("Every", "Each")
    _save(author, "T10-Q01", TEXT, opened)
    second = _save(other, "T10-Q03", third, opened)
    assert isinstance(second, SavedFile)
    assert second.merged
    text = drafts.file(author.workspace(), PATH).decode()
    assert TEXT in text
    assert third in text


@pytest.mark.each_database
def test_saves_of_two_users_at_one_question_overwrite_nothing(context: Flask) -> None:
    author, other = studio_site.author(), studio_site.author()
    opened = _opened(author)
    _save(author, "T10-Q01", TEXT, opened)
    assert isinstance(_save(other, "T10-Q01", TEXT.replace("Which", "What"), opened), Conflict)
    assert TEXT in drafts.file(author.workspace(), PATH).decode()


@pytest.mark.parametrize("opened", ["", "0" * 64])
def test_save_from_a_file_that_was_never_stored_is_refused(context: Flask, opened: str) -> None:
    author = studio_site.author()
    with pytest.raises(DomainError, match="too old"):
        _save(author, "T10-Q01", TEXT, opened)


def test_save_from_another_file_of_the_course_is_refused(context: Flask) -> None:
    author = studio_site.author()
    _save(author, "T10-Q01", TEXT, _opened(author))
    lesson = drafts.digest_of(drafts.file(author.workspace(), "lessons/the-quay.en.md"))
    with pytest.raises(DomainError):
        _save(author, "T10-Q01", TEXT, lesson)


@pytest.mark.each_database
def test_changes_of_questions_are_revisions_with_their_kind(context: Flask) -> None:
    author = studio_site.author()
    with transaction():
        workspace, now = author.workspace(), clock.now()
        first = service.add_question(workspace, TEXT, by=author.id, now=now)
        second = service.copy_question(workspace, first, by=author.id, now=now)
        service.change_keys(workspace, [first], {"level": "specialist"}, by=author.id, now=now)
        service.retire_question(workspace, second, by=author.id, now=now)
    assert (first, second) == ("T10-Q10", "T10-Q11")
    lines = questions.bank(author.workspace()).lines
    assert lines[first].key("level") == "specialist"
    assert second not in lines
    assert [line.kind for line in drafts.revisions(author.course_id)] == [
        RevisionKind.REMOVED,
        RevisionKind.SAVED,
        RevisionKind.ADDED,
        RevisionKind.ADDED,
        RevisionKind.OPENED,
    ]


def test_id_of_a_published_question_is_not_used_again(context: Flask) -> None:
    author = studio_site.author()
    before = drafts.file(author.workspace(), PATH).decode()
    without_last = before[: before.index("## T10-Q09")]
    with transaction():
        save = drafts_service.FileSave(PATH, without_last, drafts.digest_of(before.encode()))
        drafts_service.save_file(author.course_id, save, by=author.id, now=clock.now())
    with transaction():
        assert service.add_question(author.workspace(), TEXT, by=author.id, now=clock.now()) == "T10-Q10"


def test_demand_counts_forms_of_each_draw(context: Flask) -> None:
    author = studio_site.author()
    workspace, now = author.workspace(), clock.now()
    with transaction():
        service.change_keys(workspace, ["T10-Q01"], {"form": "A"}, by=author.id, now=now)
        service.change_keys(workspace, ["T10-Q02"], {"form": "B"}, by=author.id, now=now)
    demands = questions.demands(questions.bank(author.workspace()))
    assert [(line.competency, line.needed, line.form_a, line.form_b, line.total) for line in demands] == [
        ("PRT-01", 2, 2, 2, 3),
        ("PRT-02", 2, 2, 2, 2),
    ]
