"""Checking what the files of one course say of each other, and of what all courses share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.blueprint_checks import LIVE
from app.catalogue.domain.course_files import Shelf
from app.catalogue.domain.courses import Course
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType, Mention, Outline
from app.catalogue.domain.library import CourseFolder, References
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenario_checks import check_scenario
from app.catalogue.domain.text import Source
from app.catalogue.domain.toml_lines import Path, TomlLines


@dataclass(frozen=True)
class Known:
    """The ids that a course may refer to."""

    courses: frozenset[str]
    competencies: frozenset[str]
    roles: frozenset[str]
    sources: frozenset[str]
    terms: frozenset[str]


def known_ids(references: References, courses: Iterable[Course]) -> Known:
    """Gather the ids of what all courses share."""
    terms = references.glossary.terms
    return Known(
        courses=frozenset(course.id for course in courses),
        competencies=frozenset(one.id for one in references.competencies.competencies),
        roles=frozenset(role.id for role in references.competencies.roles),
        sources=frozenset(one.id for one in references.sources.sources),
        terms=frozenset(name for term in terms for name in (term.id, *term.aliases)),
    )


def check_folder(folder: CourseFolder, shelf: Shelf, known: Known) -> list[Problem]:
    """Return every link of a course that leads nowhere, and the mistakes of its bank and its scenarios."""
    mistakes = _check_facts(folder, shelf, known)
    for name, page in shelf.pages.items():
        mistakes += check_real_looking(page.text, page.file)
        if name.part is Part.LESSON:
            mistakes += _check_lesson(folder, page, known)
    bank = folder.banks.get(folder.course.source_language)
    if bank:
        file = f"{folder.slug}/{path_in_course(Part.BANK, folder.course.source_language)}"
        retired = frozenset(folder.course.retired)
        mistakes += check_bank(bank, file, competencies=known.competencies, sources=known.sources, retired=retired)
    for case, scenarios in folder.scenarios.items():
        file = f"{folder.slug}/{path_in_course(Part.SCENARIO, folder.course.source_language, case)}"
        scenario = scenarios.get(folder.course.source_language)
        mistakes += check_scenario(scenario, file) if scenario else []
    return mistakes


def _check_lesson(folder: CourseFolder, page: Source, known: Known) -> list[Problem]:
    outline, _ = scan(page)
    bank = folder.banks.get(folder.course.source_language)
    kinds = {item.id: item.kind for item in bank.items} if bank else {}
    checks = [Mention(block.title, block.line) for block in outline.titles(BlockType.CHECK) if block.title]
    mistakes = _unknown(page.file, checks, kinds, "The bank has no item %(id)s.")
    message, hint = "A lesson cannot ask %(id)s: no page shows its kind yet.", "Name one of the kinds %(kinds)s."
    for one in checks:
        if one.id in kinds and kinds[one.id] not in LIVE:
            values = {"id": one.id, "kinds": ", ".join(sorted(LIVE))}
            mistakes.append(Problem(page.file, one.line, message, hint, values))
    mistakes += _unknown(page.file, outline.citations, known.sources, "sources.toml has no source %(id)s.")
    mistakes += _unknown(page.file, outline.terms, known.terms, "The glossary has no term %(id)s.")
    return mistakes + _check_pictures(folder, page.file, outline)


def _unknown(file: str, named: Iterable[Mention], known: Collection[str], message: str) -> list[Problem]:
    hint = "Add it there, or name one that is there."
    return [Problem(file, one.line, message, hint, {"id": one.id}) for one in named if one.id not in known]


def _check_pictures(folder: CourseFolder, file: str, outline: Outline) -> list[Problem]:
    names = {medium.name for medium in folder.media}
    message, hint = "The picture %(id)s does not stand in media.toml.", 'Write "../media/name.png", and name it there.'
    return [
        Problem(file, picture.line, message, hint, {"id": picture.id})
        for picture in outline.pictures
        if picture.id.removeprefix("../").removeprefix("media/") not in names or "media/" not in picture.id
    ]


def _check_facts(folder: CourseFolder, shelf: Shelf, known: Known) -> list[Problem]:
    course = folder.course
    slugs = {entry.slug for entry in course.lessons}
    pairs: list[tuple[Path, str, Collection[str], str]] = [
        (("prerequisites", n), one, known.courses - {course.id}, "There is no other course %(id)s.")
        for n, one in enumerate(course.prerequisites)
    ]
    pairs += [(("roles", n), one, known.roles, "There is no role %(id)s.") for n, one in enumerate(course.roles)]
    named: list[tuple[Path, str]] = [(("competency", n), aim.id) for n, aim in enumerate(course.competencies)]
    for n, entry in enumerate(course.lessons):
        named += [(("lesson", n), one) for one in entry.competencies]
        for key in ("skip_to", "alternative"):
            to = getattr(entry, key)
            pairs += [(("lesson", n, key), to, slugs - {entry.slug}, "There is no other lesson %(id)s.")] if to else []
    named += [(("test", "draw", n), draw.competency) for n, draw in enumerate(course.test.draw)] if course.test else []
    pairs += [(path, one, known.competencies, "There is no competency %(id)s.") for path, one in named]
    lines = TomlLines(shelf.toml.text)
    hint = "Name one that is there, or add it."
    wrong = [(path, one, message) for path, one, ids, message in pairs if one not in ids]
    mistakes = [Problem(shelf.toml.file, lines.of(path), message, hint, {"id": one}) for path, one, message in wrong]
    return mistakes + _check_files(folder, shelf, lines)


def _check_files(folder: CourseFolder, shelf: Shelf, lines: TomlLines) -> list[Problem]:
    """Compare the order of lessons in `course.toml` with the files that are there."""
    course, file = folder.course, shelf.toml.file
    mistakes = []
    for n, entry in enumerate(course.lessons):
        if shelf.page(Part.LESSON, entry.slug) is None:
            wanted = path_in_course(Part.LESSON, course.source_language, entry.slug)
            message = "The lesson has no text: %(file)s."
            hint = "Add the file, or delete the entry."
            mistakes.append(Problem(file, lines.of(("lesson", n, "slug")), message, hint, {"file": wanted}))
    for slug in sorted(folder.lessons.keys() - {entry.slug for entry in course.lessons}):
        page = next(iter(shelf.of(Part.LESSON, slug).values()))
        hint = 'Add a "[[lesson]]" with this slug, or delete the file.'
        mistakes.append(Problem(page.file, 1, "This lesson has no entry in course.toml.", hint))
    if shelf.page(Part.TEXT) is None:
        wanted = path_in_course(Part.TEXT, course.source_language)
        hint = "Add it: title, one paragraph, and what is learnt."
        mistakes.append(Problem(file, 1, "The course has no words: %(file)s.", hint, {"file": wanted}))
    return mistakes
