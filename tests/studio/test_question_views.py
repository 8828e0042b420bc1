import re
from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import ItemKind
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.models import CourseReviewer, DraftRevision
from app.studio.queries import drafts, questions
from tests.support import courses, factories, studio_site
from tests.support.studio_site import Author

BANK = "/teaching/courses/night-harbour/bank"
ITEM = f"{BANK}/T10-Q01"
TEXT = "## T10-Q01\nkind: single\ncompetency: PRT-01\n\nWhich berth?\n\n---\n\n- [x] Berth 2\n- [ ] Berth 3\n"


class Desk:
    """An author with a client."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.author = studio_site.author()
        with transaction():
            publication.store_references(courses.ready()[1], clock.now())
        self.client = factories.sign_in(app, self.author.id)

    def get(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, response.status
        return response.text

    def post(self, path: str, **fields: object) -> TestResponse:
        return _post(self.app, self.client, path, fields)

    def bank(self) -> str:
        db.session.rollback()
        return drafts.file(self.author.workspace(), "test.en.md").decode()

    def opened(self) -> str:
        db.session.rollback()
        return questions.bank(self.author.workspace()).digest

    def fields(self, **changes: object) -> dict[str, object]:
        values: dict[str, object] = {
            "shown_as": "form",
            "opened": self.opened(),
            "kind": "single",
            "stem": "Which berth is empty?",
            "competency": "PRT-01",
            "level": "foundation",
            "shuffle": "yes",
            "scale": "1..5",
            "right": "0",
            "row-0-text": "Berth 2",
            "row-0-reason": "Rule 3.",
            "row-1-text": "Berth 3",
            "row-1-reason": "It is taken.",
        }
        return {**values, **changes}


def _post(app: Flask, client: FlaskClient, path: str, fields: Mapping[str, object]) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": factories.token(app, client)})


@pytest.fixture
def desk(context: Flask) -> Desk:
    return Desk(context)


def test_bank_lists_questions_and_what_the_test_needs(desk: Desk) -> None:
    page = desk.get(BANK)
    assert len(re.findall(r'href="/teaching/courses/night-harbour/bank/T10-Q0[0-9]"', page)) == 5
    assert "Add question" in page
    assert "Read a berth list" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=order", ["T10-Q04"]),
        ("competency=PRT-02", ["T10-Q03", "T10-Q04"]),
        ("form=A", []),
        ("kind=none-such&flag=none-such", ["T10-Q01", "T10-Q02", "T10-Q03", "T10-Q04", "T10-Q09"]),
        ("flag=errors", []),
    ],
)
def test_bank_is_filtered_by_keys_and_problems(desk: Desk, query: str, expected: list[str]) -> None:
    page = desk.get(f"{BANK}?{query}")
    assert re.findall(r'bank/(T10-Q0[0-9])"', page) == expected


def test_question_is_shown_as_form_and_as_text(desk: Desk) -> None:
    form = desk.get(ITEM)
    assert 'name="row-0-text"' in form
    assert "The list names no ship for berth 2" in form
    text = desk.get(f"{ITEM}?as=text")
    assert "## T10-Q01\nkind: single" in text
    assert 'name="row-0-text"' not in text


def test_form_saves_the_question_and_nothing_else(desk: Desk) -> None:
    before = desk.bank()
    response = desk.post(ITEM, **desk.fields(hint="Count them."))
    assert response.status_code == 302
    after = desk.bank()
    assert "Which berth is empty?\n\n---\n\n- [x] Berth 2\n  > Rule 3.\n- [ ] Berth 3\n" in after
    assert "/// hint\nCount them.\n///" in after
    assert after[after.index("## T10-Q02") :] == before[before.index("## T10-Q02") :]


def test_form_that_changes_nothing_keeps_the_text_as_it_was_written(desk: Desk) -> None:
    spaced = TEXT.replace("level: foundation\n", "").replace(
        "kind: single\ncompetency: PRT-01", "competency: PRT-01\nkind: single"
    )
    desk.post(ITEM, shown_as="text", text=spaced, opened=desk.opened())
    before = desk.bank()
    rows = {"row-0-text": "Berth 2", "row-0-reason": "", "row-1-text": "Berth 3", "row-1-reason": ""}
    assert desk.post(ITEM, **desk.fields(stem="Which berth?", **rows)).status_code == 302
    assert desk.bank() == before
    assert spaced in before


def test_option_of_two_lines_has_a_field_of_several_lines(desk: Desk) -> None:
    text = TEXT.replace("kind: single", "kind: truefalse").replace("- [x] Berth 2\n", "- [x] Berth 2\n  at night\n")
    desk.post(ITEM, shown_as="text", text=text, opened=desk.opened())
    assert re.search(r'<textarea[^>]*name="row-0-text"[^>]*>\s*Berth 2\nat night</textarea>', desk.get(ITEM))


def test_text_saves_the_question(desk: Desk) -> None:
    response = desk.post(ITEM, shown_as="text", text=TEXT, opened=desk.opened())
    assert response.status_code == 302
    assert TEXT in desk.bank()


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("T10-Q01", "T10-Q55"),
        f"{TEXT}\n{TEXT.replace('Q01', 'Q56')}",
        TEXT.replace("Which berth?", "```\nopen"),
        TEXT.replace("Which berth?", "x" * 61_500),
        TEXT.replace("Which", "Wh\x07ich"),
        "",
    ],
)
def test_text_that_is_not_this_question_is_shown_again(desk: Desk, text: str) -> None:
    before = desk.bank()
    response = desk.post(ITEM, shown_as="text", text=text, opened=desk.opened())
    assert response.status_code == 422
    assert 'name="text"' in response.text
    assert desk.bank() == before


def test_field_over_64_kilobytes_and_nul_are_refused(desk: Desk) -> None:
    assert desk.post(ITEM, **desk.fields(stem="x" * 70_000)).status_code == 413
    assert desk.post(ITEM, **desk.fields(stem="a\0b")).status_code == 400


def test_text_with_errors_of_syntax_is_saved_and_named_in_the_list(desk: Desk) -> None:
    broken = TEXT.replace("\n---\n", "\n")
    assert desk.post(ITEM, shown_as="text", text=broken, opened=desk.opened()).status_code == 302
    page = desk.get(f"{BANK}?flag=errors")
    assert re.findall(r'bank/(T10-Q0[0-9])"', page) == ["T10-Q01"]
    assert 'name="text"' in desk.get(ITEM)
    assert "Correct the errors" in desk.get(f"{ITEM}/trial")


@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><b>"])
def test_markup_is_text_in_form_preview_and_trial(desk: Desk, markup: str) -> None:
    fields = desk.fields(stem=f"Which? {markup}", **{"row-0-text": markup, "row-0-reason": markup, "hint": markup})
    assert desk.post(ITEM, **fields).status_code == 302
    pages = [desk.get(ITEM), desk.get(f"{ITEM}?as=text"), desk.get(BANK), desk.get(f"{ITEM}/trial")]
    pages.append(desk.post(f"{ITEM}/trial", choice="0").text)
    assert all(markup not in page for page in pages)


@pytest.mark.parametrize("stem", ["One\n\n---\n\n- [x] two", "One\n## T10-Q55\nkind: single", "```\nopen"])
def test_stem_with_lines_of_the_format_is_refused_with_a_message(desk: Desk, stem: str) -> None:
    before = desk.bank()
    response = desk.post(ITEM, **desk.fields(stem=stem))
    assert response.status_code == 422
    assert 'href="#stem"' in response.text
    assert desk.bank() == before


def test_option_with_three_dashes_stays_one_option(desk: Desk) -> None:
    assert desk.post(ITEM, **desk.fields(**{"row-1-text": "---\n\n---\n## T10-Q55"})).status_code == 302
    line = questions.bank(desk.author.workspace()).lines["T10-Q01"]
    assert line.item is not None
    assert [option.text for option in line.item.answers.options] == ["Berth 2", "---\n\n---\n## T10-Q55"]  # type: ignore[union-attr]


def test_buttons_of_the_form_save_nothing_and_lose_nothing(desk: Desk) -> None:
    before = desk.bank()
    more = desk.post(ITEM, **desk.fields(step="add", stem="Half a quest")).text
    assert 'name="row-2-text"' in more
    assert "Half a quest" in more
    up = desk.post(ITEM, **desk.fields(step="up-1")).text
    assert up.index("Berth 3") < up.index("Berth 2")
    kind = desk.post(ITEM, **desk.fields(step="kind", kind="rating")).text
    assert 'name="row-1-low"' in kind
    open_question = desk.post(ITEM, **desk.fields(step="kind", kind="open")).text
    assert "Asked in lessons only" in open_question
    assert "Asked in lessons only" not in kind
    reserve = desk.post(ITEM, **desk.fields(step="kind", kind="open", form="reserve")).text
    assert "In reserve for desk tasks; none asks it yet" in reserve
    as_text = desk.post(ITEM, **desk.fields(step="text")).text
    assert "- [x] Berth 2\n  &gt; Rule 3." in as_text
    assert 'name="text"' in as_text
    blank = desk.post(f"{BANK}/new", shown_as="form", step="text", kind="order", competency="PRT-01").text
    assert "kind: order\ncompetency: PRT-01\n" in blank
    assert 'name="text"' in blank
    as_form = desk.post(ITEM, shown_as="text", step="form", text=TEXT, opened=desk.opened()).text
    assert "Which berth?" in as_form
    assert 'name="row-1-text"' in as_form
    shown = desk.post(ITEM, **desk.fields(step="preview")).text
    assert '<div class="ask"' in shown
    assert desk.bank() == before


def test_text_that_the_form_cannot_show_stays_text(desk: Desk) -> None:
    response = desk.post(ITEM, shown_as="text", step="form", text=TEXT.replace("- [x]", "- x"), opened=desk.opened())
    assert 'name="text"' in response.text
    assert "This option has no mark." in response.text


@pytest.mark.parametrize("fields", [{"step": "delete"}, {"opened": "nothing"}])
def test_form_of_no_page_is_refused(desk: Desk, fields: dict[str, str]) -> None:
    assert desk.post(ITEM, **desk.fields(**fields)).status_code == 400


@pytest.mark.parametrize("kind", list(ItemKind))
def test_new_question_of_each_kind_opens_and_names_its_empty_fields(desk: Desk, kind: ItemKind) -> None:
    page = desk.get(f"{BANK}/new?kind={kind}")
    assert f'<option value="{kind}" selected' in re.sub(r"\s+", " ", page)
    response = desk.post(f"{BANK}/new", kind=str(kind), competency="PRT-01", shown_as="form", opened=desk.opened())
    assert response.status_code == 422
    assert 'id="mistakes"' in response.text


def test_new_question_needs_kind_question_and_options_alone(desk: Desk) -> None:
    page = desk.get(f"{BANK}/new?lesson=the-quay")
    assert '<option value="PRT-02" selected' in re.sub(r"\s+", " ", page)
    fields = {
        "kind": "single",
        "stem": "Which?",
        "right": "1",
        "row-0-text": "a",
        "row-1-text": "b",
        "opened": desk.opened(),
    }
    response = desk.post(f"{BANK}/new", competency="PRT-02", **fields)
    assert response.location.endswith("/bank/T10-Q10")
    assert "## T10-Q10\nkind: single\ncompetency: PRT-02\nlevel: foundation\n\nWhich?" in desk.bank()
    assert "Question T10-Q10 added." in desk.get(response.location)


def test_new_question_as_text_gets_the_next_id(desk: Desk) -> None:
    assert "## T10-Q10\nkind: single" in desk.get(f"{BANK}/new?as=text")
    response = desk.post(f"{BANK}/new", shown_as="text", text=TEXT, opened="")
    assert response.location.endswith("/bank/T10-Q10")
    assert TEXT.replace("Q01", "Q10") in desk.bank()


def test_two_users_overwrite_nothing(desk: Desk) -> None:
    other = Desk(desk.app)
    opened = desk.opened()
    desk.post(ITEM, **desk.fields(opened=opened))
    response = other.post(ITEM, **other.fields(opened=opened, stem="Which berth is full?"))
    assert response.status_code == 409
    assert "Which berth is full?" in response.text
    assert "Which berth is empty?" in response.text
    assert "Which berth is full?" not in desk.bank()
    (new_opened,) = set(re.findall(r'name="opened" value="([0-9a-f]{64})"', response.text))
    assert other.post(ITEM, **other.fields(opened=new_opened, stem="Which berth is full?")).status_code == 302
    assert "Which berth is full?" in desk.bank()


def test_two_users_of_different_questions_are_combined(desk: Desk) -> None:
    other = Desk(desk.app)
    opened = desk.opened()
    desk.post(ITEM, **desk.fields(opened=opened))
    text = questions.bank(desk.author.workspace()).lines["T10-Q03"].text
    changed = text.replace("Every ship", "Each ship")
    other.post(f"{BANK}/T10-Q03", shown_as="text", text=changed, opened=opened)
    assert "Which berth is empty?" in desk.bank()
    assert "Each ship" in desk.bank()


def test_text_of_a_retired_question_is_not_lost(desk: Desk) -> None:
    other = Desk(desk.app)
    opened = desk.opened()
    assert desk.post(f"{ITEM}/retirement").status_code == 302
    response = other.post(ITEM, **other.fields(opened=opened))
    assert response.status_code == 409
    assert "Another user retired this question." in response.text
    assert f'action="{BANK}/new"' in response.text
    assert desk.client.get(ITEM).status_code == 404


def test_page_that_is_too_old_shows_its_text_again(desk: Desk) -> None:
    response = desk.post(ITEM, **desk.fields(opened="0" * 64))
    assert response.status_code == 409
    assert "too old" in response.text
    assert "Which berth is empty?" in response.text


def test_copy_becomes_the_other_parallel_form(desk: Desk) -> None:
    response = desk.post(f"{ITEM}/copy")
    assert response.location.endswith("/bank/T10-Q10")
    lines = questions.bank(desk.author.workspace()).lines
    assert (lines["T10-Q01"].key("form"), lines["T10-Q10"].key("form")) == ("A", "B")


def test_retired_question_is_gone_and_its_id_is_never_used_again(desk: Desk) -> None:
    desk.post(f"{BANK}/new", **desk.fields())
    assert desk.post(f"{BANK}/T10-Q10/retirement").status_code == 302
    assert "T10-Q10" not in desk.bank()
    assert 'retired = ["T10-Q10"]' in drafts.file(desk.author.workspace(), "course.toml").decode()
    assert desk.post(f"{BANK}/new", **desk.fields()).location.endswith("/bank/T10-Q11")


def test_question_of_a_lesson_is_not_retired(desk: Desk) -> None:
    page = desk.get(f"{BANK}/T10-Q09")
    assert "/teaching/courses/night-harbour/lessons/the-list" in page
    response = desk.post(f"{BANK}/T10-Q09/retirement")
    assert response.location.endswith("/bank/T10-Q09")
    assert "The lesson the-list asks this question." in desk.get(response.location)
    assert "## T10-Q09" in desk.bank()


def test_bulk_edit_changes_keys_of_the_selected_questions(desk: Desk) -> None:
    fields = {"items": ["T10-Q01", "T10-Q03"], "competency": "PRT-02", "form": "B", "pass_value": "0.7", "level": ""}
    assert desk.post(f"{BANK}/keys", **fields).status_code == 302
    lines = questions.bank(desk.author.workspace()).lines
    assert [line.key("competency") for line in lines.values()] == ["PRT-02", "PRT-01", "PRT-02", "PRT-02", "PRT-01"]
    assert [line.key("form") for line in lines.values()] == ["B", "", "B", "", ""]
    desk.post(f"{BANK}/keys", items=["T10-Q01"], form="none")
    assert questions.bank(desk.author.workspace()).lines["T10-Q01"].key("form") == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "A"},
        {"items": ["T10-Q01"]},
        {"items": ["T10-Q55"], "form": "A"},
        {"items": ["T10-Q01"], "form": "Z"},
        {"items": ["T10-Q01"], "competency": "VIC-01"},
        {"items": ["T10-Q01"], "pass_value": "7"},
        {"items": ["T10-Q01"], "pass_value": "0.7\nkind: order"},
    ],
)
def test_bulk_edit_with_a_wrong_choice_changes_nothing(desk: Desk, fields: dict[str, object]) -> None:
    before = desk.bank()
    assert desk.post(f"{BANK}/keys", **fields).status_code == 422
    assert desk.bank() == before


@pytest.mark.parametrize(
    ("item", "answer", "score"),
    [("T10-Q01", {"choice": "0"}, "100%"), ("T10-Q01", {"choice": "1"}, "0%"), ("T10-Q02", {"choices": "0"}, "50%")],
)
def test_trial_is_marked_as_for_learners_and_stored_nowhere(
    desk: Desk, item: str, answer: dict[str, str], score: str
) -> None:
    assert "Check my answer" in desk.get(f"{BANK}/{item}/trial")
    page = desk.post(f"{BANK}/{item}/trial", **answer).text
    assert f"Score: {score}" in page
    assert db.session.scalar(select(func.count(DraftRevision.number))) == 0


@pytest.mark.parametrize("answer", [{}, {"choice": "77"}, {"choice": "x"}])
def test_trial_without_a_usable_answer_says_so(desk: Desk, answer: dict[str, str]) -> None:
    response = desk.post(f"{ITEM}/trial", **answer)
    assert response.status_code == 422
    assert 'id="mistakes"' in response.text


def test_view_of_a_key_is_recorded_before_the_page(desk: Desk) -> None:
    desk.get(ITEM)
    desk.post(f"{ITEM}/trial", choice="0")
    desk.get(f"{ITEM}/trial")
    entries = db.session.scalars(select(Entry).where(Entry.name == "QuestionKeyViewed")).all()
    assert [entry.actor_id for entry in entries] == [desk.author.id] * 2
    assert "T10-Q01" in entries[0].facts


def test_link_from_another_site_views_no_key(desk: Desk) -> None:
    client = factories.sign_in(desk.app, desk.author.id)
    for site in ("cross-site", "same-site"):
        assert client.get(ITEM, headers={"Sec-Fetch-Site": site}).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.name == "QuestionKeyViewed")) == 0
    assert client.get(ITEM, headers={"Sec-Fetch-Site": "none"}).status_code == 200


def test_reviewer_reads_and_does_not_write(desk: Desk) -> None:
    reviewer = factories.person(grants=((Role.TRAINER, Scope.COURSE, str(uuid4())),))
    _add_reviewer(desk.author, reviewer)
    client = factories.sign_in(desk.app, reviewer)
    for path in (BANK, ITEM, f"{ITEM}/trial"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Save question" not in page.text
        assert "Add question" not in page.text
    assert client.get(f"{BANK}/new").status_code == 403
    for path in (ITEM, f"{BANK}/new", f"{BANK}/keys", f"{ITEM}/copy", f"{ITEM}/retirement"):
        assert _post(desk.app, client, path, {}).status_code == 403


def _add_reviewer(author: Author, person_id: UUID) -> None:
    with transaction():
        db.session.add(CourseReviewer(course_id=author.course_id, person_id=person_id, added_at=clock.now()))


def test_other_trainers_get_a_missing_page(desk: Desk) -> None:
    stranger = factories.person(grants=((Role.TRAINER, Scope.COURSE, str(uuid4())),))
    client = factories.sign_in(desk.app, stranger)
    paths = [BANK, ITEM, f"{BANK}/new", f"{ITEM}/trial"]
    assert {client.get(path).status_code for path in paths} == {404}
    assert _post(desk.app, client, ITEM, {}).status_code == 404


@pytest.mark.parametrize("path", [f"{BANK}/T10-Q77", f"{BANK}/T10-Q77/trial"])
def test_missing_question_is_404(desk: Desk, path: str) -> None:
    assert desk.client.get(path).status_code == 404
    assert desk.post(f"{BANK}/T10-Q77/copy").status_code == 404
