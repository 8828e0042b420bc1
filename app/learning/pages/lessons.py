"""View model of the page of a lesson: /courses/<course>/lessons/<lesson>."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import groupby
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.items import ItemKind
from app.catalogue.shapes import LessonText, Outline
from app.i18n.babel import joined
from app.i18n.languages import Language, language
from app.kernel import clock
from app.learning import labels
from app.learning.labels import Fallback
from app.learning.pages import country_facts, lesson_documents, lesson_questions
from app.learning.pages.courses import reviews
from app.learning.pages.lesson_documents import DrawnOnce
from app.learning.pages.lesson_parts import LessonChunk, LessonPart, divide
from app.learning.pages.lesson_questions import LessonQuestion
from app.learning.shapes import CourseStatus
from app.markup.shapes import LessonSection
from app.quizzes.shapes import DocumentView
from app.web.html.trusted_html import trusted
from app.web.pages import Page

_BODY = '<div class="flow-s">'  # of a block, as markup makes it
_TAG = re.compile(r"<[^>]*>")
PAPERS = ("desk", "worked", "card", "audio")  # kinds of sections that documents.css draws
URLS = ("done", "skip", "save_place", "show_report")  # views that a lesson's forms and links lead to


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonStop:
    """A lesson beside the open lesson; `node` is "done", "here" or ""."""

    number: int
    title: str
    href: str
    lang: str
    node: str


# kinds of questions that the first style sheet is enough for
PLAIN_KINDS = frozenset({ItemKind.SINGLE, ItemKind.SEVERAL, ItemKind.TRUEFALSE, ItemKind.ORDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPage(Page):
    """A lesson in parts; reader.js shows one part at a time.

    `warning` is the title of a warning with its text, `unread` are the reviewers who have not read the course,
    `documents` are those that the text links to and no section shows,
    `has_papers`: it has documents or questions with fields, which need documents.css,
    `first_element` is the element on top of the screen (0: the beginning), `token` is the reading token.
    """

    template: ClassVar[str] = "learning/lesson.html"

    outline: Outline
    text: LessonText
    entry: LessonEntry
    number: int
    language: Language
    fallback: Fallback | None
    unread: str
    stops: Sequence[LessonStop]
    before: LessonStop | None
    after: LessonStop | None
    warning: tuple[str, str] | None
    parts: Sequence[LessonPart]
    has_notes: bool
    questions: Mapping[str, LessonQuestion]
    documents: Sequence[DocumentView]
    has_papers: bool
    urls: Mapping[str, str]
    first_element: int
    token: str
    alias: str
    today: date


def page(status: CourseStatus, text: LessonText, *, token: str, unanswered: str) -> LessonPage:
    """Return the page of a lesson. `unanswered` is the question that was sent without an answer, or ""."""
    outline, code = status.outline, text.language
    stops = _stops(status, text)
    stop = _open_stop(stops)
    entry = outline.facts.lessons[stop.number - 1]
    chunks = list(lesson_documents.sections_once(_chunks(outline, text, current_user.signed.country)))
    documents = lesson_documents.linked(outline, text)
    questions = lesson_questions.shown(status, text, drawn=_drawn(chunks, documents), unanswered=unanswered)
    return LessonPage(
        outline=outline,
        text=text,
        entry=entry,
        number=stop.number,
        language=language(code),
        fallback=labels.asked(code),
        unread=_unread(outline),
        stops=stops,
        before=stop.before,
        after=stop.after,
        warning=_warning(entry, text),
        parts=divide(chunks, entry.minutes),
        has_notes=any(chunk.kind in ("country", "country-facts") for chunk in chunks),
        questions=questions,
        documents=documents,
        has_papers=_has_papers(documents, chunks, questions),
        urls={name: url_for(f"learning.{name}", course=outline.slug, lesson=text.slug) for name in URLS},
        first_element=_first_element(status, text.slug),
        token=token,
        alias=current_user.signed.alias,
        today=clock.today(),
    )


@dataclass(frozen=True, slots=True)
class _OpenStop:
    """The number of the open lesson, from 1, and its neighbours."""

    number: int
    before: LessonStop | None
    after: LessonStop | None


def _open_stop(stops: Sequence[LessonStop]) -> _OpenStop:
    index = [stop.node for stop in stops].index("here")
    before = stops[index - 1] if index else None
    return _OpenStop(index + 1, before, next(iter(stops[index + 1 :]), None))


def _drawn(chunks: Sequence[LessonChunk], documents: Sequence[DocumentView]) -> DrawnOnce:
    """Return the documents that the page draws outside its questions."""
    views = list(documents)
    for chunk in chunks:
        views += chunk.documents
    return DrawnOnce.of(views)


def _unread(outline: Outline) -> str:
    """Return the reviewers who have not read the course."""
    return joined([line.reviewer for line in reviews(outline.facts) if line.on is None])


def _first_element(status: CourseStatus, lesson: str) -> int:
    return status.enrolment.places.get(lesson, 0) if status.enrolment else 0


def _has_papers(
    documents: Sequence[DocumentView], chunks: Sequence[LessonChunk], questions: Mapping[str, LessonQuestion]
) -> bool:
    has_fields = any(question.item.kind not in PLAIN_KINDS for question in questions.values())
    return bool(documents) or has_fields or any(chunk.section for chunk in chunks)


def _stops(status: CourseStatus, text: LessonText) -> list[LessonStop]:
    """Return the lessons of the course."""
    outline, code = status.outline, text.language
    states = labels.nodes(status, text.slug)
    return [
        LessonStop(
            number=number,
            title=outline.lesson_title(entry.slug, code),
            href=url_for("learning.lesson", course=outline.slug, lesson=entry.slug),
            lang=code if code in outline.lessons[entry.slug] else outline.facts.source_language,
            node=node,
        )
        for number, (entry, node) in enumerate(zip(outline.facts.lessons, states, strict=True), 1)
    ]


def _chunks(outline: Outline, text: LessonText, country: str) -> list[LessonChunk]:
    """Return the text in chunks; successive country notes are one, with those of the own country apart."""
    chunks: list[LessonChunk] = []
    for kind, sections in groupby(text.rendered.parts, key=lambda section: section.kind):
        if kind == "country":
            chunks.append(_notes(list(sections), country))
        elif kind == "country-facts":
            chunks += [chunk for section in sections if (chunk := country_facts.chunk(section))]
        else:
            chunks += [_chunk(outline, text, section) for section in sections]
    return chunks


def _chunk(outline: Outline, text: LessonText, section: LessonSection) -> LessonChunk:
    html = trusted(section.html)
    if section.kind not in PAPERS:
        return LessonChunk(section.kind, html, item=section.ref)
    documents = lesson_documents.shown(outline, text, section.documents)
    return LessonChunk(section.kind, html, section=section, documents=documents)


def _notes(sections: Sequence[LessonSection], country: str) -> LessonChunk:
    own = [trusted(section.html) for section in sections if section.ref == country]
    others = [trusted(section.html) for section in sections if section.ref != country]
    return LessonChunk("country", own=own, others=others)


def _warning(entry: LessonEntry, text: LessonText) -> tuple[str, str] | None:
    """Return the warning of a lesson's content; its text is in the lesson's first sensitive block."""
    if not entry.warning:
        return None
    return _("Sensitive, strong") if entry.warning == 2 else _("Sensitive, mild"), _words_of_first_block(text)


def _words_of_first_block(text: LessonText) -> str:
    """Return the text of the sensitive block at the head of a lesson, which the page hides (.warned in the styles)."""
    html = text.rendered.parts[0].html if text.rendered.parts else ""
    start = html.find(_BODY)
    plain_text = _TAG.sub(" ", html[start : html.find("</div>", start)]) if start >= 0 else ""
    return unescape(" ".join(plain_text.split()))
