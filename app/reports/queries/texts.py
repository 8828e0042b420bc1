"""Read drafts of texts of reports."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.db.session import db
from app.reports.domain.runs import ReportKind
from app.reports.models import ReportText
from app.reports.shapes import Draft


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What texts belong to: a kind of report, its period, and the country, workshop or donor ("" for none)."""

    kind: ReportKind
    period_end: date
    subject: str = ""


def drafts(key: ReportKey, language: str) -> dict[str, Draft]:
    """Return the drafts of a report in a language by section."""
    query = select(ReportText.section, ReportText.text, ReportText.saved_by, ReportText.saved_at)
    rows = db.session.execute(query.where(*conditions(key), ReportText.language == language))
    return {section: Draft(text, saved_by, saved_at) for section, text, saved_by, saved_at in rows}


def languages(key: ReportKey) -> list[str]:
    """Return the languages in which there are drafts of a report."""
    query = select(ReportText.language).where(*conditions(key), ReportText.text != "").distinct()
    return sorted(db.session.scalars(query))


def conditions(key: ReportKey) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the texts of a report."""
    return (
        ReportText.kind == key.kind,
        ReportText.period_end == key.period_end,
        ReportText.subject == key.subject,
    )
