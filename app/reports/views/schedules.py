"""`/reports/schedules`: reports that are made after each period, with the people who get the link."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.queries import figures
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.reports.domain.schedules import SchedulePeriod
from app.reports.forms import FORM_PAIRS, KIND_PAIRS, ScheduleForm
from app.reports.pages import choices, schedules as pages
from app.reports.queries import schedules
from app.reports.service import schedules as service
from app.reports.service.schedules import NewSchedule
from app.reports.views import _subjects
from app.reports.views._blueprint import bp
from app.web.pages import render

WORKSHOP = ReportKind.WORKSHOP.value  # a workshop has one report, which needs no schedule


@bp.get("/reports/schedules")
@requires(Action.MAKE_REPORT)
def show_schedules() -> ResponseReturnValue:
    """Show the schedules that run, and the form for a new one."""
    return _page(_offered(ScheduleForm()))


@bp.post("/reports/schedules")
@requires(Action.MAKE_REPORT)
def create_schedule() -> ResponseReturnValue:
    """Create a schedule."""
    form = _offered(ScheduleForm(request.form))
    if not form.validate():
        return _page(form), 422
    new, possible = _new(form), schedules.possible_recipients(clock.today())
    if not _subjects.is_offered(new.kind, new.subject, figures.plan_of()):
        return _page(form, _("Choose the country or donor of the report.")), 422
    try:
        with transaction():
            service.create(new, possible=possible, by=actor().id, now=clock.now())
    except DomainError as error:
        return _page(form, error.translated(_)), 422
    flash(_("The schedule is saved. Recipients get a link the day after each period."))
    return redirect(url_for("reports.show_schedules"))


@bp.post("/reports/schedules/<uuid:schedule_id>/end")
@requires(Action.MAKE_REPORT, load=schedules.visible)
def end_schedule(schedule: UUID, schedule_id: UUID) -> ResponseReturnValue:
    """End a schedule."""
    with transaction():
        service.end(schedule_id, clock.now())
    flash(_("The schedule has ended. Its reports remain."))
    return redirect(url_for("reports.show_schedules"))


def _new(form: ScheduleForm) -> NewSchedule:
    kind = ReportKind(form.kind.data)
    subject = _subjects.subject_of(kind, form.subject.data)
    return NewSchedule(
        kind=kind,
        period=SchedulePeriod(form.period.data),
        forms=frozenset(map(ReportFormat, form.forms.data)),
        languages=tuple(form.languages.data),
        recipients=frozenset(map(UUID, form.recipients.data)),
        subject=subject,
        country=_subjects.country_of(kind, subject),
    )


def _offered(form: ScheduleForm) -> ScheduleForm:
    people = schedules.possible_recipients(clock.today())
    aliases = accounts.names(people)
    form.kind.offer([pair for pair in KIND_PAIRS if pair[0] != WORKSHOP])
    form.subject.offer(_subjects.all_subject_pairs(figures.plan_of()))
    form.forms.offer(FORM_PAIRS)
    form.languages.offer(choices.languages())
    form.recipients.offer([(str(key), aliases[key]) for key in sorted(aliases, key=lambda key: aliases[key])])
    return form


def _page(form: ScheduleForm, error: str = "") -> str:
    lines = schedules.lines()
    aliases = accounts.names({person_id for line in lines for person_id in line.recipients})
    return render(
        pages.SchedulesPage(
            rows=pages.rows(lines, aliases),
            form=form,
            error=error,
            url=url_for("reports.create_schedule"),
            back=url_for("reports.show_reports"),
        )
    )
