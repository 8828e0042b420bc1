"""`/supervision`: the supervised officers by name, with counts, states and dates of competencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.access import visibility
from app.access.policy import Actor
from app.access.visibility import IdentityField, Viewer
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.statuses import status
from app.competence.labels import competencies
from app.competence.shapes import PeriodSpan
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.queries.person_details import PersonName
from app.rights.queries.supervision import SupervisedOfficer
from app.web.pages import Page


@dataclass(frozen=True, slots=True)
class OfficerDetails:
    """Details of the officers of a page, each by the person's id."""

    names: Mapping[UUID, PersonName]
    ends: Mapping[UUID, Mapping[str, date | None]]  # needs, each with the last day of its validity
    validity: Mapping[UUID, Sequence[PeriodSpan]]
    courses: Mapping[UUID, int]  # completed


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityRow:
    """A competency that is valid, or was valid last, with its state and dates."""

    id: str
    name: str
    lang: str
    dir: str
    level: str
    state: str
    until: date | None
    lapsed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedOfficerRow:
    """A supervised officer; `name` is None where the supervisor may not see it."""

    id: str
    alias: str
    href: str
    name: PersonName | None
    roles: str
    verified: int
    needed: int
    courses: int
    validity: tuple[ValidityRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedOfficersPage(Page):
    """The officers whom the actor supervises."""

    template: ClassVar[str] = "competence/supervision.html"
    officers: tuple[SupervisedOfficerRow, ...]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


def sees_name(actor: Actor, officer: SupervisedOfficer) -> bool:
    """Return whether a supervisor may see the name of an officer."""
    about = visibility.OfficerVisibility(officer.country, protected=officer.protected)
    return IdentityField.NAME in visibility.visible_fields(Viewer.SUPERVISOR, actor.country, about)


def officer_row(
    officer: SupervisedOfficer, details: OfficerDetails, framework: Competencies, today: date
) -> SupervisedOfficerRow:
    """Return an officer with the verified competencies and their dates."""
    needed = details.ends.get(officer.person_id, {})
    titles = competencies.role_titles(framework, current())
    return SupervisedOfficerRow(
        id=str(officer.person_id),
        alias=officer.alias,
        href=url_for("home.show_officer_learning", person_id=officer.person_id),
        name=details.names.get(officer.person_id),
        roles=joined([titles.get(role, role) for role in officer.roles]) if officer.roles else "",
        verified=sum(1 for end in needed.values() if end is not None and end >= today),
        needed=len(needed),
        courses=details.courses.get(officer.person_id, 0),
        validity=tuple(_validity_row(span, framework, today) for span in details.validity.get(officer.person_id, ())),
    )


def _validity_row(span: PeriodSpan, framework: Competencies, today: date) -> ValidityRow:
    title = competencies.title(framework, span.competency)
    return ValidityRow(
        id=span.competency,
        name=title.text,
        lang=title.lang,
        dir=title.dir,
        level=competencies.level(span.level),
        **competencies.dates(status(True, span.until, today), span.until),
    )
