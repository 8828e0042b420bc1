from itertools import chain

import pytest

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.document_checks import check_document
from app.catalogue.domain.document_reader import read_document
from app.catalogue.domain.document_writer import write_document
from app.catalogue.domain.documents import DocumentKind
from app.catalogue.domain.item_keys import KNOWN, key_examples
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lesson_reader import read_lesson
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.text import TextFile
from app.studio.domain.answer_lines import answer_lines
from app.studio.domain.document_examples import DOCUMENTS
from app.studio.domain.format_examples import BLOCKS, ITEMS, MARKDOWN, SOURCE, TERM, MarkdownPart, example_item
from app.studio.labels import formats as format_labels


def _lesson(text: str) -> TextFile:
    return TextFile("lesson.en.md", f"# Example\n\n{text}\n")


@pytest.mark.parametrize("part", MarkdownPart)
def test_markdown_example_has_no_problem(part: MarkdownPart) -> None:
    assert read_lesson(_lesson(MARKDOWN[part]))[1] == []


@pytest.mark.parametrize("block", BlockType)
def test_block_example_has_no_problem_and_is_of_its_type(block: BlockType) -> None:
    source = _lesson(BLOCKS[block])
    assert read_lesson(source)[1] == []
    assert [fenced.type for fenced in scan(source)[0].blocks] == [block]


@pytest.mark.parametrize("kind", ItemKind)
def test_question_example_is_of_its_kind_and_has_answers(kind: ItemKind) -> None:
    item = example_item(kind)
    assert item.kind is kind
    assert answer_lines(item.answers)


@pytest.mark.parametrize("kind", DocumentKind)
def test_document_example_has_no_problem_and_is_of_its_kind(kind: DocumentKind) -> None:
    source = TextFile("example.en.md", DOCUMENTS[kind])
    read, problems = read_document(source)
    assert problems == []
    assert read is not None
    assert read.document.kind is kind
    assert check_document(read, source.file) == []
    assert write_document(read.document) == source.text
    assert format_labels.document(kind)


def test_question_examples_are_a_bank_without_problems() -> None:
    bank, problems = read_bank(TextFile("test.en.md", "# Examples\n\n" + "\n\n".join(ITEMS.values()) + "\n"))
    assert len(bank.items) == len(ItemKind)
    assert problems + check_bank(bank, "test.en.md", competencies=None, sources=None, retired=()) == []


def test_examples_cite_the_source_and_the_term_that_the_page_knows() -> None:
    outline = scan(_lesson("\n\n".join([*MARKDOWN.values(), *BLOCKS.values()])))[0]
    assert {mention.id for mention in outline.citations} == {SOURCE, "national-law"}
    assert {mention.id for mention in outline.terms} == {TERM}


def test_names_of_examples_are_different_because_they_are_anchors() -> None:
    names = list(chain(MarkdownPart, BlockType, ItemKind))
    assert len(set(names)) == len(names)


def test_each_part_of_the_format_and_each_key_has_a_description() -> None:
    described = [
        *map(format_labels.markdown, MarkdownPart),
        *map(format_labels.block, BlockType),
        *map(format_labels.question, ItemKind),
        *map(format_labels.key, KNOWN),
    ]
    assert all(described)
    assert key_examples().keys() == KNOWN
