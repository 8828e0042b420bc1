"""View model of /teaching/courses/<course>/review: the reviews of a course, its authors and reviewers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.versions import VersionKind, VersionState
from app.catalogue.queries import versions
from app.catalogue.queries.versions import VersionLine
from app.i18n.babel import words
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people
from app.kernel import clock
from app.studio import labels
from app.studio.domain.reviews import OPEN, ReviewState
from app.studio.forms.review import MemberForm, RetirementForm
from app.studio.pages import header, learners
from app.studio.pages.header import CourseHeader
from app.studio.queries import checked, reviews, workspaces
from app.studio.queries.reviews import DraftReview
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

TAB = "studio.show_course_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """A review in the list; `kind` is the shape of its state."""

    href: str
    message: str
    alias: str
    at: datetime
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A published version; `kind` is the shape of its state, `ends` says until when earlier completions count."""

    number: int
    change: str
    message: str
    at: datetime
    ends: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseMember:
    """An author or reviewer; `remove_href` is "" if the user may not remove the person."""

    alias: str
    remove_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReviewPage(Page):
    """Reviews, authors and reviewers of a course; links are "" where the user may not use them."""

    template: ClassVar[str] = "studio/course_review.html"
    head: CourseHeader
    rows: Sequence[ReviewRow]
    versions: Sequence[VersionRow]
    retirement: RetirementForm
    retirement_href: str
    retirement_effect: str
    submit_href: str
    update_href: str
    authors: Sequence[CourseMember]
    reviewers: Sequence[CourseMember]
    can_write: bool
    author_form: MemberForm
    reviewer_form: MemberForm
    author_href: str
    reviewer_href: str
    refusal: str


@dataclass(frozen=True, slots=True)
class PeopleForms:
    """The forms of the page, perhaps with errors, and why a person was not removed, or ""."""

    author: MemberForm = field(default_factory=MemberForm)
    reviewer: MemberForm = field(default_factory=MemberForm)
    retirement: RetirementForm = field(default_factory=RetirementForm)
    refusal: str = ""


def page(actor: Actor, workspace: Workspace, forms: PeopleForms | None = None) -> CourseReviewPage:
    """Return the reviews of a course with the people who write and review it."""
    lines, slug = reviews.reviews(workspace.course_id), workspace.slug
    can_write = allows(actor, Action.WRITE_COURSE, workspace)
    forms = forms or PeopleForms()
    authors = workspaces.trainers_of(workspace.course_id, clock.today())
    published = versions.published(workspace.course_id)
    return CourseReviewPage(
        head=header.header(workspace, checked.checked(workspace).folder, TAB),
        rows=_rows(lines, is_behind=workspace.is_behind),
        versions=[_version(line) for line in published],
        retirement=forms.retirement,
        retirement_href=_retirement_href(workspace, published, lines) if can_write else "",
        retirement_effect=learners.effect(workspace.course_id, VersionKind.RETIREMENT, is_first=False),
        submit_href=_submit_href(lines, slug) if can_write else "",
        update_href=_update_href(workspace) if can_write else "",
        authors=_members(authors, "studio.remove_author", slug, removable=can_write and len(authors) > 1),
        reviewers=_members(workspace.reviewers, "studio.remove_reviewer", slug, removable=can_write),
        can_write=can_write,
        author_form=forms.author,
        reviewer_form=forms.reviewer,
        author_href=url_for("studio.add_author", course=slug),
        reviewer_href=url_for("studio.add_reviewer", course=slug),
        refusal=forms.refusal,
    )


def _update_href(workspace: Workspace) -> str:
    return url_for("studio.bring_up_to_date", course=workspace.slug) if workspace.is_behind else ""


def _submit_href(lines: Sequence[DraftReview], course: str) -> str:
    is_open = any(line.state in OPEN for line in lines)
    return "" if is_open else url_for("studio.submit_form", course=course)


def _rows(lines: Sequence[DraftReview], *, is_behind: bool) -> list[ReviewRow]:
    aliases = people.names({line.submitted_by for line in lines})
    texts = [line for line in lines if line.kind is not VersionKind.RETIREMENT]
    published = [line.id for line in texts if line.state is ReviewState.PUBLISHED]
    replaced = published if is_behind else published[1:]
    return [_row(line, aliases.get(line.submitted_by, ""), is_replaced=line.id in replaced) for line in lines]


def _row(line: DraftReview, alias: str, *, is_replaced: bool) -> ReviewRow:
    word, kind = labels.review_state(line.state, line.kind)
    return ReviewRow(
        href=url_for("studio.show_review", review_id=line.id),
        message=line.message,
        alias=alias,
        at=line.submitted_at,
        word=_("Replaced by a newer version") if is_replaced else word,
        kind="none" if is_replaced else kind,
    )


def _version(line: VersionLine) -> VersionRow:
    word, kind = labels.VERSIONS[line.state]
    ends = _("Earlier completions count until %(day)s", day=words(line.ends_on)) if line.ends_on else ""
    return VersionRow(
        number=line.number,
        change=labels.kind(line.kind),
        message=line.message,
        at=line.published_at,
        ends=ends,
        word=str(word),
        kind=kind,
    )


def _retirement_href(workspace: Workspace, published: Sequence[VersionLine], lines: Sequence[DraftReview]) -> str:
    """Return where the retirement of a course is proposed, "" while a review is open or nothing is offered."""
    is_offered = any(line.state is VersionState.CURRENT for line in published)
    if not is_offered or any(line.state in OPEN for line in lines):
        return ""
    return url_for("studio.propose_retirement", course=workspace.slug)


def _members(ids: Collection[UUID], endpoint: str, course: str, *, removable: bool) -> list[CourseMember]:
    """Return people by alias; `endpoint` removes a person."""
    aliases = people.names(ids)
    return [
        CourseMember(
            alias=aliases.get(person_id, ""),
            remove_href=url_for(endpoint, course=course, person_id=person_id) if removable else "",
        )
        for person_id in sorted(ids, key=lambda person_id: alias_key(aliases.get(person_id, "")))
    ]
