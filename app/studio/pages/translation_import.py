"""View model of the preview of an imported translation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.translations import block_hash
from app.i18n.languages import direction, language_name
from app.studio.domain.exchange.translation_units import UnitChange, UnitState
from app.studio.domain.word_diff import TextPiece, compare_words
from app.studio.pages.desk_blocks import BlockProblem, block_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.translations import desk_url, title_of
from app.studio.queries import checked
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedBlock:
    """A paragraph of the file; without a block of the source, `source` and `opened` are ""."""

    number: int
    label: str
    source: str
    text: str
    pieces: Sequence[TextPiece]
    opened: str
    problems: Sequence[BlockProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationImportPage(Page):
    """What an import would change: `blocks` are imported after a confirmation, `left` are not."""

    template: ClassVar[str] = "studio/translation_import.html"
    head: CourseHeader
    title: str
    target_name: str
    source_lang: str
    source_dir: str
    lang: str
    dir: str
    blocks: Sequence[ImportedBlock]
    left: Sequence[ImportedBlock]
    summary: Sequence[str]
    confirm_url: str
    desk_url: str


def page(workspace: Workspace, file: TranslatedFile, changes: Sequence[UnitChange]) -> TranslationImportPage:
    """Return the preview of an import."""
    folder = checked.folder(workspace)
    accepted = [change for change in changes if change.state is UnitState.CHANGES]
    left = [change for change in changes if change.state is not UnitState.CHANGES]
    return TranslationImportPage(
        head=header(workspace, folder, "studio.show_translations"),
        title=title_of(folder, file.part),
        target_name=language_name(file.language),
        source_lang=file.source_language,
        source_dir=direction(file.source_language),
        lang=file.language,
        dir=direction(file.language),
        blocks=[_block(file, change) for change in accepted],
        left=[_block(file, change) for change in left],
        summary=_summary(accepted, left),
        confirm_url=url_for(
            "studio.import_translation", course=workspace.slug, language=file.language, part=file.part.key
        ),
        desk_url=desk_url(workspace.slug, file.part, file.language),
    )


def _summary(accepted: Sequence[UnitChange], left: Sequence[UnitChange]) -> list[str]:
    outdated = sum(change.state is UnitState.SOURCE_CHANGED for change in left)
    incomplete = sum(bool(change.problems) for change in accepted)
    impossible = len(left) - outdated
    lines = [ngettext("%(num)s paragraph changes.", "%(num)s paragraphs change.", len(accepted))]
    if outdated:
        lines.append(
            ngettext(
                "%(num)s paragraph is left out, because its source has changed.",
                "%(num)s paragraphs are left out, because their source has changed.",
                outdated,
            )
        )
    if impossible:
        text = ngettext("%(num)s paragraph cannot be imported.", "%(num)s paragraphs cannot be imported.", impossible)
        lines.append(text)
    if incomplete:
        lines.append(
            ngettext(
                "%(num)s paragraph does not have the same references as its source.",
                "%(num)s paragraphs do not have the same references as their source.",
                incomplete,
            )
        )
    return lines


def _block(file: TranslatedFile, change: UnitChange) -> ImportedBlock:
    problems = [block_problem(problem) for problem in change.problems]
    if change.index is None:
        number = change.unit.number
        label = _("Paragraph %(n)s", n=number)
        return ImportedBlock(
            number=number, label=label, source="", text=change.unit.text, pieces=(), opened="", problems=problems
        )
    block = file.translation.blocks[change.index]
    return ImportedBlock(
        number=change.index + 1,
        label=block.source.id or _("Paragraph %(n)s", n=change.index + 1),
        source=block.source.text,
        text=change.unit.text,
        pieces=compare_words(block.target, change.unit.text) if block.target else (),
        opened=f"{block.source.hash}.{block_hash(block.target)}",
        problems=problems,
    )
