"""Warn of translations that no longer follow their source, with the blocks of the source that changed."""

from collections.abc import Callable, Iterator
from datetime import date

from app.catalogue.domain.folder_names import Name, name_of, path_in_course
from app.catalogue.domain.library import CourseFolder, Library
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translation_header import source_blocks
from app.catalogue.domain.translations import TranslationStatus

MOST_NAMED = 5  # blocks of a file that a warning quotes
_MOST_QUOTED = 40  # characters


def stale_translations(library: Library, saved_on: Callable[[str], date]) -> list[Problem]:
    """Return a warning for each translation that lacks blocks of its source or has more of them.

    `saved_on` returns the day on which a file was saved last, by its path relative to the folder of courses.
    """
    problems: list[Problem] = []
    for folder in library.courses.values():
        for path, status in sorted(folder.statuses.items()):
            name = name_of(f"{folder.slug}/{path}")
            if isinstance(name, Name) and (status.stale or status.gone):
                problems.append(_warning(folder, name, path, status, saved_on))
    return problems


def _warning(
    folder: CourseFolder, name: Name, path: str, status: TranslationStatus, saved_on: Callable[[str], date]
) -> Problem:
    source = f"{folder.slug}/{path_in_course(name.part, folder.course.source_language, name.name)}"
    values: dict[str, str | int | float] = {
        "source": source,
        "date": saved_on(source).isoformat(),
        "blocks": "; ".join(_differences(source_blocks(folder, name), status)),
        "file": f"{folder.slug}/{path}",
    }
    message = "The translation is stale. %(source)s was saved on %(date)s. Changed: %(blocks)s."
    hint = 'Translate what changed, then run "flask courses follow %(file)s".'
    return Problem(f"{folder.slug}/{path}", 1, message, hint, values, Weight.WARNING)


def _differences(blocks: list[str], status: TranslationStatus) -> Iterator[str]:
    for number in status.stale[:MOST_NAMED]:
        yield f'block {number} "{_beginning(blocks[number - 1])}"'
    if len(status.stale) > MOST_NAMED:
        yield f"{len(status.stale) - MOST_NAMED} more blocks"
    if status.gone:
        yield f"{len(status.gone)} removed from the source"


def _beginning(block: str) -> str:
    line = " ".join(block.split())
    return line if len(line) <= _MOST_QUOTED else f"{line[:_MOST_QUOTED].rstrip()} ..."
