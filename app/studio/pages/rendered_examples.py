"""Render the examples of the format reference, once for each process: they change with the program only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.catalogue.domain.items import Item, ItemKind
from app.catalogue.domain.lessons import COUNTRIES, BlockType
from app.catalogue.service.text_rendering import RenderBatch, country_names, labels
from app.markup.preview import render_preview
from app.markup.shapes import CitedDocument, LessonJob, Picture, RenderedLesson, Term
from app.studio.domain.answer_lines import answer_lines
from app.studio.domain.format_examples import (
    BLOCKS,
    ITEMS,
    MARKDOWN,
    PICTURE,
    SOURCE,
    TERM,
    MarkdownPart,
    example_item,
)
from app.studio.pages.lesson_editor import PreviewSection
from app.web.html.trusted_html import trusted

LANGUAGE = "en"
EXAMPLE_ADDRESS = "/media/example"  # the page puts the address of a picture of the site here
_ANCHOR = re.compile(r'(\sid="|\shref="#)')


@dataclass(frozen=True, slots=True)
class RenderedText:
    """The example of a block or of Markdown, and the sources that it cites as (anchor, text)."""

    sections: Sequence[PreviewSection]
    sources: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RenderedAnswer:
    """An answer and its feedback as HTML; `ratio` is the part of the points it earns, None if it has no own."""

    text: str
    feedback: str
    ratio: float | None


@dataclass(frozen=True, slots=True)
class RenderedQuestion:
    """The example of a kind of question as HTML."""

    stem: str
    answers: Sequence[RenderedAnswer]


@dataclass(frozen=True, slots=True)
class RenderedExamples:
    """All examples."""

    markdown: Mapping[MarkdownPart, RenderedText]
    blocks: Mapping[BlockType, RenderedText]
    questions: Mapping[ItemKind, RenderedQuestion]


@cache
def rendered_examples() -> RenderedExamples:
    """Return the examples as HTML; it takes about a second the first time."""
    items = {kind: example_item(kind) for kind in ITEMS}
    return RenderedExamples(
        markdown={part: _text(part, text) for part, text in MARKDOWN.items()},
        blocks={block: _text(block, text) for block, text in BLOCKS.items()},
        questions=_questions(items),
    )


def anchor(name: str) -> str:
    """Return the id of an example on the page."""
    return f"format-{name}"


def _text(name: str, text: str) -> RenderedText:
    lesson = render_preview(_job(text))
    if lesson.unknown:
        raise LookupError(f"the example of {name} names what does not exist: {lesson.unknown}")
    return RenderedText(
        sections=[_section(name, part.whole, part.ref if part.kind == "check" else "") for part in lesson.parts],
        sources=_sources(name, lesson),
    )


def _job(text: str) -> LessonJob:
    return LessonJob(
        text=text,
        language=LANGUAGE,
        direction="ltr",
        labels=labels(LANGUAGE),
        sources={
            SOURCE: CitedDocument("Protocol to Prevent, Suppress and Punish Trafficking in Persons"),
            "national-law": CitedDocument("National law"),
        },
        terms={TERM: Term("Competency", "What a person can do in real work, shown by evidence.")},
        countries=country_names(sorted(COUNTRIES), LANGUAGE),
        media={PICTURE: Picture(EXAMPLE_ADDRESS, 96, 96)},
    )


def _section(name: str, html: str, question: str) -> PreviewSection:
    return PreviewSection(html=trusted(_ANCHOR.sub(rf"\g<1>{anchor(name)}-", html)), question=question)


def _sources(name: str, lesson: RenderedLesson) -> list[tuple[str, str]]:
    return [
        (f"{anchor(name)}-{source.anchor}", f"{source.number}. {source.text}. {source.place}".rstrip(". "))
        for source in lesson.sources
    ]


def _questions(items: Mapping[ItemKind, Item]) -> dict[ItemKind, RenderedQuestion]:
    inline, block = RenderBatch(), RenderBatch()
    lines = {kind: answer_lines(item.answers) for kind, item in items.items()}
    stems = {kind: block.add(item.stem) for kind, item in items.items()}
    texts = {kind: [(inline.add(line.text), inline.add(line.feedback)) for line in lines[kind]] for kind in items}
    inline.render(inline=True)
    block.render(inline=False, labels=labels(LANGUAGE))
    questions = {}
    for kind in items:
        answers = [
            RenderedAnswer(trusted(inline[text]), trusted(inline[feedback]), line.ratio)
            for line, (text, feedback) in zip(lines[kind], texts[kind], strict=True)
        ]
        questions[kind] = RenderedQuestion(trusted(block[stems[kind]]), answers)
    return questions
