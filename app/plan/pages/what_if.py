"""`/plan/what-if`: a number of verified officers on a coming day, and what actions would add; nothing is stored."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain.definitions import SHARES
from app.plan.domain.falls import DATED_RULES
from app.plan.domain.figures import expected, targets_of
from app.plan.domain.gains import Gain, PlannedAction, PlannedKind, PricedAction, together
from app.plan.domain.sums import FigureSum
from app.plan.pages import falls, gains, what_if_text as texts
from app.plan.queries.what_if import GainSources
from app.web.pages import Page

WORKSHOP = "workshop"  # type of activities of the plan


@dataclass(frozen=True, slots=True)
class WhatIfState:
    """The state in the address: indicator, day, actions; `country` is the reader's, "" for all countries."""

    indicator: Indicator
    day: date
    actions: tuple[PlannedAction, ...]
    country: str

    def href(self, actions: Sequence[PlannedAction]) -> str:
        """Return the address with other actions."""
        texts = [str(action) for action in actions]
        return url_for("plan.show_what_if", code=self.indicator.id, on=self.day.isoformat(), do=texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfRow:
    """An action with its gain and cost, and the addresses that leave it out, add it, or agree it ("": not allowed)."""

    text: str
    gain: str
    cost: str
    remove_href: str = ""
    add_href: str = ""
    agree_href: str = ""
    hours_per_officer: str = ""
    acts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage(Page):
    """What actions would add. `hidden_fields` keep the state in the form that adds an action; `country` is a name."""

    template: ClassVar[str] = "plan/what_if.html"
    code: str
    title: TranslatedText
    day: date
    country: str
    target: str
    nothing_new: str
    booked: str
    rows: Sequence[WhatIfRow]
    total: str
    result: str
    able: str
    cheapest: Sequence[WhatIfRow]
    assumptions: Sequence[str]
    indicators: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]
    activities: Sequence[tuple[str, str]]
    hidden_fields: Sequence[tuple[str, str]]
    earliest: date
    add_day: date
    plan_href: str
    indicator_href: str


def dated(plan: Plan) -> list[Indicator]:
    """Return the indicators whose figures of coming days follow from dates."""
    return [indicator for indicator in plan.indicator if indicator.rule in DATED_RULES]


def activities(plan: Plan) -> list[str]:
    """Return the activities of the plan that are workshops."""
    return [activity.id for activity in plan.activity if activity.type == WORKSHOP]


def show(
    plan: Plan,
    state: WhatIfState,
    sources: GainSources,
    *,
    total: FigureSum,
    booked: Gain,
    able: str,
    actor: Actor,
) -> WhatIfPage:
    """Return the page; `total` counts on the day without anything new, `booked` are gains of seats taken."""
    options = gains.options(sources, state.actions, booked.mean)
    every = together([booked, *(option.gain for option in options)])
    needed = _needed(state, total)
    indicator = state.indicator
    return WhatIfPage(
        code=indicator.id,
        title=labels.plan_title(plan, indicator.id),
        day=state.day,
        country=country_name(state.country) if state.country else "",
        target=_target_text(state, total, needed),
        nothing_new=texts.counted(indicator.rule, total),
        booked=texts.with_range(_from(total, booked)),
        rows=[_row(state, option, index, actor) for index, option in enumerate(options)],
        total=texts.with_range(_from(total, every)),
        result=_result(needed, _from(total, every)),
        able=able,
        cheapest=_cheapest(plan, state, sources, actor, booked.mean),
        assumptions=_assumptions(plan, state, sources),
        indicators=[_choice(plan, indicator.id) for indicator in dated(plan)],
        kinds=[(kind.value, str(text)) for kind, text in texts.KINDS.items()],
        activities=[_choice(plan, code) for code in _contributing_first(plan, indicator)],
        hidden_fields=_hidden(state),
        earliest=sources.today,
        add_day=gains.action_days(sources.today, state.day)[-1],
        plan_href=url_for("plan.show_overview"),
        indicator_href=url_for("plan.indicator", code=indicator.id),
    )


def _contributing_first(plan: Plan, indicator: Indicator) -> list[str]:
    first = _contributing(plan, indicator)
    return sorted(activities(plan), key=lambda code: (code not in first, code))


def _choice(plan: Plan, code: str) -> tuple[str, str]:
    return code, f"{code} {labels.plan_title(plan, code).text}"


def _row(state: WhatIfState, option: PricedAction, index: int, actor: Actor) -> WhatIfRow:
    others = state.actions[:index] + state.actions[index + 1 :]
    return WhatIfRow(
        text=texts.action(option.action),
        gain=texts.gained(option.gain),
        cost=texts.cost(option.cost),
        remove_href=state.href(others),
        agree_href=_agree_href(state, option, actor),
    )


def _agree_href(state: WhatIfState, option: PricedAction, actor: Actor) -> str:
    return falls.action_href(actor, state.indicator.id, texts.action(option.action))


def _cheapest(plan: Plan, state: WhatIfState, sources: GainSources, actor: Actor, gained: float) -> list[WhatIfRow]:
    return [
        WhatIfRow(
            text=texts.action(option.action),
            gain=texts.gained(option.gain),
            cost=texts.cost(option.cost),
            add_href=state.href([*state.actions, option.action]),
            hours_per_officer=texts.hours_per_officer(option),
            acts=texts.acts(option.action.kind),
        )
        for option in gains.cheapest_actions(sources, _contributing(plan, state.indicator), gained)
    ]


def _contributing(plan: Plan, indicator: Indicator) -> list[str]:
    return [
        activity.id
        for activity in plan.activity
        if activity.type == WORKSHOP and indicator.result in activity.contributes_to
    ]


def _assumptions(plan: Plan, state: WhatIfState, sources: GainSources) -> list[str]:
    days = {action.activity: action.day for action in state.actions if action.kind is PlannedKind.WORKSHOP}
    for code in _contributing(plan, state.indicator):
        days.setdefault(code, gains.action_days(sources.today, state.day)[-1])
    chances = [(code, day, gains.seat_chance(sources.shares, code, day, state.day)) for code, day in days.items()]
    return texts.assumptions(chances, has_events=list(sources.practised))


def _from(total: FigureSum, gain: Gain) -> Gain:
    """Return a gain on top of the number that counts, at most the need of a share."""
    most = total.denominator or math.inf
    mean, low, high = (min(most, total.numerator + part) for part in (gain.mean, gain.low, gain.high))
    return Gain(mean, low, high)


def _planned(state: WhatIfState) -> float | None:
    """Return the planned figure of the day: of the country, for shares else of the community."""
    return expected(state.indicator.baseline, targets_of(state.indicator, state.country), state.day)


def _needed(state: WhatIfState, total: FigureSum) -> int | None:
    """Return how many officers the planned figure is, None without one."""
    planned = _planned(state)
    if planned is None:
        return None
    return math.ceil((planned / 100 * total.denominator if state.indicator.rule in SHARES else planned) - 1e-9)


def _target_text(state: WhatIfState, total: FigureSum, needed: int | None) -> str:
    planned = _planned(state)
    if planned is None or needed is None:
        return _("No target for this country.") if state.country else _("No target.")
    if state.indicator.rule not in SHARES:
        return _("Planned then: %(n)s.", n=labels.number(needed))
    ratio = labels.ratio(needed, round(total.denominator))
    return _("Planned then: %(share)s, %(ratio)s.", share=labels.goal(planned, "percent"), ratio=ratio)


def _result(needed: int | None, reached: Gain) -> str:
    if not needed:
        return ""
    missing = needed - round(reached.mean)
    if missing <= 0:
        return _("Reaches the target.")
    return _("%(n)s short of the target.", n=labels.number(missing))


def _hidden(state: WhatIfState) -> list[tuple[str, str]]:
    fields: Mapping[str, str] = {"code": state.indicator.id, "on": state.day.isoformat()}
    return [*fields.items(), *(("do", str(action)) for action in state.actions)]
