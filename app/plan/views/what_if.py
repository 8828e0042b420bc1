"""`/plan/what-if`: try out actions for a figure; the address is the whole state, and nothing is stored."""

from datetime import date, timedelta

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.references.plan import Indicator, Plan
from app.kernel import clock
from app.kernel.errors import InputError
from app.plan.domain.falls import month_ends_ahead
from app.plan.domain.gains import PlannedAction, PlannedKind, read_action
from app.plan.domain.sums import FigureSum
from app.plan.forms import AskedForm, WhatIfForm
from app.plan.pages import able, filters, gains, what_if as pages
from app.plan.pages.what_if import WhatIfState
from app.plan.queries import figures, what_if as queries
from app.plan.views._blueprint import bp
from app.web.pages import render

MOST = 10  # actions in one what-if
LONGEST = timedelta(days=3 * 366)


@bp.get("/plan/what-if")
@requires(Action.TRY_WHAT_IF)
def show_what_if() -> ResponseReturnValue:
    """Show what actions would add to a figure of verified officers on a coming day."""
    plan = figures.plan_of()
    if plan is None:
        raise NoResultFound
    form = WhatIfForm(request.args)
    state = _state(plan, form)
    if form.kind.data:
        return redirect(state.href([*state.actions, _added(plan, form, state)]))
    today = clock.today()
    asked = queries.asked_of(state.indicator)
    sources = queries.sources(asked, today, state.day, country=state.country)
    booked = queries.booked(asked, today, state.day, country=state.country)
    return render(
        pages.show(
            plan,
            state,
            sources,
            total=_total(state),
            booked=gains.booked_gain(asked, booked, sources.shares, state.day),
            able=able.text(asked, today, state.country),
            actor=actor(),
        )
    )


def _state(plan: Plan, form: WhatIfForm) -> WhatIfState:
    if not form.validate():
        raise InputError("This address asks for something that does not exist. Choose an indicator and a day.")
    today = clock.today()
    day = form.on.data or month_ends_ahead(today)[-1]
    if not today < day <= today + LONGEST:
        raise InputError("Choose a day after today, at most three years ahead.")
    texts = request.args.getlist("do")
    if len(texts) > MOST:
        raise InputError("Try at most ten actions at a time. Remove some of them.")
    actions = tuple(_action(plan, text, today, day) for text in texts)
    asked = filters.read(AskedForm(MultiDict()), actor(), today)
    return WhatIfState(_indicator(plan, form.code.data or ""), day, actions, asked.own_country)


def _indicator(plan: Plan, code: str) -> Indicator:
    """Return the indicator of a code, the first one without a code."""
    dated = pages.dated(plan)
    matching = [indicator for indicator in dated if indicator.id == code or not code]
    if not matching:
        raise InputError("A forecast exists for indicators of verified officers only. Choose one of these.")
    return matching[0]


def _action(plan: Plan, text: str, today: date, last: date) -> PlannedAction:
    try:
        action = read_action(text)
    except ValueError:
        raise InputError("This action cannot be read. Choose a kind, a day, and a number from 1 to 1,000.") from None
    if not today <= action.day <= last:
        raise InputError("An action takes place from today on, by the day of the forecast. Choose another day.")
    if action.kind is PlannedKind.WORKSHOP and action.activity not in pages.activities(plan):
        raise InputError("The plan has no such workshop. Choose an activity from the list.")
    return action


def _added(plan: Plan, form: WhatIfForm, state: WhatIfState) -> PlannedAction:
    """Return the action that the form adds."""
    kind, day, number = form.kind.data, form.day.data or "", form.number.data or ""
    parts = [form.activity.data or "", number, day] if kind == PlannedKind.WORKSHOP else [day, number]
    return _action(plan, ":".join([kind, *parts]), clock.today(), state.day)


def _total(state: WhatIfState) -> FigureSum:
    """Return what counts on the day if nothing new is proven."""
    totals = figures.history([state.day], only=state.indicator.id)[state.day].get(state.indicator.id)
    if totals is None:
        return FigureSum()
    return totals.cells.get(state.country, FigureSum()) if state.country else totals.total
