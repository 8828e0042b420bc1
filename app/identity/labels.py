"""Choices of agencies for forms, and the label of the state of an account, in the user's language."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from app.i18n.languages import country_name
from app.identity.domain.people import PersonState
from app.kernel.folding import fold


def agency_choices(agencies: Sequence[tuple[UUID, str, str]], *, with_country: bool) -> list[tuple[str, str]]:
    """Return agencies to choose from, sorted by the name of the country in the user's language, then by their own."""
    named = [(country_name(code) if with_country else "", name, str(agency_id)) for agency_id, code, name in agencies]
    return [
        (agency_id, _("%(country)s, %(agency)s", country=country, agency=name) if country else name)
        for country, name, agency_id in sorted(named, key=lambda row: (fold(row[0]), fold(row[1]), row[2]))
    ]


def account_state(state: PersonState) -> tuple[str, str]:
    """Return the label of the state of an account and the kind of its marker."""
    return (_("Open"), "good") if state is PersonState.ACTIVE else (_("Closed"), "none")
