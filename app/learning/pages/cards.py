"""View model of the cards of a course, four on a page of A4: /courses/<course>/cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import current, direction
from app.learning import labels
from app.web.html.trusted_html import trusted
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card with its text and the language of its lesson."""

    title: str
    html: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsPage(Page):
    """The cards of all lessons of a course, in their order."""

    template: ClassVar[str] = "learning/cards.html"

    outline: Outline
    title: str
    lang: str
    cards: Sequence[Card]


def page(outline: Outline) -> CardsPage:
    """Return the page, with each lesson in the language in which the user reads it."""
    cards: list[Card] = []
    for slug in (entry.slug for entry in outline.facts.lessons):
        code = labels.shown_lesson(outline, slug)
        sections = catalogue.lesson(outline.version_id, slug, code).rendered.parts
        cards += [
            Card(title=section.title, html=trusted(section.html), lang=code, dir=direction(code))
            for section in sections
            if section.kind == "card"
        ]
    code = current()
    return CardsPage(outline=outline, title=outline.title(code), lang=outline.spoken(code), cards=cards)
