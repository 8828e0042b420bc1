"""View model of the translation desk: some paragraphs of a text in the source language and in another one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.translations import FrontState
from app.i18n.languages import direction, language_name
from app.studio.domain.desk_window import DeskFilter, DeskView, DeskWindow, count, page_start, window
from app.studio.domain.glossary_terms import TermFinder
from app.studio.domain.translation_blocks import OPEN_STATES, TranslationBlockState as State
from app.studio.pages.desk_blocks import (
    NOTHING,
    BlockProblem,
    DeskBlock,
    PartProblems,
    SubmittedBlocks,
    block_problem,
    desk_block,
)
from app.studio.pages.exchange_labels import megabytes
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.translations import counts, desk_url, title_of, view_args
from app.studio.queries import checked
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

MOST_BYTES = 1024**2  # of an uploaded translation


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLink:
    """A filter of the paragraphs with the number of those that fit."""

    label: str
    href: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLinks:
    """The addresses of the forms and files of the desk; `open` is that of the first open paragraph, "" without one."""

    save: str
    autosave: str
    open: str
    sign: str
    xliff: str
    docx: str
    upload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationDeskPage(Page):
    """The desk of a part in a language. `signature` and `refused_file` are messages, "" if nothing was refused.

    `shown` says which paragraphs are on the page; `first` is the position of the first open one among them, from 1.
    """

    template: ClassVar[str] = "studio/translation_desk.html"
    head: CourseHeader
    title: str
    source_name: str
    source_lang: str
    source_dir: str
    target_name: str
    lang: str
    dir: str
    blocks: Sequence[DeskBlock]
    done: int
    total: int
    counts: str
    filters: Sequence[FilterLink]
    shown: str
    first: int
    removed: Sequence[str]
    problems: Sequence[BlockProblem]
    errors: int
    digest: str
    signature: str
    refused_file: str
    upload_hint: str
    can_sign: bool
    is_reviewed: bool
    can_write: bool
    links: DeskLinks


def page(
    actor: Actor,
    workspace: Workspace,
    file: TranslatedFile,
    view: DeskView,
    *,
    sent: SubmittedBlocks = NOTHING,
    signature: str = "",
    refused_file: str = "",
) -> TranslationDeskPage:
    """Return the desk; of texts that were `sent` and not saved, only these are shown."""
    folder, translation = checked.folder(workspace), file.translation
    problems = PartProblems(checked.checked(workspace).problems.get(file.path, ()), translation.blocks)
    shown = window([block.state for block in translation.blocks], view)
    numbers = sorted(sent.numbers) or shown.numbers
    finder = TermFinder(checked.references().glossary, file.source_language, file.language)
    blocks = [desk_block(file, number, finder, problems=problems, sent=sent) for number in numbers]
    copied = translation.count(State.COPIED)
    return TranslationDeskPage(
        head=header(workspace, folder, "studio.show_translations"),
        title=title_of(folder, file.part),
        source_name=language_name(file.source_language),
        source_lang=file.source_language,
        source_dir=direction(file.source_language),
        target_name=language_name(file.language),
        lang=file.language,
        dir=direction(file.language),
        blocks=blocks,
        done=len(translation.blocks) - copied - translation.count(*OPEN_STATES),
        total=len(translation.blocks) - copied,
        counts=counts(translation),
        filters=_filters(workspace, file, view),
        shown=_shown(numbers, len(translation.blocks)),
        first=_first_open(blocks),
        removed=translation.removed,
        problems=[block_problem(problem) for problem in problems.others],
        errors=len(sent.errors),
        digest=file.digest,
        signature=signature,
        refused_file=refused_file,
        upload_hint=_upload_hint(),
        can_sign=translation.is_complete and bool(file.digest) and translation.state is FrontState.DRAFT,
        is_reviewed=translation.state is FrontState.REVIEWED,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        links=_links(workspace, file, view),
    )


def next_open(file: TranslatedFile, number: int) -> int:
    """Return the number of the next paragraph that is missing or changed, after the last the first; 0 if none is."""
    numbers = [index for index, block in enumerate(file.translation.blocks, 1) if block.state in OPEN_STATES]
    return next((following for following in numbers if following > number), next(iter(numbers), 0))


def window_of(file: TranslatedFile, view: DeskView) -> DeskWindow:
    """Return the paragraphs of a view with their neighbours."""
    return window([block.state for block in file.translation.blocks], view)


def view_of(view: DeskView, number: int) -> DeskView:
    """Return the view that shows a paragraph."""
    return DeskView(view.filter, page_start(number) if view.filter is DeskFilter.ALL else number)


def _first_open(blocks: Sequence[DeskBlock]) -> int:
    return next((position for position, block in enumerate(blocks, 1) if block.is_open), 1)


def _filters(workspace: Workspace, file: TranslatedFile, view: DeskView) -> list[FilterLink]:
    states = [block.state for block in file.translation.blocks]
    labels = {DeskFilter.ALL: _("All"), DeskFilter.OPEN: _("To do"), DeskFilter.CHANGED: _("Source changed")}
    return [
        FilterLink(
            label=label,
            href=desk_url(workspace.slug, file.part, file.language, DeskView(shown)),
            count=count(states, shown),
            is_current=shown is view.filter,
        )
        for shown, label in labels.items()
    ]


def _shown(numbers: Collection[int], total: int) -> str:
    if not numbers:
        return ""
    first, last = min(numbers), max(numbers)
    if first == last:
        return _("Paragraph %(n)s of %(total)s", n=first, total=total)
    return _("Paragraphs %(first)s to %(last)s of %(total)s", first=first, last=last, total=total)


def _upload_hint() -> str:
    return _(
        "The exported Word or XLIFF file, at most %(size)s. You see the changes before anything is saved.",
        size=megabytes(MOST_BYTES),
    )


def _links(workspace: Workspace, file: TranslatedFile, view: DeskView) -> DeskLinks:
    def address(endpoint: str, **values: Any) -> str:
        return url_for(
            f"studio.{endpoint}", course=workspace.slug, language=file.language, part=file.part.key, **values
        )

    first = next_open(file, 0)
    first_view = view_of(DeskView(), first)
    return DeskLinks(
        save=address("save_translation", **view_args(view)),
        autosave=address("autosave_translation"),
        open=desk_url(workspace.slug, file.part, file.language, first_view, number=first) if first else "",
        sign=address("sign_translation"),
        xliff=address("send_translation", exchange="xliff"),
        docx=address("send_translation", exchange="docx"),
        upload=address("preview_translation_import"),
    )
