"""`/country/officers`, the page of an officer (by alias: counts, states, dates), and `/country/claims`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.forms import DecisionForm, NeedForm, OfficersForm
from app.competence.labels import competencies as competence_competencies
from app.competence.labels.competencies import NeedSummary
from app.competence.queries.officers import PAGE, CompetencyCounts, VisibleOfficer
from app.competence.shapes import ClaimLine, CompetencyStatus
from app.i18n.babel import joined
from app.i18n.languages import current
from app.identity.queries.people import OfficerLine
from app.web import paging
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRow:
    """An officer in the list of the own country; `word` and `kind` are the state and its shape."""

    alias: str
    href: str
    roles: str
    agency: str
    verified: int
    needed: int
    due: int
    lapsed: int
    next_end: date | None
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersPage(Page):
    """The officers of the own country; `chips` are the active filters, each with the address without it."""

    template: ClassVar[str] = "competence/officers.html"
    officers: tuple[OfficerRow, ...]
    form: OfficersForm
    chips: tuple[tuple[str, str], ...]
    first: str
    onward: str
    all_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyRow:
    """A competency of an officer with its state and dates; `drop_url` is empty unless it is required by name."""

    id: str
    name: str
    lang: str
    dir: str
    level: str
    needed: bool
    by_name: bool
    state: str
    until: date | None
    lapsed_on: date | None
    drop_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPage(Page):
    """An officer of the own country: states and dates, no answers, no times."""

    template: ClassVar[str] = "competence/officer.html"
    alias: str
    agency: str
    roles: str
    by_name: tuple[CompetencyRow, ...]
    by_role: tuple[CompetencyRow, ...]
    also: tuple[CompetencyRow, ...]
    summary: NeedSummary
    form: NeedForm
    need_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim to review.

    `means` is the text of the level, `url` receives the decision, `is_rejected` marks a form submitted with an error.
    """

    id: str
    alias: str
    code: str
    name: str
    lang: str
    dir: str
    level: str
    means: str
    at: datetime
    url: str
    is_rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage(Page):
    """Claims of earlier skill to review; `error` belongs to the field `error_field`."""

    template: ClassVar[str] = "competence/claims.html"
    claims: tuple[ClaimRow, ...]
    sees_officers: bool
    form: DecisionForm
    error: str
    error_field: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str


def roles(framework: Competencies, language: str = "") -> list[tuple[str, str]]:
    """Return the framework's roles with their titles in a language, by default that of the page."""
    titles = competence_competencies.role_titles(framework, language)
    return [(role.id, titles.get(role.id, role.id)) for role in framework.roles]


def posting_roles(language: str) -> list[tuple[str, str]]:
    """Return the roles of the framework in force with their titles in a language, for other packages."""
    return roles(catalogue.competencies() or Competencies(), language)


def competencies(framework: Competencies) -> list[tuple[str, str]]:
    """Return the framework's competencies with their titles, to choose from."""
    return [
        (entry.id, f"{entry.id} {competence_competencies.title(framework, entry.id).text}")
        for entry in framework.competencies
    ]


def officers_page(
    officers: Sequence[OfficerLine],
    counts: Mapping[UUID, CompetencyCounts],
    framework: Competencies,
    form: OfficersForm,
) -> OfficersPage:
    """Return a page of officers; `officers` has one more than a page when there are more."""
    listed, more = officers[:PAGE], len(officers) > PAGE
    filters: Mapping[str, Any] = {name: form[name].data for name in ("role", "state") if form[name].data}
    titles = competence_competencies.role_titles(framework, current())
    return OfficersPage(
        officers=tuple(_officer_row(officer, counts[officer.person_id], titles) for officer in listed),
        form=form,
        chips=tuple(_chip(form, name, filters) for name in filters),
        first=url_for("competence.show_officers", **filters) if form.after.data else "",
        onward=url_for("competence.show_officers", **filters, after=listed[-1].alias) if more else "",
        all_url=url_for("competence.show_officers"),
    )


def officer_page(
    visible: VisibleOfficer, statuses: Sequence[CompetencyStatus], framework: Competencies, form: NeedForm
) -> OfficerPage:
    """Return the page of an officer."""
    titles = competence_competencies.role_titles(framework, current())
    rows = [_competency_row(visible.person_id, status, framework) for status in statuses]
    return OfficerPage(
        alias=visible.officer.alias,
        agency=visible.officer.agency,
        roles=_roles(visible.officer, titles),
        by_name=tuple(row for row in rows if row.needed and row.by_name),
        by_role=tuple(row for row in rows if row.needed and not row.by_name),
        also=tuple(row for row in rows if not row.needed),
        summary=competence_competencies.summary([status for status in statuses if status.needed is not None]),
        form=form,
        need_url=url_for("competence.add_need", person_id=visible.person_id),
    )


def claims_page(
    lines: Sequence[ClaimLine],
    aliases: Mapping[UUID, str],
    framework: Competencies,
    *,
    page: paging.ListPage,
    form: DecisionForm,
    rejected: UUID | None,
    sees_officers: bool,
) -> ClaimsPage:
    """Return a page of the claims to review; `rejected` is the claim whose form had an error."""
    return ClaimsPage(
        claims=tuple(
            _claim_row(line, aliases.get(line.person_id, ""), framework, page=page.number, rejected=rejected)
            for line in lines
        ),
        sees_officers=sees_officers,
        form=form,
        error=str((form.answer.errors or form.reason.errors or [""])[0]) if rejected else "",
        error_field=_error_field(form, rejected) if rejected else "",
        **page.links("competence.claims"),
    )


def _chip(form: OfficersForm, name: str, filters: Mapping[str, Any]) -> tuple[str, str]:
    """Return the text of an active filter with the address that removes it."""
    text = dict(form[name].pairs).get(filters[name], filters[name])
    others: Mapping[str, Any] = {key: value for key, value in filters.items() if key != name}
    return text, url_for("competence.show_officers", **others)


def _officer_row(officer: OfficerLine, counts: CompetencyCounts, titles: Mapping[str, str]) -> OfficerRow:
    word, kind = _state(counts)
    return OfficerRow(
        alias=officer.alias,
        href=url_for("competence.show_officer", person_id=officer.person_id),
        roles=_roles(officer, titles),
        agency=officer.agency,
        verified=counts.verified,
        needed=counts.needed,
        due=counts.due,
        lapsed=counts.lapsed,
        next_end=counts.next_end,
        word=word,
        kind=kind,
    )


def _state(counts: CompetencyCounts) -> tuple[str, str]:
    if counts.lapsed:
        return _("Lapsed"), "bad"
    if counts.due:
        return _("Due in 60 days"), "risk"
    if counts.needed and counts.verified == counts.needed:
        return _("All verified"), "good"
    return (_("Under way"), "here") if counts.verified else (_("Nothing verified yet"), "open")


def _roles(officer: OfficerLine, titles: Mapping[str, str]) -> str:
    return joined([titles.get(role, role) for role in officer.roles])


def _competency_row(person_id: UUID, status: CompetencyStatus, framework: Competencies) -> CompetencyRow:
    drop_url = ""
    if status.by_name:
        drop_url = url_for("competence.delete_need", person_id=person_id, competency=status.competency)
    return CompetencyRow(**competence_competencies.row(status, framework), drop_url=drop_url)


def _claim_row(line: ClaimLine, alias: str, framework: Competencies, *, page: int, rejected: UUID | None) -> ClaimRow:
    title = competence_competencies.title(framework, line.competency)
    return ClaimRow(
        id=str(line.id),
        alias=alias,
        code=line.competency,
        name=title.text,
        lang=title.lang,
        dir=title.dir,
        level=competence_competencies.level(line.level),
        means=competence_competencies.meaning(framework, line.competency, line.level),
        at=line.claimed_at,
        url=url_for("competence.decide_claim", claim_id=line.id, page=page if page > 1 else None),
        is_rejected=line.id == rejected,
    )


def _error_field(form: DecisionForm, rejected: UUID) -> str:
    return f"answer-{rejected}" if form.answer.errors else f"reason-{rejected}"
