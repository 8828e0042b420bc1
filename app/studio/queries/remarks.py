"""Read remarks as threads, each at the paragraph that it is about, also after the paragraph was edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.translations import block_hash
from app.studio.domain.file_changes import text_of
from app.studio.domain.paragraphs import locate
from app.studio.domain.updates import is_text
from app.studio.queries import drafts, reviews
from app.studio.queries.reviews import RemarkLine


@dataclass(frozen=True, slots=True)
class RemarkThread:
    """A remark with its answers, the oldest first."""

    remark: RemarkLine
    answers: tuple[RemarkLine, ...]


@dataclass(frozen=True, slots=True)
class PlacedThreads:
    """The threads of a file by the index of their paragraph, and those whose paragraph was removed."""

    by_block: Mapping[int, list[RemarkThread]] = field(default_factory=dict)
    removed: Sequence[RemarkThread] = ()


def threads(course_id: UUID) -> Mapping[str, list[RemarkThread]]:
    """Return the threads of a course by the path of their file, those of a file by position."""
    lines = reviews.remarks(course_id)
    answers: dict[UUID, list[RemarkLine]] = {}
    for line in lines:
        if line.answers_id is not None:
            answers.setdefault(line.answers_id, []).append(line)
    by_path: dict[str, list[RemarkThread]] = {}
    for line in lines:
        if line.answers_id is None:
            by_path.setdefault(line.path, []).append(RemarkThread(line, tuple(answers.get(line.id, ()))))
    return by_path


def place(file_threads: Sequence[RemarkThread], blocks: Sequence[str]) -> PlacedThreads:
    """Return the threads of a file at its paragraphs as they are in `blocks`."""
    by_block: dict[int, list[RemarkThread]] = {}
    removed = []
    texts = original_texts([thread.remark for thread in file_threads if _is_edited(thread.remark, blocks)])
    for thread in file_threads:
        remark = thread.remark
        index = locate(remark.anchor, remark.position, blocks, text=texts.get(remark.anchor, ""))
        if index is None:
            removed.append(thread)
        else:
            by_block.setdefault(index, []).append(thread)
    return PlacedThreads(by_block, removed)


def blocks_at(course_id: UUID, path: str, revision: int) -> list[str]:
    """Return the paragraphs of a file after a revision; none for a file that did not exist or is not text."""
    digest = drafts.digest_at(course_id, path, revision)
    return _blocks(drafts.contents([digest])[digest]) if digest and is_text(path) else []


def original_texts(remarks: Sequence[RemarkLine]) -> dict[str, str]:
    """Return the paragraphs of remarks on one file as they were when they were written, by anchor.

    Each revision of the file is read once, whatever the number of remarks; a paragraph that no revision has is absent.
    """
    anchors, texts = {remark.anchor for remark in remarks}, dict[str, str]()
    if not remarks:
        return texts
    digests = list(dict.fromkeys(drafts.digests_of(remarks[0].course_id, remarks[0].path)))
    stored = drafts.contents(digests)
    for digest in digests:
        for block in _blocks(stored[digest]):
            texts.setdefault(block_hash(block), block)
        if anchors <= texts.keys():
            break
    return texts


def _is_edited(remark: RemarkLine, blocks: Sequence[str]) -> bool:
    return locate(remark.anchor, remark.position, blocks) is None


def _blocks(content: bytes) -> list[str]:
    return [block.text for block in cut(text_of(content).split("\n"))]
