"""View model of /teaching/courses/<course>/submit: what changed, what prevents a review, and the kind of change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.versions import VersionKind
from app.i18n.babel import words
from app.kernel import clock
from app.studio import labels
from app.studio.domain import reviews as reviews_domain
from app.studio.domain.revisions import tree_digest
from app.studio.forms.review import SubmitForm
from app.studio.pages import header, learners
from app.studio.pages.files import FileLine, edit_href, file_lines
from app.studio.pages.header import CourseHeader
from app.studio.pages.history import compare_href
from app.studio.queries import changes, checked, drafts, reviews
from app.studio.queries.checked import CheckedCourse
from app.studio.queries.removed_lessons import with_removed_lessons
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

TWO_PEOPLE = 2
TAB = "studio.show_course_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedProblem:
    """A problem of the checker with its file and the page on which the file is edited."""

    name: str
    href: str
    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPage(Page):
    """The form to send a draft to review. `refusal` says why it cannot be sent now, or "".

    `is_first`: nothing is published, so that the kind is not asked. `since` are the files that changed after the user
    opened the page, with the pages that compare them. `review_href` is the open review, `update_href` where the draft
    is brought up to date, each "" without one.
    """

    template: ClassVar[str] = "studio/submit.html"
    head: CourseHeader
    files: Sequence[FileLine]
    errors: Sequence[ReportedProblem]
    warnings: Sequence[ReportedProblem]
    kinds: Sequence[tuple[str, str, str]]  # value, name, effect
    learners: str
    form: SubmitForm
    is_first: bool
    first_day: str
    ends_hint: str
    asks_reviewer: bool
    refusal: str
    message: str
    since: Sequence[tuple[str, str]]
    review_href: str
    update_href: str


def page(
    workspace: Workspace, form: SubmitForm, message: str = "", since: Sequence[tuple[str, str]] = ()
) -> SubmitPage:
    """Return the form to send a draft to review; `message` says why it was not sent, or is ""."""
    course = checked.checked(workspace)
    changed = changes.unpublished(workspace.course_id) if workspace.revision else []
    review = reviews.open_review(workspace.course_id)
    return SubmitPage(
        head=header.header(workspace, course.folder, TAB),
        files=file_lines(changed, with_removed_lessons(workspace.course_id, course.folder), workspace.slug),
        errors=_problems(course, Weight.ERROR, workspace.slug),
        warnings=_problems(course, Weight.WARNING, workspace.slug),
        kinds=[(str(kind), str(name), str(effect)) for kind, (name, effect) in labels.KINDS.items()],
        learners=learners.before_submission(workspace.course_id),
        form=form,
        is_first=workspace.version_id is None,
        first_day=reviews_domain.first_last_day(clock.today()).isoformat(),
        ends_hint=_ends_hint(workspace),
        asks_reviewer=not workspace.reviewers and len(workspace.trainers) < TWO_PEOPLE,
        refusal=refusal(workspace, has_changes=bool(changed), has_review=review is not None),
        message=message,
        since=since,
        review_href=url_for("studio.show_review", review_id=review.id) if review else "",
        update_href=url_for("studio.bring_up_to_date", course=workspace.slug) if workspace.is_behind else "",
    )


def lines_since(workspace: Workspace, revision: int, digest: str) -> list[tuple[str, str]]:
    """Return the names of the files that changed after a user opened the page, and the pages that compare them."""
    folder, before = checked.checked(workspace).folder, max(revision - 1, 1)
    names = with_removed_lessons(workspace.course_id, folder)
    return [
        (labels.file_name(path, names), compare_href(workspace.slug, before, workspace.revision, path))
        for path in changes.paths_since(workspace.course_id, revision, digest)
    ]


def new_form(workspace: Workspace) -> SubmitForm:
    """Return the form as it opens; of a first version, no learner has an earlier one, so that its kind is settled."""
    opened = {"revision": workspace.revision, "tree": tree_digest(drafts.tree(workspace.course_id))}
    if workspace.version_id is not None:
        return SubmitForm(None, **opened)
    return SubmitForm(None, **opened, kind=str(VersionKind.EDITORIAL), message=_("First version."))


def _ends_hint(workspace: Workspace) -> str:
    """Return when completions may end, and how many there are."""
    day = words(reviews_domain.first_last_day(clock.today()))
    hint = _("Only for a change that ends records. Not before %(day)s.", day=day)
    return f"{hint} {learners.completions(workspace.course_id)}"


def refusal(workspace: Workspace, *, has_changes: bool, has_review: bool) -> str:
    """Return why a draft cannot be sent to review now, or ""; errors are listed on their own."""
    if has_review:
        return _("This course is already in review.")
    if workspace.is_behind:
        return _("Another version was published. Bring the draft up to date first.")
    return "" if has_changes else _("Nothing has changed since the published version.")


def _problems(course: CheckedCourse, weight: Weight, slug: str) -> list[ReportedProblem]:
    return [
        _problem_line(course, path, problem, slug)
        for path, problems in sorted(course.problems.items())
        for problem in problems
        if problem.weight is weight
    ]


def _problem_line(course: CheckedCourse, path: str, problem: Problem, slug: str) -> ReportedProblem:
    message, hint = labels.problem(problem)
    return ReportedProblem(
        name=labels.file_name(path, course.folder),
        href=edit_href(slug, path),
        line=problem.line,
        message=message,
        hint=hint,
    )
