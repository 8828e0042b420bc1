from datetime import date

import pytest

from app.catalogue.domain.document_checks import check_document
from app.catalogue.domain.document_reader import read_document
from app.catalogue.domain.documents import DocumentKind, resolve
from app.catalogue.domain.folder import read_folder, write_folder
from app.catalogue.domain.items import ItemKind, LineTarget
from app.catalogue.domain.lesson_blocks import keys_of, steps_of
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.stale_translations import stale_translations
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import TranslationState
from tests.support import documents_course

LESSON = "night-shift/lessons/the-papers.en.md"
BANK = "night-shift/test.en.md"
TOML = "night-shift/course.toml"


@pytest.fixture(scope="module")
def base():
    return documents_course.read()[0]


def problems_of(path="", *changes):
    """Return (file, line, message) of the problems after the changes of one file, without those of the course."""
    files = documents_course.files()
    for old, new in changes:
        assert old.encode() in files[path], old
        files[path] = files[path].replace(old.encode(), new.encode(), 1)
    problems = read_folder(files, base=documents_course.references())[1]
    return [(problem.file, problem.line, problem.message % problem.values, problem.weight) for problem in problems]


def told(path, *changes):
    return [message for _file, _line, message, _weight in problems_of(path, *changes)]


def test_course_with_each_kind_of_document_and_item_has_no_mistakes(base):
    course = base.courses[documents_course.SLUG]
    assert {document.facts.kind for document in course.documents.values()} == set(DocumentKind)
    assert {item.kind for item in course.banks["en"].items} == set(ItemKind)
    statuses = [*course.statuses.values(), *base.documents.statuses.values()]
    assert {status.state for status in statuses} == {TranslationState.CURRENT}
    assert [message for _f, _l, message, weight in problems_of() if weight is Weight.ERROR] == []


def test_course_is_unchanged_by_writing_and_reading(base):
    again, _ = read_folder(write_folder(base), base=documents_course.references())
    assert again.courses == base.courses
    assert again.documents == base.documents
    assert write_folder(base) == documents_course.files()


MISTAKES = [
    (BANK, "+ debt-begins", "+ debt-end", "The document D01-D02 has no line debt-end."),
    (BANK, "~ 5\n", "~ 8\n", "The document D01-D02 has no line 8."),
    (
        BANK,
        "prove: D01-D11:3",
        "prove: D01-D12:3",
        "The item points to the document D01-D12, which it does not name.",
    ),
    (BANK, "prove: D01-D11:3", "prove: 3", "The item has several documents, so 3 is not clear."),
    (BANK, "document: D01-D12", "document: D01-D99", "The course has no document D01-D99."),
    (BANK, "Next visit = ", "Last visit = ", 'The form has no field "Last visit".'),
    (BANK, "document: SH-D01, D01-D08", "document: SH-D01", "The item has no document of the kind form."),
    (BANK, "- @leading", "- @Leading!", "@Leading! names no line of a document."),
    (BANK, "+ D01-D03:none x D01-D05:eleven", "+ D01-D03:4 x D01-D03:4", "A pair is of one line with itself."),
    (BANK, "+ sum-33", "~ sum-33", "No line is to be marked."),
    (BANK, "~ 5\n", "~ 3\n", "The item names line 3 twice."),
    (
        TOML,
        "papers = 1",
        "papers = 2",
        "The test draws 2 papers, never two of a family; there are 1 families of form B.",
    ),
    (TOML, '"D01-Q24", ', "", "The item works on a document, but no paper, desk or check uses it."),
    (TOML, '"D01-Q24"', '"D01-Q16"', "The item D01-Q16 has another form than the paper D01-P01."),
    (
        TOML,
        '["D01-D06", "D01-D11"]',
        '["D01-D06"]',
        "The item D01-Q22 works on D01-D11, which the paper D01-P01 does not have.",
    ),
    (
        TOML,
        'documents = ["D01-D14"]',
        'documents = ["D01-D05"]',
        "The document D01-D05 of a desk task is not of form reserve.",
    ),
    (TOML, 'items = ["D01-Q31"]', 'items = ["D01-Q08"]', "The item D01-Q08 of a desk task is not of form reserve."),
    (TOML, '{ "PRT-01" = 0.6 }', '{ "PRT-99" = 0.6 }', "There is no competency PRT-99."),
    (LESSON, "[[@D01-D03:2]]", "[[@D01-D03:9]]", "The document D01-D03 has no line 9."),
    (LESSON, "[[@D01-D03:2]]", "[[@D01-D06:2]]", "The document D01-D06 has the form B, so a lesson cannot show it."),
    (
        LESSON,
        "document: D01-D02",
        "document: D01-D06",
        "The document D01-D06 has the form B, so a lesson cannot show it.",
    ),
    (LESSON, "items: D01-Q01 ", "items: D01-Q24 ", "The item D01-Q24 has the form B, so a desk cannot ask it."),
    (LESSON, "minutes: 10", "minutes: ten", "ten cannot be read."),
    (LESSON, "items: D01-Q01 D01-Q07 D01-Q11 D01-Q14\n", "", "The block desk has no key items."),
    (
        "night-shift/documents/documents.toml",
        'kind = "chat"',
        'kind = "log"',
        "documents.toml gives this document the kind log, not chat.",
    ),
    (
        "night-shift/documents/documents.toml",
        'slug = "messages"',
        'slug = "chats"',
        "The document night-shift/documents/chats.en.md is missing.",
    ),
    (
        "night-shift/documents/documents.toml",
        'id = "D01-D01"',
        'id = "SH-D01"',
        "A shared document has the id SH-D01.",
    ),
    (
        "documents/documents.toml",
        '"unrestricted"',
        '"law_enforcement_only"',
        "The document SH-D01 is law_enforcement_only, above the course.",
    ),
    ("night-shift/test.ar.md", "الاسم واللغة =", "الاسم =", 'The form has no field "الاسم".'),
    (
        "night-shift/documents/referral.ar.md",
        "| الزيارة القادمة | |\n",
        "",
        "The translation has 4 lines that can be marked, its source has 5.",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "message"), MISTAKES)
def test_mistake_is_found(path, old, new, message):
    assert (message, Weight.ERROR) in [(text, weight) for _f, _l, text, weight in problems_of(path, (old, new))]


@pytest.mark.parametrize("form", ["practice", "reserve"])
def test_item_that_is_asked_alone_may_work_on_a_document_outside_a_paper(form):
    files = documents_course.files()
    item = b"## D01-Q24\nkind: pair\ncompetency: PRT-01\nlevel: foundation\nform: "
    assert item + b"B" in files[BANK]
    files[BANK] = files[BANK].replace(item + b"B", item + form.encode())
    files[TOML] = files[TOML].replace(b'"D01-Q24", ', b"")
    problems = read_folder(files, base=documents_course.references())[1]
    assert "The item works on a document, but no paper, desk or check uses it." not in [
        problem.message for problem in problems
    ]


WARNINGS = [
    (BANK, "prove: D01-D11:3\n", "", "The item D01-Q23 asks for no line of its document."),
    (
        BANK,
        "Mark the row of the rota",
        "33 8 0 8 0 8 0: mark the row",
        "The question quotes line 3, which decides it.",
    ),
    (
        TOML,
        '"D01-Q22", "D01-Q23", "D01-Q24", "D01-Q25"',
        '"D01-Q23", "D01-Q24"',
        "The paper D01-P01 asks for no answer in own words or numbers.",
    ),
    (
        TOML,
        '"D01-Q21", "D01-Q22", "D01-Q23", "D01-Q24", "D01-Q25"',
        '"D01-Q23", "D01-Q25"',
        "The paper D01-P01 asks to mark no line.",
    ),
    (TOML, "attempts = 1", "attempts = 3", "All attempts together need 3 papers of form B; there are 1."),
    (LESSON, " D01-Q07 D01-Q11 D01-Q14", "", "The desk has 1 items."),
    (
        "night-shift/lessons/the-second-look.en.md",
        "/// check | D01-Q05\n///\n",
        "",
        "The lesson does not open with two questions about earlier lessons.",
    ),
    ("night-shift/documents/rota.en.md", " {#sum-33}", " {#row-33}", "The sum of this row does not add up."),
    (
        "night-shift/documents/rota.en.md",
        "6 March 2026",
        "31 February 2026",
        "31 February 2026 is no day of the calendar.",
    ),
    (
        "night-shift/documents/gate-log.en.md",
        "Wednesday 11",
        "Friday 11",
        "Friday 11 March is another day of the week.",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "message"), WARNINGS)
def test_weakness_is_a_warning(path, old, new, message):
    assert (message, Weight.WARNING) in [(text, weight) for _f, _l, text, weight in problems_of(path, (old, new))]


def test_total_row_adds_up_its_columns():
    text = (
        "# T\nid: D01-D01\nkind: statement\n\n| a | b |\n|---|---|\n| x | 1,000.50 |\n| y | 2 |\n| Total | 1,002.5 |\n"
    )
    document, problems = read_document(TextFile("d.en.md", text))
    assert problems + check_document(document, "d.en.md") == []
    wrong, _ = read_document(TextFile("d.en.md", text.replace("1,002.5", "1,003")))
    assert [problem.line for problem in check_document(wrong, "d.en.md")] == [9]


def test_names_become_the_numbers_of_lines(base):
    course = base.courses[documents_course.SLUG]
    items = {item.id: item for item in course.banks["en"].items}
    mark, problems = resolve(items["D01-Q13"], course.source_documents)
    assert problems == []
    assert [line.target for line in mark.answers.lines] == [
        LineTarget(3, "debt-begins"),
        LineTarget(6, "debt-grows"),
        LineTarget(2, "bus"),
        LineTarget(5),
    ]
    single, _ = resolve(items["D01-Q01"], course.source_documents)
    assert single.prove == (LineTarget(5, "none", "D01-D03"), LineTarget(5, "", "D01-D03"))
    sort, _ = resolve(items["D01-Q06"], course.source_documents)
    assert [entry.text for group in sort.answers.groups for entry in group.entries] == ["@1", "@3", "@7"]
    assert resolve(mark, course.documents_in("ar"))[0] == mark


def test_changed_line_of_a_shared_document_makes_its_translation_stale():
    files = documents_course.files()
    path = "documents/note-of-a-talk.en.md"
    files[path] = files[path].replace(b"sleep today", b"rest today")
    library, _ = read_folder(files, base=documents_course.references())
    assert library.documents.statuses["documents/note-of-a-talk.ar.md"].stale == (5,)
    (problem,) = stale_translations(library, lambda _path: date(2026, 11, 28))
    assert problem.file == "documents/note-of-a-talk.ar.md"
    assert 'block 5 "Wants to rest today' in problem.values["blocks"]


def test_blocks_of_a_lesson_have_keys_and_steps():
    outline, problems = scan(TextFile("", documents_course.files()[LESSON].decode()))
    assert problems == []
    (desk,) = outline.titles(BlockType.DESK)
    assert (keys_of(desk).document, keys_of(desk).minutes) == (("D01-D03", "D01-D05"), 10)
    assert keys_of(desk).text.startswith("The labour inspector")
    (worked,) = outline.titles(BlockType.WORKED)
    steps = steps_of(keys_of(worked).text)
    assert [(step.is_asked, step.reason[:8]) for step in steps] == [(False, "After pa"), (False, '"A littl')]
    asked = steps_of("1. a\n   > b\n   > c\n2. ? d\n   e\n")
    assert [(step.text, step.reason, step.is_asked) for step in asked] == [("a", "b\nc", False), ("d\ne", "", True)]
