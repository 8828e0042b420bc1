"""Facts of an event for its staff: who teaches it, its days and languages."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.i18n.babel import joined
from app.i18n.languages import language
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.workshops import labels
from app.workshops.pages import selection_texts
from app.workshops.shapes import WorkshopFacts


def facts(workshop: WorkshopFacts) -> list[tuple[str, str]]:
    """Return terms and values: staff, days, languages, mark and code of an event."""
    names = accounts.names([*workshop.trainers, *workshop.assessors])
    activity = [(_("Activity of the plan"), workshop.activity)] if workshop.activity else []
    return [
        (_("Trainers"), _aliases(names.get(person_id, "") for person_id in workshop.trainers)),
        (_("Assessors"), _aliases(names.get(person_id, "") for person_id in workshop.assessors)),
        *_days(workshop),
        (_("Languages"), joined([language(code).name for code in workshop.languages])),
        (_("Mark"), learning_pages.sensitivity(workshop.sensitivity)),
        (_("Code"), workshop.code),
        *activity,
    ]


def _days(workshop: WorkshopFacts) -> list[tuple[str, str]]:
    if workshop.nomination is None:
        return [(_("Booking until"), labels.deadline(workshop))]
    return selection_texts.days(workshop, workshop.nomination)


def _aliases(aliases: Iterable[str]) -> str:
    return joined(sorted(aliases, key=alias_key)) or _("None yet")
