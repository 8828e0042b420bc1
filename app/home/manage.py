"""A page about one officer for contact points and supervisors: courses and workshops."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.catalogue import queries as catalogue
from app.catalogue.domain.references.competencies import Competencies
from app.competence import queries as competence
from app.db.session import record, transaction
from app.home.pages import officer as pages
from app.home.pages.officer import Attended, Seen
from app.i18n import words
from app.kernel import clock
from app.learning import queries as learning
from app.learning.events import LearningSeen
from app.learning.pages import wanted
from app.workshops import queries as workshops

bp = Blueprint("officer", __name__, template_folder="templates", url_prefix="/people/<uuid:person_id>/learning")


@bp.get("")
@requires(Action.SEE_LEARNING, of=pages.seen)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show an officer's courses and workshops: states and days, no answers, no times."""
    seen: Seen = thing()
    with transaction():  # before anything is shown: what cannot be written is not read, either
        record(LearningSeen(person_id=person_id, country=seen.country))
    who, whole = actor(), pages.sees_all(actor())
    return render_template(
        "home/officer.html",
        alias=seen.officer.alias,
        person_id=person_id,
        whole=whole,
        courses=pages.courses(learning.enrolments([person_id]).get(person_id, []), who),
        bookings=pages.bookings(_attended(seen), who, clock.today()) if whole else [],
        claims=pages.claims(competence.claims_of(person_id), _framework()) if whole else [],
        **pages.links(who, person_id),
    )


def _attended(seen: Seen) -> Attended:
    events = workshops.mine(seen.learner)
    earned = workshops.certificates(seen.learner, clock.today())
    said = words.of(pages.open_to(actor(), events), wanted())
    return Attended(events, {one.id for one in earned}, said)


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()
