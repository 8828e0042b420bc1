import re

import pytest
from playwright.sync_api import Page, expect

from app.studio.domain.reviews import REQUIRED
from tests.support.course_authors import (
    TRAINER,
    TRAINER_OF_ALL,
    add_lesson,
    change_text,
    course_of,
    create_course,
    submit_with_remark,
)
from tests.support.examples import views
from tests.support.import_files import moodle_file_of_60
from tests.support.page_checks import look
from tests.support.served_academy import GUIDE, Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, press, press_by_key, reach

PIXEL = (  # a picture in base64
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
pytestmark = pytest.mark.browser
MOST_PAGES = 6  # for a first course, from its outline to the page of the review
TITLE, SLUG = "Signs at the border", "signs-at-the-border"


def _type(page: Page, text: str) -> None:
    page.locator("#body").fill(text)


def _saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_contain_text(re.compile(r"\d"), timeout=20_000)


def _drop_picture(page: Page) -> None:
    """Drop a picture of a pixel on the text, and describe it."""
    page.locator("#body").evaluate(
        """(body, data) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const file = new File([bytes], "lamp.png", { type: "image/png" });
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(file);
            body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        PIXEL,
    )
    page.locator("#description").fill("A lamp on the quay")
    page.locator("#author").fill("COLEP Academy")
    page.locator("[data-pictures] form button").click()


def test_refused_picture_moves_the_focus_to_what_is_wrong(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER)
    page = trainer.go(f"{course_of(academy, trainer, TITLE)}/lessons/{SLUG}")
    page.locator("[data-picture]").click()
    page.locator("#file").set_input_files({"name": "lamp.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator("#description").fill("A lamp on the quay")
    page.locator("#author").fill("COLEP Academy")
    page.locator("[data-pictures] form button").click()
    expect(page.locator("[data-errors]")).not_to_be_empty(timeout=20_000)
    expect(page.locator("#file")).to_be_focused()


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_a_new_trainer_writes_a_lesson_and_sees_it_as_learners_do(visitor: Invite, language: str, width: int) -> None:
    trainer = visitor(language, width, grants=TRAINER)
    outline = create_course(trainer)
    page = trainer.page
    add_lesson(page, TITLE)
    page.locator("#body").focus()
    page.keyboard.type("Look at the person first.")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("[data-block^='/// note']").click()
    page.keyboard.type("Ask one question.")
    expect(page.locator("[data-output] .block, [data-output] aside")).to_contain_text("Ask one", timeout=20_000)
    page.keyboard.press("Control+End")
    expect(page.locator("[data-output]")).to_contain_text("Look at the person first.")
    _drop_picture(page)
    expect(page.locator("[data-output] img")).to_have_attribute("alt", "A lamp on the quay", timeout=20_000)
    expect(page.locator("#body")).to_have_value(re.compile(r"question\.\n///\n\n!\[A lamp on the quay\]"))
    _saved(page)
    press(page.locator(".dock button.primary"))
    trainer.go(f"{outline}/preview/signs-at-the-border")
    expect(page.locator("article")).to_contain_text("Look at the person first.")
    assert page.locator("article img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert trainer.complaints == []


def test_text_typed_without_a_connection_is_there_after_a_reload(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER)
    page = trainer.go(f"{course_of(academy, trainer, TITLE)}/lessons/{SLUG}")
    with academy.line.down("autosave"):
        _type(page, "Typed while the connection was cut.")
        expect(page.locator("[data-state]")).not_to_be_empty(timeout=20_000)
        page.wait_for_function("localStorage.getItem('draft:' + location.pathname)")
        page.reload()
        expect(page.locator("#body")).to_have_value("Typed while the connection was cut.")
    _saved(page)
    page.wait_for_function("!localStorage.getItem('draft:' + location.pathname)")
    page.reload()
    expect(page.locator("#body")).to_have_value("Typed while the connection was cut.")


def test_saved_text_is_not_put_back_as_unsaved(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER)
    page = trainer.go(f"{course_of(academy, trainer, TITLE)}/lessons/{SLUG}")
    _type(page, "\n\nThe text ends with empty lines.\n\n")
    press(page.locator(".dock button.primary"))
    expect(page.locator("#body")).to_have_value("The text ends with empty lines.")
    expect(page.locator("[data-state]")).to_be_empty()
    assert page.evaluate("localStorage.getItem('draft:' + location.pathname)") is None


def test_nothing_is_stored_on_a_shared_computer(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER, shared=True)
    page = trainer.go(f"{course_of(academy, trainer, TITLE)}/lessons/{SLUG}")
    with academy.line.down("autosave"):
        _type(page, "Typed while the connection was cut.")
        expect(page.locator("[data-state]")).not_to_be_empty(timeout=20_000)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length") == 0


def test_two_people_in_one_lesson_overwrite_nothing(academy: Academy, visitor: Invite) -> None:
    first, second = visitor(grants=TRAINER), visitor(grants=TRAINER_OF_ALL)
    outline = course_of(academy, first, TITLE)
    first.go(f"{outline}/lessons/{SLUG}")
    _type(first.page, "One.\n\nTwo.\n\nThree.")
    press(first.page.locator(".dock button.primary"))
    second.go(f"{outline}/lessons/signs-at-the-border")
    _type(first.page, "One, changed.\n\nTwo.\n\nThree.")
    press(first.page.locator(".dock button.primary"))
    _type(second.page, "One.\n\nTwo.\n\nThree, changed.")
    press(second.page.locator(".dock button.primary"))
    expect(second.page.locator("#body")).to_have_value("One, changed.\n\nTwo.\n\nThree, changed.")
    first.go(f"{outline}/lessons/signs-at-the-border")
    _type(first.page, "One, changed.\n\nTwo of the first.\n\nThree, changed.")
    _type(second.page, "One, changed.\n\nTwo of the second.\n\nThree, changed.")
    press(first.page.locator(".dock button.primary"))
    press(second.page.locator(".dock button.primary"))
    expect(second.page.locator(".pair")).to_contain_text("Two of the first.")
    expect(second.page.locator("#body")).to_have_value(re.compile("Two of the second."))
    press(second.page.locator(".dock button.primary"))
    first.go(f"{outline}/lessons/signs-at-the-border")
    expect(first.page.locator("#body")).to_have_value(re.compile("Two of the second."))


def test_a_lesson_is_written_without_a_script(visitor: Invite) -> None:
    trainer = visitor(script=False, grants=TRAINER)
    outline = create_course(trainer)
    page = trainer.page
    add_lesson(page, TITLE)
    _type(page, "Look at the person first.")
    press(page.locator(".dock button.primary"))
    expect(page.locator("[data-output]")).to_contain_text("Look at the person first.")
    trainer.go(outline)
    add_lesson(page, "Signs at work")
    trainer.go(outline)
    press(page.locator(".movers button").first)
    assert page.locator(".outline a[dir]").all_inner_texts() == ["1. Signs at work", "2. Signs at the border"]


PAGES = (
    "", "/bank", "/bank/new?kind=single", "/bank/new?kind=match", "/documents", "/papers",
    "/cases", "/translations", "/settings", "/review",
    "/submit", "/history", "/results", "/reports", "/questions", f"/lessons/{SLUG}", f"/lessons/{SLUG}/removal",
    f"/preview/{SLUG}",
    "/media", "/media/new",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_of_a_course_has_a_fault(academy: Academy, visitor: Invite, open_review: str, language: str) -> None:
    trainer = visitor(language, DESKTOP, grants=TRAINER_OF_ALL)
    outline = course_of(academy, trainer, TITLE)
    page = trainer.go(f"{outline}/lessons/{SLUG}")
    _type(page, "Look at the person first.\n\n[@no-source, p. 1]")
    press(page.locator(".dock button.primary"))
    trainer.go(f"{outline}/import")
    page.locator("#file").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": moodle_file_of_60()})
    press(page.locator("main form button.primary"))
    preview = page.url.removeprefix(trainer.url)
    expect(page.locator(".tasks .status.risk")).not_to_have_count(0)
    faults = {preview: look(trainer, language, thorough=True)}
    for path in ("/teaching/courses", "/teaching/courses/new", *(f"{outline}{name}" for name in PAGES)):
        trainer.go(path)
        faults[path] = look(trainer, language, thorough=False)
    for path in (f"{outline}/import", f"{outline}/export", open_review):
        trainer.go(path)
        faults[path] = look(trainer, language, thorough=True)
    expect(page.locator(".remark")).to_have_count(1)
    assert {path: found for path, found in faults.items() if found} == {}
    assert trainer.complaints == []


@pytest.fixture(scope="module")
def open_review(academy: Academy) -> str:
    """The path of a review with an open remark."""
    path = "lessons/finding-your-way.en.md"
    by = change_text(academy, GUIDE, path, {"# Finding your way": "# Finding your way here"})
    return submit_with_remark(academy, GUIDE, path, by)


def test_lesson_is_written_and_moved_by_the_keyboard_alone(academy: Academy, visitor: Invite) -> None:
    trainer = visitor(grants=TRAINER)
    outline = course_of(academy, trainer, "The first talk")
    page = trainer.go(outline)
    reach(page.locator(".add-lesson #title"))
    page.keyboard.type(TITLE)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach(page.locator("#body"))
    page.keyboard.type("Look at the person ")
    page.keyboard.press("Control+b")
    page.keyboard.type("first")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator("[data-output] strong")).to_have_text("first")
    expect(page.locator("#body")).to_have_value("Look at the person **first**")
    press_by_key(page.locator(f"main a[href='{outline}'], nav a[href='{outline}']").first)
    press_by_key(page.locator(f"#lesson-{SLUG} .movers button"))
    expect(page.locator(".outline a[dir]")).to_have_text([f"1. {TITLE}", "2. The first talk"])
    assert trainer.complaints == []


def test_a_new_trainer_publishes_a_lesson_with_questions_by_a_second_person(visitor: Invite) -> None:
    author, second, learner = visitor(grants=TRAINER), visitor(grants=TRAINER_OF_ALL), visitor()
    outline = create_course(author)
    page = author.page
    opened = {page.url}
    page.on("framenavigated", lambda frame: opened.add(re.sub(r"\?.*|-Q\d+$", "", frame.url)))
    add_lesson(page, TITLE)
    _type(page, "Look at the person first. Then ask one open question.\n\n")
    _drop_picture(page)
    expect(page.locator("[data-output] img")).to_have_attribute("alt", "A lamp on the quay", timeout=20_000)
    expect(page.locator("#body")).to_have_value(re.compile(r"question\.\n\n!\[A lamp on the quay\]"))
    press(page.locator(".dock button.primary"))
    for number in range(5):
        author.go(f"{outline}/bank/new?kind=single")
        page.locator("main textarea").first.fill(f"What comes first, in case {number}?")
        for place, option in enumerate(("Look", "Ask", "Write")):
            page.locator(".answer-row").nth(place).locator(".cells textarea, .cells input").first.fill(option)
        page.locator(".answer-row [name=right]").first.check()
        press(page.locator(".dock button.primary"))
    author.go(f"{outline}/submit")
    page.locator("#message").fill("The first version.")
    press(page.locator("main form button.primary"))
    assert len(opened) <= MOST_PAGES, opened
    review = page.url.removeprefix(author.url)
    assert page.locator("form[action$='/approval']").count() == 0
    second.go(review)
    for point in sorted(REQUIRED):
        press(second.page.locator(f"form:has(input[value={point}]) button"))
    press(second.page.locator("form[action$='/approval'] button"))
    author.go(review)
    press(page.locator("form[action$='/publication'] button"))
    learner.go(f"/courses/{outline.rsplit('/', 1)[1]}/lessons/signs-at-the-border")
    expect(learner.page.locator("article")).to_contain_text("Then ask one open question.")
    expect(learner.page.locator("article img")).to_have_attribute("alt", "A lamp on the quay")


def test_document_of_all_courses_is_printed_in_its_languages(visitor: Invite) -> None:
    author = visitor(grants=TRAINER_OF_ALL)
    page = author.go("/teaching/courses/recognising-victims/shared-documents/voice-messages-of-rosha-imari")
    press(page.get_by_role("link", name="Print for a group in a room"))
    expect(page.locator("article.doc")).to_have_count(1)
    press(page.get_by_role("link", name="Arabic"))
    expect(page.locator("h1")).to_have_attribute("lang", "ar")
    expect(page.locator("article.doc .doc-body")).to_have_attribute("dir", "rtl")
    assert author.complaints == []
