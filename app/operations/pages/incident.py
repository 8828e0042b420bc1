"""View model of `/operations/incident`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.kernel import clock
from app.operations.forms.incident import IncidentForm, ProofForm, ReportForm
from app.sign_in.service import incident
from app.web.pages import Page


@dataclass(frozen=True, slots=True)
class IncidentPeriod:
    """An incident; `ended_at` is None while it is active."""

    reason: object  # a lazy label
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage(Page):
    """The security incident: the active one or a form to begin one, and the report on an account."""

    template: ClassVar[str] = "operations/incident.html"

    active: IncidentPeriod | None
    last: IncidentPeriod | None  # the last incident, if none is active
    password_error: str
    begin_form: IncidentForm
    people_choices: Sequence[tuple[str, object]]
    report_form: ReportForm
    is_reauthenticated: bool
    errors: tuple[tuple[str, str], ...]


def page(form: ProofForm | None, report: ReportForm | None, *, is_reauthenticated: bool) -> IncidentPage:
    """Return the page with a submitted form, or with empty forms."""
    empty = IncidentForm(whose="named")
    sent, report_form = form or empty, report or ReportForm(since=clock.today())
    last = incident.last_incident()
    reasons = dict(empty.reason.pairs)
    period = IncidentPeriod(reasons[last.reason], last.begun_at, last.ended_at) if last else None
    active, ended = (period, None) if last is not None and last.lasts else (None, period)
    return IncidentPage(
        active=active,
        last=ended,
        password_error=next(iter(sent.password.errors), ""),
        begin_form=sent if isinstance(sent, IncidentForm) else empty,
        people_choices=empty.whose.pairs,
        report_form=report_form,
        is_reauthenticated=is_reauthenticated,
        errors=_errors(sent, report_form),
    )


def _errors(form: ProofForm, report_form: ReportForm) -> tuple[tuple[str, str], ...]:
    errors = {**form.errors, **report_form.errors}
    return tuple((name, messages[0]) for name, messages in errors.items() if name)
