"""Check that the ids, files and pictures that a course refers to exist in the course or the references."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.collection_checks import check_collection
from app.catalogue.domain.course_files import CourseSources
from app.catalogue.domain.courses import CourseFacts, CourseTest
from app.catalogue.domain.document_uses import check_document_uses
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType, LessonOutline, Mention
from app.catalogue.domain.library import CourseFolder, References
from app.catalogue.domain.paper_checks import check_papers
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenario_checks import check_scenario
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.toml_lines import Path, TomlLines


@dataclass(frozen=True)
class KnownIds:
    """The ids that a course may refer to."""

    courses: frozenset[str]
    competencies: frozenset[str]
    roles: frozenset[str]
    sources: frozenset[str]
    long_sources: frozenset[str]
    terms: frozenset[str]
    rubrics: frozenset[str]


def known_ids(references: References, courses: Iterable[CourseFacts]) -> KnownIds:
    """Collect the ids of the references and of the courses."""
    terms = references.glossary.terms
    return KnownIds(
        courses=frozenset(course.id for course in courses),
        competencies=frozenset(competency.id for competency in references.competencies.competencies),
        roles=frozenset(role.id for role in references.competencies.roles),
        sources=references.sources.ids,
        long_sources=references.sources.long_ids,
        terms=frozenset(name for term in terms for name in (term.id, *term.aliases)),
        rubrics=references.rubrics.ids,
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """A reference in `course.toml`, the ids that it may name, and the message if it names none of them."""

    path: Path
    name: str
    known_ids: Collection[str]
    message: str


def check_folder(folder: CourseFolder, shelf: CourseSources, known_names: KnownIds) -> list[Problem]:
    """Return a problem for each unknown reference of a course, and the problems of its bank and its scenarios."""
    problems = _check_facts(folder, shelf, known_names)
    for name, page in shelf.pages.items():
        problems += check_real_looking(page.text, page.file)
        if name.part is Part.LESSON:
            problems += check_lesson(folder, page, known_names)
    problems += check_document_uses(folder, shelf)
    problems += check_papers(folder, shelf.toml.text, shelf.toml.file)
    problems += check_collection(folder, shelf.toml.text, shelf.toml.file)
    bank = folder.banks.get(folder.course.source_language)
    if bank:
        file = f"{folder.slug}/{path_in_course(Part.BANK, folder.course.source_language)}"
        retired = frozenset(folder.course.retired)
        problems += check_bank(
            bank,
            file,
            competencies=known_names.competencies,
            sources=known_names.sources,
            retired=retired,
            long_sources=known_names.long_sources,
            is_drawn_from=not folder.course.collection,
        )
    for case, scenarios in folder.scenarios.items():
        file = f"{folder.slug}/{path_in_course(Part.SCENARIO, folder.course.source_language, case)}"
        scenario = scenarios.get(folder.course.source_language)
        problems += check_scenario(scenario, file) if scenario else []
    return problems


def check_lesson(folder: CourseFolder, page: TextFile, known_names: KnownIds) -> list[Problem]:
    """Return a problem for each question, source, term and picture of a lesson that does not exist."""
    outline, _ = scan(page)
    bank = folder.banks.get(folder.course.source_language)
    items = {item.id for item in bank.items} if bank else set()
    checks = [Mention(block.title, block.line) for block in outline.titles(BlockType.CHECK) if block.title]
    problems = _unknown(page.file, checks, items, "The bank has no item %(id)s.")
    problems += _unknown(page.file, outline.citations, known_names.sources, "sources.toml has no source %(id)s.")
    problems += _unknown(page.file, outline.terms, known_names.terms, "The glossary has no term %(id)s.")
    return problems + _check_pictures(folder, page.file, outline)


def _unknown(file: str, named: Iterable[Mention], known_ids: Collection[str], message: str) -> list[Problem]:
    hint = "Add it there, or correct the id."
    return [
        Problem(file, mention.line, message, hint, {"id": mention.id})
        for mention in named
        if mention.id not in known_ids
    ]


def _check_pictures(folder: CourseFolder, file: str, outline: LessonOutline) -> list[Problem]:
    names = {medium.name for medium in folder.media}
    message, hint = (
        "The picture %(id)s is not in media.toml.",
        'Write the path as "../media/name.png" and add the picture to media.toml.',
    )
    return [
        Problem(file, picture.line, message, hint, {"id": picture.id})
        for picture in outline.pictures
        if picture.id.removeprefix("../").removeprefix("media/") not in names or "media/" not in picture.id
    ]


def _check_facts(folder: CourseFolder, shelf: CourseSources, known_names: KnownIds) -> list[Problem]:
    course = folder.course
    links = [
        *_course_links(course, known_names),
        *_lesson_links(course),
        *_rubric_links(course, known_names),
        *(
            _Link(path, name, known_names.competencies, "There is no competency %(id)s.")
            for path, name in _named_competencies(course)
        ),
    ]
    lines = TomlLines(shelf.toml.text)
    hint = "Add it, or correct the id."
    problems = [
        Problem(shelf.toml.file, lines.of(link.path), link.message, hint, {"id": link.name})
        for link in links
        if link.name not in link.known_ids
    ]
    return problems + _check_files(folder, shelf, lines)


def _course_links(course: CourseFacts, known_names: KnownIds) -> Iterator[_Link]:
    for index, code in enumerate(course.prerequisites):
        others = known_names.courses - {course.id}
        yield _Link(("prerequisites", index), code, others, "There is no other course %(id)s.")
    for index, role in enumerate(course.roles):
        yield _Link(("roles", index), role, known_names.roles, "There is no role %(id)s.")


def _lesson_links(course: CourseFacts) -> Iterator[_Link]:
    slugs = {entry.slug for entry in course.lessons}
    for index, entry in enumerate(course.lessons):
        for key, slug in (("skip_to", entry.skip_to), ("alternative", entry.alternative)):
            if slug:
                yield _Link(("lesson", index, key), slug, slugs - {entry.slug}, "There is no other lesson %(id)s.")


def _rubric_links(course: CourseFacts, known_names: KnownIds) -> Iterator[_Link]:
    for index, task in enumerate(course.desk_tasks):
        own = known_names.rubrics & {f"{task.competency}.{task.level}"}
        message = "There is no rubric %(id)s of the competency and level of the desk task."
        yield _Link(("desk_task", index, "rubric"), task.rubric, own, message)


def _named_competencies(course: CourseFacts) -> Iterator[tuple[Path, str]]:
    for index, aim in enumerate(course.competencies):
        yield ("competency", index), aim.id
    for index, entry in enumerate(course.lessons):
        yield from ((("lesson", index), name) for name in entry.competencies)
    if course.test:
        yield from _tested_competencies(course.test)
    for index, task in enumerate(course.desk_tasks):
        yield ("desk_task", index), task.competency


def _tested_competencies(test: CourseTest) -> Iterator[tuple[Path, str]]:
    for index, draw in enumerate(test.draw):
        yield ("test", "draw", index), draw.competency
    for name in test.floor:
        yield ("test", "floor", name), name


def _check_files(folder: CourseFolder, shelf: CourseSources, lines: TomlLines) -> list[Problem]:
    """Compare the order of lessons in `course.toml` with the files that are there."""
    course, file = folder.course, shelf.toml.file
    problems = []
    for index, entry in enumerate(course.lessons):
        if shelf.page(Part.LESSON, entry.slug) is None:
            wanted = path_in_course(Part.LESSON, course.source_language, entry.slug)
            message = "The lesson has no text: %(file)s."
            hint = "Add the file, or delete the entry."
            problems.append(Problem(file, lines.of(("lesson", index, "slug")), message, hint, {"file": wanted}))
    for slug in sorted(folder.lessons.keys() - {entry.slug for entry in course.lessons}):
        page = next(iter(shelf.of(Part.LESSON, slug).values()))
        hint = 'Add a "[[lesson]]" with this slug, or delete the file.'
        problems.append(Problem(page.file, 1, "This lesson has no entry in course.toml.", hint))
    if shelf.page(Part.TEXT) is None:
        wanted = path_in_course(Part.TEXT, course.source_language)
        hint = "Add it: title, one paragraph, and what is learnt."
        problems.append(
            Problem(file, 1, "The course has no description: the file %(file)s is missing.", hint, {"file": wanted})
        )
    return problems
