"""The changed files of a draft, and the pages on which a file is edited or previewed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.library import CourseFolder
from app.i18n.languages import direction
from app.studio import labels
from app.studio.domain.file_changes import ChangedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A changed file in a list; `word_counts` says how many were added and removed, "" for a picture."""

    name: str
    href: str
    change: str
    word_counts: str


def file_lines(files: Sequence[ChangedFile], folder: CourseFolder | None, course: str) -> list[FileLine]:
    """Return changed files with the pages on which they are edited."""
    return [
        FileLine(
            name=labels.file_name(file.path, folder),
            href=edit_href(course, file.path) if file.after is not None else "",
            change=change_name(file),
            word_counts=word_counts(file),
        )
        for file in files
    ]


def change_name(file: ChangedFile) -> str:
    """Return whether a file is new, changed or deleted."""
    if file.before is None:
        return _("New")
    if file.after is None:
        return _("Deleted")
    return _("Changed") if file.before != file.after else _("Unchanged")


def word_counts(file: ChangedFile) -> str:
    """Return how many words were added and removed, "" if none were."""
    if not file.added_words and not file.removed_words:
        return ""
    return _("Words added: %(added)s, removed: %(removed)s", added=file.added_words, removed=file.removed_words)


def edit_href(course: str, path: str) -> str:
    """Return the page on which a file is edited: the editor of a lesson or document, the questions, or the outline."""
    name = name_of(f"course/{path}")
    outline = url_for("studio.show_outline", course=course)
    if not isinstance(name, Name):
        return outline
    if name.part is Part.LESSON:
        return url_for("studio.edit_lesson", course=course, lesson=name.name, language=name.language)
    if name.part is Part.DOCUMENT:
        return url_for("studio.edit_document", course=course, document=name.name)
    pages = {Part.BANK: f"{outline}/bank", Part.DOCUMENTS: f"{outline}/documents"}
    return pages.get(name.part, outline)


def preview_href(course: str, path: str) -> str:
    """Return the preview of a lesson in the draft, "" for another file."""
    name = name_of(f"course/{path}")
    if not isinstance(name, Name) or name.part is not Part.LESSON:
        return ""
    return url_for("studio.preview_lesson", course=course, lesson=name.name, language=name.language)


def language_of(path: str) -> tuple[str, str]:
    """Return language and direction of a file; files without a language are English."""
    name = name_of(f"course/{path}")
    language = name.language if isinstance(name, Name) and name.language else "en"
    return language, direction(language)
