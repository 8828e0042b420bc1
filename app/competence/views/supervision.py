"""`/supervision`: the supervised officers by name, with courses, competencies and dates; views are recorded."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.events import SupervisedSeen
from app.competence.pages import supervision as pages
from app.competence.queries import officers as competence_officers
from app.competence.views._blueprint import bp
from app.db.session import record, transaction
from app.identity.queries import person_details
from app.kernel import clock
from app.learning.queries import progress as learning
from app.rights.queries import supervision
from app.rights.queries.supervision import SupervisedOfficer
from app.web import paging
from app.web.pages import render

PAGE = 25


@bp.get("/supervision")
@requires(Action.SEE_SUPERVISED, of=own_scope)
def show_supervised_officers() -> ResponseReturnValue:
    """Show the officers whom the actor supervises: no answers, no times."""
    today = clock.today()
    page = paging.requested_page(supervision.count(actor().id, today), PAGE)
    officers = supervision.officers(actor().id, today, offset=page.offset, size=page.size)
    _record_views(officers)
    framework = catalogue.competencies() or Competencies()
    details = _details(officers, framework, today)
    return render(
        pages.SupervisedOfficersPage(
            officers=tuple(pages.officer_row(officer, details, framework, today) for officer in officers),
            **page.links("competence.show_supervised_officers"),
        )
    )


def _record_views(officers: Sequence[SupervisedOfficer]) -> None:
    """Record each view before the page is shown: without the record nothing may be shown."""
    if not officers:
        return
    with transaction():
        for officer in officers:
            record(SupervisedSeen(person_id=officer.person_id, country=officer.country))


def _details(officers: Sequence[SupervisedOfficer], framework: Competencies, today: date) -> pages.OfficerDetails:
    """Return names, needs, validity and courses of the officers of a page."""
    ids = [officer.person_id for officer in officers]
    named = [officer.person_id for officer in officers if pages.sees_name(actor(), officer)]
    return pages.OfficerDetails(
        names=person_details.names(named),
        ends=competence_officers.ends(framework, {officer.person_id: officer.roles for officer in officers}),
        validity=competence_officers.held_by_all(ids, today),
        courses=_completed_courses(ids),
    )


def _completed_courses(ids: Sequence[UUID]) -> Mapping[UUID, int]:
    enrolments = learning.enrolments(ids)
    return {person_id: sum(1 for line in lines if line.completed_on) for person_id, lines in enrolments.items()}
