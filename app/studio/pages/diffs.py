"""Two states of a text, paragraph by paragraph and word by word, with remarks beside the paragraphs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.studio.domain.block_diff import BlockChange, BlockState, compare_blocks, fold
from app.studio.domain.file_changes import ChangedFile, text_of
from app.studio.domain.updates import is_text
from app.studio.pages.files import language_of
from app.studio.pages.threads import ThreadView

CONTEXT = 1  # unchanged paragraphs beside a changed one


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPiece:
    """Text of a paragraph; `kind` is "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `position` is its index in the text after, None for a removed one."""

    state: str
    pieces: Sequence[DiffPiece]
    position: int | None = None
    remark_href: str = ""
    is_writing: bool = False
    threads: Sequence[ThreadView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffSection:
    """Paragraphs in order; a folded section has unchanged ones without remarks only."""

    is_folded: bool
    paragraphs: Sequence[Paragraph]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Both states of a file. `is_text` is false for a picture, which cannot be compared."""

    lang: str
    dir: str
    is_text: bool
    sections: Sequence[DiffSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """The remarks of a file by paragraph; `href` returns the page to write one, None if no remark can be written."""

    threads: Mapping[int, Sequence[ThreadView]] = field(default_factory=dict)
    href: Callable[[int], str] | None = None
    writing: int | None = None


def diff(file: ChangedFile, remarks: Remarks | None = None) -> Diff:
    """Return both states of a file, with unchanged paragraphs folded."""
    lang, dir_ = language_of(file.path)
    sections = _sections(file, remarks or Remarks()) if is_text(file.path) else []
    return Diff(lang=lang, dir=dir_, is_text=is_text(file.path), sections=sections)


def _sections(file: ChangedFile, remarks: Remarks) -> list[DiffSection]:
    compared = compare_blocks(text_of(file.before), text_of(file.after))
    paragraphs = _paragraphs(compared, remarks)
    sections = []
    for section in fold(compared, CONTEXT):
        listed = [next(paragraphs) for _change in section.changes]
        is_quiet = not any(paragraph.threads or paragraph.is_writing for paragraph in listed)
        sections.append(DiffSection(is_folded=section.is_folded and is_quiet, paragraphs=listed))
    return sections


def _paragraphs(compared: Sequence[BlockChange], remarks: Remarks) -> Iterator[Paragraph]:
    index = 0
    for change in compared:
        if change.state is BlockState.REMOVED:
            yield Paragraph(state=str(change.state), pieces=_pieces(change))
            continue
        yield Paragraph(
            state=str(change.state),
            pieces=_pieces(change),
            position=index,
            remark_href=remarks.href(index) if remarks.href else "",
            is_writing=remarks.writing == index,
            threads=remarks.threads.get(index, ()),
        )
        index += 1


def _pieces(change: BlockChange) -> list[DiffPiece]:
    return [DiffPiece(kind=str(piece.kind), text=piece.text) for piece in change.pieces]
