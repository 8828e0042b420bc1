"""Read officers from a form: their aliases, or those ticked in a list."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.checks.domain.requests import MOST_PLANNED
from app.i18n.babel import joined
from app.identity.queries import people
from app.kernel import clock


class UnknownOfficersError(Exception):
    """Aliases of no officer of the country."""

    def __init__(self, aliases: Sequence[str]) -> None:
        super().__init__()
        self.text = _("Your country has no officer with this alias: %(aliases)s", aliases=joined(list(aliases)))


def officers_of(aliases: Sequence[str], country: str) -> list[UUID]:
    """Return the officers of a country with these aliases, in order; raise UnknownOfficersError."""
    lines = people.officers_by_text(country, clock.today(), dict.fromkeys(aliases, "")) if aliases else {}
    unknown = [alias for alias in aliases if alias not in lines]
    if unknown:
        raise UnknownOfficersError(unknown)
    return [lines[alias].person_id for alias in aliases]


def ticked(name: str) -> list[UUID]:
    """Return the ticked ids of a form, one more than a sitting takes if there are more.

    Raises NoResultFound for a text that is no id.
    """
    try:
        return list(dict.fromkeys(UUID(value) for value in request.form.getlist(name)[: MOST_PLANNED + 1]))
    except ValueError as error:
        raise NoResultFound from error


def fits(count: int) -> bool:
    """Return whether a selection is neither empty nor too large; else show why on the next page."""
    if not count:
        flash(_("Tick at least one officer."), "warning")
    elif count > MOST_PLANNED:
        flash(_("At most %(n)s officers in a sitting.", n=MOST_PLANNED), "warning")
    return 0 < count <= MOST_PLANNED
