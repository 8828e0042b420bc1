"""Read the aliases of officers from a form."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

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
