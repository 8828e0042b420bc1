import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

import docx
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.items import (
    Bank,
    Choices,
    Item,
    ItemKind,
    Level,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
    Option,
    Order,
    Pair,
    Short,
    ShortAnswer,
)
from app.catalogue.domain.problems import Weight
from app.kernel.archives import OLE
from app.studio.domain.exchange.shapes import ExchangeTexts, ImportOptions, ImportResult
from app.studio.domain.exchange.word_labels import LABELS, RowType, question_kind, row_type, truth_value
from app.studio.domain.exchange.word_questions import read_questions
from app.studio.domain.exchange.word_template import EMPTY_TABLES, write_template
from tests.support.examples import examples
from tests.support.word_documents import new_document, paragraph, saved, with_body

_SINGLE = [
    ["Question", "What first?"],
    ["Kind", "single choice"],
    ["Competency", "LRE-01"],
    ["Right", "Safety", "Yes."],
    ["Wrong", "A statement", "Later."],
]


def _options(competency: str = "") -> ImportOptions:
    return ImportOptions((f"M01-Q{number:02d}" for number in range(1, 100)), competency, ExchangeTexts())


def _cell(text: str) -> str:
    return f"<w:tc>{''.join(paragraph(escape(line)) for line in text.split(chr(10)))}</w:tc>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = "".join(f"<w:tr>{''.join(_cell(text) for text in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{lines}</w:tbl>"


def _read(*tables: Sequence[Sequence[str]], competency: str = "") -> ImportResult:
    between = paragraph("Text between two tables")
    return read_questions(with_body(between.join(map(_table, tables))), _options(competency))


def _item(*rows: Sequence[str]) -> Item:
    result = _read(rows)
    assert result.refusals == ()
    (imported,) = result.items
    return imported.item


def _problems(*rows: Sequence[str]) -> list[str]:
    """Return the problems of a table that is refused, each with its hint."""
    result = _read(rows)
    assert result.items == ()
    (refused,) = result.refusals
    notes = [(note.message, note.hint, note.values) for note in result.notes]
    return [
        f"{message % values} {hint % values}"
        for message, hint, values in [(refused.reason, refused.hint, refused.values), *notes]
    ]


def _question(kind: str, *answers: Sequence[str]) -> list[Sequence[str]]:
    return [["Question", "What?"], ["Kind", kind], ["Competency", "LRE-01"], *answers]


def test_single_choice_is_read_with_all_its_rows() -> None:
    rows = [
        *_SINGLE,
        ["Level", "Practitioner"],
        ["Hint", "Think."],
        ["General feedback", "First\nSecond"],
        ["Source", "tip-protocol, art. 3(a); untoc"],
    ]
    item = _item(*rows)
    assert item == Item(
        id="M01-Q01",
        kind=ItemKind.SINGLE,
        competency="LRE-01",
        stem="What first?",
        answers=Choices((Option("Safety", 1.0, "Yes."), Option("A statement", 0.0, "Later."))),
        level=Level.PRACTITIONER,
        cite=("tip-protocol, art. 3(a)", "untoc"),
        hint="Think.",
        general="First\n\nSecond",
    )


@pytest.mark.parametrize(
    ("kind", "answers", "expected"),
    [
        (
            "several choices",
            [["Right", "a"], ["Right", "b"], ["Wrong", "c", "No"]],
            Choices((Option("a", 1.0), Option("b", 1.0), Option("c", 0.0, "No"))),
        ),
        (
            "true or false",
            [["Wrong", "False", "No"], ["Right", "TRUE", "Yes"]],
            Choices((Option("True", 1.0, "Yes"), Option("False", 0.0, "No"))),
        ),
        ("true or false", [["Right", "false"]], Choices((Option("True", 0.0), Option("False", 1.0)))),
        (
            "short answer",
            [["Right", "Palermo*"], ["Wrong", "Vienna", "No"]],
            Short((ShortAnswer("Palermo*"), ShortAnswer("Vienna", 0.0, "No"))),
        ),
        (
            "number",
            [["Right", "2,5 +/- 0,1"], ["Wrong", "1000", "No"]],
            Number((NumberAnswer("2.5", "0.1"), NumberAnswer("1000", "", 0.0, "No"))),
        ),
        (
            "matching",
            [["Right", "a", "1"], ["Right", "b", "2|3"], ["Wrong", "4"]],
            Match(("Item", "Match"), (Pair("a", "1"), Pair("b", "2\\|3"), Pair("", "4"))),
        ),
        (
            "order",
            [["Right", "first"], ["Right", "second", "Then"]],
            Order((ListEntry("first"), ListEntry("second", "Then"))),
        ),
    ],
)
def test_each_kind_is_read(kind: str, answers: list[list[str]], expected: object) -> None:
    assert _item(*_question(kind, *answers)).answers == expected


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [
        ("18", "18", ""),
        ("−3", "-3", ""),
        ("1 000", "1000", ""),
        ("12'000.5", "12000.5", ""),
        ("٢٫٥".replace("٫", ","), "2.5", ""),
        ("0.125 ± 0,5", "0.125", "0.5"),
    ],
)
def test_number_is_read_as_it_is_written_in_many_countries(text: str, value: str, tolerance: str) -> None:
    assert _item(*_question("number", ["Right", text])).answers == Number((NumberAnswer(value, tolerance),))


def test_labels_are_read_regardless_of_case_spaces_and_numbers() -> None:
    item = _item(
        [" QUESTION: ", "What?"],
        ["", "", ""],
        ["kind", " Single   choice "],
        ["Competence", "LRE-01 Recognise"],
        ["Right answer 1", "a"],
        ["wrong 2.", "b"],
        ["Wrong", "", ""],
        ["HINT", ""],
    )
    assert (item.competency, item.stem, item.hint) == ("LRE-01", "What?", "")
    assert item.answers == Choices((Option("a", 1.0), Option("b", 0.0)))


def test_tables_that_word_joined_are_divided() -> None:
    result = _read([*_SINGLE, *_SINGLE])
    assert [imported.item.id for imported in result.items] == ["M01-Q01", "M01-Q02"]
    assert [imported.line_or_number for imported in result.items] == [1, 2]


def test_label_over_several_rows_is_the_label_of_each() -> None:
    def row(label: str, text: str) -> str:
        return f"<w:tr><w:tc><w:tcPr>{label}</w:tcPr>{paragraph('Wrong')}</w:tc>{_cell(text)}</w:tr>"

    merged = row('<w:vMerge w:val="restart"/>', "b") + row("<w:vMerge/>", "c")
    table = _table([*_SINGLE[:3], ["Right", "a"]]).replace("</w:tbl>", f"{merged}</w:tbl>")
    (imported,) = read_questions(with_body(table), _options()).items
    assert imported.item.answers == Choices((Option("a", 1.0), Option("b", 0.0), Option("c", 0.0)))


def test_other_tables_and_empty_questions_are_left_out() -> None:
    result = _read(
        [["Name", "Role"], ["A", "B"]], [["Question", ""], ["Kind", "single choice"], ["Right", ""]], _SINGLE
    )
    assert len(result.items) == 1
    assert result.refusals == ()


def test_document_without_questions_has_a_note() -> None:
    result = _read([["Name", "Role"]])
    assert [note.message for note in result.notes] == ["The file has no questions."]


def test_table_marked_as_example_is_left_out_with_a_note() -> None:
    result = _read([["Example", "x"], *_SINGLE], _SINGLE)
    assert [imported.line_or_number for imported in result.items] == [1]
    assert [note.message for note in result.notes] == [
        "Tables that are marked as examples, and were not read: %(count)s."
    ]


def test_text_keeps_its_marks_and_plain_text_stays_plain() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Who</w:t></w:r><w:r><w:t xml:space='preserve'> is it?</w:t></w:r></w:p>"
    rows = _table([["Question", "PLACE"], ["Kind", "single choice"], ["Right", "[x] - a"], ["Wrong", "# b\n--- \n= c"]])
    content = with_body(rows.replace(paragraph("PLACE"), bold + paragraph("unit: km?")))
    (imported,) = read_questions(content, _options("LRE-01")).items
    assert imported.item.stem == "**Who** is it?\n\nunit: km?"
    assert imported.item.answers == Choices((Option("\\[x] - a", 1.0), Option("\\# b\n\n\\---\n\n= c", 0.0)))
    assert imported.notes == ()


def test_stem_that_begins_like_a_key_is_text() -> None:
    rows = [["Question", "unit: which?"], *_SINGLE[1:]]
    result = _read(rows)
    assert result.items[0].item.stem == "unit&#58; which?"
    assert result.items[0].notes == ()


def test_heading_in_a_question_is_a_paragraph() -> None:
    document = new_document()
    table = document.add_table(4, 2)
    texts = ["Question", "What?", "Kind", "single", "Right", "a", "Wrong", "b"]
    for cell, text in zip([cell for row in table.rows for cell in row.cells], texts, strict=True):
        cell.text = text
    table.cell(0, 1).paragraphs[0].style = document.styles["Heading 2"]
    (imported,) = read_questions(saved(document), _options("LRE-01")).items
    assert imported.item.stem == "What?"


def test_picture_of_a_question_is_imported() -> None:
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "PNG")
    document = new_document()
    table = document.add_table(4, 2)
    texts = ["Question", "What?", "Kind", "single", "Right", "a", "Wrong", "b"]
    for cell, text in zip([cell for row in table.rows for cell in row.cells], texts, strict=True):
        cell.text = text
    table.cell(0, 1).paragraphs[0].add_run().add_picture(file)
    (imported,) = read_questions(saved(document), _options("LRE-01"), name="week-2").items
    assert imported.item.stem == "What?![](media/week-2-1-1.png)"
    assert [(picture.name, picture.kind) for picture in imported.pictures] == [("week-2-1-1.png", "png")]
    assert [note.message for note in imported.notes] == ["Pictures without a description: %(count)s."]


def test_question_without_competency_has_a_note() -> None:
    rows = [row for row in _SINGLE if row[0] != "Competency"]
    assert [note.message for note in _read(rows).items[0].notes] == ["The item has no key %(key)s."]
    with_default = _read(rows, competency="LRE-02").items[0]
    assert (with_default.item.competency, with_default.notes) == ("LRE-02", ())


def test_source_of_any_length_is_read() -> None:
    for length in range(30, 50):
        source = "a" * length
        (imported,) = _read([*_SINGLE, ["Source", source]]).items
        assert (imported.item.cite, imported.notes) == ((source,), ())


def test_unknown_level_has_a_note() -> None:
    (imported,) = _read([*_SINGLE, ["Level", "expert"]]).items
    assert imported.item.level is Level.FOUNDATION
    assert len(imported.notes) == 1


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (_question("essay", ["Right", "a"]), 'Table 1, row 2: "essay" is not a kind of question. Write one of: single'),
        ([["Question", "What?"], ["Right", "a"]], 'Table 1: The question has no kind. Add a row "Kind" with one of:'),
        ([["Question", ""], *_SINGLE[1:]], 'Table 1: The question has no text. Write it in the row "Question".'),
        ([*_SINGLE, ["Rigth", "b"]], 'Table 1, row 6: "Rigth" is not a label of a row. Use one of: Example, Question'),
        ([*_SINGLE, ["", "b"]], 'Table 1, row 6: "" is not a label of a row. Use one of:'),
        ([*_SINGLE, ["Hint", "a"], ["Hint", "b"]], "Table 1, row 7: A row with this label is in the table already."),
        ([*_SINGLE, ["Wrong", "", "Feedback"]], "Table 1, row 6: The answer has no text."),
        (
            _question("single", ["Right", "a"], ["Right", "b"]),
            "Table 1: A single choice has exactly one right answer, not 2.",
        ),
        (_question("single", ["Right", "a"]), "Table 1: The question has fewer than two answers."),
        (_question("several", ["Wrong", "a"], ["Wrong", "b"]), "Table 1: No answer is right."),
        (_question("true/false", ["Right", "perhaps"]), 'Table 1, row 4: "perhaps" is neither true nor false.'),
        (_question("true/false", ["Right", "true"], ["Right", "false"]), "Table 1: True and false cannot both be"),
        (_question("true/false", ["Right", "true"], ["Wrong", "true"]), "Table 1, row 5: This answer is in the table"),
        (_question("true/false"), "Table 1: No answer is right."),
        (_question("short", ["Wrong", "a"]), "Table 1: No answer is right."),
        (
            _question("number", ["Right", "12 km"]),
            'Table 1, row 4: "12 km" is not a number that can be read in one way',
        ),
        (_question("number", ["Right", "1,000"]), 'Table 1, row 4: "1,000" is not a number that can be read in one'),
        (_question("number", ["Right", "1 ± 2 ± 3"]), 'Table 1, row 4: "1 ± 2 ± 3" is not a number'),
        (_question("match", ["Right", "a", "1"], ["Right", "b"]), "Table 1, row 5: The pair has one side only."),
        (_question("match", ["Right", "a", "1"]), "Table 1: The question has fewer than two pairs."),
        (_question("order", ["Right", "a"], ["Right", "b"], ["Wrong", "c"]), "Table 1, row 6: Questions of this kind"),
    ],
)
def test_problem_of_a_table_names_the_row_and_what_would_be_right(rows: list[list[str]], problem: str) -> None:
    problems = _problems(*rows)
    assert len(problems) == 1
    assert problems[0].startswith(problem)
    assert "%(" not in problems[0]


def test_all_problems_of_a_table_are_reported() -> None:
    problems = _problems(["Question", ""], ["Kind", "essay"], ["Right", "a"], ["Colour", "b"])
    assert [problem[:20] for problem in problems] == [
        'Table 1, row 4: "Col',
        'Table 1, row 2: "ess',
        "Table 1: The questio",
    ]


def test_refused_table_does_not_stop_the_others() -> None:
    result = _read(_question("essay"), _SINGLE)
    assert [refused.number for refused in result.refusals] == [1]
    assert [(imported.line_or_number, imported.item.id) for imported in result.items] == [(2, "M01-Q01")]


def test_file_that_is_no_document_has_a_note() -> None:
    result = read_questions(OLE + b"\0" * 600, _options())
    assert [note.message for note in result.notes] == ["The file has an old Office format, or a password."]
    assert result.items == ()


@pytest.mark.parametrize("language", sorted(LABELS))
def test_template_as_it_is_has_no_question(language: str) -> None:
    result = read_questions(write_template(language), _options())
    assert (result.items, result.refusals) == ((), ())
    assert [note.values for note in result.notes] == [{"count": 3}]


def test_template_has_tables_to_fill_in_and_the_styles_of_lessons() -> None:
    document = docx.Document(io.BytesIO(write_template()))
    assert len(document.tables) == 3 + EMPTY_TABLES
    assert "COLEP Note" in [style.name for style in document.styles]
    assert "COLEP Warning" in [style.name for style in document.styles]


@pytest.mark.parametrize("language", sorted(LABELS))
def test_examples_of_the_template_are_valid_items(language: str) -> None:
    document = docx.Document(io.BytesIO(write_template(language)))
    for table in document.tables[:3]:
        table._tbl.remove(table.rows[0]._tr)
    result = read_questions(saved(document), _options())
    items = [imported.item for imported in result.items]
    assert (result.refusals, result.notes) == ((), ())
    assert [item.kind for item in items] == [ItemKind.SINGLE, ItemKind.MATCH, ItemKind.NUMBER]
    problems = check_bank(Bank(tuple(items)), "a", competencies={"LRE-01"}, sources={"source-id"}, retired=())
    assert [problem for problem in problems if problem.weight is Weight.ERROR] == []


def test_template_in_an_unknown_language_is_english() -> None:
    assert len(docx.Document(io.BytesIO(write_template("xx"))).tables) == 3 + EMPTY_TABLES


@pytest.mark.parametrize("language", sorted(LABELS))
def test_each_label_of_each_language_is_read(language: str) -> None:
    labels = LABELS[language]
    assert {type_: {row_type(text) for text in texts} for type_, texts in labels.rows.items()} == {
        type_: {type_} for type_ in RowType
    }
    assert all(question_kind(text) is kind for kind, texts in labels.kinds.items() for text in texts)
    assert all(truth_value(text) is True for text in labels.true)
    assert all(truth_value(text) is False for text in labels.false)


_TEXTS = st.text(st.sampled_from("ab1 \\`*_{}[]()#+-.!|/~=:;@^<>&"), max_size=15)
_ROWS = st.lists(
    st.tuples(st.sampled_from(["Right", "Wrong", "Hint", "Unit", "General feedback", "Level"]), _TEXTS, _TEXTS),
    max_size=6,
)


@given(st.sampled_from([texts[0] for texts in LABELS["en"].kinds.values()]), _TEXTS, _ROWS)
@settings(max_examples=examples(20), deadline=None)
def test_every_table_becomes_an_item_or_a_refusal(kind: str, stem: str, rows: list[tuple[str, str, str]]) -> None:
    result = _read([["Question", f"Q {stem}"], ["Kind", kind], *rows])
    assert len(result.items) + len(result.refusals) == 1
    for refused in result.refusals:
        assert refused.reason.startswith("Table %(table)s")
