import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.document_facts import read_document_facts, write_document_facts
from app.catalogue.domain.document_reader import UNITS, read_document
from app.catalogue.domain.document_translation import merge_document
from app.catalogue.domain.document_writer import blocks_of_document, write_document
from app.catalogue.domain.documents import DocumentKind, PartKind
from app.catalogue.domain.text import TextFile, normalise
from tests.support import document_strategies
from tests.support.examples import examples

HEAD = "# Messages\nid: SF-D02\nkind: {kind}\n\n"


def read(text, kind="letter", **more):
    return read_document(TextFile("d.en.md", HEAD.format(kind=kind) + text), **more)


def told(problems):
    return [(problem.line, problem.message % problem.values) for problem in problems]


@pytest.mark.parametrize("kind", DocumentKind)
@settings(max_examples=12, deadline=None)
@given(drawn=st.data())
def test_document_survives_writing_and_reading(kind, drawn):
    document = drawn.draw(document_strategies.document(kind))
    written = write_document(document)
    again, problems = read_document(TextFile("d.en.md", written))
    assert told(problems) == []
    assert again.document == document
    assert write_document(again.document) == written


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(DocumentKind).flatmap(document_strategies.document))
def test_translation_written_and_merged_is_the_same_document(document):
    source, _ = read_document(TextFile("d.en.md", write_document(document)))
    written = write_document(document, translation=True)
    translated, problems = read_document(TextFile("d.ar.md", written), kind=document.kind, translation=True)
    merged, more = merge_document(source, translated, "d.ar.md")
    assert told(problems + more) == []
    assert merged.document == document


FRAGMENTS = [
    *("- ", "1. ", "| a | b |\n", "|---|---|\n", "| c | \\| |", " {#x}", "{#", "`{#x}`", "\n", "\n\n", "a", "  "),
    *("**N**: ", "9:00 ", "## ", "# ", "/// margin\n", "///\n", "```\n", "ب", "\u200f", "\\", "|", ":", "kind: x"),
]


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(DocumentKind), st.lists(st.sampled_from(FRAGMENTS), max_size=20).map("".join))
def test_document_without_problems_is_unchanged_by_writing(kind, body):
    document, problems = read(normalise(body), kind)
    if not problems:
        again, _ = read_document(TextFile("d.en.md", write_document(document.document)))
        assert again.document == document.document


def test_units_are_numbered_across_parts_and_keep_their_names():
    table = "| h | i |\n|---|---|\n| c | \\| | {#row}"
    document, problems = read(
        f"One\nline. {{#one}}\n\n## Part\n\n- a\n- b {{#b}}\n\n{table}\n\n/// margin\nSeen.\n///\n"
    )
    assert told(problems) == []
    assert [(unit.number, unit.name, unit.cells) for unit in document.document.units] == [
        (1, "one", ("One line.",)),
        (2, "", ("a",)),
        (3, "b", ("b",)),
        (4, "row", ("c", "|")),
        (5, "", ("Seen.",)),
    ]
    assert [part.kind for part in document.document.parts] == [
        PartKind.PARAGRAPHS,
        PartKind.LIST,
        PartKind.TABLE,
        PartKind.MARGIN,
    ]
    assert document.document.parts[1].title == "Part"
    assert document.lines == (5, 10, 11, 15, 18)


def test_turn_of_three_lines_is_one_unit_with_time_and_speaker():
    document, problems = read("- 8 Oct 19:02 **أنور**: مساء\n  1,888.00\n  done {#x}\n- **Teo AW**: Yes.\n", "chat")
    assert told(problems) == []
    first, second = document.document.units
    assert (first.time, first.speaker, first.cells, first.name) == ("8 Oct 19:02", "أنور", ("مساء 1,888.00 done",), "x")
    assert (second.time, second.speaker, second.cells) == ("", "Teo AW", ("Yes.",))


def test_sign_of_a_name_in_code_is_text():
    document, problems = read("Write `{#x}` there: `{#y}`\n")
    assert told(problems) == []
    assert document.document.units[0].cells == ("Write `{#x}` there: `{#y}`",)


def test_empty_field_of_a_form_is_a_unit():
    document, problems = read("| Entry | |\n| --- | --- |\n| Name | |\n| Day | 5 May |\n", "form")
    assert told(problems) == []
    assert document.document.parts[0].kind is PartKind.FIELDS
    assert [unit.cells for unit in document.document.units] == [("Name", ""), ("Day", "5 May")]


def test_line_ends_of_windows_are_read():
    text = normalise((HEAD.format(kind="letter") + "One.\n\nTwo. {#two}\n").replace("\n", "\r\n"))
    document, problems = read_document(TextFile("d.en.md", text))
    assert told(problems) == []
    assert [unit.name for unit in document.document.units] == ["", "two"]


def test_one_line_too_many_is_a_mistake():
    assert told(read("\n\n".join(["a"] * UNITS))[1]) == []
    assert told(read("\n\n".join(["a"] * (UNITS + 1)))[1])[0][1].startswith("The document has 121 lines")


MISTAKES = [
    ("letter", "a {#x}\n\nb {#x}", 7, 'The name "x" is taken by line 5 of the file.'),
    ("letter", "a {#Bad}", 5, '"Bad" is not a name of a line.'),
    ("form", "| E | |\n|---|---|\n| a | |\n| a | |", 8, 'The form has the label "a" twice.'),
    ("table", "| a | b |\n|---|---|\n| c |", 7, "This is not a table row of 2 cells."),
    ("table", "| a | b |\n| c | d |", 5, "The table has no heading row."),
    ("chat", "- **A**: x\n- y", 6, "This turn has no speaker."),
    ("letter", "### Deep\n\na", 5, "This heading has the wrong level or no text."),
    ("letter", "/// margin\na", 5, "This block is not closed."),
    ("letter", "/// note\na\n///", 5, "A document has no block note."),
    ("letter", "- a\n  - b", 6, "A document has no list in a list."),
    ("letter", "a\n\n- {#x}", 7, "This line of the document is empty."),
    ("letter", "```\nx\n```", 5, "A document has no blocks of code."),
    ("letter", "", 1, "The document has no text."),
]


@pytest.mark.parametrize(("kind", "text", "line", "message"), MISTAKES)
def test_mistake_has_its_line(kind, text, line, message):
    assert (line, message) in told(read(text, kind)[1])


def test_every_mistake_of_a_file_is_found_at_once():
    text = "# T\nid: x\nkind: picture\nodd: y\n\n- {#A}\n\n/// margin\n"
    problems = read_document(TextFile("d.en.md", text))[1]
    assert [line for line, _ in told(problems)] == [1, 2, 3, 4, 6, 6, 8, 8]


TRANSLATED = "# رسالة\n\nأولًا.\n\n- ثانيًا\n"
DIFFERENT = [
    ("# رسالة\n\nأولًا.\n", "The translation has 1 lines that can be marked, its source has 2."),
    ("# رسالة\n\nأولًا.\n\nثانيًا.\n", "The translation has 1 parts, its source has 2."),
    ("# رسالة\n\n- أولًا.\n\nثانيًا.\n", "The source has paragraphs: 1 at this position, not list: 1."),
    ("# رسالة\n\nأولًا. {#x}\n\n- ثانيًا\n", "A translation has no names of lines."),
    ("# رسالة\nid: SF-D02\n\nأولًا.\n\n- ثانيًا\n", "The key id is not known."),
    ("# رسالة\nnote: x\n\nأولًا.\n\n- ثانيًا\n", "Source and translation do not both have the key note."),
]


@pytest.mark.parametrize(("text", "message"), [(TRANSLATED, ""), *DIFFERENT])
def test_translation_with_another_structure_is_a_mistake(text, message):
    source, _ = read("First. {#one}\n\n- Second\n")
    translated, problems = read_document(TextFile("d.ar.md", text), kind=DocumentKind.LETTER, translation=True)
    merged, more = merge_document(source, translated, "d.ar.md")
    assert [text for _, text in told(problems + more)][:1] == [message] * bool(message)
    assert [unit.name for unit in merged.document.units] == ["one", ""]


def test_name_of_a_line_makes_no_translation_stale():
    plain, named = read("First.\n")[0].document, read("First. {#one}\n")[0].document
    assert blocks_of_document(plain) == blocks_of_document(named) == ["# Messages", "First."]


FACTS = """\
# kept
[[document]]
id = "SF-D10"
slug = "six-payslips"     # six
kind = "payslip"
sensitivity = "unrestricted"
form = "A"
courses = ["M01", "M02"]
"""


def test_facts_keep_comments_and_are_unchanged_by_writing():
    facts, problems = read_document_facts(TextFile("documents.toml", FACTS))
    assert told(problems) == []
    assert write_document_facts(facts, FACTS) == FACTS
    changed = tuple(msgspec.structs.replace(entry, warning=1) for entry in facts)
    written = write_document_facts(changed, FACTS)
    assert "# kept" in written
    assert "# six" in written
    assert read_document_facts(TextFile("documents.toml", written))[0] == changed
    assert read_document_facts(TextFile("documents.toml", write_document_facts(facts)))[0] == facts


def test_facts_name_an_id_once():
    problems = read_document_facts(TextFile("documents.toml", FACTS + FACTS.replace('"six-', '"seven-')))[1]
    assert told(problems) == [(11, '"SF-D10" is here twice.')]
