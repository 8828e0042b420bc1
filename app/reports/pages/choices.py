"""What the forms of reports offer: quarters, languages, countries, workshops, donors."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.i18n.babel import words as day_words
from app.i18n.languages import INTERFACE, NAMES, country_name
from app.plan import labels as plan_labels
from app.plan.domain.cells import quarter_ends
from app.reports import labels
from app.workshops.queries import report_figures

QUARTERS = 12
WORKSHOPS = 100
Pairs = list[tuple[str, str]]


def quarters(today: date) -> Pairs:
    """Return the last quarters that have ended, the newest first."""
    ended = [day for day in quarter_ends(today, QUARTERS) if day < today]
    return [(day.isoformat(), labels.quarter(day)) for day in reversed(ended)]


def languages() -> Pairs:
    """Return the languages of the interface by their own names."""
    return [(code, NAMES[code]) for code in INTERFACE]


def countries(plan: Plan | None) -> Pairs:
    """Return the member countries, by alphabet."""
    members = plan.head.members if plan is not None and plan.head else ()
    return [(code, country_name(code)) for code in plan_labels.in_alphabet(members)]


def workshops() -> Pairs:
    """Return the last closed events with their last day."""
    return [
        (str(line.id), _("%(code)s, %(day)s", code=line.code, day=day_words(line.last_day)))
        for line in report_figures.closed(WORKSHOPS)
    ]


def donors(names: Sequence[str]) -> Pairs:
    """Return the donors."""
    return [(name, name) for name in names]


def with_none(pairs: Pairs) -> Pairs:
    """Return pairs with a first one for no choice."""
    return [("", _("None")), *pairs]
