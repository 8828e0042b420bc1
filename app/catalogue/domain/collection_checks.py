"""Check a collection of desk tasks: a course folder with reserve documents and items, but no lessons and no test."""

from collections.abc import Iterator

from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report
from app.catalogue.domain.toml_lines import Path, TomlLines


def check_collection(folder: CourseFolder, toml: str, file: str) -> list[Problem]:
    """Return the problems of a collection, none of another course; `toml` is the text of `course.toml`."""
    if not folder.course.collection:
        return []
    lines = TomlLines(toml)
    report = Report(file)
    for path in _parts_of_courses(folder):
        message = "A collection of desk tasks has no %(part)s."
        hint = 'Remove it, or remove the line "collection = true".'
        report.error(lines.of(path), message, hint, part=str(path[0]))
    if not folder.course.desk_tasks:
        report.error(lines.of(("collection",)), "The collection has no desk task.", "Add a [[desk_task]].")
    _check_documents_used(folder, lines, report)
    return report.sorted() + _unused_items(folder)


def _parts_of_courses(folder: CourseFolder) -> Iterator[Path]:
    """Yield the places in `course.toml` of parts that only a course for learners has."""
    course = folder.course
    parts = {
        "lesson": course.lessons or folder.lessons,
        "paper": course.papers,
        "prerequisites": course.prerequisites,
        "pretest": course.pretest,
        "retention": course.retention,
        "scenario": folder.scenarios,
        "test": course.test,
    }
    for name, value in parts.items():
        if value:
            yield (name,)


def _check_documents_used(folder: CourseFolder, lines: TomlLines, report: Report) -> None:
    used = {name for task in folder.course.desk_tasks for name in task.documents}
    for name, document in folder.documents.items():
        if name not in used and not document.shared:
            message = "No desk task uses the document %(document)s."
            report.warn(lines.of(("desk_task",)), message, "Name it in a [[desk_task]].", document=name)


def _unused_items(folder: CourseFolder) -> list[Problem]:
    source = folder.course.source_language
    report = Report(f"{folder.slug}/{path_in_course(Part.BANK, source)}")
    used = {name for task in folder.course.desk_tasks for name in task.items}
    bank = folder.banks.get(source)
    for item in bank.items if bank else ():
        if item.id not in used:
            report.warn(item.line, "No desk task uses the item %(id)s.", "Name it in a [[desk_task]].", id=item.id)
    return report.sorted()
