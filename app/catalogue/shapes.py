"""Values of the catalogue for other packages: outline, lesson, question and case with rendered texts.

`ItemTexts`, `CaseTexts` and `MoveTexts` are also stored as JSON: never rename their fields; a new one needs a default.
"""

from uuid import UUID

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import CourseFacts, CourseText
from app.catalogue.domain.item_texts import answer_sources
from app.catalogue.domain.items import Item
from app.catalogue.domain.scenarios import Scenario
from app.markup.shapes import RenderedLesson


class ItemTexts(msgspec.Struct, frozen=True):
    """An item's texts as HTML; `answers` and `feedback` in the order of `item_texts.answer_sources`.

    `good` and `weak` are the model answers of an open question.
    """

    stem: str
    answers: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    hint: str = ""
    general: str = ""
    good: str = ""
    weak: str = ""


class MoveTexts(msgspec.Struct, frozen=True):
    text: str
    consequence: str
    why: str


class CaseTexts(msgspec.Struct, frozen=True):
    """A case's texts as HTML: the scene, each node's text by id, each node's moves in order."""

    scene: str
    nodes: dict[str, str]
    moves: dict[str, tuple[MoveTexts, ...]]


class UnitText(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit of a document with its cells as HTML; `label` of a form's field is plain text."""

    number: int
    cells: tuple[str, ...]
    time: str = ""
    speaker: str = ""
    fillable: bool = False
    label: str = ""


class PartText(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a document; `kind` is a value of `documents.PartKind`, `heads` and `title` are HTML.

    `numeric`: positions from 0 of the columns of a table that hold numbers alone.
    """

    kind: str
    units: tuple[UnitText, ...]
    title: str = ""
    heads: tuple[str, ...] = ()
    ordered: bool = False
    numeric: tuple[int, ...] = ()


class DocumentText(msgspec.Struct, frozen=True):
    """A document as a page draws it, stored as JSON; neither form, family nor names of units."""

    id: str
    kind: str
    title: str
    language: str
    dir: str
    parts: tuple[PartText, ...]
    date: str = ""
    sender: str = ""
    to: str = ""
    location: str = ""
    status: str = ""
    columns: tuple[str, str] | None = None
    note: str = ""


class Question(msgspec.Struct, frozen=True):
    """An item in one language: its data, its texts, its revision."""

    item: Item
    texts: ItemTexts
    revision: int

    @property
    def has_texts(self) -> bool:
        """Return whether all its texts are rendered; older versions do not have those of all kinds."""
        answers, feedback = answer_sources(self.item)
        return (len(answers), len(feedback)) == (len(self.texts.answers), len(self.texts.feedback))


class CaseText(msgspec.Struct, frozen=True):
    """A case in one language."""

    name: str
    scenario: Scenario
    texts: CaseTexts


class LessonHead(msgspec.Struct, frozen=True):
    """The title of a lesson in lists; `translation` is "source" or a value of `TranslationState`."""

    title: str
    translation: str


class LessonText(msgspec.Struct, frozen=True):
    """A lesson to read, in `language`."""

    slug: str
    language: str
    translation: str
    rendered: RenderedLesson
    etag: str


class CourseTranslation(msgspec.Struct, frozen=True):
    """Title, description and outcomes of a course in one language."""

    text: CourseText
    translation: str


class Outline(msgspec.Struct, frozen=True):
    """A version without its lesson and item texts: enough for lists, menus and navigation through the course."""

    course_id: UUID
    version_id: UUID
    slug: str
    number: int
    sensitivity: Sensitivity
    facts: CourseFacts
    words: dict[str, CourseTranslation]
    lessons: dict[str, dict[str, LessonHead]]  # slug, language
    cases: dict[str, dict[str, str]]  # name, language: title

    @property
    def code(self) -> str:
        """Return the id of the course, such as M01."""
        return self.facts.id

    def spoken(self, language: str) -> str:
        """Return the language of `title(language)`: this language if it has a translation, else the source's."""
        return language if language in self.words else self.facts.source_language

    def title(self, language: str) -> str:
        """Return the title in this language, or the source's."""
        return (self.words.get(language) or self.words[self.facts.source_language]).text.title

    def lesson_title(self, slug: str, language: str) -> str:
        """Return a lesson's title in this language, or the source's."""
        heads = self.lessons[slug]
        return (heads.get(language) or heads[self.facts.source_language]).title
