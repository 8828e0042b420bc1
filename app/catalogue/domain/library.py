"""Data classes of `courses/`: `Library`, `CourseFolder` and `References`; `folder.read_folder` builds them."""

import msgspec

from app.catalogue.domain.courses import CourseFacts, CourseText
from app.catalogue.domain.documents import CourseDocument, Document
from app.catalogue.domain.items import Bank
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.media import Medium
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.country_cards import CountryCards
from app.catalogue.domain.references.glossary import Glossary
from app.catalogue.domain.references.plan import Plan
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.domain.references.sources import Sources
from app.catalogue.domain.references.treaties import Treaties
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.translations import Front, TranslationState, TranslationStatus

SHARED_LANGUAGE = "en"
"""The source language of the documents that all courses share."""


class CourseFolder(msgspec.Struct, frozen=True):
    """One course. Keys of `fronts` and `statuses` are paths within the folder, such as `lessons/opening.ar.md`.

    `lessons` is by slug, then language; `scenarios` by name (empty for `scenario.<lang>.md`), then language. Banks and
    scenarios of other languages have the marks of the source. `contents` are the media by name; `toml`, `media_toml`
    and `documents_toml` are the texts as read, whose comments stay when the course is written. `documents` are by id:
    those of the course and the shared ones that name it.
    """

    slug: str
    course: CourseFacts
    toml: str
    texts: dict[str, CourseText] = {}
    lessons: dict[str, dict[str, LessonSource]] = {}
    banks: dict[str, Bank] = {}
    scenarios: dict[str, dict[str, Scenario]] = {}
    fronts: dict[str, Front] = {}
    statuses: dict[str, TranslationStatus] = {}
    media: tuple[Medium, ...] = ()
    media_toml: str = ""
    media_path: str = "media.toml"
    contents: dict[str, bytes] = {}
    documents: dict[str, CourseDocument] = {}
    documents_toml: str = ""

    def documents_in(self, language: str) -> dict[str, Document]:
        """Return the documents by id in a language; those without a translation in their source language."""
        texts = {}
        for document_id, document in self.documents.items():
            source = SHARED_LANGUAGE if document.shared else self.course.source_language
            text = document.texts.get(language) or document.texts.get(source)
            if text:
                texts[document_id] = text
        return texts

    @property
    def source_documents(self) -> dict[str, Document]:
        """Return the documents by id in the source language of the course."""
        return self.documents_in(self.course.source_language)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages with a course text, the source language first."""
        others = sorted(self.texts.keys() - {self.course.source_language})
        return (self.course.source_language, *others)

    def status(self, path: str) -> TranslationStatus:
        """Return the status of a translation against its source; an absent translation is missing."""
        return self.statuses.get(path, TranslationStatus(TranslationState.MISSING))


class References(msgspec.Struct, frozen=True):
    """The files that all courses share. `toml` are the texts as read, by file name; missing files are absent."""

    competencies: Competencies
    plan: Plan
    sources: Sources
    glossary: Glossary
    toml: dict[str, str] = {}
    rubrics: Rubrics = Rubrics()
    treaties: Treaties = Treaties()
    countries: CountryCards = CountryCards()


class SharedDocuments(msgspec.Struct, frozen=True):
    """The documents in `courses/documents/` by id, the text of their `documents.toml`, the heads of translations."""

    documents: dict[str, CourseDocument] = {}
    toml: str = ""
    fronts: dict[str, Front] = {}
    statuses: dict[str, TranslationStatus] = {}


class Library(msgspec.Struct, frozen=True):
    """`courses` is by folder name; a course whose `course.toml` cannot be used is left out."""

    courses: dict[str, CourseFolder]
    references: References
    documents: SharedDocuments = SharedDocuments()
