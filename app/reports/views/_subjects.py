"""What a report is about, as one choice: a country, workshop or donor."""

from typing import assert_never

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan
from app.reports.domain.runs import ReportKind
from app.reports.domain.texts import sections_of
from app.reports.pages import choices
from app.reports.queries import donors


def subject_pairs(kind: ReportKind, plan: Plan | None) -> list[tuple[str, str]]:
    """Return the countries, workshops or donors of a kind of report; one without a value for the quarterly report."""
    match kind:
        case ReportKind.COUNTRY:
            return choices.countries(plan)
        case ReportKind.WORKSHOP:
            return choices.workshops()
        case ReportKind.DONORS:
            return choices.donors(donors.donors())
        case ReportKind.QUARTERLY:
            return [("", _("None"))]
        case _:
            assert_never(kind)


def is_offered(kind: ReportKind, subject: str, plan: Plan | None) -> bool:
    """Return whether a subject belongs to a kind of report."""
    return subject in dict(subject_pairs(kind, plan))


def subject_of(kind: ReportKind, chosen: str | None) -> str:
    """Return the chosen subject, "" for the quarterly report."""
    return "" if kind is ReportKind.QUARTERLY else chosen or ""


def country_of(kind: ReportKind, subject: str) -> str:
    """Return the country of a country sheet, "" for others."""
    return subject if kind is ReportKind.COUNTRY else ""


def all_subject_pairs(plan: Plan | None) -> list[tuple[str, str]]:
    """Return all countries and donors, for schedules."""
    return choices.with_none([*choices.countries(plan), *choices.donors(donors.donors())])


def sections(kind: ReportKind, subject: str, plan: Plan | None) -> list[str]:
    """Return the text fields of a report."""
    if plan is None:
        return []
    indicators = [line.indicator for line in donors.lines(subject)] if kind is ReportKind.DONORS else []
    outcomes, outputs = ([result.id for result in results] for results in (plan.outcome, plan.output))
    return sections_of(kind, outcomes, outputs, list(dict.fromkeys(indicators)))
