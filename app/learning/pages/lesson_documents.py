"""Documents of a lesson: those that its sections show, and those that its text links to. Only forms A and none.

A lesson draws a document once; a question in whose lines something is marked or filled in has a copy of its own.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.i18n.languages import current
from app.learning.pages.lesson_parts import LessonChunk
from app.quizzes.shapes import DocumentView, QuestionItem
from app.web.html.trusted_html import trusted

_LINK = re.compile(r'href="#doc-([A-Z][A-Z0-9]*-D[0-9]+)-[0-9]')


def shown(outline: Outline, text: LessonText, names: Iterable[str]) -> tuple[DocumentView, ...]:
    """Return the views of documents by their ids; those that a lesson may not show are left out."""
    asked = list(names)
    if not asked:
        return ()
    documents = catalogue.lesson_documents(outline.version_id, text.language)
    return tuple(DocumentView(text=documents[name], language=current()) for name in asked if name in documents)


def may_show(outline: Outline, item: Item) -> bool:
    """Return whether a lesson may show the documents of an item."""
    if not item.document:
        return True
    facts = catalogue.document_facts(outline.version_id)
    return all(name in facts and facts[name].form in catalogue.IN_LESSONS for name in item.document)


def on_desk(text: LessonText) -> dict[str, tuple[str, ...]]:
    """Return the ids of the documents that are open on the desk of an item, by the item's id."""
    return {item: section.documents for section in text.rendered.parts for item in section.items}


def sections_once(chunks: Iterable[LessonChunk]) -> Iterator[LessonChunk]:
    """Yield the chunks of a lesson; a document that an earlier one shows is among the `earlier` ones of the chunk."""
    names: set[str] = set()
    for chunk in chunks:
        documents = [view for view in chunk.documents if view.text.id not in names]
        earlier = [view for view in chunk.documents if view.text.id in names]
        names.update(view.text.id for view in documents)
        yield replace(chunk, documents=documents, earlier=earlier) if earlier else chunk


@dataclass(frozen=True, slots=True)
class DrawnOnce:
    """The documents that a lesson has drawn so far: the beginning of the ids of their lines, by document."""

    anchors: dict[str, str]

    @classmethod
    def of(cls, views: Iterable[DocumentView]) -> Self:
        """Return the documents that the page shows outside its questions."""
        return cls({view.text.id: view.id for view in views})

    def question(self, item: QuestionItem, desk: Collection[str]) -> QuestionItem:
        """Return the next question without the documents that are drawn already and in which nothing is asked.

        Links to their lines lead to the drawn copy. Those that are not on the question's `desk` are `elsewhere`.
        """
        documents, elsewhere, stem = [], [], str(item.stem)
        for view in item.documents:
            anchor = self.anchors.get(view.text.id)
            if view.controls or view.fields or anchor is None:
                documents.append(view)
                continue
            stem = stem.replace(f'href="#{view.id}-', f'href="#{anchor}-')
            elsewhere.append(replace(view, anchor=anchor))
        self._keep(documents)
        others = tuple(view for view in elsewhere if view.text.id not in desk)
        return replace(item, documents=tuple(documents), elsewhere=others, stem=trusted(stem))

    def _keep(self, views: Iterable[DocumentView]) -> None:
        for view in views:
            self.anchors.setdefault(view.text.id, view.id)


def linked(outline: Outline, text: LessonText) -> Sequence[DocumentView]:
    """Return the documents to which the text links and which no section shows."""
    sections = text.rendered.parts
    names = [name for section in sections for name in _LINK.findall(section.whole)]
    shown_names = set(text.rendered.documents)
    return shown(outline, text, dict.fromkeys(name for name in names if name not in shown_names))
