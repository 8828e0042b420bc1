"""Draw the invitation letter of a participant as PDF, in English, French or Arabic.

The name comes with the request and goes into the letter alone: nothing here stores or records it. The letter leaves the
academy, so that it names the kind of the event, and its title only if the event is unrestricted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from flask_babel import force_locale, pgettext
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.access.policy import Sensitivity
from app.i18n import stored_translations as texts
from app.i18n.babel import isolated, words
from app.i18n.languages import country_name, direction
from app.kernel import pdf_library
from app.workshops import labels
from app.workshops.domain.events import WorkshopKind
from app.workshops.shapes import WorkshopLine

_STYLE = Path(__file__).resolve().parent.parent / "templates" / "letters" / "invitation.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRequest:
    """What a contact point asks for: the name for the letter alone, the country of the officer, the language."""

    name: str
    country: str
    language: str
    sender: str  # the name of the academy in mails


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTexts:
    """The texts of a letter in its language."""

    language: str
    direction: str
    sender: str
    date: str
    heading: str
    greeting: str
    invitation: str
    facts: Sequence[tuple[str, str]]
    closing: Sequence[str]
    signature: str


def draw(workshop: WorkshopLine, request: LetterRequest, today: date) -> bytes:
    """Return the letter as PDF. Raises NoPdfError if this machine cannot draw PDF files."""
    letter = letter_texts(workshop, request, today)
    text = _environment().get_template("letters/invitation.html").render(letter=letter)
    return pdf_library.draw(text, _style())


def letter_texts(workshop: WorkshopLine, request: LetterRequest, today: date) -> LetterTexts:
    """Return the texts of a letter in its language."""
    with force_locale(request.language):
        return LetterTexts(
            language=request.language,
            direction=direction(request.language),
            sender=request.sender,
            date=words(today),
            heading=pgettext("letter", "Letter of invitation"),
            greeting=pgettext("letter", "To whom it may concern"),
            invitation=_invitation(workshop, request),
            facts=_facts(workshop, request),
            closing=(
                pgettext("letter", "Please give this person the help that is usual for the visa and the journey."),
                pgettext("letter", "The contact point that signs below can be asked about this invitation."),
            ),
            signature=pgettext("letter", "Place, date, name, signature and stamp of the national contact point"),
        )


def _invitation(workshop: WorkshopLine, request: LetterRequest) -> str:
    name, country = isolated(request.name), isolated(country_name(request.country))
    invited = {
        WorkshopKind.WORKSHOP: pgettext("letter", "We invite %(name)s of %(country)s to a training workshop."),
        WorkshopKind.STUDY_VISIT: pgettext("letter", "We invite %(name)s of %(country)s to a study visit."),
        WorkshopKind.COLEP_MEETING: pgettext("letter", "We invite %(name)s of %(country)s to a meeting."),
        WorkshopKind.EXERCISE: pgettext("letter", "We invite %(name)s of %(country)s to an exercise."),
    }
    return invited[workshop.kind] % {"name": name, "country": country}


def _facts(workshop: WorkshopLine, request: LetterRequest) -> list[tuple[str, str]]:
    return [
        (pgettext("letter", "Name"), request.name),
        *_title(workshop, request.language),
        (pgettext("letter", "First day"), words(workshop.first_day)),
        (pgettext("letter", "Last day"), words(workshop.last_day)),
        (pgettext("letter", "Place"), _place(workshop)),
        (pgettext("letter", "Reference"), workshop.code),
    ]


def _title(workshop: WorkshopLine, language: str) -> list[tuple[str, str]]:
    if workshop.sensitivity is not Sensitivity.UNRESTRICTED:
        return []
    title = labels.title_of(workshop, texts.translations_for([workshop.id], language))
    return [(pgettext("letter", "Title"), title.text)]


def _place(workshop: WorkshopLine) -> str:
    town, country = workshop.town, country_name(workshop.host_country)
    return pgettext("letter", "%(town)s, %(country)s") % {"town": town, "country": country} if town else country


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("app.workshops"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")
