"""A check for several officers of the matrix: choose competencies, then the form of a sitting with both."""

from collections.abc import Collection, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.access.targets import Target
from app.checks.domain.keys import new_sitting_query, parsed
from app.checks.queries import offers
from app.coordination.domain.checks import (
    MOST_COMPETENCIES,
    MOST_OF_TEAM,
    MOST_OFFICERS,
    Aim,
    CheckChoice,
    officers_for,
)
from app.coordination.pages import matrix_check as pages
from app.coordination.queries import matrix as matrix_queries, matrix_checks as queries
from app.coordination.views._blueprint import bp
from app.coordination.views.matrix import MatrixReader, country_reader, filter_form, team_reader
from app.coordination.views.matrix_selection import fits, selected
from app.identity.queries.people import OfficerLine
from app.kernel import clock
from app.learning.domain import Suggester
from app.ports import ports
from app.web.pages import render

NO_CHANGE = "leads to the form of a sitting, no change"


@bp.post("/country/matrix/check")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope)
def prepare_country_check() -> ResponseReturnValue:
    """Show which competencies the selected officers of the own country lack."""
    return _prepare(country_reader())


@bp.post("/supervision/matrix/check")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope)
def prepare_team_check() -> ResponseReturnValue:
    """Show which competencies the selected supervised officer lacks."""
    return _prepare(team_reader())


@bp.post("/country/matrix/checks")
@requires(Action.SEE_COUNTRY_MATRIX, of=own_scope, audited=False, reason=NO_CHANGE)
def create_country_check() -> ResponseReturnValue:
    """Lead to the form of a sitting for officers of the own country."""
    return _create(country_reader())


@bp.post("/supervision/matrix/checks")
@requires(Action.SEE_TEAM_MATRIX, of=own_scope, audited=False, reason=NO_CHANGE)
def create_team_check() -> ResponseReturnValue:
    """Lead to the form of a sitting for a supervised officer."""
    return _create(team_reader())


def _prepare(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers = filter_form(request.form), selected(reader)
    if not _fits(officers, reader):
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    reader.record_view([line.person_id for line in officers])
    return render(_page(reader, officers, queries.choices(officers, actor().id, clock.today())))


def _create(reader: MatrixReader) -> ResponseReturnValue:
    filters, officers = filter_form(request.form), selected(reader)
    if not _fits(officers, reader):
        return redirect(url_for(reader.site.show, **filters.chosen_values()))
    choices = queries.choices(officers, actor().id, clock.today())
    chosen = _chosen(choices)
    if not 0 < len(chosen) <= MOST_COMPETENCIES:
        error = _("Choose 1 to %(n)s competencies.", n=MOST_COMPETENCIES)
        return render(_page(reader, officers, choices, error)), 422
    wanted = officers_for(choices, chosen)
    aims = offers.in_sittings(matrix_queries.framework(), chosen)
    people = [line.person_id for line in officers if line.person_id in wanted]
    return redirect(f"{ports().path_to(Target.NEW_SITTING)}?{new_sitting_query(aims, people)}")


def _page(
    reader: MatrixReader, officers: Sequence[OfficerLine], choices: Sequence[CheckChoice], error: str = ""
) -> pages.BulkCheckPage:
    filters, framework = filter_form(request.form), matrix_queries.framework()
    return pages.choice_page(officers, choices, filters, framework, site=reader.site, error=error)


def _chosen(choices: Collection[CheckChoice]) -> list[Aim]:
    """Return the chosen competencies of the form that a sitting can verify and an officer lacks."""
    wanted = {parsed(key) for key in request.form.getlist("competency")}
    aims = [(choice.competency, choice.level) for choice in choices if choice.in_sitting]
    return [aim for aim in aims if aim in wanted]


def _fits(officers: Sequence[OfficerLine], reader: MatrixReader) -> bool:
    """Return whether a sitting has room for a selection; else show why on the next page."""
    most = MOST_OFFICERS if reader.suggests_as is Suggester.CONTACT_POINT else MOST_OF_TEAM
    if len(officers) <= most:
        return fits(officers)
    if most == MOST_OF_TEAM:
        flash(_("You plan a check for one officer. Tick one."), "warning")
    else:
        flash(_("At most %(n)s officers in a sitting.", n=most), "warning")
    return False
