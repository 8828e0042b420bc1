"""Build the pages of cascade sessions: list with totals shown apart, form, one session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.queries import courses as catalogue
from app.i18n import babel
from app.i18n.languages import country_name, current
from app.identity.queries import people as accounts
from app.web.pages import Page
from app.workshops.domain.cascades import CascadeState, CascadeTotals, CountedBy
from app.workshops.forms.cascades import CascadeForm, CascadeWithdrawalForm
from app.workshops.queries import cascades
from app.workshops.queries.cascades import CascadeLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeSummary:
    """The totals of national sessions, shown apart from those of events."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeRow:
    """A national session in the list."""

    href: str
    iso: str
    day: str
    competency: str
    country: str
    people: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadesPage(Page):
    """The national sessions in the actor's scope; `new_url` is "" for who is no verified trainer."""

    template: ClassVar[str] = "teaching/cascades.html"
    rows: Sequence[CascadeRow]
    sessions: int
    people: int
    by_alias: int
    new_url: str
    no_new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeFormPage(Page):
    """The form of a national session; `is_correction` asks for a reason, `has_list`: a signed list is saved."""

    template: ClassVar[str] = "teaching/cascade_form.html"
    form: CascadeForm
    message: str
    is_correction: bool
    has_list: bool
    action: str
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadePage(Page):
    """A national session; an address is "" if the actor may not take the step."""

    template: ClassVar[str] = "teaching/cascade.html"
    day: str
    competency: str
    word: str
    kind: str
    facts: Sequence[tuple[str, str]]
    aliases: Sequence[str]
    list_url: str
    correct_url: str
    withdraw_url: str
    form: CascadeWithdrawalForm


def summary(actor: Actor) -> CascadeSummary | None:
    """Return the totals for a user who sees national sessions, or None if there are none."""
    if not allows(actor, Action.SEE_CASCADES, own_scope(actor)):
        return None
    totals = cascades.totals(actor)
    return CascadeSummary(text=totals_text(totals), href=url_for("workshops.show_cascades"))


def totals_text(totals: CascadeTotals) -> str:
    """Return the totals in words."""
    sessions = ngettext("%(num)s session", "%(num)s sessions", totals.sessions)
    people = ngettext("%(num)s person reached", "%(num)s people reached", totals.people)
    return _("%(sessions)s, %(people)s", sessions=sessions, people=people)


def list_page(actor: Actor, today: date) -> CascadesPage:
    """Return the national sessions in the actor's scope."""
    totals, lines = cascades.totals(actor), cascades.listing(actor)
    titles = catalogue.competency_titles(current())
    is_verified = cascades.is_verified_trainer(actor, today)
    return CascadesPage(
        rows=[_row(line, titles.get(line.competency, line.competency)) for line in lines],
        sessions=totals.sessions,
        people=totals.people,
        by_alias=totals.by_alias,
        new_url=url_for("workshops.new_cascade") if is_verified else "",
        no_new="" if is_verified else _no_new(actor),
    )


def form_page(form: CascadeForm, line: CascadeLine | None = None, message: str = "") -> CascadeFormPage:
    """Return the form to record a session, or to correct `line`."""
    list_url = url_for("workshops.show_cascades")
    if line is None:
        return CascadeFormPage(
            form=form, message=message, is_correction=False, has_list=False,
            action=url_for("workshops.record_cascade"), back_url=list_url,
        )  # fmt: skip
    return CascadeFormPage(
        form=form,
        message=message,
        is_correction=True,
        has_list=line.has_list,
        action=url_for("workshops.correct_cascade", cascade_id=line.id),
        back_url=url_for("workshops.show_cascade", cascade_id=line.id),
    )


def offer_choices(form: CascadeForm) -> CascadeForm:
    """Offer the competencies of the framework and the activities of the plan."""
    framework, plan = catalogue.competencies(), catalogue.plan()
    titles = catalogue.competency_titles(current())
    entries = framework.competencies if framework else ()
    form.competency.offer([(entry.id, f"{entry.id} {titles.get(entry.id, '')}".strip()) for entry in entries])
    activities = plan.activity if plan else ()
    form.activity.offer([("", _("None")), *((activity.id, activity.id) for activity in activities)])
    return form


def filled_form(line: CascadeLine) -> CascadeForm:
    """Return the form with the values of a session."""
    form = CascadeForm(
        day=line.day,
        minutes=line.minutes,
        competency=line.competency,
        activity=line.activity,
        counted_by=str(line.counted_by),
        aliases="\n".join(cascades.aliases_of(line.id)),
        head_count=line.people if line.counted_by is CountedBy.HEAD_COUNT else None,
    )
    return offer_choices(form)


def cascade_page(actor: Actor, line: CascadeLine, form: CascadeWithdrawalForm) -> CascadePage:
    """Return a session; the aliases are for its trainer and the contact point of its country."""
    is_own = allows(actor, Action.CHANGE_CASCADE, line) and line.state is CascadeState.RECORDED
    sees_people = allows(actor, Action.READ_SIGNED_LIST, line)
    word, kind = _state(line)
    return CascadePage(
        day=babel.short_day(line.day),
        competency=catalogue.competency_titles(current()).get(line.competency, line.competency),
        word=word,
        kind=kind,
        facts=_facts(line),
        aliases=cascades.aliases_of(line.id) if sees_people else [],
        list_url=url_for("workshops.signed_list", cascade_id=line.id) if sees_people and line.has_list else "",
        correct_url=url_for("workshops.edit_cascade", cascade_id=line.id) if is_own else "",
        withdraw_url=url_for("workshops.withdraw_cascade", cascade_id=line.id) if is_own else "",
        form=form,
    )


def _facts(line: CascadeLine) -> list[tuple[str, str]]:
    counted = {CountedBy.ALIAS: _("By alias"), CountedBy.HEAD_COUNT: _("Head count with a signed list")}
    facts = [
        (_("People"), str(line.people)),
        (_("Counted"), counted[line.counted_by]),
        (_("Minutes"), str(line.minutes)),
        (_("Country"), country_name(line.country)),
        (_("Trainer"), accounts.names([line.person_id]).get(line.person_id, "")),
    ]
    if line.activity:
        facts.append((_("Activity of the plan"), line.activity))
    if line.reason:
        facts.append((_("Reason of the last change"), line.reason))
    return facts


def _row(line: CascadeLine, title: str) -> CascadeRow:
    word, kind = _state(line)
    return CascadeRow(
        href=url_for("workshops.show_cascade", cascade_id=line.id),
        iso=line.day.isoformat(),
        day=babel.short_day(line.day),
        competency=title,
        country=country_name(line.country),
        people=ngettext("%(num)s person", "%(num)s people", line.people),
        word=word,
        kind=kind,
    )


def _state(line: CascadeLine) -> tuple[str, str]:
    if line.state is CascadeState.WITHDRAWN:
        return _("Withdrawn"), "none"
    return (_("By alias"), "good") if line.counted_by is CountedBy.ALIAS else (_("Head count"), "open")


def _no_new(actor: Actor) -> str:
    if not allows(actor, Action.RECORD_CASCADE, own_scope(actor)):
        return ""
    return _("You can record a session when COP-06 and COP-07 are verified for you at practitioner level.")
