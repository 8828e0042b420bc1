"""Nominate officers of the matrix for an event: lead to the form of its nominations with these officers filled in."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.coordination.domain.matrix import SelectedOfficers
from app.coordination.views._blueprint import bp
from app.coordination.views.matrix import country_reader, filter_form
from app.coordination.views.matrix_selection import fits, selected
from app.identity.queries.people import OfficerLine
from app.kernel import clock
from app.workshops.domain.phases import Phase
from app.workshops.domain.ranking import MOST_NOMINATED
from app.workshops.queries import country_nominations


@bp.post("/country/matrix/nomination")
@requires(Action.NOMINATE, of=own_scope, audited=False, reason="leads to the form of nominations, no change")
def prepare_country_nomination() -> ResponseReturnValue:
    """Lead to the event that takes nominations, or to the choice among several, with the selected officers."""
    reader, filters = country_reader(), filter_form(request.form)
    officers = _in_shown_order([line for line in selected(reader) if line.person_id != actor().id])
    if not _fits(officers):
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    events = country_nominations.open_events(reader.scope.country, clock.now())
    open_ids = [line.workshop.id for line in events if line.phase is Phase.NOMINATIONS_OPEN]
    if not open_ids:
        raise NoResultFound
    people = [str(line.person_id) for line in officers]
    if len(open_ids) == 1:
        return redirect(url_for("workshops.show_country_nomination", workshop_id=open_ids[0], officer=people))
    return redirect(url_for("workshops.show_country_nominations", officer=people))


def _in_shown_order(officers: Sequence[OfficerLine]) -> list[OfficerLine]:
    """Return ticked officers in the order of the page; others stay by alias."""
    if request.form.get("who", SelectedOfficers.TICKED.value) != SelectedOfficers.TICKED:
        return list(officers)
    ticked = [UUID(value) for value in request.form.getlist("officer")]
    return sorted(officers, key=lambda line: ticked.index(line.person_id))


def _fits(officers: Sequence[OfficerLine]) -> bool:
    """Return whether a selection can be nominated for one event; else show why on the next page."""
    if len(officers) <= MOST_NOMINATED:
        return fits(officers)
    flash(_("Nominate at most %(most)s officers.", most=MOST_NOMINATED), "warning")
    return False
