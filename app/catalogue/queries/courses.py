"""Query courses, lessons, banks, cases and references; versions never change, so values are cached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Sensitivity, allows
from app.catalogue.domain import retention
from app.catalogue.domain.courses import CourseFacts, CourseText
from app.catalogue.domain.documents import DocumentFacts, DocumentForm
from app.catalogue.domain.items import Item
from app.catalogue.domain.library import References
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.country_cards import CountryCards
from app.catalogue.domain.references.glossary import Glossary
from app.catalogue.domain.references.plan import Plan
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.domain.references.sources import Sources
from app.catalogue.domain.references.treaties import Treaties
from app.catalogue.domain.scenarios import Scenario
from app.catalogue.domain.versions import IN_FORCE, ReferenceKind, VersionState
from app.catalogue.models import (
    BankItem,
    Case,
    Course,
    CourseVersion,
    CourseWords,
    Lesson,
    Reference,
    StoredDocument,
)
from app.catalogue.shapes import (
    CaseText,
    CaseTexts,
    CourseTranslation,
    DocumentText,
    ItemTexts,
    LessonHead,
    LessonText,
    Outline,
    Question,
)
from app.db.base import table_of
from app.db.session import db
from app.kernel.shapes import ready
from app.markup.shapes import RenderedLesson

ready(
    CourseFacts,
    CourseText,
    Item,
    ItemTexts,
    RenderedLesson,
    Scenario,
    CaseTexts,
    DocumentFacts,
    DocumentText,
    Competencies,
    Plan,
    Rubrics,
    Treaties,
    CountryCards,
    Sources,
    Glossary,
)
IN_LESSONS = frozenset({DocumentForm.A, DocumentForm.NONE})  # forms of documents that a lesson and its search may show
_course, _version, _reference_row = table_of(Course), table_of(CourseVersion).c, table_of(Reference).c
# built once, as most pages send them: to build one takes longer than to run it
_is_readable = _course.c.sensitivity.in_(bindparam("readable_levels"))
# ids of the courses of `readable_levels`, for data of the person: collections too, whose tasks are done in sittings
READABLE = select(_course.c.id).where(_is_readable)
_is_listed = and_(_is_readable, not_(_course.c.collection))
_CURRENT = (
    select(_version.id)
    .join(_course, _course.c.id == _version.course_id)
    .where(_course.c.slug == bindparam("slug"), _version.state.in_(IN_FORCE), _is_listed)
)
# course id, current version id and code of the courses of `readable_levels`, for joins elsewhere; no collections
VISIBLE = (
    select(_course.c.id.label("course_id"), _version.id.label("version_id"), _course.c.code.label("code"))
    .join(table_of(CourseVersion), _version.course_id == _course.c.id)
    .where(_version.state == VersionState.CURRENT, _is_listed)
)
_VISIBLE_BY_CODE = VISIBLE.order_by(_course.c.code)
_NEWEST = (
    select(_reference_row.id)
    .where(_reference_row.kind == bindparam("kind"))
    .order_by(_reference_row.number.desc())
    .limit(1)
)
CACHE_SIZE = 256  # outlines, lessons, banks: some tens of kilobytes each
P = ParamSpec("P")
R = TypeVar("R")


def _cached(read: Callable[P, R]) -> Callable[P, R]:
    """Cache the results; a missing row raises and is not cached."""
    cached = lru_cache(maxsize=CACHE_SIZE)(read)

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        return cached(*args, **kwargs)  # type: ignore[arg-type]  # lru_cache knows no ParamSpec

    return reading


@dataclass(frozen=True, slots=True)
class _OfSensitivity:
    sensitivity: Sensitivity


def scope(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition of the courses that the policy lets the actor read (Action.READ_COURSE).

    Collections of desk tasks are not among them: only sittings and the pages of their authors show them.
    """
    return and_(scope_with_collections(actor), not_(Course.collection))


def scope_with_collections(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition of the courses and collections whose sensitivity the actor may read."""
    return Course.sensitivity.in_(readable_levels(actor))


def readable_levels(actor: Actor) -> list[Sensitivity]:
    """Return the sensitivities of the courses that the policy lets the actor read: the parameter of `READABLE`."""
    return [level for level in Sensitivity if allows(actor, Action.READ_COURSE, _OfSensitivity(level))]


def readable(actor: Actor) -> Select[UUID]:
    """Return the query for the ids of the courses within the actor's scope, to filter data that belongs to them."""
    return select(Course.id).where(scope(actor))


def visible(actor: Actor, course: str) -> Outline:
    """Return the current version of the course with this slug within the actor's scope, or raise NoResultFound.

    A collection of desk tasks raises as well. A retired course is returned, too: those who have begun it may finish it.
    """
    values = {"slug": course, "readable_levels": readable_levels(actor)}
    return outline(db.session.execute(_CURRENT, values).scalar_one())


def visible_version(actor: Actor, course: str, number: int) -> Outline:
    """Return a published version of a course within the actor's scope, or raise NoResultFound."""
    query = (
        select(CourseVersion.id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(
            Course.slug == course,
            CourseVersion.number == number,
            CourseVersion.state != VersionState.DRAFT,
            scope(actor),
        )
    )
    return outline(db.session.execute(query).scalar_one())


def all_visible(actor: Actor) -> list[Outline]:
    """Return the current versions of all courses within the actor's scope, by code."""
    return [
        outline(row[1]) for row in db.session.execute(_VISIBLE_BY_CODE, {"readable_levels": readable_levels(actor)})
    ]


def published_codes() -> frozenset[str]:
    """Return the codes of all courses that are published now, without collections of desk tasks."""
    query = (
        select(Course.code)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.state == VersionState.CURRENT, not_(Course.collection))
    )
    return frozenset(db.session.scalars(query))


def draft_of(code: str) -> CourseVersion | None:
    """Return the draft of a course, if there is one."""
    query = (
        select(CourseVersion)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.code == code, CourseVersion.state == VersionState.DRAFT)
    )
    return db.session.scalars(query).one_or_none()


@_cached
def outline(version_id: UUID) -> Outline:
    """Return a version's outline."""
    query = select(CourseVersion, Course).join(Course, Course.id == CourseVersion.course_id)
    version, course = db.session.execute(query.where(CourseVersion.id == version_id)).one()
    texts = db.session.execute(
        select(CourseWords.language, CourseWords.body, CourseWords.translation).where(
            CourseWords.version_id == version_id
        )
    )
    lessons: dict[str, dict[str, LessonHead]] = {}
    for slug, language, title, translation in db.session.execute(
        select(Lesson.slug, Lesson.language, Lesson.title, Lesson.translation)
        .where(Lesson.version_id == version_id)
        .order_by(Lesson.position)
    ):
        lessons.setdefault(slug, {})[language] = LessonHead(title, translation)
    cases: dict[str, dict[str, str]] = {}
    for name, language, graph in db.session.execute(
        select(Case.name, Case.language, Case.graph).where(Case.version_id == version_id).order_by(Case.name)
    ):
        cases.setdefault(name, {})[language] = msgspec.json.decode(graph, type=Scenario).title
    return Outline(
        course_id=course.id,
        version_id=version_id,
        slug=course.slug,
        number=version.number,
        sensitivity=course.sensitivity,
        facts=msgspec.json.decode(version.facts, type=CourseFacts),
        words={
            code: CourseTranslation(msgspec.json.decode(body, type=CourseText), state) for code, body, state in texts
        },
        lessons=lessons,
        cases=cases,
    )


@_cached
def lesson(version_id: UUID, slug: str, language: str) -> LessonText:
    """Return a lesson in a language; raise NoResultFound when there is none."""
    row = db.session.execute(
        select(Lesson.translation, Lesson.body, Lesson.etag).where(
            Lesson.version_id == version_id, Lesson.slug == slug, Lesson.language == language
        )
    ).one()
    return LessonText(slug, language, row[0], msgspec.json.decode(row[1], type=RenderedLesson), row[2])


@_cached
def bank(version_id: UUID, language: str) -> Mapping[str, Question]:
    """Return the items of a version by id, in the bank's order, in this language or, if missing, the source's."""
    query = (
        select(BankItem.item, BankItem.language, BankItem.key, BankItem.texts, BankItem.revision)
        .where(BankItem.version_id == version_id, BankItem.language.in_({language, _source(version_id)}))
        .order_by(BankItem.position)
    )
    questions: dict[str, Question] = {}
    for item, code, key, texts, revision in db.session.execute(query):
        if item not in questions or code == language:
            questions[item] = Question(
                msgspec.json.decode(key, type=Item), msgspec.json.decode(texts, type=ItemTexts), revision
            )
    return questions


@_cached
def case(version_id: UUID, name: str, language: str) -> CaseText:
    """Return a case in a language or in the source's; raise NoResultFound if no case has this name."""
    rows = {
        code: CaseText(name, msgspec.json.decode(graph, type=Scenario), msgspec.json.decode(texts, type=CaseTexts))
        for code, graph, texts in db.session.execute(
            select(Case.language, Case.graph, Case.texts).where(Case.version_id == version_id, Case.name == name)
        )
    }
    if not rows:
        raise NoResultFound
    return rows.get(language) or rows[_source(version_id)]


@_cached
def documents(version_id: UUID, language: str) -> Mapping[str, DocumentText]:
    """Return all documents of a version by id, in this language or, if missing, another, the source's first.

    They include those of form B and reserve, which no page shows outside an attempt or a watched check.
    """
    query = select(StoredDocument.document, StoredDocument.language, StoredDocument.body)
    rows = db.session.execute(query.where(StoredDocument.version_id == version_id)).all()
    preferred = (language, _source(version_id))
    bodies: dict[str, tuple[tuple[bool, ...], str]] = {}
    for name, code, body in rows:
        rank = tuple(code != wanted for wanted in preferred)
        if name not in bodies or rank < bodies[name][0]:
            bodies[name] = (rank, body)
    return {name: msgspec.json.decode(body, type=DocumentText) for name, (_, body) in sorted(bodies.items())}


@_cached
def document_facts(version_id: UUID) -> Mapping[str, DocumentFacts]:
    """Return the facts of the documents of a version by id; no page shows form and family."""
    query = select(StoredDocument.document, StoredDocument.facts).where(StoredDocument.version_id == version_id)
    return {row[0]: msgspec.json.decode(row[1], type=DocumentFacts) for row in db.session.execute(query)}


def lesson_documents(version_id: UUID, language: str) -> Mapping[str, DocumentText]:
    """Return the documents of form A or none, which lessons and practice may show; as `documents` otherwise."""
    facts = document_facts(version_id)
    return {name: text for name, text in documents(version_id, language).items() if facts[name].form in IN_LESSONS}


def reference(kind: ReferenceKind) -> Reference | None:
    """Return the newest version of a reference, or None when none was loaded."""
    query = select(Reference).where(Reference.kind == kind).order_by(Reference.number.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def plan(day: date | None = None) -> Plan | None:
    """Return the plan as it was at the end of a day (before the first one, the first), by default the newest."""
    numbered = numbered_plan(day)
    return numbered[1] if numbered else None


def numbered_plan(day: date | None = None) -> tuple[int, Plan] | None:
    """Return the result of `plan` with the number of its version."""
    query = select(Reference.id, Reference.number, Reference.loaded_at).where(Reference.kind == ReferenceKind.PLAN)
    loaded = db.session.execute(query.order_by(Reference.number)).all()
    early = [row for row in loaded if day is None or row.loaded_at.date() <= day] or loaded[:1]
    return (early[-1].number, _reference(early[-1].id, Plan)) if early else None


def expired_days(today: date) -> tuple[retention.Days, ...]:
    """Return the days whose details have expired, by the periods of all versions of the plan."""
    query = select(Reference.id).where(Reference.kind == ReferenceKind.PLAN).order_by(Reference.number)
    heads = [_reference(reference_id, Plan).head for reference_id in db.session.scalars(query).all()]
    return retention.expired_days([head.period for head in heads if head is not None], today)


def competency_titles(language: str) -> Mapping[str, str]:
    """Return the titles of the competencies by id, in this language or, if missing, in English."""
    return titles_of(competencies(), language)


def titles_of(framework: Competencies | None, language: str) -> Mapping[str, str]:
    """Return the titles of the competencies of a framework that was read before."""
    if framework is None:
        return {}
    texts = [framework.texts[code] for code in (language, "en") if code in framework.texts]
    titles = {
        competency.id: [text.title for texts_of_language in texts if (text := texts_of_language.get(competency.id))]
        for competency in framework.competencies
    }
    return {name: translations[0] if translations else name for name, translations in titles.items()}


def competencies() -> Competencies | None:
    """Return the newest competency framework, or None when none was loaded."""
    return newest(ReferenceKind.COMPETENCIES, Competencies)


def rubrics() -> Rubrics | None:
    """Return the newest rubrics, or None when none were loaded."""
    return newest(ReferenceKind.RUBRICS, Rubrics)


def treaties() -> Treaties | None:
    """Return the newest table of treaties, or None when none was loaded."""
    return newest(ReferenceKind.TREATIES, Treaties)


def glossary() -> Glossary:
    """Return the newest glossary, empty when none was loaded."""
    return newest(ReferenceKind.GLOSSARY, Glossary) or Glossary()


def references() -> References:
    """Return the newest references of all kinds; those that were never loaded are empty."""
    return References(
        competencies=competencies() or Competencies(),
        plan=plan() or Plan(),
        sources=newest(ReferenceKind.SOURCES, Sources) or Sources(),
        glossary=glossary(),
        rubrics=rubrics() or Rubrics(),
        treaties=treaties() or Treaties(),
        countries=newest(ReferenceKind.COUNTRIES, CountryCards) or CountryCards(),
    )


def reference_numbers() -> tuple[tuple[str, int], ...]:
    """Return the newest number of each kind of reference, for caches that depend on the references."""
    query = select(Reference.kind, func.max(Reference.number)).group_by(Reference.kind).order_by(Reference.kind)
    return tuple((str(row[0]), row[1]) for row in db.session.execute(query))


def newest(kind: ReferenceKind, shape: type[R]) -> R | None:
    """Return the newest version of a reference in its shape, or None when none was loaded."""
    reference_id = db.session.connection().execute(_NEWEST, {"kind": kind}).scalar()
    return None if reference_id is None else _reference(reference_id, shape)


@_cached
def _reference(reference_id: UUID, shape: type[R]) -> R:
    body = db.session.execute(select(Reference.body).where(Reference.id == reference_id)).scalar_one()
    return msgspec.json.decode(body, type=shape)


def _source(version_id: UUID) -> str:
    return outline(version_id).facts.source_language
