"""View model of /teaching/review/<id>: the changed files, remarks, the checklist and the next steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.versions import VersionKind
from app.identity.queries import people
from app.learning.labels import REVIEW_POINTS
from app.studio import labels
from app.studio.domain.reviews import OPEN, REQUIRED, ReviewState, may_decide, may_resolve
from app.studio.forms.review import RemarkAnswerForm, RemarkForm
from app.studio.pages import header, learners
from app.studio.pages.header import CourseHeader
from app.studio.pages.review_files import FileView, ReviewedFile, ReviewSelection, file_view, reviewed_files
from app.studio.pages.review_steps import StepLine, step_lines
from app.studio.queries import changes, checked, remarks, reviews
from app.studio.queries.removed_lessons import with_removed_lessons
from app.studio.queries.reviews import DraftReview, TickLine
from app.studio.queries.workspaces import WorkspaceReview
from app.web.pages import Page

TAB = "studio.show_course_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSummary:
    """State, kind and people of a review; `kind` is the shape of the state, `learners` "" for a review that is over.

    `behind_href` is where the draft is brought up to date, "" if it is up to date or the user may not write it.
    """

    word: str
    kind: str
    version_kind: str
    message: str
    submitted_by: str
    submitted_at: datetime
    decided_by: str
    decided_at: datetime | None
    closed_at: datetime | None
    closed_label: str
    learners: str
    is_behind: bool
    behind_href: str


CLOSED: Mapping[ReviewState, LazyString] = {
    ReviewState.PUBLISHED: lazy_gettext("Done on"),
    ReviewState.WITHDRAWN: lazy_gettext("Withdrawn on"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLine:
    """A point of the checklist; `alias` is who ticked it, "" while it is open."""

    point: str
    label: str
    is_required: bool
    alias: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChecklist:
    """The points of the checklist, and where they are ticked, "" when the review is over or for its authors."""

    points: Sequence[PointLine]
    href: str
    is_for_others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Page):
    """A review with one of its files; `refusal` says why a step was not taken, or ""."""

    template: ClassVar[str] = "studio/review.html"
    head: CourseHeader
    summary: ReviewSummary
    files: Sequence[ReviewedFile]
    current: FileView | None
    checklist: ReviewChecklist
    steps: Sequence[StepLine]
    remark_href: str
    form: RemarkForm
    answer_form: RemarkAnswerForm
    refusal: str


@dataclass(frozen=True, slots=True)
class RefusedInput:
    """What was refused: a form with errors, or a step with a message."""

    form: RemarkForm | None = None
    answer_form: RemarkAnswerForm | None = None
    message: str = ""


NOTHING = RefusedInput()


def page(
    actor: Actor, reviewed: WorkspaceReview, selection: ReviewSelection, refusal: RefusedInput = NOTHING
) -> ReviewPage:
    """Return the page of a review with the selected file."""
    review = reviews.review_line(reviewed.id)
    folder = checked.checked(reviewed.workspace).folder
    names = with_removed_lessons(reviewed.workspace.course_id, folder)
    files, current = _files(review, reviewed, names, selection, actor.id)
    return ReviewPage(
        head=header.header(reviewed.workspace, folder, TAB),
        summary=_summary(review, reviewed, actor),
        files=files,
        current=current,
        checklist=_checklist(review, actor.id),
        steps=step_lines(review, reviewed, actor),
        remark_href=url_for("studio.write_remark", review_id=review.id),
        form=refusal.form or RemarkForm(),
        answer_form=refusal.answer_form or RemarkAnswerForm(),
        refusal=refusal.message,
    )


def _files(
    review: DraftReview,
    reviewed: WorkspaceReview,
    folder: CourseFolder | None,
    selection: ReviewSelection,
    user: UUID,
) -> tuple[list[ReviewedFile], FileView | None]:
    """Return the list of the changed files, and the selected one."""
    files, threads = changes.of_review(review), remarks.threads(review.course_id)
    lines = reviewed_files(review.id, files, folder=folder, threads=threads, selection=selection)
    for file, line in zip(files, lines, strict=True):
        if line.is_current:
            view = file_view(
                review,
                file,
                lines,
                threads=threads.get(file.path, ()),
                selection=selection,
                course=reviewed.workspace.slug,
                may_resolve=_resolver(review.course_id, user),
            )
            return lines, view
    return lines, None


def _resolver(course_id: UUID, user: UUID) -> Callable[[UUID], bool]:
    """Return the function that says whether a user may resolve a remark of an author."""
    writers, open_review = reviews.writers(course_id), reviews.open_review(course_id)
    state = open_review.state if open_review else None
    return lambda author_id: may_resolve(user, author_id, writers, state)


def _summary(review: DraftReview, reviewed: WorkspaceReview, actor: Actor) -> ReviewSummary:
    workspace = reviewed.workspace
    aliases = people.names({review.submitted_by, *filter(None, [review.decided_by])})
    word, kind = labels.review_state(review.state, review.kind)
    is_open = review.state in OPEN
    is_behind = is_open and workspace.is_behind
    update_href = url_for("studio.bring_up_to_date", course=workspace.slug)
    is_first = workspace.version_id is None
    effect = learners.effect(review.course_id, review.kind, is_first=is_first, ends_on=review.ends_on)
    return ReviewSummary(
        word=word,
        kind=kind,
        version_kind="" if is_open and is_first else labels.kind(review.kind),
        message=review.message,
        submitted_by=aliases.get(review.submitted_by, ""),
        submitted_at=review.submitted_at,
        decided_by=_decider(review, aliases),
        decided_at=review.decided_at,
        closed_at=review.closed_at,
        closed_label=str(CLOSED.get(review.state, "")),
        learners=effect if is_open else "",
        is_behind=is_behind,
        behind_href=update_href if is_behind and allows(actor, Action.WRITE_COURSE, reviewed) else "",
    )


def _decider(review: DraftReview, aliases: Mapping[UUID, str]) -> str:
    return aliases[review.decided_by] if review.decided_by else ""


def _point(point: ReviewPoint, label: str, tick: TickLine | None, *, aliases: Mapping[UUID, str]) -> PointLine:
    return PointLine(
        point=str(point),
        label=label,
        is_required=point in REQUIRED,
        alias=aliases.get(tick.person_id, "-") if tick else "",
        at=tick.ticked_at if tick else None,
    )


def _checklist(review: DraftReview, user: UUID) -> ReviewChecklist:
    if review.kind is VersionKind.RETIREMENT:
        return ReviewChecklist(points=(), href="", is_for_others=False)
    ticks = reviews.ticks(review.id)
    aliases = people.names({tick.person_id for tick in ticks.values()})
    points = [_point(point, str(label), ticks.get(point), aliases=aliases) for point, label in REVIEW_POINTS.items()]
    is_open = review.state is ReviewState.IN_REVIEW
    is_second = may_decide(user, review.submitted_by, reviews.authors(review.course_id, review.revision))
    href = url_for("studio.tick_point", review_id=review.id)
    return ReviewChecklist(
        points=points, href=href if is_open and is_second else "", is_for_others=is_open and not is_second
    )
