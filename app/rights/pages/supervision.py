"""View model of `/people/<id>/supervisor`: supervisors of a person, and the officers supervised."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.access.policy import Role, Scope
from app.identity.queries.person_details import PersonDetails
from app.rights.forms import SupervisorForm
from app.rights.queries import supervision
from app.rights.queries.supervision import SupervisionLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorLine:
    """A supervisor of the officer; `since` is None and `end` "" if the supervisor has the whole agency."""

    alias: str
    since: date | None
    end: str
    roles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedOfficerLine:
    """An officer who is assigned to the supervisor."""

    alias: str
    since: date | None
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorsPage(Page):
    """The supervisors of a person, and the officers whom the person supervises."""

    template: ClassVar[str] = "rights/supervisor.html"
    person_id: UUID
    alias: str
    is_officer: bool
    is_supervisor: bool
    agency: str  # all of whose officers the person supervises, or ""
    agency_count: int
    supervisors: tuple[SupervisorLine, ...]
    officers: tuple[AssignedOfficerLine, ...]
    offers_supervisor: bool
    form: SupervisorForm


def supervision_page(person: PersonDetails, form: SupervisorForm, today: date) -> SupervisorsPage:
    """Return the view model; offers the supervisors who are not assigned yet in the form."""
    above = supervision.supervisor_lines(person.person_id, today)
    taken = {person.person_id, *(line.person_id for line in above)}
    free = [pair for pair in supervision.candidates(person.country, today) if pair[0] not in taken]
    form.offer(free)
    officers = supervision.supervised_lines(person.person_id, today)
    agency = _whole_agency(person, today)
    return SupervisorsPage(
        person_id=person.person_id,
        alias=person.alias,
        is_officer=bool(person.posting_roles),
        is_supervisor=any(grant.assignment.role is Role.SUPERVISOR for grant in person.grants),
        agency=agency,
        agency_count=supervision.count(person.person_id, today) if agency else 0,
        supervisors=tuple(_supervisor(person.person_id, line) for line in above),
        officers=tuple(_officer(line) for line in officers),
        offers_supervisor=bool(free),
        form=form,
    )


def _whole_agency(person: PersonDetails, today: date) -> str:
    """Return the agency all of whose officers the person supervises, or ""."""
    whole = any(grant.assignment.scope is Scope.AGENCY for grant in person.grants)
    return supervision.of_service(person.person_id, today) if whole else ""


def _supervisor(officer_id: UUID, line: SupervisionLine) -> SupervisorLine:
    end = url_for("rights.release_supervisor", person_id=officer_id, supervisor_id=line.person_id)
    return SupervisorLine(
        alias=line.alias,
        since=line.since,
        end=end if line.since else "",
        roles=url_for("rights.roles", person_id=line.person_id),
    )


def _officer(line: SupervisionLine) -> AssignedOfficerLine:
    href = url_for("rights.show_supervisor", person_id=line.person_id)
    return AssignedOfficerLine(alias=line.alias, since=line.since, href=href)
