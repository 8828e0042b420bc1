"""Texts of the what-if page: actions, gains with ranges, costs, and what was assumed."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from flask_babel import gettext as _, lazy_gettext, ngettext

from app.i18n.babel import joined, words as day_words
from app.plan import labels
from app.plan.domain.definitions import SHARES
from app.plan.domain.gains import RESPONSE, Cost, Gain, PlannedAction, PlannedKind, PricedAction
from app.plan.domain.sums import FigureSum
from app.plan.pages.gains import SeatChance

KINDS = {
    PlannedKind.WORKSHOP: lazy_gettext("Workshop"),
    PlannedKind.PRACTICE: lazy_gettext("Practice every week"),
    PlannedKind.CHECK: lazy_gettext("Watched check"),
    PlannedKind.REFRESHER: lazy_gettext("Refresher with a watched check"),
}


def action(planned: PlannedAction) -> str:
    """Return an action in words."""
    day = day_words(planned.day)
    match planned.kind:
        case PlannedKind.WORKSHOP:
            return ngettext(
                "Workshop %(code)s with %(num)s seat, %(day)s",
                "Workshop %(code)s with %(num)s seats, %(day)s",
                planned.number,
                code=planned.activity,
                day=day,
            )
        case PlannedKind.PRACTICE:
            return _("Practice every week from %(day)s, %(n)s asked", day=day, n=labels.number(planned.number))
        case PlannedKind.CHECK:
            return _("Watched check on %(day)s, %(n)s asked", day=day, n=labels.number(planned.number))
        case PlannedKind.REFRESHER:
            return _("Refresher and watched check, %(day)s, %(n)s asked", day=day, n=labels.number(planned.number))
        case _:
            assert_never(planned.kind)


def number(value: float) -> str:
    """Return a likely number of officers, rounded."""
    return labels.number(round(value))


def with_range(gain: Gain) -> str:
    """Return a number with its likely range, without one that has no width."""
    low, high = number(gain.low), number(gain.high)
    if low == high:
        return number(gain.mean)
    return _("%(n)s (%(low)s to %(high)s)", n=number(gain.mean), low=low, high=high)


def gained(gain: Gain) -> str:
    """Return a gain, with its likely range."""
    return f"+{with_range(gain)}" if gain.high else _("no gain")


def cost(value: Cost) -> str:
    """Return what an action takes."""
    hours = round(value.officer_hours) or 1
    parts = [ngettext("%(num)s officer hour", "%(num)s officer hours", hours)]
    if value.seats:
        parts = [
            ngettext("%(num)s seat", "%(num)s seats", value.seats),
            ngettext("%(num)s trainer day", "%(num)s trainer days", value.trainer_days),
            *parts,
        ]
    else:
        parts.insert(0, ngettext("%(num)s answers", "%(num)s answer", value.responding))
    return joined(parts)


def hours_per_officer(option: PricedAction) -> str:
    """Return the officer hours for each officer gained."""
    return labels.number(max(0.1, round(option.hours_per_officer, 1)), "hours")


def acts(kind: PlannedKind) -> str:
    """Return who acts for a kind of action."""
    return _("Coordinator, trainers") if kind is PlannedKind.WORKSHOP else _("Contact points")


def counted(rule: str, total: FigureSum) -> str:
    """Return the number that counts on the day, of the need for a share."""
    n = round(total.numerator)
    return labels.ratio(n, round(total.denominator)) if rule in SHARES else labels.number(n)


def assumptions(chances: Sequence[tuple[str, date, SeatChance]], *, has_events: Sequence[str]) -> list[str]:
    """Return what the gains rest on: for workshops by activity, then for all other actions."""
    texts = [text for activity, day, chance in chances for text in _workshop(activity, day, chance, has_events)]
    low, middle, high = (labels.number(100 * rate, "percent") for rate in RESPONSE)
    return [
        *dict.fromkeys(texts),
        _("%(n)s answer an invitation (%(low)s to %(high)s). Assumed, not measured yet.", n=middle, low=low, high=high),
        _("Practice prolongs dates. Only a watched check or a workshop verifies."),
        _("Checks are for officers who were verified before."),
        _("Where a level needs an assessor, only a workshop verifies."),
    ]


def _workshop(activity: str, day: date, chance: SeatChance, has_events: Sequence[str]) -> list[str]:
    came, passed = (labels.number(round(100 * part), "percent") for part in (chance.attendance, chance.passes))
    values = {"code": activity, "attended": came, "passed": passed}
    if chance.results_measured:
        first = _("%(code)s: %(attended)s attend, %(passed)s of them pass, as in own events of 24 months.", **values)
    else:
        first = _("%(code)s: %(attended)s attend, %(passed)s of them pass. Assumed, too few own events.", **values)
    percent = labels.number(round(100 * chance.still_valid), "percent")
    passes = {"code": activity, "day": day_words(day), "n": percent}
    if chance.validity_measured:
        second = _("%(code)s on %(day)s: %(n)s of the passes still count then, by earlier periods.", **passes)
    else:
        second = _("%(code)s on %(day)s: %(n)s of the passes still count then, by the measure.", **passes)
    if activity in has_events:
        return [first, second]
    return [first, second, _("%(code)s: no event names its competencies yet. All are assumed.", code=activity)]
