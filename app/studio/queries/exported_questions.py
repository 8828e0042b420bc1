"""Read the questions of a draft for an export, in the forms that a user chooses."""

from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.items import Item, ItemForm
from app.catalogue.domain.library import CourseFolder
from app.studio.domain.exchange.gift_writer import write_gift
from app.studio.domain.exchange.moodle_xml_writer import write_moodle_xml
from app.studio.domain.exchange.shapes import ExchangeTexts, ExportResult
from app.studio.domain.media_library import FOLDER, is_medium
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace

Forms = Collection[ItemForm | None]
Writer = Callable[[CourseFolder, Sequence[Item], ExchangeTexts], ExportResult]


def _gift(_folder: CourseFolder, items: Sequence[Item], texts: ExchangeTexts) -> ExportResult:
    return write_gift(items, texts)


def _moodle_xml(folder: CourseFolder, items: Sequence[Item], texts: ExchangeTexts) -> ExportResult:
    return write_moodle_xml(items, texts, folder.contents)


WRITERS: Mapping[str, Writer] = {"gift": _gift, "xml": _moodle_xml}


def allowed_forms(actor: Actor, workspace: Workspace) -> tuple[ItemForm | None, ...]:
    """Return the forms that an actor may export: only trainers of the course the forms of its tests."""
    if allows(actor, Action.WRITE_COURSE, workspace):
        return (ItemForm.A, ItemForm.B, ItemForm.RESERVE, None)
    return (ItemForm.A,)


def folder_with_media(workspace: Workspace) -> CourseFolder:
    """Return the draft of a course with the contents of its media. Raises DomainError as `checked.folder` does."""
    media = {path.removeprefix(FOLDER): raw for path, raw in drafts.files(workspace).items() if is_medium(path)}
    return msgspec.structs.replace(checked.folder(workspace), contents=media)


def questions(folder: CourseFolder, forms: Forms) -> list[Item]:
    """Return the questions of these forms in the source language; None: questions without a form."""
    bank = folder.banks.get(folder.course.source_language)
    return [item for item in bank.items if item.form in forms] if bank else []
