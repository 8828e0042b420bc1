"""View models of `/country/settings`: sign-in rules, help contact, retention of names, agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import lazy_gettext

from app.access.policy import Actor
from app.directory.forms import (
    KINDS,
    AgencyForm,
    AgencyNameForm,
    ExactCountsForm,
    HelpContactForm,
    NamesForm,
    WithoutSecondStepForm,
)
from app.directory.service import country_settings
from app.directory.service.country_settings import AgencyLine, CountrySettings
from app.identity.queries import person_details
from app.kernel import clock
from app.sign_in.queries import factors
from app.web.pages import Page

COUNTS_ANSWERS: Mapping[bool | None, str] = {True: "yes", False: "no", None: ""}
_COUNTS_LABELS = {True: lazy_gettext("Yes"), False: lazy_gettext("No"), None: lazy_gettext("Not answered yet")}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency in the table of a country's agencies."""

    name: str
    kind: str
    href: str
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySettingsPage(Page):
    """The settings of a country; `printed_alone` counts people whose only second factor is a printed list."""

    template: ClassVar[str] = "directory/country_settings.html"
    settings: CountrySettings
    decides: bool  # False for a deputy
    printed_alone: int
    help_is_due: bool
    help: HelpContactForm
    agency: AgencyForm
    names: NamesForm
    counts: ExactCountsForm
    counts_answer: str
    agencies: Sequence[AgencyRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPage(Page):
    """An agency, to rename or remove it."""

    template: ClassVar[str] = "directory/agency.html"
    agency: AgencyLine
    form: AgencyNameForm


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordOnlyPage(Page):
    """The question before officers of a country may sign in with a password only."""

    template: ClassVar[str] = "directory/without_second_step.html"
    form: WithoutSecondStepForm


def decides(actor: Actor) -> bool:
    """Return whether the user may change lasting settings: as contact point of the country, not as a deputy."""
    return person_details.decides(actor, clock.today())


def country_settings_page(
    actor: Actor,
    *,
    help_form: HelpContactForm | None = None,
    agency_form: AgencyForm | None = None,
    names_form: NamesForm | None = None,
    counts_form: ExactCountsForm | None = None,
) -> CountrySettingsPage:
    """Return the page of the user's country, with submitted forms that have errors."""
    settings = country_settings.settings(actor.country)
    kinds = dict(KINDS)
    agencies = [
        AgencyRow(
            name=agency.name,
            kind=str(kinds[agency.kind]),
            href=url_for("directory.show_agency", agency_id=agency.id),
            used=agency.used,
        )
        for agency in country_settings.agencies(actor.country)
    ]
    return CountrySettingsPage(
        settings=settings,
        decides=decides(actor),
        printed_alone=factors.count_printed_only(actor.country, clock.today()) if settings.printed_codes else 0,
        help_is_due=settings.help_is_due(clock.today()),
        help=help_form or HelpContactForm(text=settings.help_text),
        agency=agency_form or AgencyForm(),
        names=names_form or NamesForm(months=str(settings.identity_months)),
        counts=counts_form or ExactCountsForm(exact_counts=COUNTS_ANSWERS[settings.exact_counts]),
        counts_answer=str(_COUNTS_LABELS[settings.exact_counts]),
        agencies=agencies,
    )
