"""What all pages of the plan share: the blueprint, what an address asks, what lies within a reader's scope."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor
from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue
from app.i18n.babel import words as day_words
from app.kernel import clock
from app.kernel.errors import InputError
from app.plan.domain.cells import quarter_ends
from app.plan.domain.rules import REPORT
from app.plan.forms import AskedForm
from app.plan.pages import filters, lines, published
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.queries import figures
from app.plan.shapes import Row as Record

CHOICES = 8  # quarter ends in the list of days


@dataclass(frozen=True, slots=True)
class Member:
    """A member country within the reader's scope."""

    country: str


def read_asked() -> PlanFilter:
    """Return what the address asks; raise InputError for a day to come or a cut that might show one officer."""
    form = AskedForm(request.args)
    form.today = clock.today()
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose today or a day before.")
    found = filters.read(form, actor(), clock.today())
    if found.crosses:
        raise InputError("Numbers of several countries are cut by one thing at a time, so that nobody can be told.")
    return found


def plan_on(what: PlanFilter) -> tuple[int, Plan]:
    """Return the plan as it stood, with the number of its version, or raise NoResultFound."""
    found = catalogue.numbered_plan(what.on if what.past else None)
    if found is None:
        raise NoResultFound
    return found


def lines_on(plan: Plan, what: PlanFilter) -> tuple[History, list[IndicatorLine]]:
    """Return all indicators on the day, with what they were read from."""
    history = figures.history(lines.days(what))
    return history, lines.read(plan, history, what, published.few(history, mine=what.mine))


def opens_rows() -> bool:
    """Say whether the reader may open the records behind a number."""
    return allows(actor(), Action.SEE_ROWS, own_scope(actor()))


def frame(what: PlanFilter, number: int) -> dict[str, Any]:
    """Return what the head of each page says: version and day; what the form for the day keeps."""
    kept = {**what.cut, **({"compare": "1"} if what.compare else {})}
    if what.mine:
        kept.pop("country", None)
    return {
        "version": number,
        "on": what.on,
        "past": what.past,
        "days": _days(what),
        "published": what.published,
        "mine": what.mine,
        "kept": kept,
        "path": request.path,
        "plan_href": what.link("plan.show_overview"),
    }


def _days(what: PlanFilter) -> list[tuple[str, str, bool]]:
    """Return the days to choose from (today, the last quarter ends, the one asked for), with their words."""
    ends = quarter_ends(what.today - timedelta(days=1), CHOICES)
    found = sorted({*ends, what.on} - {what.today}, reverse=True)
    return [
        ("", _("Today"), not what.past),
        *((day.isoformat(), day_words(day), day == what.on) for day in found),
    ]


def member(who: Actor, country: str, **_rest: object) -> Member:
    """Return a member country; to a contact point other countries look like none (raises NoResultFound)."""
    plan = figures.plan_of()
    wanted = Member(country)
    elsewhere = allows(who, Action.SEE_PLAN) and not allows(who, Action.SEE_COUNTRY, wanted)
    if plan is None or country not in published.members(plan) or elsewhere:
        raise NoResultFound
    return wanted


@dataclass(frozen=True, slots=True)
class VisibleRecord:
    """A record that the actor may open, with the country of the actor: it may be of no officer and another country."""

    record: Record
    country: str


def visible_record(who: Actor, number: int, **_rest: object) -> VisibleRecord:
    """Return a record; a contact point finds none of another country's officers or reports (raises NoResultFound).

    Records are numbered: who may see none of them must not learn by the answer which there are.
    """
    found = figures.row(number)
    inside = found.person_id is not None or (found.thing == REPORT and found.country)
    hidden = inside and not allows(who, Action.SEE_COUNTRY, found)
    if hidden or not allows(who, Action.SEE_ROWS, own_scope(who)):
        raise NoResultFound
    return VisibleRecord(found, who.country)
