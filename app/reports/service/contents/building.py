"""Build the document of a report in its language: cover facts and the sections of its kind."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask_babel import force_locale, gettext as _

from app.i18n.babel import words as day_words
from app.i18n.languages import country_name
from app.plan import labels as plan_labels
from app.plan.queries import locks
from app.reports import labels
from app.reports.domain.document import Fact, ReportDocument, Section
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.queries import texts
from app.reports.queries.texts import ReportKey
from app.reports.service.contents import country_sheet, donors, quarterly, workshop_report
from app.reports.service.contents.frame import ReportFrame, read

SECTIONS: Mapping[ReportKind, Callable[[ReportFrame], list[Section]]] = {
    ReportKind.QUARTERLY: quarterly.sections,
    ReportKind.COUNTRY: country_sheet.sections,
    ReportKind.WORKSHOP: workshop_report.sections,
    ReportKind.DONORS: donors.sections,
}


def document(request: ReportRequest, now: datetime) -> ReportDocument:
    """Return the document of a report. Raises LookupError without a plan."""
    key = ReportKey(request.kind, request.period_end, request.subject)
    drafts = {section: draft.text for section, draft in texts.drafts(key, request.language).items()}
    with force_locale(request.language.replace("-", "_")):
        frame = read(request, drafts, is_locked=locks.is_locked(request.period_end), now=now)
        sections = SECTIONS[request.kind](frame)
        return ReportDocument(
            kind=request.kind.value,
            language=request.language,
            title=_title(request),
            subtitle=plan_labels.quarter(request.period_end),
            is_final=frame.is_locked,
            period_end=request.period_end.isoformat(),
            compared_end="" if request.compared_end is None else request.compared_end.isoformat(),
            as_of=request.period_end.isoformat(),
            frozen_at=now.astimezone(UTC).replace(microsecond=0).isoformat(),
            sections=tuple(sections),
            facts=tuple(_facts(frame)),
        )


def _title(request: ReportRequest) -> str:
    kind = str(labels.KINDS[request.kind])
    if request.kind is ReportKind.COUNTRY:
        return _("%(kind)s: %(title)s", kind=kind, title=country_name(request.country))
    if request.kind is ReportKind.DONORS:
        return _("%(kind)s: %(title)s", kind=kind, title=request.subject)
    return kind


def _facts(frame: ReportFrame) -> list[Fact]:
    request = frame.request
    status = _("Final: the quarter is locked.") if frame.is_locked else _("Provisional: the quarter is not locked.")
    facts = [Fact(label=_("Period"), text=plan_labels.quarter(request.period_end))]
    if request.compared_end is not None:
        facts.append(Fact(label=_("Compared with"), text=plan_labels.quarter(request.compared_end)))
    rule = _("Exact numbers, for the own country alone.") if request.is_exact else _("Numbers rounded for publication.")
    return [
        *facts,
        Fact(label=_("Data of"), text=day_words(request.period_end)),
        Fact(label=_("Plan"), text=_plan_years(frame)),
        Fact(label=_("Status"), text=status),
        Fact(label=_("Numbers"), text=rule),
    ]


def _plan_years(frame: ReportFrame) -> str:
    if frame.plan.head is None:
        return _("Plan")
    period = frame.plan.head.period
    return _("Plan %(first)s to %(last)s", first=period.starts.year, last=period.ends.year)
