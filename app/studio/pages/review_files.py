"""The changed files of a review: a list with open remarks, and one file before and after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.markdown_blocks import cut
from app.studio import labels
from app.studio.domain.file_changes import ChangedFile, text_of
from app.studio.domain.reviews import ReviewState
from app.studio.domain.updates import is_text
from app.studio.pages.diffs import Diff, Remarks, diff
from app.studio.pages.files import change_name, preview_href, word_counts
from app.studio.pages.threads import ThreadContext, ThreadView, aliases_of, thread_view
from app.studio.queries import remarks
from app.studio.queries.remarks import RemarkThread
from app.studio.queries.reviews import DraftReview


@dataclass(frozen=True, slots=True)
class ReviewSelection:
    """The file, the paragraph and the remark that the address of the page names."""

    file: str = ""
    paragraph: int | None = None
    answer: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedFile:
    """A changed file in the list of a review."""

    path: str
    name: str
    href: str
    change: str
    word_counts: str
    open_remarks: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file before and after, and the files before and after it in the list."""

    path: str
    name: str
    change: str
    word_counts: str
    preview_href: str
    diff: Diff
    removed_threads: Sequence[ThreadView]
    previous: ReviewedFile | None
    following: ReviewedFile | None


def reviewed_files(
    review_id: UUID,
    files: Sequence[ChangedFile],
    *,
    folder: CourseFolder | None,
    threads: Mapping[str, Sequence[RemarkThread]],
    selection: ReviewSelection,
) -> list[ReviewedFile]:
    """Return the list of the changed files; the first one is current unless the selection names another one."""
    paths = [file.path for file in files]
    current = selection.file if selection.file in paths else "".join(paths[:1])
    return [
        ReviewedFile(
            path=file.path,
            name=labels.file_name(file.path, folder),
            href=url_for("studio.show_review", review_id=review_id, file=file.path, _anchor="file"),
            change=change_name(file),
            word_counts=word_counts(file),
            open_remarks=sum(thread.remark.resolved_at is None for thread in threads.get(file.path, ())),
            is_current=file.path == current,
        )
        for file in files
    ]


def file_view(
    review: DraftReview,
    file: ChangedFile,
    lines: Sequence[ReviewedFile],
    *,
    threads: Sequence[RemarkThread],
    selection: ReviewSelection,
    course: str,
    may_resolve: Callable[[UUID], bool],
) -> FileView:
    """Return a file with its remarks; new remarks can be written while it is in review.

    `may_resolve` returns whether the user may resolve a remark of an author.
    """
    index = next(n for n, line in enumerate(lines) if line.is_current)
    line = lines[index]
    context = ThreadContext(
        review_id=review.id,
        path=file.path,
        aliases=aliases_of(threads),
        answering=selection.answer,
        may_resolve=may_resolve,
    )
    by_block, removed = _thread_views(file, threads, context)
    return FileView(
        path=file.path,
        name=line.name,
        change=line.change,
        word_counts=line.word_counts,
        preview_href=preview_href(course, file.path) if file.after is not None else "",
        diff=diff(file, _remarks(review, file.path, by_block, selection)),
        removed_threads=removed,
        previous=lines[index - 1] if index else None,
        following=lines[index + 1] if index + 1 < len(lines) else None,
    )


def _thread_views(
    file: ChangedFile, threads: Sequence[RemarkThread], context: ThreadContext
) -> tuple[dict[int, list[ThreadView]], list[ThreadView]]:
    """Return the threads of a file by paragraph, and those whose paragraph was removed."""
    blocks = [block.text for block in cut(text_of(file.after).split("\n"))] if is_text(file.path) else []
    placed = remarks.place(threads, blocks)
    by_block = {n: [thread_view(thread, context) for thread in listed] for n, listed in placed.by_block.items()}
    return by_block, [thread_view(thread, context) for thread in placed.removed]


def _remarks(
    review: DraftReview, path: str, shown: Mapping[int, Sequence[ThreadView]], selection: ReviewSelection
) -> Remarks:
    if review.state is not ReviewState.IN_REVIEW:
        return Remarks(threads=shown)

    def href(paragraph: int) -> str:
        return url_for("studio.show_review", review_id=review.id, file=path, paragraph=paragraph, _anchor="remark")

    return Remarks(threads=shown, href=href, writing=selection.paragraph)
