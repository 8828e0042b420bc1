"""`/plan/late`: what is late in all countries as counts, and reminders to contact points."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app.access.guard import actor, requires
from app.access.policy import Action
from app.coordination.domain import reminders as rules, working_days
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient
from app.coordination.forms import LateFilterForm, RemindForm
from app.coordination.pages import (
    actions as action_pages,
    late as pages,
    late_words,
    reminders as reminder_pages,
    subjects,
)
from app.coordination.pages.subjects import Courses
from app.coordination.queries import late, reminders
from app.coordination.queries.late import LateFilter
from app.coordination.service import reminders as service
from app.coordination.service.reminders import NewReminder
from app.coordination.shapes import LateLine
from app.coordination.views._blueprint import bp
from app.coordination.views._plan import current_plan, members
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.web import paging
from app.web.pages import render

PAGE = 50


@bp.get("/plan/late")
@requires(Action.SEE_LATE)
def show_late() -> ResponseReturnValue:
    """Show what is late, with who acts next, as counts without any officer."""
    plan, now, user = current_plan(), clock.now(), actor()
    lines, named = late.lines(user, plan, now), subjects.courses(user)
    countries = {*members(plan), *(line.country for line in lines if line.country)}
    form = _filter_form(named, sorted(countries))
    wanted = _filter(form, named)
    shown = pages.in_alphabet(late.chosen(lines, wanted, now.date()))
    paged = paging.requested_page(len(shown), PAGE)
    earlier = reminders.earlier()
    return render(
        pages.LatePage(
            rows=pages.rows(
                shown[paged.offset : paged.offset + PAGE], plan, named, earlier, sender_id=user.id, now=now
            ),
            lead=late_words.lead(shown),
            form=form,
            is_filtered=wanted != LateFilter(),
            clear_href=url_for("coordination.show_late"),
            remind_url=url_for("coordination.new_reminders"),
            log_href=url_for("coordination.show_reminders"),
            **paged.links("coordination.show_late", **_chosen_values(form)),
        )
    )


@bp.get("/plan/late/remind")
@requires(Action.REMIND_CONTACT_POINT)
def new_reminders() -> ResponseReturnValue:
    """Show the form of a reminder to the contact points of the chosen rows."""
    return _form(RemindForm())


@bp.post("/plan/late/remind")
@requires(Action.REMIND_CONTACT_POINT)
def send_reminders() -> ResponseReturnValue:
    """Send one message to the contact points of each country of the chosen rows."""
    form = RemindForm(request.form)
    if not form.validate():
        return _form(form), 422
    lines = _chosen(late.lines(actor(), current_plan(), clock.now()))
    new = [
        NewReminder(
            recipient=_office(country),
            subjects=[line.subject for line in lines if country in line.countries],
            wanted_by=form.wanted_by.data,
            message=form.message.data or "",
        )
        for country in _countries(lines)
    ]
    try:
        with transaction():
            sent = service.send_each(new, by=actor().id, now=clock.now(), submission=form.submission.data or "")
    except DomainError as error:
        return _form(form, error.translated(_)), 422
    flash(sent_message(len(sent.ids), sent.left_out))
    return redirect(url_for("coordination.show_late"))


def sent_message(sent: int, left_out: int) -> str:
    """Return how many reminders were sent, and how many recipients were left out."""
    text = ngettext("%(num)s reminder is sent.", "%(num)s reminders are sent.", sent)
    if not left_out:
        return text
    return f"{text} " + ngettext(
        "%(num)s was left out: reminded within 7 days, or three times without answer.",
        "%(num)s were left out: reminded within 7 days, or three times without answer.",
        left_out,
    )


def _form(form: RemindForm, error: str = "") -> str:
    plan, user, now = current_plan(), actor(), clock.now()
    lines, named, earlier = _chosen(late.lines(user, plan, now)), subjects.courses(user), reminders.earlier()

    def is_open(line: LateLine, country: str) -> bool:
        sent = earlier.get((country, line.kind, line.cell), ())
        return country in line.countries and rules.limit_of(sent, user.id, now) is None

    recipients = [
        reminder_pages.RecipientRows(
            to=reminder_pages.recipient(_office(country), {}),
            about=[f"{pages.title_of(line, plan, named)}. {late_words.detail(line, plan)}" for line in about],
        )
        for country in _countries(lines)
        if (about := [line for line in lines if is_open(line, country)])
    ]
    return render(
        reminder_pages.RemindPage(
            title=_("Remind contact points"),
            button=ngettext("Remind %(num)s contact point", "Remind %(num)s contact points", len(recipients)),
            recipients=recipients,
            keys=[line.key for line in lines],
            to="",
            form=form,
            wanted_by=_wanted_by(_countries(lines), now.date()),
            url=url_for("coordination.send_reminders"),
            error=error,
            submission=form.submission.data or uuid4().hex,
            today=now.date(),
            back=url_for("coordination.show_late"),
        )
    )


def _wanted_by(countries: Sequence[str], today: date) -> date:
    """Return the day 10 working days later, the latest of these countries."""
    days = [working_days.working_days_later(today, working_days.ANSWER_DAYS, country) for country in countries]
    return max(days, default=working_days.working_days_later(today, working_days.ANSWER_DAYS, ""))


def _chosen(lines: Sequence[LateLine]) -> list[LateLine]:
    keys = set(request.values.getlist("row"))
    return [line for line in lines if line.key in keys and line.countries]


def _countries(lines: Sequence[LateLine]) -> list[str]:
    return sorted({country for line in lines for country in line.countries})


def _office(country: str) -> ReminderRecipient:
    return ReminderRecipient(office=ReminderOffice.CONTACT_POINT, country=country)


def _filter_form(named: Courses, countries: Sequence[str]) -> LateFilterForm:
    """Return the filter in the address. Raises InputError for unknown values."""
    form = LateFilterForm(request.args)
    form.country.offer(action_pages.countries(countries))
    form.course.offer([("", _("All")), *((name.code, name.text) for name in named.values())])
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose from the lists on the page.")
    return form


def _chosen_values(form: LateFilterForm) -> dict[str, str]:
    """Return the filter for an address."""
    return {name: form[name].data for name in ("country", "course", "office", "days") if form[name].data}


def _filter(form: LateFilterForm, named: Courses) -> LateFilter:
    ids = {name.code: UUID(key) for key, name in named.items()}
    return LateFilter(
        country=form.country.data or "",
        course_id=ids.get(form.course.data or ""),
        office=form.who(),
        days=int(form.days.data or 0),
    )
