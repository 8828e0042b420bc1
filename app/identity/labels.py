"""Labels of agencies in the user's language."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from app.i18n.languages import country_name
from app.identity.domain.people import PersonState
from app.kernel.folding import fold


def agency_choices(found: Sequence[tuple[UUID, str, str]], *, with_country: bool) -> list[tuple[str, str]]:
    """Return services to choose from: by the names of their countries in the reader's language, then by their own."""
    named = [(country_name(code) if with_country else "", name, str(one)) for one, code, name in found]
    return [
        (one, _("%(country)s, %(agency)s", country=country, agency=name) if country else name)
        for country, name, one in sorted(named, key=lambda each: (fold(each[0]), fold(each[1]), each[2]))
    ]


def account_state(state: PersonState) -> dict[str, str]:
    """Return the state of an account as a word and a shape."""
    if state is PersonState.ACTIVE:
        return {"word": _("Open"), "kind": "good"}
    return {"word": _("Closed"), "kind": "none"}
