"""`/reports/schedules` and `/reports/donor-lines`: view models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.i18n.babel import isolated, joined
from app.i18n.languages import NAMES, country_name
from app.reports import labels
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.reports.forms import DonorLineForm, ScheduleForm
from app.reports.shapes import DonorLineFacts, ScheduleLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A schedule in words."""

    title: str
    period: str
    forms: str
    languages: str
    recipients: str
    next_on: date
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulesPage(Page):
    """The schedules that run, and the form for a new one."""

    template: ClassVar[str] = "reports/schedules.html"
    rows: Sequence[ScheduleRow]
    form: ScheduleForm
    error: str
    url: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorLinesPage(Page):
    """The lines of donors with the addresses that delete them, and the form for a new one."""

    template: ClassVar[str] = "reports/donor_lines.html"
    rows: Sequence[tuple[DonorLineFacts, str]]
    form: DonorLineForm
    error: str
    url: str
    back: str


def rows(lines: Sequence[ScheduleLine], aliases: Mapping[UUID, str]) -> list[ScheduleRow]:
    """Return schedules in words."""
    return [
        ScheduleRow(
            title=" ".join([str(labels.KINDS[line.kind]), subject(line)]).strip(),
            period=str(labels.PERIODS[line.period]),
            forms=_forms(line),
            languages=joined([NAMES.get(code, code) for code in line.languages]),
            recipients=joined([isolated(aliases.get(person_id, "")) for person_id in line.recipients]),
            next_on=line.next_on,
            end_url=url_for("reports.end_schedule", schedule_id=line.id),
        )
        for line in lines
    ]


def subject(line: ScheduleLine) -> str:
    """Return the country or donor of a schedule, "" for others."""
    if line.kind is ReportKind.COUNTRY:
        return country_name(line.country)
    return line.subject if line.kind is ReportKind.DONORS else ""


def _forms(line: ScheduleLine) -> str:
    return joined([str(labels.FORMS[form]) for form in ReportFormat if form in line.forms])
