"""Names of kinds, states, forms, periods and text fields of reports."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.catalogue.domain.references.plan import Plan
from app.plan import labels as plan_labels
from app.reports.domain import texts
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, RunState
from app.reports.domain.schedules import SchedulePeriod

KINDS: Mapping[ReportKind, LazyString] = {
    ReportKind.QUARTERLY: lazy_gettext("Quarterly report"),
    ReportKind.COUNTRY: lazy_gettext("Country sheet"),
    ReportKind.WORKSHOP: lazy_gettext("Workshop report"),
    ReportKind.DONORS: lazy_gettext("Results table for donors"),
}
STATES: Mapping[RunState, tuple[LazyString, str]] = {  # with the shape of a status
    RunState.QUEUED: (lazy_gettext("Waiting"), "wait"),
    RunState.FREEZING: (lazy_gettext("Collecting the numbers"), "here"),
    RunState.DRAWING: (lazy_gettext("Writing the files"), "here"),
    RunState.READY: (lazy_gettext("Ready"), "good"),
    RunState.FAILED: (lazy_gettext("Failed"), "bad"),
}
FORMS: Mapping[ReportFormat, LazyString] = {
    ReportFormat.PDF: lazy_gettext("PDF"),
    ReportFormat.DOCX: lazy_gettext("Word (DOCX)"),
    ReportFormat.XLSX: lazy_gettext("Excel (XLSX)"),
    ReportFormat.JSON: lazy_gettext("Data (JSON)"),
}
PERIODS: Mapping[SchedulePeriod, LazyString] = {
    SchedulePeriod.QUARTERLY: lazy_gettext("Each quarter"),
    SchedulePeriod.MONTHLY: lazy_gettext("Each month, as of the last quarter"),
}
VALUES: Mapping[type[Enum], Mapping[Any, LazyString]] = {  # by stored enum, for the archive of own data
    ReportKind: KINDS,
    RunState: {state: text for state, (text, _shape) in STATES.items()},
    SchedulePeriod: PERIODS,
    ReportFormat: FORMS,
}
SECTIONS: Mapping[str, LazyString] = {
    texts.SUMMARY: lazy_gettext("Summary"),
    texts.RISKS: lazy_gettext("Risks and assumptions"),
    texts.NEXT_STEPS: lazy_gettext("Agreed next steps"),
    texts.AIMS: lazy_gettext("Aims"),
    texts.LESSONS: lazy_gettext("Lessons"),
}


def quarter(day: date) -> str:
    """Return the quarter of a day in words."""
    return plan_labels.quarter(day)


def section(name: str, plan: Plan | None) -> str:
    """Return the label of a text field."""
    if name in SECTIONS:
        return str(SECTIONS[name])
    _kind, _colon, code = name.partition(":")
    title = plan_labels.plan_title(plan, code).text if plan is not None else code
    return _("%(code)s %(title)s", code=code, title=title)
