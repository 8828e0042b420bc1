"""The facts on the user's own country that a lesson asks for by `/// country-facts | offence, child`."""

from flask_login import current_user

from app.catalogue.domain.references.country_cards import read_names
from app.catalogue.queries import country_cards
from app.kernel import clock
from app.learning.labels.country_facts import facts_of
from app.learning.pages.lesson_parts import LessonChunk
from app.markup.shapes import LessonSection


def chunk(section: LessonSection) -> LessonChunk | None:
    """Return the facts of a section on the user's country, or None if the country has no card."""
    names, _unknown = read_names(section.ref)
    facts = facts_of(country_cards.cards(), current_user.signed.country, clock.today(), names)
    return None if facts is None else LessonChunk("country-facts", facts=facts)
