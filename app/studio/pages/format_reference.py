"""View model of the format reference: each part of the course format with a working example and its rendering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.document_reader import key_examples as document_keys
from app.catalogue.domain.item_keys import key_examples
from app.catalogue.domain.items import ItemKind
from app.studio.domain.document_examples import DOCUMENTS
from app.studio.domain.format_examples import BLOCKS, ITEMS, MARKDOWN
from app.studio.labels import formats as format_labels
from app.studio.pages.lesson_editor import PreviewSection
from app.studio.pages.rendered_examples import (
    EXAMPLE_ADDRESS,
    RenderedAnswer,
    RenderedQuestion,
    RenderedText,
    anchor,
    rendered_examples,
)
from app.web.assets import assets
from app.web.html.trusted_html import trusted
from app.web.pages import Page

SHORTCUTS = ("B", "I", "K", "S")
"""The keys that the lesson editor uses together with Ctrl or Cmd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextExample:
    """A block or a piece of Markdown: its name in the format, what it is for, its text and its rendering."""

    name: str
    use: str
    anchor: str
    text: str
    rendered: RenderedText


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerExample:
    """An answer as HTML; `word` and `kind` are its points as a status, or empty."""

    text: str
    feedback: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionExample:
    """A kind of question. `is_drawn`: tests can ask it, not lessons alone."""

    name: str
    use: str
    anchor: str
    text: str
    stem: str
    answers: Sequence[AnswerExample]
    is_drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentExample:
    """A kind of document: its name in the format, what it is for and its text."""

    name: str
    use: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatReferencePage(Page):
    """The format reference. The keys are name, use and example; `shortcuts` are key and use."""

    template: ClassVar[str] = "studio/reference.html"
    markdown: Sequence[TextExample]
    blocks: Sequence[TextExample]
    questions: Sequence[QuestionExample]
    keys: Sequence[tuple[str, str, str]]
    documents: Sequence[DocumentExample]
    document_keys: Sequence[tuple[str, str, str]]
    shortcuts: Sequence[tuple[str, str]]


def page() -> FormatReferencePage:
    """Return the format reference."""
    examples = rendered_examples()
    return FormatReferencePage(
        markdown=[
            _text(part, format_labels.markdown(part), text, examples.markdown[part]) for part, text in MARKDOWN.items()
        ],
        blocks=[
            _text(block, format_labels.block(block), text, examples.blocks[block]) for block, text in BLOCKS.items()
        ],
        questions=[_question(kind, text, examples.questions[kind]) for kind, text in ITEMS.items()],
        keys=[(name, format_labels.key(name), example) for name, example in key_examples().items()],
        documents=_documents(),
        document_keys=[(name, format_labels.document_key(name), example) for name, example in document_keys().items()],
        shortcuts=[(key, format_labels.shortcut(key)) for key in SHORTCUTS],
    )


def _documents() -> list[DocumentExample]:
    return [
        DocumentExample(name=kind, use=format_labels.document(kind), anchor=anchor(f"document-{kind}"), text=text)
        for kind, text in DOCUMENTS.items()
    ]


def _text(name: str, use: str, text: str, rendered: RenderedText) -> TextExample:
    address = assets().by_name["mark.svg"].address
    sections = [_with_picture(section, address) for section in rendered.sections]
    return TextExample(
        name=name, use=use, anchor=anchor(name), text=text, rendered=replace(rendered, sections=sections)
    )


def _with_picture(section: PreviewSection, address: str) -> PreviewSection:
    """Put the sign of the site where the example names its picture."""
    return replace(section, html=trusted(str(section.html).replace(f'"{EXAMPLE_ADDRESS}"', f'"{address}"')))


def _question(kind: ItemKind, text: str, rendered: RenderedQuestion) -> QuestionExample:
    return QuestionExample(
        name=kind,
        use=format_labels.question(kind),
        anchor=anchor(kind),
        text=text,
        stem=rendered.stem,
        answers=[_answer(answer) for answer in rendered.answers],
        is_drawn=kind in DRAWN,
    )


def _answer(answer: RenderedAnswer) -> AnswerExample:
    word, kind = _points(answer.ratio)
    return AnswerExample(text=answer.text, feedback=answer.feedback, word=word, kind=kind)


def _points(ratio: float | None) -> tuple[str, str]:
    if ratio is None:
        return "", ""
    if ratio == 1:
        return _("Right"), "good"
    if ratio == 0:
        return _("Wrong"), "none"
    return _("%(percent)s%% of the points", percent=round(ratio * 100)), "risk"
