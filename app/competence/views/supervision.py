"""The page of a supervisor: the officers supervised, by name, with courses done, competencies and their dates."""

from flask import render_template
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
from app.web import paging

PAGE = 25


@bp.get("/supervision")
@requires(Action.SEE_SUPERVISED, of=own_scope)
def show_supervised_officers() -> ResponseReturnValue:
    """Show the officers whom the one who asks supervises: no answers, no times."""
    who, today = actor(), clock.today()
    page = paging.asked(supervision.count(who.id, today), PAGE)
    found = supervision.officers(who.id, today, offset=page.offset, size=page.size)
    ids = [one.person_id for one in found]
    if found:
        with transaction():  # before anything is shown: what cannot be written is not read, either
            for one in found:
                record(SupervisedSeen(person_id=one.person_id, country=one.country))
    framework = catalogue.competencies() or Competencies()
    known = pages.OfficerDetails(
        names=person_details.names([one.person_id for one in found if pages.sees_name(who, one)]),
        ends=competence_officers.ends(framework, {one.person_id: one.roles for one in found}),
        held=competence_officers.held_by_all(ids, today),
        courses={key: sum(1 for each in lines if each.completed_on) for key, lines in learning.enrolments(ids).items()},
    )
    officers = [pages.officer(one, known, framework, today) for one in found]
    return render_template(
        "competence/supervision.html", officers=officers, **page.links("competence.show_supervised_officers")
    )
