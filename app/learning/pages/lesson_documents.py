"""Documents of a lesson: those that its sections show, and those that its text links to. Only forms A and none."""

import re
from collections.abc import Iterable, Sequence

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.i18n.languages import current
from app.quizzes.shapes import DocumentView

_LINK = re.compile(r'href="#doc-([A-Z][A-Z0-9]*-D[0-9]+)-[0-9]')


def shown(outline: Outline, text: LessonText, names: Iterable[str]) -> tuple[DocumentView, ...]:
    """Return the views of documents by their ids; those that a lesson may not show are left out."""
    asked = list(names)
    if not asked:
        return ()
    documents = catalogue.lesson_documents(outline.version_id, text.language)
    return tuple(DocumentView(text=documents[name], language=current()) for name in asked if name in documents)


def linked(outline: Outline, text: LessonText) -> Sequence[DocumentView]:
    """Return the documents to which the text links and which no section shows."""
    sections = text.rendered.parts
    names = [name for section in sections for name in _LINK.findall(section.whole)]
    shown_names = set(text.rendered.documents)
    return shown(outline, text, dict.fromkeys(name for name in names if name not in shown_names))
