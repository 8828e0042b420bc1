"""Tasks of /teaching: drafts to review, to correct and to publish."""

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.queries import courses, versions
from app.i18n.languages import direction
from app.kernel import clock
from app.learning.labels import shown
from app.ports import TaskLink
from app.studio import labels
from app.studio.domain.reviews import ReviewState, may_decide
from app.studio.queries import reviews
from app.studio.queries.reviews import DraftReview


def review_tasks(actor: Actor) -> list[TaskLink]:
    """Return the reviews that the user may decide, and the own ones that were decided."""
    lines = [line for line in reviews.latest_for(actor.id, clock.today()) if _is_task(line, actor.id)]
    titles = _titles({line.course_id for line in lines}) if lines else {}
    return [_task(line, *titles[line.course_id]) for line in lines]


def _is_task(line: DraftReview, person_id: UUID) -> bool:
    if line.state is ReviewState.IN_REVIEW:
        return may_decide(person_id, line.submitted_by, reviews.authors(line.course_id, line.revision))
    return person_id == line.submitted_by


def _titles(ids: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Return title and language of courses; a course that was never published has its id."""
    titles = {}
    for record in versions.course_records(ids):
        title, language = record.code, "en"
        if record.version_id is not None:
            outline = courses.outline(record.version_id)
            language = shown(outline)
            title = outline.title(language)
        titles[record.id] = (title, language)
    return titles


def _task(line: DraftReview, title: str, language: str) -> TaskLink:
    names = {
        ReviewState.IN_REVIEW: _("Review a draft"),
        ReviewState.CHANGES_REQUESTED: _("Make the requested changes"),
        ReviewState.APPROVED: _("Publish a draft"),
    }
    word, kind = labels.STATES[line.state]
    return TaskLink(
        name=_("%(kind)s: %(title)s", kind=names[line.state], title=title),
        href=url_for("studio.show_review", review_id=line.id),
        sub=line.message,
        word=str(word),
        kind=kind,
        lang=language,
        dir=direction(language),
    )
