"""View model of the translation desk: the paragraphs of a text in the source language and in another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translations import FrontState, block_hash
from app.i18n.languages import direction, language_name
from app.studio import labels
from app.studio.domain.glossary_terms import TermFinder, TranslatedTerm
from app.studio.domain.translation_blocks import OPEN_STATES, TranslationBlock, TranslationBlockState as State
from app.studio.domain.translation_checks import placeholders, reference_problems
from app.studio.domain.word_diff import TextPiece, compare_words
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.translations import counts, title_of
from app.studio.queries import checked
from app.studio.queries.translations import TranslatedFile
from app.studio.queries.workspaces import Workspace
from app.studio.service.translations import BlockEdit, BlockError
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockProblem:
    """A problem of a paragraph with its hint; `is_error` prevents publishing."""

    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskBlock:
    """A paragraph. `pieces` compare the source that the translation follows with the source now.

    `opened` are the hashes of source and translation; `theirs` is the text of another user who saved it meanwhile.
    """

    number: int
    label: str
    word: str
    kind: str
    source: str
    pieces: Sequence[TextPiece]
    target: str
    opened: str
    rows: int
    problems: Sequence[BlockProblem]
    theirs: str
    terms: Sequence[TranslatedTerm]
    placeholders: Sequence[str]
    is_copied: bool
    is_changed: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLinks:
    """The addresses of the forms and files of the desk."""

    save: str
    sign: str
    xliff: str
    docx: str
    upload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationDeskPage(Page):
    """The desk of a part in a language. `signature` and `refused_file` are messages, "" if nothing was refused."""

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
    first_open: int
    removed: Sequence[str]
    problems: Sequence[BlockProblem]
    errors: int
    digest: str
    signature: str
    refused_file: str
    can_sign: bool
    is_reviewed: bool
    can_write: bool
    links: DeskLinks


def page(
    actor: Actor,
    workspace: Workspace,
    file: TranslatedFile,
    *,
    edits: Sequence[BlockEdit] = (),
    errors: Sequence[BlockError] = (),
    signature: str = "",
    refused_file: str = "",
) -> TranslationDeskPage:
    """Return the desk; `edits` are submitted texts that were not saved because of `errors`."""
    folder, translation = checked.folder(workspace), file.translation
    found_problems = _Problems(checked.checked(workspace).problems.get(file.path, ()), translation.blocks)
    finder = TermFinder(checked.references().glossary, file.source_language, file.language)
    texts = {edit.index: edit.text for edit in edits}
    refusals = {error.index: error for error in errors}
    blocks = [
        _block(
            index, block, finder, problems=found_problems.of(block), text=texts.get(index), error=refusals.get(index)
        )
        for index, block in enumerate(translation.blocks)
    ]
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
        done=len(blocks) - copied - translation.count(*OPEN_STATES),
        total=len(blocks) - copied,
        counts=counts(translation),
        first_open=next_open(file, 0),
        removed=translation.removed,
        problems=[block_problem(problem) for problem in found_problems.others],
        errors=len(errors),
        digest=file.digest,
        signature=signature,
        refused_file=refused_file,
        can_sign=translation.is_complete and bool(file.digest) and translation.state is FrontState.DRAFT,
        is_reviewed=translation.state is FrontState.REVIEWED,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        links=_links(workspace, file),
    )


def next_open(file: TranslatedFile, number: int) -> int:
    """Return the number of the next paragraph that is missing or changed, after the last the first; 0 if none is."""
    numbers = [index for index, block in enumerate(file.translation.blocks, 1) if block.state in OPEN_STATES]
    return next((following for following in numbers if following > number), next(iter(numbers), 0))


class _Problems:
    """The problems of a file by the paragraph in which their line is; `others` belong to no paragraph."""

    def __init__(self, problems: Sequence[Problem], blocks: Sequence[TranslationBlock]) -> None:
        starts = sorted(block.line for block in blocks if block.line)
        self._by_line: dict[int, list[Problem]] = {}
        self.others: list[Problem] = []
        for problem in problems:
            line = max((start for start in starts if start <= problem.line), default=0)
            (self._by_line.setdefault(line, []) if line else self.others).append(problem)

    def of(self, block: TranslationBlock) -> Sequence[Problem]:
        """Return the problems of a paragraph."""
        return self._by_line.get(block.line, ()) if block.line else ()


def _block(
    index: int,
    block: TranslationBlock,
    finder: TermFinder,
    *,
    problems: Sequence[Problem],
    text: str | None,
    error: BlockError | None,
) -> DeskBlock:
    word, kind = labels.translation_block(block.state)
    source, target = block.source.text, block.target if text is None else text
    reported = _reported(block, target, problems, error)
    return DeskBlock(
        number=index + 1,
        label=block.source.id or _("Paragraph %(n)s", n=index + 1),
        word=word,
        kind=kind,
        source=source,
        pieces=compare_words(block.earlier, source) if block.earlier else (),
        target=target,
        opened=f"{block.source.hash}.{block_hash(block.target)}",
        rows=min(20, max(2, len(source) // 50 + source.count("\n") + 1)),
        problems=[block_problem(problem) for problem in reported],
        theirs=error.theirs if error else "",
        terms=finder.terms(source),
        placeholders=placeholders(source),
        is_copied=block.state is State.COPIED,
        is_changed=block.state is State.CHANGED,
        is_open=block.state in OPEN_STATES,
    )


def _reported(
    block: TranslationBlock, target: str, problems: Sequence[Problem], error: BlockError | None
) -> Sequence[Problem]:
    """Return why a paragraph was not saved, or the problems that the checker and the placeholders show."""
    if error:
        return [error.problem]
    checks = reference_problems(block.source.text, target) if target and block.state is not State.COPIED else []
    messages = {problem.message % problem.values for problem in problems}
    return [*problems, *(check for check in checks if check.message % check.values not in messages)]


def block_problem(problem: Problem) -> BlockProblem:
    """Return a problem in the user's language."""
    message, hint = labels.problem(problem)
    return BlockProblem(message=message, hint=hint, is_error=problem.weight is Weight.ERROR)


def _links(workspace: Workspace, file: TranslatedFile) -> DeskLinks:
    def address(endpoint: str, **values: Any) -> str:
        return url_for(
            f"studio.{endpoint}", course=workspace.slug, language=file.language, part=file.part.key, **values
        )

    return DeskLinks(
        save=address("save_translation"),
        sign=address("sign_translation"),
        xliff=address("send_translation", exchange="xliff"),
        docx=address("send_translation", exchange="docx"),
        upload=address("preview_translation_import"),
    )
