"""View models of the paragraphs of the translation desk, with their problems, terms and changes of the source."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translations import block_hash
from app.studio import labels
from app.studio.domain.glossary_terms import TermFinder, TranslatedTerm
from app.studio.domain.translation_blocks import OPEN_STATES, TranslationBlock, TranslationBlockState as State
from app.studio.domain.translation_checks import placeholders, reference_problems
from app.studio.domain.word_diff import TextPiece, compare_words
from app.studio.queries.translations import TranslatedFile
from app.studio.service.translations import BlockEdit, BlockError


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


@dataclass(frozen=True, slots=True)
class SubmittedBlocks:
    """Texts that were not saved, and why, by the index of their paragraph."""

    texts: Mapping[int, str]
    errors: Mapping[int, BlockError]

    @property
    def numbers(self) -> Collection[int]:
        """Return the numbers of the paragraphs that have a text or an error."""
        return {index + 1 for index in {*self.texts, *self.errors}}


NOTHING: Final = SubmittedBlocks({}, {})


def submitted(edits: Sequence[BlockEdit], errors: Sequence[BlockError]) -> SubmittedBlocks:
    """Return submitted paragraphs that were not saved because of errors."""
    return SubmittedBlocks({edit.index: edit.text for edit in edits}, {error.index: error for error in errors})


class PartProblems:
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


def desk_block(
    file: TranslatedFile, number: int, finder: TermFinder, *, problems: PartProblems, sent: SubmittedBlocks
) -> DeskBlock:
    """Return a paragraph by its number; a submitted text replaces the saved one."""
    block, error = file.translation.blocks[number - 1], sent.errors.get(number - 1)
    word, kind = labels.translation_block(block.state)
    source, target = block.source.text, sent.texts.get(number - 1, block.target)
    return DeskBlock(
        number=number,
        label=block.source.id or _("Paragraph %(n)s", n=number),
        word=word,
        kind=kind,
        source=source,
        pieces=compare_words(block.earlier, source) if block.earlier else (),
        target=target,
        opened=f"{block.source.hash}.{block_hash(block.target)}",
        rows=min(20, max(2, len(source) // 50 + source.count("\n") + 1)),
        problems=[block_problem(problem) for problem in _reported(block, target, problems.of(block), error)],
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
