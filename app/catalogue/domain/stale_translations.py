"""Warn of translations that no longer follow their source, with the blocks of the source that changed."""

from collections.abc import Callable, Iterator
from datetime import date

from app.catalogue.domain.document_writer import blocks_of_document
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.library import SHARED_LANGUAGE, Library
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
                source = f"{folder.slug}/{path_in_course(name.part, folder.course.source_language, name.name)}"
                blocks = source_blocks(folder, name)
                problems.append(_warning(f"{folder.slug}/{path}", source, blocks, status, saved_on))
    return problems + _of_shared_documents(library, saved_on)


def _of_shared_documents(library: Library, saved_on: Callable[[str], date]) -> list[Problem]:
    problems = []
    shared = {document.facts.slug: document for document in library.documents.documents.values()}
    for path, status in sorted(library.documents.statuses.items()):
        name = name_of(path)
        if isinstance(name, Name) and name.name in shared and (status.stale or status.gone):
            blocks = blocks_of_document(shared[name.name].texts[SHARED_LANGUAGE])
            source = path_in_course(Part.DOCUMENT, SHARED_LANGUAGE, name.name)
            problems.append(_warning(path, source, blocks, status, saved_on))
    return problems


def _warning(
    file: str, source: str, blocks: list[str], status: TranslationStatus, saved_on: Callable[[str], date]
) -> Problem:
    values: dict[str, str | int | float] = {
        "source": source,
        "date": saved_on(source).isoformat(),
        "blocks": "; ".join(_differences(blocks, status)),
        "file": file,
    }
    message = "The translation is stale. %(source)s was saved on %(date)s. Changed: %(blocks)s."
    hint = 'Translate what changed, then run "flask courses follow %(file)s".'
    return Problem(file, 1, message, hint, values, Weight.WARNING)


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
