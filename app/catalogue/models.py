"""Tables of courses, their immutable versions with all rendered texts and media, and the references."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.catalogue.domain.versions import ReferenceKind, VersionKind, VersionState
from app.db.base import Base, Keyed


class Course(Keyed):
    """A course by its id ("M01") and its slug in URLs. A collection of desk tasks is in no list of courses."""

    __tablename__ = "course"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    sensitivity: Mapped[Sensitivity]
    collection: Mapped[bool] = mapped_column(default=False, server_default=false())


class CourseVersion(Keyed):
    """A course in all its languages; a draft is replaced, a published version never changes."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) AND (state = 'draft') = (kind IS NULL)"
            " AND (state = 'draft') = (first_id IS NULL) AND (state = 'draft') = (second_id IS NULL)",
            "published_says_how_and_by_whom",
        ),
        CheckConstraint("first_id <> second_id", "two_people_publish"),
        CheckConstraint("ends_on IS NULL OR kind = 'breaking'", "only_breaking_ends"),
        Index("uq_course_version_current", "course_id", unique=True, sqlite_where=text("state = 'current'"),
              postgresql_where=text("state = 'current'")),
        Index("uq_course_version_draft", "course_id", unique=True, sqlite_where=text("state = 'draft'"),
              postgresql_where=text("state = 'draft'")),
    )  # fmt: skip

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    state: Mapped[VersionState]
    fingerprint: Mapped[str] = mapped_column(String(64))  # SHA-256 over all files of the folder
    facts: Mapped[str] = mapped_column(Text)  # domain.courses.CourseFacts as JSON
    made_at: Mapped[datetime]
    # a draft is not published yet: no kind, time or people
    kind: Mapped[VersionKind | None]
    message: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]  # a breaking version: the last day of the records of earlier versions
    first_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class VersionFile(Base):
    """A file of the course folder as it was loaded, byte for byte.

    A medium whose content was moved to MEDIA_PATH has its SHA-256 and its size in bytes instead.
    """

    __tablename__ = "version_file"
    __table_args__ = (
        CheckConstraint(
            "(content IS NULL) = (digest IS NOT NULL) AND (content IS NULL) = (size IS NOT NULL)",
            "moved_says_where",
        ),
        Index(None, "digest"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]


class CourseWords(Base):
    """A version's title, paragraph and outcomes in one language."""

    __tablename__ = "course_words"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    translation: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text)  # domain.courses.CourseText as JSON


class Lesson(Base):
    """A lesson in one language, rendered and cleaned; `etag` is the SHA-256 of `body`."""

    __tablename__ = "lesson"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    translation: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text)  # markup.shapes.RenderedLesson as JSON
    etag: Mapped[str] = mapped_column(String(64))


class BankItem(Base):
    """An item in one language: its key as data, its texts rendered. `revision` is raised by substantive publishing."""

    __tablename__ = "bank_item"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(24), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int]
    revision: Mapped[int]
    translation: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(Text)  # domain.items.Item as JSON
    texts: Mapped[str] = mapped_column(Text)  # shapes.ItemTexts as JSON


class Case(Base):
    """A branching case in one language: its graph as data, its texts rendered."""

    __tablename__ = "course_case"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    translation: Mapped[str] = mapped_column(String(12))
    graph: Mapped[str] = mapped_column(Text)  # domain.scenarios.Scenario as JSON
    texts: Mapped[str] = mapped_column(Text)  # shapes.CaseTexts as JSON


class StoredDocument(Base):
    """A document in one language, rendered. Its facts, such as form B, are apart from the body that pages show."""

    __tablename__ = "course_document"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(String(24), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    translation: Mapped[str] = mapped_column(String(12))
    facts: Mapped[str] = mapped_column(Text)  # domain.documents.DocumentFacts as JSON
    body: Mapped[str] = mapped_column(Text)  # shapes.DocumentText as JSON


class CourseMedium(Base):
    """A picture, recording or document of a version, addressed by its content.

    One whose content was moved to MEDIA_PATH has its size in bytes instead.
    """

    __tablename__ = "course_medium"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (size IS NOT NULL)", "moved_has_a_size"),
        Index(None, "digest"),
    )

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes | None]
    size: Mapped[int | None]


class Reference(Keyed):
    """A version of the competencies, plan, sources, glossary, rubrics, treaties or country cards."""

    __tablename__ = "reference"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    kind: Mapped[ReferenceKind]
    number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime]
