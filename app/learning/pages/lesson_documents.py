"""Documents of a lesson: those that its sections show, and those that its text links to. Only forms A and none."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.i18n.languages import current
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


def without(item: QuestionItem, names: Collection[str]) -> QuestionItem:
    """Return a question without the documents of these ids in which nothing is asked; its links lead to the desk."""
    documents = [view for view in item.documents if view.text.id not in names or view.controls or view.fields]
    stem = str(item.stem)
    for view in item.documents:
        if view not in documents:
            stem = stem.replace(f'href="#{view.id}-', f'href="#doc-{view.text.id}-')
    return replace(item, documents=tuple(documents), stem=trusted(stem))


def linked(outline: Outline, text: LessonText) -> Sequence[DocumentView]:
    """Return the documents to which the text links and which no section shows."""
    sections = text.rendered.parts
    names = [name for section in sections for name in _LINK.findall(section.whole)]
    shown_names = set(text.rendered.documents)
    return shown(outline, text, dict.fromkeys(name for name in names if name not in shown_names))
