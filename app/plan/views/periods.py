"""`/plan/periods`: the quarters of the plan; a coordinator proposes to lock the oldest open one, a second agrees."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.domain import definitions as defining, missing as gaps
from app.plan.domain.definitions import Collected, collected
from app.plan.pages import periods as pages
from app.plan.pages.periods import Quarter
from app.plan.queries import adjustments as adjusting, entered, figures, locks, published
from app.plan.service import periods as service
from app.plan.views._blueprint import bp
from app.plan.views._shared import read_asked
from app.web.pages import render

YEAR = 12  # months: the longest period of a figure entered by hand


def visible(_actor: Actor, quarter: str) -> Quarter:
    """Return a quarter of the plan, or raise NoResultFound; all coordinators see all quarters."""
    wanted = [line for line in _quarters() if pages.name_of(line.end) == quarter]
    if not wanted:
        raise NoResultFound
    return wanted[0]


@bp.get("/plan/periods")
@requires(Action.LOCK_PERIOD)
def show_periods() -> ResponseReturnValue:
    """Show the quarters of the plan with their locks."""
    quarters, adjusted = _quarters(), locks.counted_adjustments()
    aliases = accounts.names({alias for quarter in quarters for alias in _signers(quarter)})
    rows = [pages.row(quarter, aliases, adjusted.get(quarter.end, 0)) for quarter in quarters]
    return render(pages.PeriodsPage(rows=rows, plan_href=url_for("plan.show_overview")))


@bp.get("/plan/periods/<quarter:quarter>")
@requires(Action.LOCK_PERIOD, load=visible)
def show_period(period: Quarter, quarter: str) -> ResponseReturnValue:
    """Show a quarter: what a lock freezes, what is missing, who agreed, and the adjustments since."""
    return _period_page(period)


@bp.post("/plan/periods/<quarter:quarter>/propose")
@requires(Action.LOCK_PERIOD, load=visible)
def propose_lock(period: Quarter, quarter: str) -> ResponseReturnValue:
    """Propose to lock a quarter."""
    return _change(
        period,
        lambda: service.propose(period.end, by=actor().id, now=clock.now()),
        _("The lock is proposed. It has no effect until a second coordinator agrees."),
    )


@bp.post("/plan/periods/<quarter:quarter>/agree")
@requires(Action.LOCK_PERIOD, load=visible)
def agree_lock(period: Quarter, quarter: str) -> ResponseReturnValue:
    """Lock a quarter as the second coordinator."""
    return _change(
        period,
        lambda: service.agree(period.end, by=actor().id, now=clock.now()),
        _("The quarter is locked. Its figures are final."),
    )


def _change(period: Quarter, change: Callable[[], None], message: str) -> ResponseReturnValue:
    """Take a step and return to the quarter; show it with the error if the step is not allowed."""
    try:
        with transaction():
            change()
    except DomainError as error:
        return _period_page(visible(actor(), pages.name_of(period.end)), error.translated(_)), 422
    flash(message)
    return redirect(url_for("plan.show_period", quarter=pages.name_of(period.end)))


def _quarters() -> list[Quarter]:
    plan = figures.plan_of()
    if plan is None:
        raise NoResultFound
    return pages.quarters(plan, locks.locks(), clock.today())


def _signers(quarter: Quarter) -> list[UUID]:
    lock = quarter.lock
    return [] if lock is None else [person for person in (lock.proposed_by, lock.agreed_by) if person is not None]


def _period_page(period: Quarter, error: str = "") -> str:
    plan = figures.plan_of()
    if plan is None:
        raise NoResultFound
    asked = replace(read_asked(), on=period.end)
    lines = locks.adjustments(period.end) if period.is_locked else []
    history = figures.history([period.end])
    adjusted = adjusting.rows(lines, history, published.small_ratios(history, asked), asked)
    valid = defining.all_valid_on(figures.definitions(), period.end)
    by_hand = [stored.indicator for stored in valid.values() if collected(stored.indicator) is Collected.BY_HAND]
    members = published.members(plan)
    values = entered.entered(gaps.first_day(period.end, YEAR), period.end)
    missing = [] if period.is_locked else gaps.missing(by_hand, values, members, period.end)
    return render(
        pages.period_page(
            period,
            pages.row(period, accounts.names(set(_signers(period))), len({line.code for line in lines})),
            scope=pages.scope_text(len(valid), len(members)),
            missing=pages.missing_rows(plan, missing),
            adjustments=pages.adjusted_rows(plan, adjusted, period.end),
            reader_id=actor().id,
            error=error,
        )
    )
