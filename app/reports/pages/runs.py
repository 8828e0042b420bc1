"""`/reports`, the form for a new report, and the page of a report: view models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows, own_scope
from app.i18n.languages import NAMES, country_name
from app.reports import labels
from app.reports.domain.document import ReportDocument
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ENDED, ReportKind, RunState
from app.reports.forms import CountrySheetForm, NewReportForm
from app.reports.shapes import ReportFileLine, RunLine
from app.web.pages import Page

KILOBYTE = 1024
HASH_SHOWN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A report as a row; `details` are its language and which numbers it has."""

    title: str
    details: tuple[str, str]
    href: str
    period: str
    compared: str
    status: tuple[str, str]
    run: RunLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RunListPage(Page):
    """The reports that the user may open, the newest first; addresses are empty for other users."""

    template: ClassVar[str] = "reports/reports.html"
    rows: Sequence[RunRow]
    new_href: str
    links: Sequence[tuple[str, str]]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReportPage(Page):
    """The form for a report, or for the sheet of the own country (`own_country`: its code, else ""; no `full_form`)."""

    template: ClassVar[str] = "reports/new.html"
    form: CountrySheetForm
    full_form: NewReportForm | None
    own_country: str
    texts_href: str
    error: str
    submission: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRunPage(Page):
    """A report: its state, its files, and its content once it is ready; `lacks_pdf`: this site cannot draw it."""

    template: ClassVar[str] = "reports/report.html"
    row: RunRow
    is_open: bool
    step: str
    files: Sequence[tuple[str, str, str]]
    lacks_pdf: bool
    document: ReportDocument | None
    replaced_href: str
    refresh_href: str
    hash_start: str
    back: str


def reports_page(lines: Sequence[RunLine], actor: Actor, pager: Mapping[str, object]) -> RunListPage:
    """Return the list with the links that the user may follow."""
    return RunListPage(
        rows=[row(line) for line in lines],
        new_href=_new_href(actor),
        links=_links() if allows(actor, Action.MAKE_REPORT) else [],
        pages=pager["pages"],  # type: ignore[arg-type]
        onward=str(pager["onward"]),
    )


def row(line: RunLine) -> RunRow:
    """Return a report as a row."""
    text, shape = labels.STATES[line.state]
    rule = _("Exact numbers") if line.is_exact else _("Rounded numbers")
    return RunRow(
        title=title(line),
        details=(NAMES.get(line.language, line.language), rule),
        href=url_for("reports.show_report", run_id=line.id),
        period=labels.quarter(line.period_end),
        compared="" if line.compared_end is None else labels.quarter(line.compared_end),
        status=(str(text), shape) if line.replaced_by is None else (_("Replaced"), "none"),
        run=line,
    )


def title(line: RunLine) -> str:
    """Return the kind of a report with its country or donor."""
    kind = str(labels.KINDS[line.kind])
    if line.kind is ReportKind.COUNTRY:
        return _("%(kind)s: %(title)s", kind=kind, title=country_name(line.country))
    if line.kind is ReportKind.DONORS:
        return _("%(kind)s: %(title)s", kind=kind, title=line.subject)
    return kind


def report_page(line: RunLine, files: Sequence[ReportFileLine], document: ReportDocument | None) -> ReportRunPage:
    """Return the page of a report."""
    replaced = url_for("reports.show_report", run_id=line.replaced_by) if line.replaced_by else ""
    return ReportRunPage(
        row=row(line),
        is_open=line.state not in ENDED,
        step=_step(line),
        files=[(str(labels.FORMS[file.form]), _file_href(line, file), _size(file.size)) for file in files],
        lacks_pdf=line.is_ready and ReportFormat.PDF in line.forms - {file.form for file in files},
        document=document,
        replaced_href=replaced,
        refresh_href=url_for("reports.show_report", run_id=line.id),
        hash_start=line.sha256[:HASH_SHOWN],
        back=url_for("reports.show_reports"),
    )


def _new_href(actor: Actor) -> str:
    if allows(actor, Action.MAKE_REPORT):
        return url_for("reports.new_report")
    is_contact_point = allows(actor, Action.MAKE_COUNTRY_SHEET, own_scope(actor))
    return url_for("reports.new_country_sheet") if is_contact_point else ""


def _links() -> list[tuple[str, str]]:
    return [
        (_("Texts of reports"), url_for("reports.show_texts")),
        (_("Schedules"), url_for("reports.show_schedules")),
        (_("Lines of donors"), url_for("reports.show_donor_lines")),
    ]


def _step(line: RunLine) -> str:
    if line.state is RunState.DRAWING:
        return _("File %(n)s of %(of)s", n=min(line.step + 1, line.steps), of=line.steps)
    return ""


def _file_href(line: RunLine, file: ReportFileLine) -> str:
    return url_for("reports.download_file", run_id=line.id, form=file.form.value)


def _size(size: int) -> str:
    return _("%(n)s kB", n=max(1, round(size / KILOBYTE)))
