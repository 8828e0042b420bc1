"""Build the page /endorsements: requests of officers to take part in events, and the answers given before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Actor
from app.i18n import babel, stored_translations as texts
from app.i18n.babel import joined
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import people as accounts
from app.learning.labels import wanted
from app.learning.queries import course_titles, progress as learning
from app.web import paging
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.events import Format
from app.workshops.forms.endorsements import EndorsementForm
from app.workshops.labels import nominations as nomination_labels
from app.workshops.queries import endorsements
from app.workshops.queries.endorsements import AnsweredEndorsement, PendingEndorsement
from app.workshops.shapes import WorkshopLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """A request of an officer; `error` and `reason` are of a form that was sent without a reason."""

    id: str
    alias: str
    role: str
    title: TranslatedText
    iso: str
    days: str
    away: str
    location: str
    aim: str
    answers: Sequence[tuple[str, str]]
    asked_at: datetime
    until: str
    url: str
    error: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRow:
    """An answer given before."""

    alias: str
    title: TranslatedText
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementsPage(Page):
    """The requests that wait for the user, then the answered ones in pages."""

    template: ClassVar[str] = "workshops/endorsements.html"
    requests: Sequence[RequestCard]
    answered: Sequence[AnsweredRow]
    mistakes: Sequence[tuple[str, str]]
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True)
class _Names:
    """The texts that rows need: aliases, titles of events, roles and courses, completed courses by officer."""

    aliases: Mapping[UUID, str]
    translations: labels.Translations
    roles: Mapping[str, str]
    courses: Mapping[str, str]
    completed: Mapping[UUID, frozenset[str]]


def page(
    actor: Actor, now: datetime, *, rejected: UUID | None = None, form: EndorsementForm | None = None
) -> EndorsementsPage:
    """Return the page; `rejected` is the request whose form had an error."""
    today = now.date()
    pending = endorsements.pending(actor, today)
    answered_page = paging.requested_page(endorsements.count_answered(actor, today), endorsements.PAGE)
    answered = endorsements.answered(actor, today, offset=answered_page.offset)
    names = _names(actor, pending, answered)
    error = _error(form)
    return EndorsementsPage(
        requests=[_card(line, names, form if line.id == rejected else None, error) for line in pending],
        answered=[_answered(line, names) for line in answered],
        mistakes=[(f"reason-{rejected}", error)] if error else [],
        **answered_page.links("workshops.show_endorsements"),
    )


def _error(form: EndorsementForm | None) -> str:
    errors = [*form.answer.errors, *form.reason.errors] if form else []
    return str(errors[0]) if errors else ""


def _names(actor: Actor, pending: Sequence[PendingEndorsement], answered: Sequence[AnsweredEndorsement]) -> _Names:
    lines: list[PendingEndorsement | AnsweredEndorsement] = [*pending, *answered]
    officers = {line.person_id for line in pending if line.prerequisites}
    return _Names(
        aliases=accounts.names({line.person_id for line in lines}),
        translations=texts.translations_for([*{line.workshop.id for line in lines}], wanted()),
        roles=labels.role_names(),
        courses=course_titles.titles(actor) if officers else {},
        completed=learning.completed_by_each(officers) if officers else {},
    )


def _card(line: PendingEndorsement, names: _Names, form: EndorsementForm | None, error: str) -> RequestCard:
    workshop = line.workshop
    return RequestCard(
        id=str(line.id),
        alias=names.aliases.get(line.person_id, ""),
        role=labels.audience([line.role], names.roles) if line.role else "",
        title=labels.title_of(workshop, names.translations),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        away=_away(workshop),
        location=labels.place_and_country(workshop),
        aim=line.aim,
        answers=_answers(line, names),
        asked_at=line.made_at,
        until=_until(workshop),
        url=url_for("workshops.answer_endorsement", nomination_id=line.id),
        error=error if form else "",
        reason=(form.reason.data or "") if form else "",
    )


def _away(workshop: WorkshopLine) -> str:
    days = (workshop.last_day - workshop.first_day).days + 1
    if workshop.form is Format.ONLINE:
        return ngettext("%(num)s day online", "%(num)s days online", days)
    return ngettext("%(num)s day away, without travel", "%(num)s days away, without travel", days)


def _answers(line: PendingEndorsement, names: _Names) -> list[tuple[str, str]]:
    answers = []
    if line.use_time is not None:
        answers.append((_("Will use it"), str(nomination_labels.USE_TIMES[line.use_time])))
    if line.language_level is not None:
        answers.append((_("Working language"), str(nomination_labels.LANGUAGE_LEVELS[line.language_level])))
    if line.prerequisites:
        answers.append((_("Needed before"), _courses(line, names)))
    return answers


def _courses(line: PendingEndorsement, names: _Names) -> str:
    """Return which of the needed courses are done."""
    done = names.completed.get(line.person_id, frozenset())
    missing = [_course(code, names) for code in line.prerequisites if code not in done]
    if missing:
        return _("Not done yet: %(courses)s", courses=joined(missing))
    return _("%(courses)s: done", courses=joined([_course(code, names) for code in line.prerequisites]))


def _course(code: str, names: _Names) -> str:
    return f"{code} {names.courses.get(code, '')}".rstrip()


def _until(workshop: WorkshopLine) -> str:
    return babel.short_day(workshop.nomination_deadline) if workshop.nomination_deadline else ""


def _answered(line: AnsweredEndorsement, names: _Names) -> AnsweredRow:
    day = babel.short_day(labels.local_day(line.at, line.workshop.time_zone))
    answered = _("Answered on %(day)s.", day=day)
    word, kind = (pgettext("nomination", "Endorsed"), "good") if line.is_endorsed else (_("Not now"), "none")
    reason = _("Reason: %(reason)s", reason=line.reason) if line.reason else ""
    return AnsweredRow(
        alias=names.aliases.get(line.person_id, ""),
        title=labels.title_of(line.workshop, names.translations),
        sub=f"{answered} {reason}".rstrip(),
        word=word,
        kind=kind,
    )
