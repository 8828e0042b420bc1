"""Helpers of `results` and `drilldown`: filter in the URL, head of a page, loaders within the user's scope."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor
from app.access.policy import Action, Actor, CountryScope, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.i18n.babel import words as day_words
from app.kernel import clock
from app.kernel.errors import InputError
from app.plan import labels
from app.plan.domain.cells import quarter_end, quarter_ends
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.readers import VERIFIED_RULES
from app.plan.domain.rules import REPORT
from app.plan.forms import AskedForm
from app.plan.pages import companions as companion_pages, falls, filters, lines
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.lines import History, IndicatorLine
from app.plan.queries import companions, figures, locks, published
from app.plan.queries.companions import Companions
from app.plan.shapes import CountedRecord

CHOICES = 8  # quarter ends in the list of days


def read_asked() -> PlanFilter:
    """Return the filter in the address. Raises InputError for a future day, or a cut that might reveal an officer."""
    form = AskedForm(request.args)
    form.today = clock.today()
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose today or a day before.")
    asked = filters.read(form, actor(), clock.today())
    if asked.crosses:
        raise InputError(
            "Numbers of several countries have one filter at a time, so that no officer can be identified."
        )
    return asked


def plan_on(asked: PlanFilter) -> tuple[int, Plan]:
    """Return the plan of the day with the number of its version, or raise NoResultFound."""
    numbered = figures.numbered_plan(asked.on if asked.past else None)
    if numbered is None:
        raise NoResultFound
    return numbered


def lines_on(plan: Plan, asked: PlanFilter) -> tuple[History, list[IndicatorLine]]:
    """Return all indicators on the day, with the history that they were read from."""
    history = figures.history({*lines.days(asked), *falls.days(asked)})
    past = {day: history[day] for day in lines.days(asked)}
    read = lines.read(plan, past, asked, published.small_ratios(past, asked))
    return past, falls.marked(plan, read, history, asked)


def frame(asked: PlanFilter, number: int, plan: Plan, history: History | None = None) -> Frame:
    """Return the head of a page: plan, filter, user, and the form for another day.

    A history that was read already tells whether the day is locked.
    """
    return Frame(
        plan=plan,
        version=number,
        asked=asked,
        actor=actor(),
        days=_days(asked),
        hidden_fields={**asked.chosen_cut, **({"compare": "1"} if asked.compare else {})},
        path=request.path,
        plan_href=asked.link("plan.show_overview"),
        is_final=_is_final(asked, history),
    )


def _is_final(asked: PlanFilter, history: History | None) -> bool | None:
    """Return whether the day ends a locked quarter, None if it ends no quarter."""
    if asked.on != quarter_end(asked.on):
        return None
    if history is None or asked.on not in history:
        return locks.is_locked(asked.on)
    return any(totals.defined.frozen is not None for totals in history[asked.on].values())


def _days(asked: PlanFilter) -> list[tuple[str, str, bool]]:
    """Return the days to choose from (today, the last quarter ends, the chosen day) with their labels."""
    ends = quarter_ends(asked.today - timedelta(days=1), CHOICES)
    days = sorted({*ends, asked.on} - {asked.today}, reverse=True)
    return [
        ("", _("Today"), not asked.past),
        *((day.isoformat(), day_words(day), day == asked.on) for day in days),
    ]


def member(actor: Actor, country: str) -> CountryScope:
    """Return a member country.

    Raises NoResultFound for another code, and for each country except the own one if the actor is a contact point.
    """
    plan = catalogue.plan()
    wanted = CountryScope(country)
    elsewhere = allows(actor, Action.SEE_PLAN) and not allows(actor, Action.SEE_COUNTRY, wanted)
    if plan is None or country not in published.members(plan) or elsewhere:
        raise NoResultFound
    return wanted


@dataclass(frozen=True, slots=True)
class VisibleRecord:
    """A record that the actor may open; `country` is the actor's, as the record may have another or none."""

    record: CountedRecord
    country: str


def visible_record(actor: Actor, number: int) -> VisibleRecord:
    """Load a record by its number; hide officers and reports of other countries from contact points.

    Raises NoResultFound. Records are numbered: users who may see none of them must not learn which numbers exist.
    """
    record = figures.row(number)
    inside = record.person_id is not None or (record.thing == REPORT and record.country)
    hidden = inside and not allows(actor, Action.SEE_COUNTRY, record)
    if hidden or not allows(actor, Action.SEE_ROWS, own_scope(actor)):
        raise NoResultFound
    return VisibleRecord(record, actor.country)


def companions_of(defined: StoredDefinition, line: IndicatorLine, asked: PlanFilter, plan: Plan) -> list[str]:
    """Return the sentences beside a figure, with that of the indicator that is never shown apart from it."""
    if line.now.hidden or not line.is_collected:
        return []
    pair = _pair(str(defined.indicator.settings.get("pair", "")), asked, plan)
    beside = companions.beside(defined, published.day_of(defined.indicator, asked))
    if asked.own_country and defined.rule in VERIFIED_RULES:
        beside = Companions()  # the table by country has the exact number of the own country
    elif published.about_officers(defined.indicator) and not asked.is_coordinator:
        beside = companion_pages.outside(beside)
    return companion_pages.sentences(defined.indicator, beside, pair, few=line.now.few)


def _pair(code: str, asked: PlanFilter, plan: Plan) -> str:
    """Return an indicator in words: code, title and figure; "" for a code that the plan does not have."""
    indicator = next((indicator for indicator in plan.indicator if indicator.id == code), None)
    if indicator is None:
        return ""
    day = published.day_of(indicator, asked)
    history = figures.history([day], only=code)
    few = published.small_ratios(history, asked)
    headline = published.of_day(history, indicator, day, few, asked)
    return f"{code} {labels.plan_title(plan, code).text}: {headline.text}"
