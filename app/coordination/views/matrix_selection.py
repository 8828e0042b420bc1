"""The officers of a bulk action of the matrix: those ticked, the page, or all that the filter finds."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.coordination.domain.matrix import MOST_AT_ONCE, SelectedOfficers
from app.coordination.queries import matrix as queries
from app.coordination.views.matrix import MatrixReader, filter_form, filter_of
from app.identity.queries.people import OfficerLine
from app.kernel import clock
from app.learning.queries.completion import PAGE_SIZE


def fits(officers: Sequence[OfficerLine]) -> bool:
    """Return whether a selection is neither empty nor too large; else show why on the next page."""
    if not officers:
        flash(_("Tick at least one officer."), "warning")
    elif len(officers) > MOST_AT_ONCE:
        flash(_("At most %(n)s officers at once. Narrow the list.", n=MOST_AT_ONCE), "warning")
    return 0 < len(officers) <= MOST_AT_ONCE


def selected(reader: MatrixReader) -> Sequence[OfficerLine]:
    """Return the officers of the selection in the form, one more than allowed if there are more.

    Raises NoResultFound if an officer of the form is not in the matrix of the user.
    """
    form, today = filter_form(request.form), clock.today()
    selection = request.form.get("who", SelectedOfficers.TICKED.value)
    if selection == SelectedOfficers.FOUND:
        return queries.listed(reader.scope, filter_of(form), today, size=MOST_AT_ONCE + 1)
    if selection == SelectedOfficers.PAGE:
        return queries.listed(reader.scope, filter_of(form), today, after=form.after.data or "", size=PAGE_SIZE)
    return queries.selected(reader.scope, _ticked(), today)


def _ticked() -> frozenset[UUID]:
    """Return the ids of the officers in the form. Raises NoResultFound for a text that is no id."""
    try:
        return frozenset(UUID(value) for value in request.form.getlist("officer")[: MOST_AT_ONCE + 1])
    except ValueError as error:
        raise NoResultFound from error
